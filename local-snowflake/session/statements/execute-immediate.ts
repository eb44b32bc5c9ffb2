import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { TypedValue } from '../../objects/extensions.ts';
import type { Routine } from '../../objects/routine.ts';
import type { ResultSet } from '../../sql/result-set.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { dataPorts } from '../data-ports.ts';
import { runStatement } from '../run-statement.ts';
import type { Statement, StatementResult } from '../statement.ts';

/** EXECUTE IMMEDIATE <text> [USING (…)]. https://docs.snowflake.com/en/sql-reference/sql/execute-immediate */
export async function executeImmediate(stream: TokenStream, statement: Statement): Promise<StatementResult> {
  if (stream.is('FROM')) throw SnowflakeError.of('unsupported', { feature: 'EXECUTE IMMEDIATE FROM' });
  const from = stream.position;
  while (!stream.atEnd && !stream.is('USING') && !stream.isSymbol(';')) stream.next();
  const text = await statement.state.connection.evaluate(stream.textSince(from), dataPorts(statement));
  const binds = stream.accept('USING') ? await readUsing(stream, statement) : statement.binds;
  stream.expectEnd();
  return runStatement({ ...statement, text: text.cell ?? '', binds });
}

async function readUsing(stream: TokenStream, statement: Statement): Promise<ReadonlyMap<string, TypedValue>> {
  const binds = new Map<string, TypedValue>();
  const names = stream.parenthesised().split(',');
  for (const [index, name] of names.entries()) {
    binds.set(String(index + 1), await statement.state.connection.evaluate(`:${name.trim()}`, dataPorts(statement)));
  }
  return binds;
}

/** `DECLARE … BEGIN … END` or `BEGIN … END` */
export function anonymousBlock(_stream: TokenStream, statement: Statement): Promise<StatementResult> {
  throw SnowflakeError.of('unsupported', { feature: `Snowflake Scripting block: ${statement.text.slice(0, 40)}` });
}

/** A procedure whose body is Snowflake Scripting. */
export function runSqlProcedure(
  _routine: Routine,
  columnName: string,
  _args: readonly TypedValue[],
  _statement: Statement,
): Promise<ResultSet> {
  throw SnowflakeError.of('unsupported', { feature: `LANGUAGE SQL procedure ${columnName}` });
}
