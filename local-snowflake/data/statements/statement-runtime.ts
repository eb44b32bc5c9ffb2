import type { DuckDBConnection } from '@duckdb/node-api';
import { type Preparation, resolvePreparations } from '../bind/preparation.ts';
import type { PreparationRuntime } from '../duckdb/preparation-runtime.ts';

let temporaries = 0;

/** What lives for one statement: its temporary tables and the texts of its preparations. */
export class StatementRuntime implements PreparationRuntime {
  readonly connection: DuckDBConnection;
  readonly resolved = new Map<string, string>();
  readonly #temporary: string[] = [];

  constructor(connection: DuckDBConnection) {
    this.connection = connection;
  }

  text(sql: string): string {
    let text = sql;
    for (const [token, replacement] of this.resolved) text = text.replaceAll(token, () => replacement);
    return text;
  }

  temporary(): string {
    temporaries += 1;
    const name = `sf_temporary_${String(temporaries)}`;
    this.#temporary.push(name);
    return name;
  }

  /** The statement's SQL with everything outside of DuckDB done. */
  resolve(sql: string, preparations: readonly Preparation[]): Promise<string> {
    return resolvePreparations(sql, preparations, this);
  }

  async finish(): Promise<void> {
    for (const name of this.#temporary) await this.connection.run(`DROP TABLE IF EXISTS temp.main.${name}`).catch(() => undefined);
  }
}
