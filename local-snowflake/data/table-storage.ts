import type { DuckDBConnection } from '@duckdb/node-api';
import { Mutex } from '../platform/mutex.ts';
import { quoteIdentifier } from '../sql/identifier.ts';
import type { SnowflakeType } from '../sql/types.ts';
import { changeTable, rowIdColumn } from './changes/change-tables.ts';
import { inTransaction } from './duckdb/in-transaction.ts';
import { duckString } from './duckdb/text.ts';
import { physicalType } from './duckdb/physical-type.ts';
import { createHistory, historyTable, tableAsOf, written, writtenColumn } from './history/history-tables.ts';
import type { PastPoint, TableHistory } from './history/table-history.ts';
import { tableName } from './table-name.ts';

export interface StorageColumn {
  /** Name in DuckDB, unique in the table without regard to case. */
  readonly physical: string;
  readonly type: SnowflakeType;
  readonly nullable: boolean;
  /** Makes a sequence beside the table, which INSERT draws from. */
  readonly identity?: { readonly start: number; readonly step: number };
}

/** The sequence behind an identity column. */
export function identitySequence(physicalName: string, physicalColumn: string): string {
  return `${physicalName}.${physicalColumn}`;
}

/** What a sequence object is called in DuckDB. */
export function sequenceName(physicalName: string): string {
  return `main.${quoteIdentifier(physicalName)}`;
}

/**
 * The physical tables, sequences and nothing else: names are the catalog's, opaque here (without double quotes). Every method is one
 * committed transaction of its own; a session's open transaction does not see it half done.
 */
export class TableStorage {
  readonly #connection: DuckDBConnection;
  readonly #history: TableHistory;
  readonly #mutex = new Mutex();

  constructor(connection: DuckDBConnection, history: TableHistory) {
    this.#connection = connection;
    this.#history = history;
  }

  async createTable(physicalName: string, columns: readonly StorageColumn[]): Promise<void> {
    const statements = columns
      .filter((column) => column.identity !== undefined)
      .map((column) =>
        createSequence(identitySequence(physicalName, column.physical), column.identity?.start ?? 1, column.identity?.step ?? 1),
      );
    const definitions = [...columns.map(columnDefinition), `${written} BIGINT`];
    statements.push(`CREATE TABLE ${tableName(physicalName)} (${definitions.join(', ')})`, createHistory(physicalName));
    await this.#transaction(statements);
    this.#history.add(physicalName, columns.length);
  }

