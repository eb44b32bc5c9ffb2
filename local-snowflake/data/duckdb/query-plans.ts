import type { DuckDBMaterializedResult, DuckDBPreparedStatement } from '@duckdb/node-api';
import type { DataWrites } from './data-writes.ts';

/** What plans are made and run by. */
export interface Planner {
  runOnce(sql: string): Promise<DuckDBMaterializedResult>;
  prepare(sql: string): Promise<DuckDBPreparedStatement>;
}

interface Known {
  /** When it was first run. */
  readonly mark: number;
  /** Made when it comes a second time. */
  plan?: DuckDBPreparedStatement;
}

const kept = 50;
/** Characters. Longer texts are rarely repeated. */
const longestText = 100_000;
/** DuckDB draws the seed of a sample when it plans. */
const samples = /\bSAMPLE\b|\bTABLESAMPLE\b/iu;

/**
 * One connection's plans of queries that come again and again: planning takes DuckDB as long as running a small query.
 *
 * DuckDB lets a plan stand until a table's definition changes, but makes it from the rows as well: what the smallest and the
 * largest value rule out is not looked for. So here a plan holds until anything at all is written, by whomever; one that
 * ran while somebody began to write has perhaps seen rows that it was not made for, and its result is not used.
 */
export class QueryPlans {
  readonly #planner: Planner;
  readonly #writes: DataWrites;
  /** By text, those asked for last at the end. */
  readonly #known = new Map<string, Known>();

  constructor(planner: Planner, writes: DataWrites) {
    this.#planner = planner;
    this.#writes = writes;
  }

  /** Runs a query that reads tables alone, outside of explicit transactions. */
  async run(sql: string): Promise<DuckDBMaterializedResult> {
    const mark = this.#writes.now();
    if (mark === undefined || sql.length > longestText || samples.test(sql)) return this.#planner.runOnce(sql);
    const known = this.#take(sql, mark);
    this.#keep(sql, known ?? { mark });
    if (known === undefined) return this.#planner.runOnce(sql);
    try {
      known.plan ??= await this.#planner.prepare(sql);
      const result = await known.plan.run();
      if (this.#writes.noneSince(mark)) return result;
    } catch (error) {
      if (this.#writes.noneSince(mark)) throw error;
    }
    return this.#planner.runOnce(sql);
  }

  #take(sql: string, mark: number): Known | undefined {
    const known = this.#known.get(sql);
    if (known === undefined) return undefined;
    this.#known.delete(sql);
    if (known.mark === mark) return known;
    known.plan?.destroySync();
    return undefined;
  }

  #keep(sql: string, known: Known): void {
    this.#known.set(sql, known);
    const [[oldest, dropped] = []] = this.#known;
    if (this.#known.size <= kept || oldest === undefined) return;
    this.#known.delete(oldest);
    dropped?.plan?.destroySync();
  }
}
