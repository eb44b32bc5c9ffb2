import { type Clock, SystemClock } from '../platform/clock.ts';
import { CatalogStore } from './catalog-store.ts';
import { ChangeLog } from './changes/change-log.ts';
import { StreamStorage } from './changes/stream-storage.ts';
import { createLoadHistory } from './copy/load-history.ts';
import { DataConnection } from './data-connection.ts';
import { defineMacros } from './duckdb/macros.ts';
import type { WatchedConnection } from './duckdb/watched-connection.ts';
import { WatchedDatabase } from './duckdb/watched-database.ts';
import { HistoryStorage } from './history/history-storage.ts';
import { registerNativeFunctions } from './native/register.ts';
import { OpenWrites } from './statements/open-writes.ts';
import { loadParser } from './syntax/parse.ts';
import { TableStorage } from './table-storage.ts';

/** One DuckDB file (or memory): the account's tables, and the catalog's records beside them. */
export class DataEngine {
  readonly #database: WatchedDatabase;
  readonly #administration: WatchedConnection;
  readonly #writes: OpenWrites;
  readonly #changes: ChangeLog;
  /** Physical tables for the kinds that have rows. */
  readonly tables: TableStorage;
  /** Which tables are tracked, and how far streams were consumed. */
  readonly streams: StreamStorage;
  /** What tables were. */
  readonly history: HistoryStorage;

  private constructor(
    database: WatchedDatabase,
    administration: WatchedConnection,
    storage: WatchedConnection,
    changes: ChangeLog,
    streams: StreamStorage,
    history: HistoryStorage,
    writes: OpenWrites,
  ) {
    this.#database = database;
    this.#administration = administration;
    this.#changes = changes;
    this.#writes = writes;
    this.tables = new TableStorage(storage, changes.history);
    this.history = history;
    this.streams = streams;
  }

  /** Opens or creates `path`; `:memory:` keeps everything in memory. One process at a time can hold a file. */
  static async open(path: string, clock: Clock = new SystemClock(), historyLimit?: number): Promise<DataEngine> {
    const database = await WatchedDatabase.open(path, {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    const administration = await database.connect();
    await loadParser();
    registerNativeFunctions(administration);
    await defineMacros(administration);
    await createLoadHistory(administration);
    const writes = new OpenWrites();
    const changes = new ChangeLog(clock);
    await changes.open(administration);
    const streams = new StreamStorage(await database.connect(), changes, clock, writes);
    const history = new HistoryStorage(await database.connect(), changes, historyLimit);
    return new DataEngine(database, administration, await database.connect(), changes, streams, history, writes);
  }

  /** A connection for one Snowflake session. */
  async connect(): Promise<DataConnection> {
    return new DataConnection(await this.#database.connect(), this.#writes, this.#changes);
  }

  /** Whether a table's rows at that version are known. */
  reaches(physicalName: string, version: number): boolean {
    return this.#changes.history.reaches(physicalName, version);
  }

  /** Calls `listener` when changes of tracked tables have been committed. */
  onChange(listener: () => void): void {
    this.#changes.onCommit(listener);
  }

  /** A durable table of records; `table` tells several stores in one file apart. */
  async catalogStore(table = 'entries'): Promise<CatalogStore> {
    return CatalogStore.open(await this.#database.connect(), table);
  }

  /** Writes the log into the file. */
  async checkpoint(): Promise<void> {
    await this.#administration.run('CHECKPOINT');
  }

  /** Ends everything; open connections must be closed before. */
  close(): void {
    this.#administration.closeSync();
    this.#database.closeSync();
  }
}
