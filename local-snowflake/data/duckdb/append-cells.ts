import type { DuckDBConnection } from '@duckdb/node-api';
import type { Cell } from '../../sql/result-set.ts';
import { TextTable } from './text-table.ts';

/** Appends rows of text to a temporary table of other types: DuckDB casts them on the way out of a staging table. */
export async function appendCells(connection: DuckDBConnection, table: string, rows: readonly (readonly Cell[])[]): Promise<void> {
  const width = rows[0]?.length ?? 0;
  if (width === 0) return;
  const staging = `${table}_staging`;
  await appendText(connection, staging, rows, width);
  await connection.run(`INSERT INTO ${table} SELECT * FROM temp.main.${staging}`);
  await connection.run(`DROP TABLE temp.main.${staging}`);
}

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
