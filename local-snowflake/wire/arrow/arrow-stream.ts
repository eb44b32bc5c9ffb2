import type { ResultSet } from '../../sql/result-set.ts';
import { type ArrowColumn, arrowColumn } from './arrow-column.ts';
import { endOfStream, recordBatchMessage, schemaMessage } from './arrow-message.ts';

/** Drivers put the chunks of a result together, so all have the types that the result as a whole asks for. */
const layouts = new WeakMap<ResultSet, readonly ArrowColumn[]>();

/**
 * Rows `from` (inclusive) to `to` (exclusive) of a result as an Arrow IPC stream of one record batch.
 * https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format
 */
export function arrowStream(result: ResultSet, from: number, to: number): Buffer {
  const columns = layoutOf(result);
  const rows = result.rows.slice(from, to);
  const vectors = columns.map((column, index) => column.encode(rows.map((row) => row[index] ?? null)));
  return Buffer.concat([
    schemaMessage(columns.map((column) => column.field)),
    ...recordBatchMessage(rows.length, vectors),
    endOfStream,
  ]);
}

function layoutOf(result: ResultSet): readonly ArrowColumn[] {
  const known = layouts.get(result);
  if (known !== undefined) return known;
  const layout = result.columns.map((column, index) => arrowColumn(column, index, result.rows));
  layouts.set(result, layout);
  return layout;
}
