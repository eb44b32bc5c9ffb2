import { type DuckDBConnection, DuckDBDataChunk, VARCHAR } from '@duckdb/node-api';
import type { Cell } from '../../sql/result-set.ts';

const chunkRows = 2048;

/**
 * Appends rows of text to a temporary table. Columns of other types are filled through a staging table of text, which
 * DuckDB casts.
 */
export async function appendCells(connection: DuckDBConnection, table: string, rows: readonly (readonly Cell[])[]): Promise<void> {
  const width = rows[0]?.length ?? 0;
  if (width === 0) return;
  const staging = `${table}_staging`;
  await appendText(connection, staging, rows, width);
  await connection.run(`INSERT INTO ${table} SELECT * FROM temp.main.${staging}`);
  await connection.run(`DROP TABLE temp.main.${staging}`);
}

/** A new temporary table of VARCHAR columns t0, t1 … with these rows. */
export async function appendText(connection: DuckDBConnection, table: string, rows: readonly (readonly Cell[])[], width: number): Promise<void> {
  const columns = Array.from({ length: width }, (_, index) => `t${String(index)} VARCHAR`);
  await connection.run(`CREATE TEMP TABLE ${table} (${columns.join(', ')})`);
  if (rows.length === 0) return;
  const appender = await connection.createAppender(table, 'main', 'temp');
  const types = columns.map(() => VARCHAR);
  for (let start = 0; start < rows.length; start += chunkRows) {
    const part = rows.slice(start, start + chunkRows);
    const chunk = DuckDBDataChunk.create(types);
    chunk.setColumns(columns.map((_, column) => part.map((row) => row[column] ?? null)));
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}
