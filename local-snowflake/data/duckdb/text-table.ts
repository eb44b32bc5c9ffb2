import { type DuckDBAppender, type DuckDBConnection, DuckDBDataChunk, VARCHAR } from '@duckdb/node-api';
import type { Cell } from '../../sql/result-set.ts';

const chunkRows = 2048;

/** A temporary table of VARCHAR columns t0, t1 …, filled a chunk at a time. */
export class TextTable {
  readonly #appender: DuckDBAppender;
  readonly #width: number;
  #rows: (readonly Cell[])[] = [];

  private constructor(appender: DuckDBAppender, width: number) {
    this.#appender = appender;
    this.#width = width;
  }

  static async create(connection: DuckDBConnection, table: string, width: number): Promise<TextTable> {
    const columns = Array.from({ length: Math.max(1, width) }, (_, index) => `t${String(index)} VARCHAR`);
    await connection.run(`CREATE TEMP TABLE ${table} (${columns.join(', ')})`);
    return new TextTable(await connection.createAppender(table, 'main', 'temp'), columns.length);
  }

  /** Missing cells are NULL, those beyond the width are dropped. */
  add(row: readonly Cell[]): void {
    this.#rows.push(row);
    if (this.#rows.length >= chunkRows) this.#flush();
  }

  close(): void {
    this.#flush();
    this.#appender.closeSync();
  }

  #flush(): void {
    if (this.#rows.length === 0) return;
    const columns = Array.from({ length: this.#width }, (_, column) => this.#rows.map((row) => row[column] ?? null));
    const chunk = DuckDBDataChunk.create(columns.map(() => VARCHAR));
    chunk.setColumns(columns);
    this.#appender.appendDataChunk(chunk);
    this.#rows = [];
  }
}
