import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { CatalogStore } from './catalog-store.ts';
import { createLoadHistory } from './copy/load-history.ts';
import { DataConnection } from './data-connection.ts';
import { defineMacros } from './duckdb/macros.ts';
import { registerNativeFunctions } from './native/register.ts';
import { OpenWrites } from './statements/open-writes.ts';
import { loadParser } from './syntax/parse.ts';
import { TableStorage } from './table-storage.ts';

/** One DuckDB file (or memory): the account's tables, and the catalog's records beside them. */
export class DataEngine {
  readonly #instance: DuckDBInstance;
  readonly #administration: DuckDBConnection;
  readonly #writes = new OpenWrites();
  /** Physical tables for the kinds that have rows. */
  readonly tables: TableStorage;

  private constructor(instance: DuckDBInstance, administration: DuckDBConnection, storage: DuckDBConnection) {
    this.#instance = instance;
    this.#administration = administration;
    this.tables = new TableStorage(storage);
  }

  /** Opens or creates `path`; `:memory:` keeps everything in memory. One process at a time can hold a file. */
  static async open(path: string): Promise<DataEngine> {
    const instance = await DuckDBInstance.create(path, {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    const administration = await instance.connect();
    await loadParser();
    registerNativeFunctions(administration);
    await defineMacros(administration);
    await createLoadHistory(administration);
    return new DataEngine(instance, administration, await instance.connect());
  }

  /** A connection for one Snowflake session. */
  async connect(): Promise<DataConnection> {
    return new DataConnection(await this.#instance.connect(), this.#writes);
  }

  /** A durable table of records; `table` tells several stores in one file apart. */
  async catalogStore(table = 'entries'): Promise<CatalogStore> {
    return CatalogStore.open(await this.#instance.connect(), table);
  }

  /** Writes the log into the file. */
  async checkpoint(): Promise<void> {
    await this.#administration.run('CHECKPOINT');
  }

  /** Ends everything; open connections must be closed before. */
  close(): void {
    this.#administration.closeSync();
    this.#instance.closeSync();
  }
}
