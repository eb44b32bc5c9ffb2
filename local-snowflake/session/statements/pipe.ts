import type { StatementOutcome } from '../../scripting/script-port.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { withPipeResults } from '../../sql/pipe.ts';
import { ScriptStatements } from '../script-statements.ts';
import { rows, type Statement, type StatementResult, statementTypes } from '../statement.ts';

/**
 * Statements one after the other, as a Snowflake Scripting block runs them; the last one's result is the answer.
 * https://docs.snowflake.com/en/sql-reference/operators-flow#pipe
 */
export async function runPipe(texts: readonly string[], statement: Statement): Promise<StatementResult> {
  // The columns of one are known only when those before it have run.
  if (statement.describeOnly) throw SnowflakeError.of('unsupported', { feature: 'describing statements with the pipe operator' });
  if (statement.binds.size > 0) throw SnowflakeError.of('unsupported', { feature: 'bind variables with the pipe operator' });
  const script = new ScriptStatements(statement);
  const ids: string[] = [];
  let last: StatementOutcome | undefined;
  for (const text of texts) {
    last = await script.run(withPipeResults(text, ids), new Map());
    ids.push(last.queryId);
  }
  if (last === undefined) throw SnowflakeError.of('emptyStatement', {});
  return rows(statementTypes.select, last.result);
}
