import type { DuckDBConnection } from '@duckdb/node-api';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { Clock } from '../../platform/clock.ts';
import { Mutex } from '../../platform/mutex.ts';
import { inTransaction } from '../duckdb/in-transaction.ts';
import { duckString } from '../duckdb/text.ts';
import type { OpenWrites } from '../statements/open-writes.ts';
import { historyTable } from '../history/history-tables.ts';
import { tableName } from '../table-name.ts';
import type { ChangeLog } from './change-log.ts';
import { tableAt } from './change-queries.ts';
import { withContentIds } from './content-ids.ts';
import { action, changeTable, offsetOf, order, rowId, transaction } from './change-tables.ts';

/** Where a new stream begins. */
export type StreamStart =
  | { readonly kind: 'now' }
  /** Number of the last commit that it has passed. */
  | { readonly kind: 'version'; readonly version: number }
  /** Where another stream is now. */
  | { readonly kind: 'stream'; readonly id: string };

/** A table whose changes a stream gives, by its physical name and by the name that messages use. */
export interface StreamTable {
  readonly physicalName: string;
  readonly display: string;
}

/** Tracked tables and the offsets of streams. Every method is one committed transaction of its own. */
export class StreamStorage {
  readonly #connection: DuckDBConnection;
  readonly #log: ChangeLog;
  readonly #clock: Clock;
  readonly #writes: OpenWrites;
  readonly #turn = new Mutex();

  constructor(connection: DuckDBConnection, log: ChangeLog, clock: Clock, writes: OpenWrites) {
    this.#connection = connection;
    this.#log = log;
    this.#clock = clock;
    this.#writes = writes;
  }