  async dropTable(physicalName: string): Promise<void> {
    const sequences = await this.#ownSequences(physicalName);
    await this.#transaction([
      `DROP TABLE IF EXISTS ${tableName(physicalName)}`,
      `DROP TABLE IF EXISTS ${changeTable(physicalName)}`,
      `DROP TABLE IF EXISTS ${historyTable(physicalName)}`,
      `DELETE FROM _history.gaps WHERE physical_name = ${duckString(physicalName)}`,
      `DELETE FROM _changes.tracked WHERE physical_name = ${duckString(physicalName)}`,
      `DELETE FROM _catalog.loaded_files WHERE physical_name = ${duckString(physicalName)}`,
      ...sequences.map((sequence) => `DROP SEQUENCE IF EXISTS ${sequenceName(sequence)}`),
    ]);
    this.#history.forget(physicalName);
  }

  /** Adds a column; rows that are there get `fill` (a literal's text), NULL without it. */
  async addColumn(physicalName: string, column: StorageColumn, fill?: string): Promise<void> {
    const table = tableName(physicalName);
    const name = quoteIdentifier(column.physical);
    const statements: string[] = [];
    if (column.identity !== undefined) {
      statements.push(createSequence(identitySequence(physicalName, column.physical), column.identity.start, column.identity.step));
    }
    const constant = fill === undefined ? undefined : `CAST(${duckString(fill)} AS ${physicalType(column.type)})`;
    const initial =
      column.identity === undefined ? constant : `nextval(${sequenceLiteral(identitySequence(physicalName, column.physical))})`;
    statements.push(`ALTER TABLE ${table} ADD COLUMN ${name} ${physicalType(column.type)}`);
    if (initial !== undefined) statements.push(`UPDATE ${table} SET ${name} = ${initial}`);
    for (const beside of [changeTable(physicalName), historyTable(physicalName)])
      statements.push(`ALTER TABLE IF EXISTS ${beside} ADD COLUMN ${name} ${physicalType(column.type)}`);
    // What a table was is shown as the table is defined now.
    if (constant !== undefined && this.#history.has(physicalName))
      statements.push(`UPDATE ${historyTable(physicalName)} SET ${name} = ${constant}`);
    await this.#transaction(statements);
    if (!column.nullable) await this.setNullable(physicalName, column.physical, false);
  }

  dropColumn(physicalName: string, physical: string): Promise<void> {
    return this.#transaction([
      `ALTER TABLE ${tableName(physicalName)} DROP COLUMN ${quoteIdentifier(physical)}`,
      `ALTER TABLE IF EXISTS ${changeTable(physicalName)} DROP COLUMN ${quoteIdentifier(physical)}`,
      `ALTER TABLE IF EXISTS ${historyTable(physicalName)} DROP COLUMN ${quoteIdentifier(physical)}`,
      `DROP SEQUENCE IF EXISTS ${sequenceName(identitySequence(physicalName, physical))}`,
    ]);
  }

  renameColumn(physicalName: string, from: string, to: string): Promise<void> {
    return this.#transaction([
      `ALTER TABLE ${tableName(physicalName)} RENAME COLUMN ${quoteIdentifier(from)} TO ${quoteIdentifier(to)}`,
      ...(this.#history.has(physicalName)
        ? [`ALTER TABLE ${historyTable(physicalName)} RENAME COLUMN ${quoteIdentifier(from)} TO ${quoteIdentifier(to)}`]
        : []),
    ]);
  }

  setNullable(physicalName: string, physical: string, nullable: boolean): Promise<void> {
    return this.#transaction([
      `ALTER TABLE ${tableName(physicalName)} ALTER COLUMN ${quoteIdentifier(physical)} ${nullable ? 'DROP' : 'SET'} NOT NULL`,
    ]);
  }

  setType(physicalName: string, physical: string, type: SnowflakeType): Promise<void> {
    return this.#transaction([
      `ALTER TABLE ${tableName(physicalName)} ALTER COLUMN ${quoteIdentifier(physical)} SET DATA TYPE ${physicalType(type)}`,
      ...[changeTable(physicalName), historyTable(physicalName)].map(
        (beside) => `ALTER TABLE IF EXISTS ${beside} ALTER COLUMN ${quoteIdentifier(physical)} SET DATA TYPE ${physicalType(type)}`,
      ),
    ]);
  }

  /**
   * Copies rows, columns, NOT NULLs and the sequences of identity columns, which go on where they are; at a version of the past when
   * `past` names one. What the copy was begins with it.
   */
  async clone(from: string, to: string, past?: PastPoint): Promise<void> {
    const columns = await this.#read(
      `SELECT column_name, is_nullable::VARCHAR FROM duckdb_columns() WHERE schema_name = 'main' AND table_name = $1 AND column_name NOT IN ($2, $3) ORDER BY column_index`,
      [from, writtenColumn, rowIdColumn],
    );
    const names = columns.map(([column]) => String(column));
    const required = columns.filter(([, nullable]) => nullable === 'false').map(([column]) => String(column));
    const sequences = (await this.#ownSequences(from)).map((name) => this.#copyOfSequence(name, to + name.slice(from.length)));
    const source = past === undefined ? `FROM ${tableName(from)}` : `FROM (${tableAsOf(from, names, past)})`;
    await this.#transaction([
      ...(await Promise.all(sequences)),
      `CREATE TABLE ${tableName(to)} AS SELECT ${names.map(quoteIdentifier).join(', ')}, 0::BIGINT AS ${written} ${source}`,
      ...required.map((column) => `ALTER TABLE ${tableName(to)} ALTER COLUMN ${quoteIdentifier(column)} SET NOT NULL`),
      createHistory(to),
    ]);
    this.#history.add(to, names.length);
  }

  /** Exchanges the contents behind two names. */
  swap(first: string, second: string): Promise<void> {
    const between = `${first} swap ${second}`;
    return this.#transaction([
      `ALTER TABLE ${tableName(first)} RENAME TO ${quoteIdentifier(between)}`,
      `ALTER TABLE ${tableName(second)} RENAME TO ${quoteIdentifier(first)}`,
      `ALTER TABLE ${tableName(between)} RENAME TO ${quoteIdentifier(second)}`,
    ]);
  }

  createSequence(physicalName: string, start: number, step: number): Promise<void> {
    return this.#transaction([createSequence(physicalName, start, step)]);
  }

  /** A sequence that goes on where another one is. */
  async cloneSequence(from: string, to: string): Promise<void> {
    await this.#transaction([await this.#copyOfSequence(from, to)]);
  }

  async #copyOfSequence(from: string, to: string): Promise<string> {
    const [[start, step, last] = []] = await this.#read(
      `SELECT start_value::VARCHAR, increment_by::VARCHAR, last_value::VARCHAR FROM duckdb_sequences() WHERE schema_name = 'main' AND sequence_name = $1`,
      [from],
    );
    const next = last === null || last === undefined ? Number(start) : Number(last) + Number(step);
    return createSequence(to, next, Number(step));
  }

  dropSequence(physicalName: string): Promise<void> {
    return this.#transaction([`DROP SEQUENCE IF EXISTS ${sequenceName(physicalName)}`]);
  }

  async rowCount(physicalName: string): Promise<number> {
    const [row] = await this.#read(`SELECT count(*)::DOUBLE FROM ${tableName(physicalName)}`);
    return Number(row?.[0] ?? 0);
  }

  /** Estimate of the stored size: what DuckDB's columns take before compression. */
  async bytes(physicalName: string): Promise<number> {
    const rows = await this.rowCount(physicalName);
    const columns = await this.#read(
      `SELECT count(*)::DOUBLE FROM duckdb_columns() WHERE schema_name = 'main' AND table_name = $1 AND NOT starts_with(column_name, chr(1))`,
      [physicalName],
    );
    return rows * Number(columns[0]?.[0] ?? 0) * 8;
  }

  /** Every physical table, for clearing away at start-up what the catalog no longer names. */
  async listTables(): Promise<string[]> {
    const rows = await this.#read(
      `SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main' AND NOT temporary AND database_name = current_database()`,
    );
    return rows.map(([name]) => String(name));
  }

  async #ownSequences(physicalName: string): Promise<string[]> {
    const rows = await this.#read(
      `SELECT sequence_name FROM duckdb_sequences() WHERE schema_name = 'main' AND starts_with(sequence_name, $1)`,
      [`${physicalName}.`],
    );
    return rows.map(([name]) => String(name));
  }

  #read(sql: string, values: string[] = []): Promise<unknown[][]> {
    return this.#mutex.run(async () => (await this.#connection.runAndReadAll(sql, values)).getRows());
  }

  async #transaction(statements: readonly string[]): Promise<void> {
    await this.#mutex.run(() => inTransaction(this.#connection, statements));
  }
}

/** A sequence as the argument of DuckDB's nextval. */
export function sequenceLiteral(physicalName: string): string {
  return `'${sequenceName(physicalName).replaceAll("'", "''")}'`;
}

function columnDefinition(column: StorageColumn): string {
  return `${quoteIdentifier(column.physical)} ${physicalType(column.type)}${column.nullable ? '' : ' NOT NULL'}`;
}

function createSequence(physicalName: string, start: number, step: number): string {
  const bounds =
    step > 0 ? `MINVALUE ${String(Math.min(start, 0))}` : `MINVALUE -9223372036854775808 MAXVALUE ${String(Math.max(start, 0))}`;
  return `CREATE SEQUENCE ${sequenceName(physicalName)} START ${String(start)} INCREMENT ${String(step)} ${bounds}`;
}
