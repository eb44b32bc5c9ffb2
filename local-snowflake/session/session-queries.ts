import type { SessionQuery } from './session-query.ts';

/** What a session remembers of its ended statements: so many of them, with so many cells of results in all. */
const keptQueries = 500;
const keptCells = 2_000_000;

/** A session's statements: all that run, and of those that ended the latest. */
export class SessionQueries {
  readonly #queries = new Map<string, { readonly query: SessionQuery; readonly requestId: string }>();
  #cells = 0;

  add(query: SessionQuery, requestId: string): void {
    this.#queries.set(query.id, { query, requestId });
    this.#forgetOldest(query);
  }

  /** Its result is there from now on. */
  ended(query: SessionQuery): void {
    this.#cells += query.cells;
    this.#forgetOldest(query);
  }

  get(id: string): SessionQuery | undefined {
    return this.#queries.get(id)?.query;
  }

  ofRequest(requestId: string): SessionQuery | undefined {
    for (const entry of this.#queries.values()) if (entry.requestId === requestId) return entry.query;
    return undefined;
  }

  running(): readonly SessionQuery[] {
    return [...this.#queries.values()].flatMap(({ query }) => (query.state() === 'RUNNING' ? [query] : []));
  }

  #forgetOldest(newest: SessionQuery): void {
    for (const [id, { query }] of this.#queries) {
      if (this.#queries.size <= keptQueries && this.#cells <= keptCells) return;
      if (query === newest || query.state() === 'RUNNING') continue;
      this.#queries.delete(id);
      this.#cells -= query.cells;
    }
  }
}
