import { displayName } from '../../sql/identifier.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { checkRoutine, readRoutine } from '../../objects/routine.ts';
import { rows, type Statement, type StatementResult, statementTypes } from '../statement.ts';
import { readArguments, runRoutine } from './call.ts';

/** Whether `WITH name AS PROCEDURE …` comes next. */
export function isAnonymousProcedure(stream: TokenStream): boolean {
  if (!stream.is('WITH')) return false;
  const start = stream.position;
  stream.accept('WITH');
  const next = stream.peek().kind;
  const found = (next === 'word' || next === 'quoted') && (stream.identifier(), stream.is('AS PROCEDURE'));
  stream.rewind(start);
  return found;
}

/**
 * WITH name AS PROCEDURE (…) RETURNS … CALL name(…): runs with the caller's rights and leaves nothing behind.
 * https://docs.snowflake.com/en/sql-reference/sql/call-with
 */
export async function callAnonymous(stream: TokenStream, statement: Statement): Promise<StatementResult> {
  stream.expect('WITH');
  const name = stream.identifier();
  stream.expect('AS PROCEDURE');
  const { routine } = readRoutine(stream, false, () => stream.is('CALL'));
  stream.expect('CALL');
  const called = stream.name();
  if (called.length !== 1 || called[0] !== name) throw stream.unexpected();
  const args = await readArguments(stream, statement);
  stream.expectEnd();
  await checkRoutine(routine, statement.scope);
  if (statement.describeOnly) return rows(statementTypes.call, { columns: [], rows: [] });
  const result = await runRoutine(
    displayName([name]),
    name,
    { ...routine, executeAs: 'CALLER' },
    args.map((each) => each.value),
    statement,
  );
  return rows(statementTypes.call, result);
}
