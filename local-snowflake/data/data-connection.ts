import { AsyncLocalStorage } from 'node:async_hooks';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import { Mutex } from '../platform/mutex.ts';
import { repeat } from '../platform/repeat.ts';
import type { Cell, ResultColumn, ResultSet } from '../sql/result-set.ts';
import type { SnowflakeType } from '../sql/types.ts';
import { bindExpression } from './bind/bind-expression.ts';
import { bindQuery } from './bind/bind-query.ts';
import { newBlock } from './bind/expression-context.ts';
import { foldedCell } from './bind/fold-value.ts';
import { withRowIds } from './bind/row-ids.ts';
import { Scope } from './bind/scope.ts';
import { isCopy } from './copy/copy-statement.ts';
import { describeCopy } from './copy/describe-copy.ts';
import { resolveFormat } from './copy/file-format.ts';
import { openCopy, runCopy } from './copy/run-copy.ts';
import { unloadFiles } from './copy/unload.ts';
import { asDataError } from './duckdb/error-mapping.ts';
import { duckString } from './duckdb/text.ts';
import type { ChangeLog } from './changes/change-log.ts';
import { type NewRows, replaceRows } from './changes/replace-rows.ts';
import type { WatchedConnection } from './duckdb/watched-connection.ts';
import { toWire } from './duckdb/wire-text.ts';
import type { FileFormatOptions, StageLocation, StatementPorts, TableColumn, TypedCell } from './ports.ts';
import { createTableAs, type DeclaredColumn, type StoredColumn } from './statements/create-table-as.ts';
import { describeColumns } from './statements/describe-columns.ts';
import { ExplicitTransaction } from './statements/explicit-transaction.ts';
import { nothingAhead, type ReadAhead, readAhead } from './statements/read-ahead.ts';
import { loneSystemCall } from './statements/lone-system-call.ts';
import type { OpenWrites } from './statements/open-writes.ts';
import { dmlKinds, runDml } from './statements/run-dml.ts';
import { runQuery, wireSql } from './statements/run-query.ts';
import { StatementFrame } from './statements/statement-frame.ts';
import { parseExpression, parseStatement } from './syntax/parse.ts';
import type { Statement } from './syntax/tree.ts';

export type DataStatementKind = 'SELECT' | (typeof dmlKinds)[keyof typeof dmlKinds] | 'COPY' | 'UNLOAD';

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

/** The connection whose turn the running code is part of. */
const inTurn = new AsyncLocalStorage<DataConnection>();

/**
 * One Snowflake session's way to the data. Clients send statements of a session at the same time; here they run one after
 * the other, since a DuckDB connection forgets the result of a query when it gets the next one. What a statement itself
 * asks of its connection on the way (a system function in a query) is part of its turn.
 */
export class DataConnection {
  readonly #connection: WatchedConnection;
  readonly #turn = new Mutex();
  #timezone = '';
  readonly #writes: OpenWrites;
  readonly #changes: ChangeLog;
  #transaction: ExplicitTransaction | undefined;
  #closed = false;

  constructor(connection: WatchedConnection, writes: OpenWrites, changes: ChangeLog) {
    this.#connection = connection;
    this.#writes = writes;
    this.#changes = changes;
  }

