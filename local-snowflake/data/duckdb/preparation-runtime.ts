import type { DuckDBConnection } from '@duckdb/node-api';

/** What a preparation may use while it runs. */
export interface PreparationRuntime {
  readonly connection: DuckDBConnection;
  /** Token → text, of the preparations that are done. */
  readonly resolved: Map<string, string>;
  /** Replaces the tokens of earlier preparations in `sql`. */
  text(sql: string): string;
  /** A temporary table's name that is dropped when the statement ends. */
  temporary(): string;
}
