import type { Output } from './bind-select.ts';
import type { PythonCall } from './python-call.ts';

/** Window functions and what makes several rows of one. Found in a string as well: that costs only time. */
export function looksAtOthers(sql: readonly string[]): boolean {
  return sql.some((each) => /\b(?:OVER|unnest)\b/iu.test(each));
}

/** A block's ORDER BY over its rows before anything is called; undefined where it needs results of calls or of the block. */
export function orderOfRows(order: string, outputs: readonly Output[], calls: readonly PythonCall[]): string | undefined {
  const bySource = outputs.reduce(
    (sql, { column, bound: item }) => sql.replaceAll(new RegExp(`\\b${column.internal}\\b`, 'gu'), () => `(${item.sql})`),
    order,
  );
  const unsure = outputs.some(({ column, bound: item }) => item.volatile === true && order.includes(column.internal));
  if (unsure || looksAtOthers([bySource]) || calls.some((call) => bySource.includes(call.internal))) return undefined;
  return bySource;
}
