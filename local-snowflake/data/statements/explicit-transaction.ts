import type { DuckDBConnection } from '@duckdb/node-api';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { ChangeLog, ChangeSet } from '../changes/change-log.ts';
import { asDataError } from '../duckdb/error-mapping.ts';

function isConflict(error: unknown): boolean {
  return error instanceof SnowflakeError && error.symbol === 'transactionConflict';
}

/**
 * A transaction between BEGIN and COMMIT. A statement that fails in Snowflake leaves what the ones before it did; DuckDB
 * gives the whole transaction up. So before the next statement those that succeeded are run once more, in a new
 * transaction over what is committed by then, as READ COMMITTED allows.
 * https://docs.snowflake.com/en/sql-reference/transactions#statement-rollback
 */
export class ExplicitTransaction {
  readonly #connection: DuckDBConnection;
  readonly #log: ChangeLog;
  #changes: ChangeSet;
  readonly #done: (() => Promise<unknown>)[] = [];
  #afterCommit: (() => Promise<void>)[] = [];
  #state: 'none' | 'open' | 'running' = 'none';

  constructor(connection: DuckDBConnection, log: ChangeLog) {
    this.#connection = connection;
    this.#log = log;
    this.#changes = log.begin();
  }

  /** What it has recorded so far. */
  get changes(): ChangeSet {
    return this.#changes;
  }

  /** Whether it has changes that others wait for. */
  get isOpen(): boolean {
    return this.#state !== 'none';
  }

  /** `statement` has changed something, and would do so again. */
  succeeded(statement: () => Promise<unknown>): void {
    if (this.#state === 'open') this.#done.push(statement);
  }

  /** What must not happen unless the transaction commits, such as removing loaded files. */
  afterCommit(work: () => Promise<void>): void {
    this.#afterCommit.push(work);
  }

  /** Runs a statement in the transaction. Statements within a statement share its fate. */
  async run<T>(statement: () => Promise<T>): Promise<T> {
    if (this.#state === 'running') return statement();
    await this.#open();
    this.#state = 'running';
    try {
      return await statement();
    } catch (error) {
      if (isConflict(error) || (await this.#isAborted())) await this.#giveUp();
      throw error;
    } finally {
      if (this.#state === 'running') this.#state = 'open';
    }
  }

  async commit(): Promise<void> {
    await this.#open();
    this.#state = 'none';
    try {
      await this.#log.commit(this.#connection, this.#changes);
    } catch (error) {
      await this.#connection.run('ROLLBACK').catch(() => undefined);
      throw asDataError(error, 'COMMIT');
    }
    for (const work of this.#afterCommit) await work();
  }

  async rollback(): Promise<void> {
    if (this.#state !== 'none') await this.#giveUp();
  }

  /** Begins, or begins anew with everything that had succeeded; @throws what a statement throws that now fails */
  async #open(): Promise<void> {
    if (this.#state !== 'none') return;
    await this.#connection.run('BEGIN');
    this.#afterCommit = [];
    this.#changes = this.#log.begin();
    this.#state = 'running';
    try {
      for (const statement of this.#done) await statement();
      this.#state = 'open';
    } catch (error) {
      await this.#giveUp();
      throw error;
    }
  }

  async #isAborted(): Promise<boolean> {
    try {
      await this.#connection.run('SELECT 1');
      return false;
    } catch {
      return true;
    }
  }

  async #giveUp(): Promise<void> {
    this.#state = 'none';
    await this.#connection.run('ROLLBACK');
  }
}
