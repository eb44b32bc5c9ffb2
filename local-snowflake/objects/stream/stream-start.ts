import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { parseName } from '../../sql/identifier.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import type { ObjectScope } from '../object-scope.ts';
import type { StreamStart } from './stream-effects.ts';

const times: Readonly<Record<string, (value: string) => string>> = {
  TIMESTAMP: (value) => `(${value})::TIMESTAMP_LTZ(6)`,
  OFFSET: (value) => `TIMEADD(MILLISECOND, ((${value}) * 1000)::INT, CURRENT_TIMESTAMP())`,
};

/**
 * `AT ( … )` or `BEFORE ( … )`: where a stream begins. A point in time is evaluated when the stream is made.
 * https://docs.snowflake.com/en/sql-reference/constructs/at-before
 * @returns undefined when no such clause comes
 */
export async function readStreamStart(stream: TokenStream, scope: ObjectScope): Promise<StreamStart | undefined> {
  const inclusive = stream.accept('AT');
  if (!inclusive && !stream.accept('BEFORE')) return undefined;
  const text = stream.parenthesised();
  const match = /^\s*(\w+)\s*=>\s*(.+)$/su.exec(text);
  const keyword = match?.[1]?.toUpperCase() ?? '';
  const value = match?.[2]?.trim() ?? '';
  if (keyword === 'STREAM' && inclusive) {
    const name = /^'(.*)'$/su.exec(value)?.[1];
    if (name === undefined) throw SnowflakeError.of('syntaxError', { line: 1, position: 0, near: value });
    return { kind: 'stream', id: scope.find('STREAM', parseName(name.replaceAll("''", "'")), 'SELECT').id };
  }
  if (keyword === 'STATEMENT')
    throw SnowflakeError.of('unsupported', { feature: 'AT and BEFORE (STATEMENT => …) in CREATE STREAM; use TIMESTAMP or OFFSET' });
  const sql = times[keyword]?.(value);
  if (sql === undefined) throw SnowflakeError.of('syntaxError', { line: 1, position: 0, near: keyword });
  const [[cell] = []] = await scope.effects.queries.run(`SELECT DATE_PART(EPOCH_MILLISECOND, ${sql})`, scope);
  if (cell === undefined || cell === null) throw SnowflakeError.of('invalidPropertyValue', { property: keyword, value });
  return { kind: 'time', at: Number(cell), inclusive };
}
