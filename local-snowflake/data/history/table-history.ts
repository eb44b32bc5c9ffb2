import type { DuckDBConnection } from '@duckdb/node-api';
import type { ChangeSet } from '../changes/change-log.ts';
import { duckString } from '../duckdb/text.ts';
import { createHistoryTables, historyTable, removedColumn, writtenColumn } from './history-tables.ts';

/** Where a table is looked at in its past. */
export interface PastPoint {
  /** Epoch milliseconds. */
  readonly time: number;
  /** Number of the last commit that counts. */
  readonly version: number;
  /** The reader's own open transaction, if any. */
  readonly own: number | undefined;
}

/** Which tables have a past, how far back it is known, and how much it takes. */
export class TableHistory {
  readonly #versioned = new Set<string>();
  /** Version before which a table's past is not known. */
  readonly #since = new Map<string, number>();
  /** Rows kept, and the columns that a row has. */
  readonly #kept = new Map<string, { rows: number; readonly columns: number }>();

  async open(connection: DuckDBConnection): Promise<void> {
    await createHistoryTables(connection);
    const read = async (sql: string): Promise<unknown[][]> => (await connection.runAndReadAll(sql)).getRows();
    const columnsOf = (schema: string, column: string): string =>
      `SELECT table_name, count(*)::DOUBLE FROM duckdb_columns() WHERE schema_name = '${schema}' GROUP BY table_name HAVING bool_or(column_name = ${duckString(column)})`;
    for (const [name] of await read(columnsOf('main', writtenColumn))) this.#versioned.add(String(name));
    for (const [name, columns] of await read(columnsOf('_history', removedColumn))) {
      const [[rows] = []] = await read(`SELECT count(*)::DOUBLE FROM ${historyTable(String(name))}`);
      this.#kept.set(String(name), { rows: Number(rows), columns: Number(columns) });
    }
    const gaps =
      'SELECT g.physical_name, max(c.version)::DOUBLE FROM _history.gaps AS g JOIN _changes.commits AS c USING (txn) GROUP BY 1';
    for (const [name, version] of await read(gaps)) this.#since.set(String(name), Number(version));
  }

  /** Whether each row of the table says which transaction wrote it. */
  has(physicalName: string): boolean {
    return this.#versioned.has(physicalName);
  }

  /** A table of `columns` columns has been made, with its history. */
  add(physicalName: string, columns: number): void {
    this.#versioned.add(physicalName);
    this.#kept.set(physicalName, { rows: 0, columns });
  }

  forget(physicalName: string): void {
    this.#versioned.delete(physicalName);
    this.#since.delete(physicalName);
    this.#kept.delete(physicalName);
  }

  /** Whether the table's rows at that version are known. */
  reaches(physicalName: string, version: number): boolean {
    return this.has(physicalName) && version >= (this.#since.get(physicalName) ?? 0);
  }

  committed(changes: ChangeSet, version: number): void {
    for (const [name, rows] of changes.removed) {
      const kept = this.#kept.get(name);
      if (kept !== undefined) kept.rows += rows;
    }
    for (const name of changes.gaps) this.#since.set(name, version);
  }

  /** History up to a version has been removed: `rows` of it. */
  trimmed(physicalName: string, version: number, rows: number): void {
    this.#since.set(physicalName, Math.max(version, this.#since.get(physicalName) ?? 0));
    const kept = this.#kept.get(physicalName);
    if (kept !== undefined) kept.rows -= rows;
  }

  /** Tables whose past takes something, those that take most first. Bytes are an estimate: eight for each cell. */
  sizes(): { readonly physicalName: string; readonly bytes: number }[] {
    return [...this.#kept]
      .map(([physicalName, { rows, columns }]) => ({ physicalName, bytes: rows * columns * 8 }))
      .filter(({ bytes }) => bytes > 0)
      .toSorted((a, b) => b.bytes - a.bytes);
  }
}
