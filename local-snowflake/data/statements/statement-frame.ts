import { type BindContext, StatementState } from '../bind/bind-context.ts';
import { execute, readCells } from '../duckdb/run.ts';
import type { ResultCells } from '../duckdb/result-cells.ts';
import type { StatementPorts } from '../ports.ts';
import type { Cell } from '../../sql/result-set.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { ChangeLog, ChangeSet } from '../changes/change-log.ts';
import { latestVersion } from '../changes/change-tables.ts';
import { duckString } from '../duckdb/text.ts';
import type { WatchedConnection } from '../duckdb/watched-connection.ts';
import type { TableHistory } from '../history/table-history.ts';
import type { ExplicitTransaction } from './explicit-transaction.ts';
import type { ReadAhead } from './read-ahead.ts';
import { StatementRuntime } from './statement-runtime.ts';

/** One statement on its way: where its names are looked up, and what runs it. */
export class StatementFrame {
  readonly ports: StatementPorts;
  readonly state = new StatementState();
  readonly runtime: StatementRuntime;
  readonly bind: BindContext;
  readonly #connection: WatchedConnection;
  readonly #transaction: ExplicitTransaction | undefined;
  readonly #log: ChangeLog;
  /** Changes of the transaction that the statement opened for itself. */
  #changes: ChangeSet | undefined;

  constructor(
    connection: WatchedConnection,
    log: ChangeLog,
    ports: StatementPorts,
    transaction: ExplicitTransaction | undefined,
    ahead: ReadAhead,
    describing = false,
  ) {
    this.#connection = connection;
    this.#log = log;
    this.ports = ports;
    this.#transaction = transaction;
    this.runtime = new StatementRuntime(connection);
    this.bind = { state: this.state, ports, commonTables: [], ...ahead, history: log.history, describing };
  }

  async execute(sql: string): Promise<number> {
    return execute(this.#connection, await this.runtime.resolve(sql, this.#preparations()), this.state.labels);
  }

  /** `readers`: see ResultCells. */
  async read(sql: string, readers?: readonly ResultCells['read'][]): Promise<Cell[][]> {
    return readCells(this.#connection, await this.runtime.resolve(sql, this.#preparations()), this.state.labels, readers);
  }

  /** Whether no transaction is open: what fails can then be tried in another way. */
  get alone(): boolean {
    return this.#transaction === undefined && this.#changes === undefined;
  }

  /** Rows of the statement's own query, which may come again. */
  async query(sql: string, readers?: readonly ResultCells['read'][]): Promise<Cell[][]> {
    const outside = this.state.preparations.length > 0 || this.runtime.resolved.size > 0 || this.bind.stages.size > 0;
    if (!this.alone || outside) return this.read(sql, readers);
    return readCells(this.#connection, sql, this.state.labels, readers, (text) => this.#connection.query(text));
  }

  /** Several DuckDB statements as one, inside the session's transaction or one of its own. */
  async atomically<T>(work: () => Promise<T>): Promise<T> {
    if (this.#transaction !== undefined || this.#changes !== undefined) return work();
    this.#changes = this.#log.begin();
    await this.#connection.run('BEGIN');
    try {
      const result = await work();
      await this.#log.commit(this.#connection, this.#changes);
      return result;
    } catch (error) {
      await this.#connection.run('ROLLBACK').catch(() => undefined);
      throw error;
    } finally {
      this.#changes = undefined;
    }
  }

  /** Which tables have a past. */
  get history(): TableHistory {
    return this.#log.history;
  }

  /** Whether changes of a table's rows are recorded. */
  isTracked(physicalName: string): boolean {
    return this.#log.tracked.has(physicalName);
  }

  /**
   * A transaction that began before the recording of a table's changes did cannot take part in it: it is begun anew.
   * @throws SnowflakeError `transactionConflict`
   */
  async requireRecording(physicalName: string): Promise<void> {
    if (this.#transaction === undefined) return;
    const [[known] = []] = await this.read(
      `SELECT CAST(count(*) AS VARCHAR) FROM _changes.tracked WHERE physical_name = ${duckString(physicalName)}`,
    );
    if (known === '0') throw SnowflakeError.of('transactionConflict', {});
  }

  /** What the transaction around the statement has recorded; there is one when rows of tracked tables change. */
  get changes(): ChangeSet {
    const changes = this.#transaction?.changes ?? this.#changes;
    if (changes === undefined) throw new Error('changes are recorded in a transaction');
    return changes;
  }

  /**
   * A statement that writes: the streams that it reads are consumed with it.
   * https://docs.snowflake.com/en/user-guide/streams-intro#table-versioning
   */
  consuming<T>(write: () => Promise<T>): Promise<T> {
    if (!this.#log.active) return write();
    return this.atomically(async () => {
      const result = await write();
      const { streams } = this.state;
      if (streams.size > 0) {
        const ids = [...streams].map(duckString).join(', ');
        await this.execute(`UPDATE _changes.offsets SET consuming = ${latestVersion} WHERE stream IN (${ids})`);
        this.changes.consumed = true;
      }
      return result;
    });
  }

  /** Does what must wait until the statement's changes are committed. */
  async afterCommit(work: () => Promise<void>): Promise<void> {
    if (this.#transaction === undefined) await work();
    else this.#transaction.afterCommit(work);
  }

  /** Preparations run once: those of an earlier call have left their texts in the runtime. */
  #preparations(): typeof this.state.preparations {
    return this.state.preparations.splice(0);
  }
}
