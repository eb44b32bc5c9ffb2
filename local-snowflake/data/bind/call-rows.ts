import type { DuckDBConnection } from '@duckdb/node-api';
import type { ArgumentColumns } from '../../sql/argument-columns.ts';
import type { PackedColumn } from '../../sql/packed-column.ts';
import { packedForm, type PackedExpression, readPacked } from '../duckdb/packed-reader.ts';
import { readCells } from '../duckdb/run.ts';

/**
 * Rows of one call. Large enough that the call costs little beside its rows, small enough that the worker computes one batch
 * while the next is read, and that texts of some kilobytes each fit the memory.
 */
const batchRows = { values: 65_536n, texts: 16_384n };

/**
 * Makes a call for each row of a table, in batches and in the order of the rows; results go to `take` in the same order.
 * Numbers of rows that are not committed yet are as large as BIGINT allows.
 */
export async function callRows(
  connection: DuckDBConnection,
  table: string,
  args: readonly PackedExpression[],
  call: (batch: ArgumentColumns) => Promise<PackedColumn>,
  take: (results: PackedColumn, rows: number) => Promise<void>,
): Promise<void> {
  const size = args.some(({ type }) => packedForm(type) === 'text') ? batchRows.texts : batchRows.values;
  const [range] = await readCells(connection, `SELECT CAST(min(rowid) AS VARCHAR), CAST(max(rowid) AS VARCHAR) FROM ${table}`);
  const last = BigInt(range?.[1] ?? -1);
  let running: { readonly rows: number; readonly answer: Promise<PackedColumn> } | undefined;
  for (let first = BigInt(range?.[0] ?? 0); first <= last; first += size) {
    const batch = await readPacked(connection, args, table, `rowid >= ${String(first)} AND rowid < ${String(first + size)}`);
    if (running !== undefined) await take(await running.answer, running.rows);
    running = { rows: batch.rows, answer: call(batch) };
    // One that fails while the next batch is read must not count as an unhandled rejection.
    running.answer.catch(() => undefined);
  }
  if (running !== undefined) await take(await running.answer, running.rows);
}
