import type { DuckDBConnection } from '@duckdb/node-api';
import { type BindContext, StatementState } from '../bind/bind-context.ts';
import { execute, readCells } from '../duckdb/run.ts';
import type { StatementPorts } from '../ports.ts';
import type { Cell } from '../../sql/result-set.ts';
import { StatementRuntime } from './statement-runtime.ts';

/** One statement on its way: where its names are looked up, and what runs it. */
export class StatementFrame {
  readonly ports: StatementPorts;
  readonly state = new StatementState();
  readonly runtime: StatementRuntime;
  readonly bind: BindContext;
  readonly #connection: DuckDBConnection;
  readonly #inTransaction: boolean;

  constructor(
    connection: DuckDBConnection,
    ports: StatementPorts,
    inTransaction: boolean,
    ahead: Pick<BindContext, 'stages' | 'pivots'>,
    describing = false,
  ) {
    this.#connection = connection;
    this.ports = ports;
    this.#inTransaction = inTransaction;
    this.runtime = new StatementRuntime(connection);
    this.bind = { state: this.state, ports, commonTables: [], stages: ahead.stages, pivots: ahead.pivots, describing };
  }

  async execute(sql: string): Promise<number> {
    return execute(this.#connection, await this.runtime.resolve(sql, this.#preparations()), this.state.labels);
  }

  async read(sql: string): Promise<Cell[][]> {
    return readCells(this.#connection, await this.runtime.resolve(sql, this.#preparations()), this.state.labels);
  }

  /** Several DuckDB statements as one, inside the session's transaction or one of its own. */
  async atomically<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inTransaction) return work();
    await this.#connection.run('BEGIN');
    try {
      const result = await work();
      await this.#connection.run('COMMIT');
      return result;
    } catch (error) {
      await this.#connection.run('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }

  /** Preparations run once: those of an earlier call have left their texts in the runtime. */
  #preparations(): typeof this.state.preparations {
    return this.state.preparations.splice(0);
  }
}
