import type { ResultSet } from '../sql/result-set.ts';

interface Kept {
  readonly user: string;
  readonly result: ResultSet;
  readonly cells: number;
}

const maxResults = 1000;
const maxCells = 5_000_000;

/** Results of the latest statements, for RESULT_SCAN and for clients that fetch by query id. Only their user sees them. */
export class ResultCache {
  readonly #kept = new Map<string, Kept>();
  #cells = 0;

  keep(queryId: string, user: string, result: ResultSet): void {
    const cells = result.rows.length * result.columns.length;
    this.#kept.set(queryId, { user, result, cells });
    this.#cells += cells;
    while (this.#kept.size > maxResults || (this.#cells > maxCells && this.#kept.size > 1)) this.#dropOldest();
  }

  find(queryId: string, user: string): ResultSet | undefined {
    const kept = this.#kept.get(queryId);
    return kept?.user === user ? kept.result : undefined;
  }

  #dropOldest(): void {
    const [id, kept] = this.#kept.entries().next().value ?? [];
    if (id === undefined || kept === undefined) return;
    this.#kept.delete(id);
    this.#cells -= kept.cells;
  }
}
