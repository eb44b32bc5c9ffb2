import type { DuckDBConnection } from '@duckdb/node-api';
import type { Cell } from '../../sql/result-set.ts';
import { TextTable } from './text-table.ts';

/** A new temporary table of VARCHAR columns t0, t1 … with these rows. */
export async function appendText(
  connection: DuckDBConnection,
  table: string,
  rows: readonly (readonly Cell[])[],
  width: number,
): Promise<void> {
  const target = await TextTable.create(connection, table, width);
  for (const row of rows) target.add(row);
  target.close();
}
