import type { DuckDBConnection } from '@duckdb/node-api';
import type { Clock } from '../../platform/clock.ts';
import { Mutex } from '../../platform/mutex.ts';
import { createChangeTables } from './change-tables.ts';

/** What one DuckDB transaction has recorded. */
export class ChangeSet {
  readonly transaction: number;
  wrote = false;
  consumed = false;
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
  #last = 0;
  /** Physical names of the tables whose changes are recorded. */
  readonly tracked = new Set<string>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async open(connection: DuckDBConnection): Promise<void> {
    await createChangeTables(connection);
    const read = async (sql: string): Promise<unknown[]> => (await connection.runAndReadAll(sql)).getRows().map(([value]) => value);
    const [last] = await read('SELECT coalesce(max(version), 0)::DOUBLE FROM _changes.commits');
    this.#last = Number(last);
    for (const name of await read('SELECT physical_name FROM _changes.tracked')) this.tracked.add(String(name));
  }

  /** Whether any table is tracked; nothing is to be done for a statement otherwise. */
  get active(): boolean {
    return this.tracked.size > 0;
  }

  begin(): ChangeSet {
    this.#last += 1;
    return new ChangeSet(this.#last);
  }

  /** Calls `listener` when changes have been committed. */
  onCommit(listener: () => void): void {
    this.#listeners.add(listener);
  }

  async commit(connection: DuckDBConnection, changes: ChangeSet): Promise<void> {
    if (!changes.wrote && !changes.consumed) {
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
      if (changes.wrote) {
        await connection.run(`INSERT INTO _changes.commits VALUES (${String(version)}, ${String(changes.transaction)}, ${now})`);
      }
      await connection.run('COMMIT');
    });
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
