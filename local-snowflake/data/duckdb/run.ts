import type { DuckDBConnection } from '@duckdb/node-api';
import { nextTurn } from '../../platform/next-turn.ts';
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

/** Rows of a query. `readers` make cells of columns that are not VARCHAR; `run` is how DuckDB is asked. */
export async function readCells(
  connection: DuckDBConnection,
  sql: string,
  labels?: ReadonlyMap<string, string>,
  readers: readonly ResultCells['read'][] = [],
  run = (text: string) => connection.run(text),
): Promise<Cell[][]> {
  try {
    // One call into DuckDB's threads: a streamed result costs five, each as long as a short query itself.
    const result = await run(sql);
    const rows: Cell[][] = [];
    for (let index = 0; index < result.chunkCount; index += 1) {
      // Chunks have some 2,000 rows. Others get their turn while a large result is read.
      if (index % 8 === 7) await nextTurn();
      const chunk = result.getChunk(index);
      const columns = Array.from({ length: chunk.columnCount }, (_, column) => chunk.getColumnVector(column));
      for (let row = 0; row < chunk.rowCount; row += 1) {
        rows.push(columns.map((column, position) => cellOf(column.getItem(row), readers[position])));
      }
    }
    return rows;
  } catch (error) {
    throw asDataError(error, sql, labels);
  }
}
