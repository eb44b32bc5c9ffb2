import type { DuckDBConnection } from '@duckdb/node-api';
import type { Clock } from '../../platform/clock.ts';
import { Mutex } from '../../platform/mutex.ts';
import { duckString } from '../duckdb/text.ts';
import { TableHistory } from '../history/table-history.ts';
import { createChangeTables } from './change-tables.ts';

/** What one DuckDB transaction has recorded. */
export class ChangeSet {
  readonly transaction: number;
  /** Whether changes of a tracked table were recorded. */
  wrote = false;
  consumed = false;
  /** Whether rows of a table with a past were written or removed. */
  versioned = false;
  /** Rows that went into the past of tables, by physical name. */
  readonly removed = new Map<string, number>();
  /** Tables that lost rows whose past is not kept. */
  readonly gaps = new Set<string>();
  /** Ids of the statements that wrote something. */
  readonly statements = new Set<string>();
  #order = 0;

  constructor(transaction: number) {
    this.transaction = transaction;
  }

  nextOrder(): number {
    this.#order += 1;
    return this.#order;
  }
}

/**
 * Gives transactions that changed tracked tables their versions. Versions are in the order of the commits: a transaction
 * that sees one sees all before it, so that an offset says which changes a stream has still to give.
 * https://docs.snowflake.com/en/user-guide/streams-intro#table-versioning
 */
export class ChangeLog {
  readonly #clock: Clock;
  readonly #commits = new Mutex();
  readonly #listeners = new Set<() => void>();
  #versioned: () => Promise<void> = () => Promise.resolve();
  #last = 0;
  /** Physical names of the tables whose changes are recorded. */
  readonly tracked = new Set<string>();
  /** What tables were. */
  readonly history = new TableHistory();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async open(connection: DuckDBConnection): Promise<void> {
    await createChangeTables(connection);
    const read = async (sql: string): Promise<unknown[]> => (await connection.runAndReadAll(sql)).getRows().map(([value]) => value);
    const [last] = await read('SELECT coalesce(max(version), 0)::DOUBLE FROM _changes.commits');
    this.#last = Number(last);
    for (const name of await read('SELECT physical_name FROM _changes.tracked')) this.tracked.add(String(name));
    await this.history.open(connection);
  }

  /** Whether any table is tracked; nothing is to be done for a statement otherwise. */
  get active(): boolean {
    return this.tracked.size > 0;
  }

  begin(): ChangeSet {
    this.#last += 1;
    return new ChangeSet(this.#last);
  }

  now(): number {
    return this.#clock.now();
  }

  /** `work` is awaited whenever rows have gone into the past of a table. */
  onVersioned(work: () => Promise<void>): void {
    this.#versioned = work;
  }

  /** Calls `listener` when changes have been committed. */
  onCommit(listener: () => void): void {
    this.#listeners.add(listener);
  }

  async commit(connection: DuckDBConnection, changes: ChangeSet): Promise<void> {
    if (!changes.wrote && !changes.consumed && !changes.versioned) {
      await connection.run('COMMIT');
      return;
    }
    // One at a time: versions are to become visible in their order.
    await this.exclusively(async (version) => {
      const now = String(this.#clock.now());
      if (changes.consumed) {
        await connection.run(
          `UPDATE _changes.offsets SET version = consuming, initial = false, read_at = ${now}, consuming = NULL WHERE consuming IS NOT NULL`,
        );
      }
      if (changes.wrote || changes.versioned) {
        const statements = [...changes.statements].map(duckString).join(', ');
        await connection.run(
          `INSERT INTO _changes.commits VALUES (${String(version)}, ${String(changes.transaction)}, ${now}, [${statements}])`,
        );
      }
      await connection.run('COMMIT');
      this.history.committed(changes, version);
    });
    if (changes.removed.size > 0) await this.#versioned();
    if (changes.wrote) for (const listener of this.#listeners) listener();
  }

  /** While `work` runs no other version comes into being; `version` is later than all there are. */
  exclusively<T>(work: (version: number) => Promise<T>): Promise<T> {
    return this.#commits.run(() => {
      this.#last += 1;
      return work(this.#last);
    });
  }
}