  /** Columns a statement would answer with; binds names and types, runs nothing. */
  async describe(text: string, ports: StatementPorts): Promise<ResultColumn[]> {
    if (isCopy(text)) return describeCopy(text, ports);
    const statement = parseStatement(text);
    return this.#within(statement, ports, true, async (frame) => {
      if (statement.kind !== 'query') return describeColumns(statement);
      const query = bindQuery(statement.query, frame.bind);
      // DuckDB's own checks, for what the binder leaves to it (GROUP BY); not where something would have to run first.
      if (frame.state.preparations.length === 0) await this.#check(wireSql(query), frame);
      return query.columns.map(({ name, type, nullable }) => ({ name, type, nullable }));
    });
  }

  /** Physical names of the tables behind a query of a view, which is checked to be one that a stream can be on. */
  async tablesBehind(text: string, ports: StatementPorts): Promise<string[]> {
    const statement = parseStatement(text);
    return this.#within(statement, ports, true, async (frame) => {
      if (statement.kind !== 'query')
        throw SnowflakeError.of('unsupported', { feature: 'a stream on something else than a query' });
      bindQuery(withRowIds(statement.query), { ...frame.bind, at: { version: '0' } });
      return [...frame.state.tables];
    });
  }

  /** Runs one query or DML statement: SELECT, WITH, VALUES, INSERT, UPDATE, DELETE, MERGE, TRUNCATE, COPY INTO. */
  async run(text: string, ports: StatementPorts): Promise<DataOutcome> {
    if (isCopy(text)) return this.#writing(ports, () => this.#copy(text, ports));
    const statement = parseStatement(text);
    const answer = loneSystemCall(statement, ports);
    if (answer !== undefined) return { kind: 'SELECT', result: await answer, affectedRows: 0 };
    if (statement.kind === 'query') {
      return this.#within(statement, ports, false, async (frame) => ({
        kind: 'SELECT',
        result: await runQuery(statement.query, frame),
        affectedRows: 0,
      }));
    }
    return this.#writing(ports, () =>
      this.#within(statement, ports, false, async (frame) => ({
        kind: dmlKinds[statement.kind],
        ...(await frame.consuming(() => runDml(statement, frame))),
      })),
    );
  }

  /** Value of an expression without a FROM: SET, scripting, defaults, arguments of CALL. */
  async evaluate(expression: string, ports: StatementPorts): Promise<TypedCell> {
    const tree = parseExpression(expression);
    return this.#within(undefined, ports, false, async (frame) => {
      const value = bindExpression(tree, { bind: frame.bind, scope: new Scope([]), block: newBlock() });
      if (value.constant !== undefined) return { type: value.type, cell: value.constant.cell };
      const folded = foldedCell(tree, ports);
      if (folded !== undefined && holds(value.type, folded)) return { type: value.type, cell: folded };
      const [row] = await frame.read(`SELECT ${toWire(value.type, value.sql)}`);
      return { type: value.type, cell: row?.[0] ?? null };
    });
  }

  /**
   * CREATE TABLE AS: makes the physical table and fills it. `columns` are those declared beside AS, if any (by
   * position); returns the table's columns, physical names included.
   */
  async createTableAs(
    physicalName: string,
    query: string,
    ports: StatementPorts,
    columns?: readonly DeclaredColumn[],
  ): Promise<StoredColumn[]> {
    return this.#within(parseStatement(query), ports, false, (frame) =>
      frame.consuming(() => createTableAs(physicalName, query, columns, frame)),
    );
  }

  /** Makes the rows of a tracked table others; what has changed is recorded. See `replace-rows.ts`. */
  replaceRows(physicalName: string, columns: readonly TableColumn[], from: NewRows, ports: StatementPorts): Promise<void> {
    return this.#writing(ports, () =>
      this.#within(undefined, ports, false, (frame) => replaceRows(physicalName, columns, from, frame)),
    );
  }

  /** Writes a query's rows as files of a format below a stage location (dataset versions, unloading). */
  async writeFiles(
    query: string,
    ports: StatementPorts,
    target: StageLocation,
    options: { readonly format: FileFormatOptions; readonly prefix: string; readonly partitionBy?: string },
  ): Promise<WrittenFiles> {
    // Readers of dataset versions look for files at one level.
    const kept = { header: true, overwrite: false, single: false, partitionsAs: 'numbers' as const };
    const unload = { ...options, ...kept, format: resolveFormat(options.format) };
    return this.#within(parseStatement(query), ports, false, (frame) => unloadFiles(query, target, unload, frame));
  }

  /** An explicit transaction. DDL of the catalog commits it first; that is the session's business. */
  begin(): Promise<void> {
    return this.#inTurn(() => {
      this.#transaction ??= new ExplicitTransaction(this.#connection, this.#changes);
      return Promise.resolve();
    });
  }

  commit(): Promise<void> {
    return this.#ending((transaction) => transaction.commit());
  }

  rollback(): Promise<void> {
    return this.#ending((transaction) => transaction.rollback());
  }

  get inTransaction(): boolean {
    return this.#transaction !== undefined;
  }

  /**
   * Ends the connection: what runs is interrupted, what waits for its turn fails. DuckDB crashes the process when a
   * connection is closed under a running statement, so the end is waited for.
   */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#connection.interrupt();
    await this.#turn.run(() => {
      this.#connection.closeSync();
      this.#writes.end(this);
      return Promise.resolve();
    });
  }

  #ending(end: (transaction: ExplicitTransaction) => Promise<void>): Promise<void> {
    return this.#inTurn(async () => {
      const transaction = this.#transaction;
      if (transaction === undefined) return;
      try {
        await end(transaction);
      } finally {
        this.#transaction = undefined;
        this.#writes.end(this);
      }
    });
  }

  /** Runs a statement that changes tables; while another transaction's changes are in its way, it waits for that one's end. */
  #writing<T>(ports: StatementPorts, statement: () => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      for (let attempt = 0; ; attempt += 1) {
        if (this.#writes.closed) await this.#writes.admitted(this);
        this.#writes.begin(this);
        try {
          const result = await statement();
          this.#transaction?.succeeded(statement);
          return result;
        } catch (error) {
          if (!(error instanceof SnowflakeError) || error.symbol !== 'transactionConflict') throw error;
        } finally {
          if (this.#transaction?.isOpen !== true) this.#writes.end(this);
        }
        // Whoever was in the way may have ended by now; only then is there something to wait for.
        if (attempt > 0) await this.#writes.otherEnds(this, ports.signal);
      }
    });
  }

  /** `statement`: what is read ahead for, in the same turn. */
  #within<T>(
    statement: Statement | undefined,
    ports: StatementPorts,
    describing: boolean,
    work: (frame: StatementFrame) => Promise<T>,
  ): Promise<T> {
    return this.#inTransaction(async () => {
      if (ports.signal.aborted) throw SnowflakeError.of('queryCancelled', {});
      await this.#useTimezone(ports.facts.timezone);
      const ahead =
        statement === undefined
          ? nothingAhead
          : await readAhead(statement, ports, this.#connection, this.#changes, this.#transaction?.changes.transaction);
      return this.#withFrame(ahead, ports, describing, work);
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (inTurn.getStore() === this) return work();
    return this.#turn.run(() => {
      if (this.#closed) throw SnowflakeError.of('queryCancelled', {});
      return inTurn.run(this, work);
    });
  }

  #inTransaction<T>(statement: () => Promise<T>): Promise<T> {
    return this.#inTurn(() => (this.#transaction === undefined ? statement() : this.#transaction.run(statement)));
  }

  #copy(text: string, ports: StatementPorts): Promise<DataOutcome> {
    return this.#inTransaction(async () => {
      const opened = await openCopy(text, ports, this.#connection);
      const kind = opened.statement.kind === 'load' ? 'COPY' : 'UNLOAD';
      return this.#withFrame({ ...nothingAhead, stages: opened.stages }, ports, false, async (frame) => ({
        kind,
        ...(await frame.consuming(() => runCopy(opened, frame))),
      }));
    });
  }

  async #withFrame<T>(
    ahead: ReadAhead,
    ports: StatementPorts,
    describing: boolean,
    work: (frame: StatementFrame) => Promise<T>,
  ): Promise<T> {
    if (ports.signal.aborted) throw SnowflakeError.of('queryCancelled', {});
    await this.#useTimezone(ports.facts.timezone);
    const frame = new StatementFrame(this.#connection, this.#changes, ports, this.#transaction, ahead, describing);
    let stop: (() => void) | undefined;
    const interrupt = (): void => {
      // Again and again: DuckDB forgets an interrupt that comes between two of the statement's queries.
      stop = repeat(() => {
        this.#connection.interrupt();
      }, 20);
    };
    ports.signal.addEventListener('abort', interrupt, { once: true });
    try {
      return await work(frame);
    } finally {
      ports.signal.removeEventListener('abort', interrupt);
      stop?.();
      await frame.runtime.finish();
    }
  }

  /** TIMESTAMP_LTZ is shown, and text without a zone read, in the session's time zone. */
  async #useTimezone(timezone: string): Promise<void> {
    if (timezone === this.#timezone) return;
    try {
      await this.#connection.run(`SET TimeZone = ${duckString(timezone)}`);
    } catch {
      throw SnowflakeError.of('invalidPropertyValue', { property: 'TIMEZONE', value: timezone });
    }
    this.#timezone = timezone;
  }

  async #check(sql: string, frame: StatementFrame): Promise<void> {
    try {
      const prepared = await this.#connection.prepare(sql);
      prepared.destroySync();
    } catch (error) {
      throw asDataError(error, sql, frame.state.labels);
    }
  }
}

/** Whether a value that was worked out here is one of its type; what is too large is DuckDB's to refuse. */
function holds(type: SnowflakeType, cell: Cell): boolean {
  if (cell === null) return true;
  if (type.kind === 'NUMBER') return type.scale === 0 && cell.replace('-', '').length <= type.precision;
  return type.kind === 'BOOLEAN' || (type.kind === 'VARCHAR' && cell.length <= type.length);
}
