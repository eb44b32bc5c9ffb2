import { DuckDBConnection, type DuckDBMaterializedResult } from '@duckdb/node-api';
import type { DataWrites } from './data-writes.ts';
import { QueryPlans } from './query-plans.ts';

/**
 * A DuckDB connection of the engine. Whatever runs on it counts as a write, unless it was said to be a query: what is
 * forgotten then costs time, not right answers.
 */
export class WatchedConnection extends DuckDBConnection {
  readonly #writes: DataWrites;
  readonly #plans: QueryPlans;

  constructor(connection: DuckDBConnection['connection'], writes: DataWrites) {
    super(connection);
    this.#writes = writes;
    this.#plans = new QueryPlans({ runOnce: (sql) => super.run(sql), prepare: (sql) => this.prepare(sql) }, writes);
  }

  override run(...args: Parameters<DuckDBConnection['run']>): ReturnType<DuckDBConnection['run']> {
    return this.#writes.during(() => super.run(...args));
  }

  override createAppender(...args: Parameters<DuckDBConnection['createAppender']>): ReturnType<DuckDBConnection['createAppender']> {
    return this.#writes.during(() => super.createAppender(...args));
  }

  /** Runs a query that reads tables and nothing else (no file), outside of explicit transactions. */
  query(sql: string): Promise<DuckDBMaterializedResult> {
    return this.#plans.run(sql);
  }
}
