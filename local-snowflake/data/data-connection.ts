import type { DuckDBConnection } from '@duckdb/node-api';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { ResultColumn, ResultSet } from '../sql/result-set.ts';
import type { FileFormatOptions, StageLocation, StatementPorts, TypedCell } from './ports.ts';

export type DataStatementKind = 'SELECT' | 'INSERT' | 'MULTI_INSERT' | 'UPDATE' | 'DELETE' | 'MERGE' | 'TRUNCATE' | 'COPY' | 'UNLOAD';

/** How a data statement ended: the result as Snowflake answers it (`number of rows inserted` …). */
export interface DataOutcome {
  readonly kind: DataStatementKind;
  readonly result: ResultSet;
  /** Rows written or removed; 0 for queries. */
  readonly affectedRows: number;
}

export interface WrittenFiles {
  readonly columns: readonly ResultColumn[];
  readonly files: readonly { readonly name: string; readonly rows: number; readonly bytes: number }[];
}

/** One Snowflake session's way to the data. Statements on one connection run one after the other. */
export class DataConnection {
  readonly #connection: DuckDBConnection;

  constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  /** Columns a statement would answer with; binds names and types, runs nothing. */
  async describe(text: string, ports: StatementPorts): Promise<ResultColumn[]> {
    void ports;
    throw SnowflakeError.of('unsupported', { feature: text });
  }

  /** Runs one query or DML statement: SELECT, WITH, VALUES, INSERT, UPDATE, DELETE, MERGE, TRUNCATE, COPY INTO. */
  async run(text: string, ports: StatementPorts): Promise<DataOutcome> {
    void ports;
    throw SnowflakeError.of('unsupported', { feature: text });
  }

  /** Value of an expression without a FROM: SET, scripting, defaults, arguments of CALL. */
  async evaluate(expression: string, ports: StatementPorts): Promise<TypedCell> {
    void ports;
    throw SnowflakeError.of('unsupported', { feature: expression });
  }

  /**
   * CREATE TABLE AS: makes the physical table and fills it. `columns` are those declared beside AS, if any (by
   * position); returns the table's columns, physical names included.
   */
  async createTableAs(
    physicalName: string,
    query: string,
    ports: StatementPorts,
    columns?: readonly { readonly name: string; readonly type?: ResultColumn['type']; readonly nullable?: boolean }[],
  ): Promise<(ResultColumn & { readonly physical: string })[]> {
    void [physicalName, ports, columns];
    throw SnowflakeError.of('unsupported', { feature: query });
  }

  /** Writes a query's rows as files of a format below a stage location (dataset versions, unloading). */
  async writeFiles(
    query: string,
    ports: StatementPorts,
    target: StageLocation,
    options: { readonly format: FileFormatOptions; readonly prefix: string },
  ): Promise<WrittenFiles> {
    void [ports, target, options];
    throw SnowflakeError.of('unsupported', { feature: query });
  }

  /** An explicit transaction. DDL of the catalog commits it first; that is the session's business. */
  async begin(): Promise<void> {
    await this.#connection.run('BEGIN');
  }

  async commit(): Promise<void> {
    await this.#connection.run('COMMIT');
  }

  async rollback(): Promise<void> {
    await this.#connection.run('ROLLBACK');
  }

  /** Interrupts what runs; it ends with `queryCancelled`. */
  cancel(): void {
    this.#connection.interrupt();
  }

  close(): void {
    this.#connection.closeSync();
  }
}