  /**
   * Begins to record a table's changes; nothing happens when they are recorded. Waits for the transactions that have changes, as
   * Snowflake does with its locks: what they have written is in the table then, and what comes is recorded.
   * @param content physical names of all columns, for a table whose rows are told apart by what is in them
   */
  async track(physicalName: string, signal: AbortSignal, content?: readonly string[]): Promise<void> {
    if (this.#log.tracked.has(physicalName)) return;
    const table = tableName(physicalName);
    const ids =
      content === undefined
        ? `UPDATE ${table} SET ${rowId} = gen_random_uuid() WHERE ${rowId} IS NULL`
        : `UPDATE ${table} SET ${rowId} = n.${rowId} FROM (${withContentIds(['rowid', ...content], table, content)}) AS n WHERE ${table}.rowid = n.rowid`;
    await this.#writes.alone(async () => {
      // Another statement may have asked for the same meanwhile.
      if (this.#log.tracked.has(physicalName)) return;
      await this.#log.exclusively((version) =>
        this.#transaction([
          `ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS ${rowId} UUID`,
          `ALTER TABLE IF EXISTS ${historyTable(physicalName)} ADD COLUMN IF NOT EXISTS ${rowId} UUID`,
          ids,
          `CREATE TABLE ${changeTable(physicalName)} AS SELECT *, 0::BIGINT AS ${transaction}, 0::BIGINT AS ${order}, '' AS ${action} FROM ${table} LIMIT 0`,
          `INSERT INTO _changes.tracked VALUES (${duckString(physicalName)}, ${String(version)})`,
          // A version of its own, so that times before it are told from times behind it.
          `INSERT INTO _changes.commits BY NAME SELECT ${String(version)} AS version, ${String(version)} AS txn, ${String(this.#clock.now())} AS committed_at`,
        ]),
      );
      this.#log.tracked.add(physicalName);
    }, signal);
  }

  /** Stops recording and forgets what was recorded. */
  async untrack(physicalName: string, signal: AbortSignal): Promise<void> {
    if (!this.#log.tracked.has(physicalName)) return;
    await this.#writes.alone(async () => {
      await this.#transaction([
        `DROP TABLE IF EXISTS ${changeTable(physicalName)}`,
        `DELETE FROM _changes.tracked WHERE physical_name = ${duckString(physicalName)}`,
      ]);
      this.#log.tracked.delete(physicalName);
    }, signal);
  }

  /** Sets a new stream's offset. @throws SnowflakeError `changeTrackingMissing` for a time that the tables' changes do not reach back to */
  async create(id: string, start: StreamStart, tables: readonly StreamTable[], initialRows: boolean): Promise<void> {
    const version = versionAt(start);
    for (const { physicalName, display } of tables) {
      const [[reaches] = []] = await this.#read(
        `SELECT (${version} >= (SELECT since FROM _changes.tracked WHERE physical_name = ${duckString(physicalName)}))::VARCHAR`,
      );
      if (reaches !== 'true') throw SnowflakeError.of('changeTrackingMissing', { name: display });
    }
    await this.#transaction([
      `INSERT INTO _changes.offsets VALUES (${duckString(id)}, ${version}, ${String(initialRows)}, ${String(this.#clock.now())}, NULL)`,
    ]);
  }

  drop(id: string): Promise<void> {
    return this.#transaction([`DELETE FROM _changes.offsets WHERE stream = ${duckString(id)}`]);
  }

  /** When the stream was consumed last, or made; epoch milliseconds. */
  async readAt(id: string): Promise<number> {
    const [[at] = []] = await this.#read(`SELECT read_at FROM _changes.offsets WHERE stream = ${duckString(id)}`);
    return Number(at ?? 0);
  }

  /** Whether any of the tables has changed since the stream was consumed. https://docs.snowflake.com/en/sql-reference/functions/system_stream_has_data */
  async hasData(id: string, physicalNames: readonly string[], appendOnly: boolean): Promise<boolean> {
    const offset = offsetOf(id);
    for (const name of physicalNames) {
      const only = appendOnly ? ` AND ch.${action} = 'INSERT'` : '';
      const changed = `EXISTS (SELECT 1 FROM ${changeTable(name)} AS ch JOIN _changes.commits AS c ON c.txn = ch.${transaction} WHERE c.version > ${offset}${only})`;
      const initial = `EXISTS (SELECT 1 FROM (${tableAt(name, [], offset)}))`;
      const [[found] = []] = await this.#read(
        `SELECT CASE WHEN ${offsetOf(id, 'initial')} THEN ${initial} ELSE ${changed} END::VARCHAR`,
      );
      if (found === 'true') return true;
    }
    return false;
  }

  /**
   * At start-up: forgets streams that the catalog does not name, and changes that nobody will ask for any more. `retention`:
   * how long changes that every stream has passed are kept, for what begins in the past; milliseconds.
   */
  async clean(streams: ReadonlySet<string>, retention = 86_400_000): Promise<void> {
    for (const [id] of await this.#read('SELECT stream FROM _changes.offsets')) {
      if (id !== undefined && id !== null && !streams.has(id)) await this.drop(id);
    }
    const [[passed] = []] = await this.#read(
      `SELECT least((SELECT min(version) FROM _changes.offsets), (SELECT max(version) FROM _changes.commits WHERE committed_at <= ${String(this.#clock.now() - retention)}))::VARCHAR WHERE EXISTS (SELECT 1 FROM _changes.commits WHERE committed_at <= ${String(this.#clock.now() - retention)})`,
    );
    if (passed === undefined || passed === null) return;
    const tables = await this.#read('SELECT physical_name FROM _changes.tracked');
    await this.#transaction([
      ...tables.map(
        ([name]) =>
          `DELETE FROM ${changeTable(name ?? '')} WHERE ${transaction} IN (SELECT txn FROM _changes.commits WHERE version <= ${passed})`,
      ),
      `UPDATE _changes.tracked SET since = greatest(since, ${passed})`,
      // The last one stays: it is the version that offsets speak of.
      `DELETE FROM _changes.commits WHERE version < ${passed}`,
    ]);
  }

  #read(sql: string): Promise<(string | null)[][]> {
    return this.#turn.run(async () =>
      (await this.#connection.runAndReadAll(sql)).getRows().map((row) => row.map((cell) => (cell === null ? null : String(cell)))),
    );
  }

  async #transaction(statements: readonly string[]): Promise<void> {
    await this.#turn.run(() => inTransaction(this.#connection, statements));
  }
}

function versionAt(start: StreamStart): string {
  switch (start.kind) {
    case 'now':
      return '(SELECT max(version) FROM _changes.commits)';
    case 'version':
      return String(start.version);
    case 'stream':
      return offsetOf(start.id);
  }
}
