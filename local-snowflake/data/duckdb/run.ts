import type { DuckDBConnection } from '@duckdb/node-api';
import type { Cell } from '../../sql/result-set.ts';
import { asDataError } from './error-mapping.ts';
import { cellOf, type ResultCells } from './result-cells.ts';

/** Runs a statement for its effect; returns how many rows it changed. */
export async function execute(connection: DuckDBConnection, sql: string, labels?: ReadonlyMap<string, string>): Promise<number> {
  try {
    const result = await connection.run(sql);
    return result.rowsChanged;
  } catch (error) {
    throw asDataError(error, sql, labels);
  }
}

/** Rows of a query. `readers` make cells of columns that are not VARCHAR. */
export async function readCells(
  connection: DuckDBConnection,
  sql: string,
  labels?: ReadonlyMap<string, string>,
  readers: readonly ResultCells['read'][] = [],
): Promise<Cell[][]> {
  try {
    const result = await connection.stream(sql);
    const rows: Cell[][] = [];
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) return rows;
      const columns = Array.from({ length: chunk.columnCount }, (_, index) => chunk.getColumnVector(index));
      for (let row = 0; row < chunk.rowCount; row += 1) {
        rows.push(columns.map((column, index) => cellOf(column.getItem(row), readers[index])));
      }
    }
  } catch (error) {
    throw asDataError(error, sql, labels);
  }
}
