import { SnowflakeError } from '../errors/snowflake-error.ts';
import { parseName } from '../sql/identifier.ts';
import type { TokenStream } from '../sql/token-stream.ts';
import type { ObjectScope } from './object-scope.ts';

/** A point in the past that AT (inclusive) or BEFORE names. https://docs.snowflake.com/en/sql-reference/constructs/at-before */
export type PointInTime =
  /** Epoch milliseconds. */
  | { readonly kind: 'time'; readonly at: number; readonly inclusive: boolean }
  /** The end of a statement, by its query id. */
  | { readonly kind: 'statement'; readonly id: string; readonly inclusive: boolean };

const times: Readonly<Record<string, (value: string) => string>> = {
  // Text without a cast is read as UTC, or says its zone itself.
  TIMESTAMP: (value) => (value.startsWith("'") && !value.includes('::') ? `TO_TIMESTAMP_NTZ(${value})` : `(${value})`),
  OFFSET: (value) => `TIMEADD(MILLISECOND, ((${value}) * 1000)::INT, CURRENT_TIMESTAMP())`,
};

/** `AT ( … )` or `BEFORE ( … )`, undefined when neither comes; a time is worked out at once. `stream`: whether STREAM => 'name' may come, the offset of which `ofStream` makes a point of. */
export async function readPointInTime<T = never>(
  tokens: TokenStream,
  scope: ObjectScope,
  ofStream?: (stream: string) => T,
): Promise<PointInTime | T | undefined> {
  const inclusive = tokens.accept('AT');
  if (!inclusive && !tokens.accept('BEFORE')) return undefined;
  const text = tokens.parenthesised();
  const match = /^\s*(\w+)\s*=>\s*(.+)$/su.exec(text);
  const keyword = match?.[1]?.toUpperCase() ?? '';
  const value = match?.[2]?.trim() ?? '';
  if (keyword === 'STREAM' && inclusive && ofStream !== undefined) {
    const name = /^'(.*)'$/su.exec(value)?.[1];
    if (name === undefined) throw SnowflakeError.of('syntaxError', { line: 1, position: 0, near: value });
    return ofStream(scope.find('STREAM', parseName(name.replaceAll("''", "'")), 'SELECT').id);
  }
  if (keyword === 'STATEMENT') return { kind: 'statement', id: await evaluated(value, keyword, value, scope), inclusive };
  const sql = times[keyword]?.(value);
  if (sql === undefined) throw SnowflakeError.of('syntaxError', { line: 1, position: 0, near: keyword });
  return { kind: 'time', at: Number(await evaluated(`DATE_PART(EPOCH_MILLISECOND, ${sql})`, keyword, value, scope)), inclusive };
}

async function evaluated(sql: string, keyword: string, value: string, scope: ObjectScope): Promise<string> {
  const [[cell] = []] = await scope.effects.queries.run(`SELECT ${sql}`, scope);
  if (cell === undefined || cell === null) throw SnowflakeError.of('invalidPropertyValue', { property: keyword, value });
  return cell;
}
