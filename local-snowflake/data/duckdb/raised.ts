import { type ErrorArgs, type ErrorSymbol } from '../../errors/error-table.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { duckString } from './text.ts';

/**
 * Snowflake errors that are raised inside DuckDB (by `error(…)` or a native function) travel in DuckDB's message, behind
 * this mark: code, SQLSTATE and wording, which the far end takes apart again.
 */
const mark = '\u2063!';

export function encodeError(error: SnowflakeError): string {
  return `${mark}${error.code}|${error.sqlState}|${error.message}`;
}

export function decodeError(message: string): SnowflakeError | undefined {
  const start = message.indexOf(mark);
  if (start < 0) return undefined;
  const [code = '', state = '', ...rest] = message.slice(start + mark.length).split('|');
  // DuckDB adds where in its SQL the error arose, which is nothing to the user.
  const wording = rest.join('|').replace(/\n\nLINE \d+:[\s\S]*$/u, '');
  return SnowflakeError.restored(code, state, wording);
}

/** A DuckDB expression that raises a row of the error table; `value`, DuckDB SQL of a VARCHAR, replaces `\u0001` in its wording. */
export function raise<S extends ErrorSymbol>(symbol: S, args: ErrorArgs<S>, value?: string): string {
  const message = encodeError(SnowflakeError.of(symbol, args));
  if (value === undefined) return `error(${duckString(message)})`;
  return `error(${message.split('\u0001').map(duckString).join(` || coalesce(${value}, '') || `)})`;
}

/** Stands in a wording for the value that `raise` splices in. */
export const spliced = '\u0001';
