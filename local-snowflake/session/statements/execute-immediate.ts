import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { TypedValue } from '../../objects/extensions.ts';
import type { Routine } from '../../objects/routine.ts';
import { isControlFlow, parseScript } from '../../scripting/parse-script.ts';
import { runProcedure } from '../../scripting/run-procedure.ts';
import { runScript } from '../../scripting/run-script.ts';
import { column, statusResult, type ResultSet } from '../../sql/result-set.ts';
import { splitStatements } from '../../sql/split-statements.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { types } from '../../sql/types.ts';
import { runStatement } from '../run-statement.ts';
import { executeFile } from './execute-file.ts';
import { ScriptStatements } from '../script-statements.ts';
import { rows, type Statement, type StatementResult, statementTypes } from '../statement.ts';
import { onWarehouse } from '../warehouse-use.ts';

/** EXECUTE IMMEDIATE <text> [USING (…)]. https://docs.snowflake.com/en/sql-reference/sql/execute-immediate */
export async function executeImmediate(stream: TokenStream, statement: Statement): Promise<StatementResult> {
  if (stream.accept('FROM'))
    return executeFile(stream, withoutRows(statement), (each) => (isControlFlow(each.text) ? anonymous(each) : runStatement(each)));
  const from = stream.position;
  while (!stream.atEnd && !stream.is('USING') && !stream.isSymbol(';')) stream.next();
  const text = await onWarehouse(statement, (ports) => statement.state.connection.evaluate(stream.textSince(from), ports));
  // USING names variables of a script; out here there are none.
  if (stream.is('USING'))
    throw SnowflakeError.of('unsupported', { feature: 'EXECUTE IMMEDIATE … USING outside of a Snowflake Scripting block' });
  stream.expectEnd();
  return runImmediateText({ ...withoutRows(statement), text: text.cell ?? '' });
}

function withoutRows({ text, scope, state, binds, describeOnly, depth, file }: Statement): Statement {
  return { text, scope, state, binds, describeOnly, depth, ...(file === undefined ? {} : { file }) };
}

/**
 * Runs the text of an EXECUTE IMMEDIATE: one statement, block or control-flow statement, or as many statements as
 * MULTI_STATEMENT_COUNT allows.
 */
export async function runImmediateText(statement: Statement): Promise<StatementResult> {
  if (isControlFlow(statement.text)) return anonymous(statement);
  const texts = splitStatements(statement.text);
  if (texts.length === 0) throw SnowflakeError.of('emptyStatement', {});
  const desired = Number(statement.state.parameter('MULTI_STATEMENT_COUNT') ?? 1);
  if (texts.length === 1 && (desired === 0 || desired === 1)) return runStatement(statement);
  if (desired !== 0 && desired !== texts.length) throw SnowflakeError.of('multiStatementCount', { actual: texts.length, desired });
  for (const text of texts) await runStatement({ ...statement, text });
  return rows(statementTypes.multi, statusResult('Multiple statements executed successfully.', 'multiple statement execution'));
}

/** `DECLARE … BEGIN … END` or `BEGIN … END`. https://docs.snowflake.com/en/developer-guide/snowflake-scripting/blocks */
export function anonymousBlock(_stream: TokenStream, statement: Statement): Promise<StatementResult> {
  return anonymous(statement);
}

async function anonymous(statement: Statement): Promise<StatementResult> {
  const script = parseScript(statement.text);
  const returned = await runScript(script, new ScriptStatements(statement), {
    arguments: [],
    returns: undefined,
    positional: statement.binds,
  });
  if (returned?.kind === 'table') return rows(statementTypes.call, returned.result);
  const { type, cell } = returned?.value ?? { type: types.varchar(), cell: null };
  return rows(statementTypes.call, { columns: [column('anonymous block', type)], rows: [[cell]] });
}

/** A procedure whose body is Snowflake Scripting. */
export function runSqlProcedure(
  routine: Routine,
  columnName: string,
  args: readonly TypedValue[],
  statement: Statement,
): Promise<ResultSet> {
  return runProcedure(routine, columnName, args, new ScriptStatements(statement), statement.output);
}
