import type { ScopeRelation } from './scope.ts';

/** A bound FROM item: what it adds to the scope, and its DuckDB SQL once everything that uses it is bound. */
export interface FromBinding {
  readonly relations: readonly ScopeRelation[];
  /** DuckDB FROM item whose columns are the internal names of those that were used. */
  render(): string;
  /** Internal names of the columns used so far. */
  used(): readonly string[];
  /** Tells it that no more rows than so many are wanted, whichever they are; `rows` is SQL. */
  readonly limit?: ((rows: string) => void) | undefined;
}

/** Columns of one relation, marked when they are used. */
export class UsedColumns {
  readonly #sources = new Map<string, string>();
  readonly #used = new Set<string>();

  /** `source` is SQL of the column inside the relation. */
  add(internal: string, source: string): void {
    this.#sources.set(internal, source);
  }

  use(internal: string): void {
    this.#used.add(internal);
  }

  used(): readonly string[] {
    return [...this.#used];
  }

  /** `source AS internal, …`; a constant when nothing was used, since a relation needs a column. */
  list(): string {
    if (this.#used.size === 0) return '1 AS unused';
    return [...this.#used].map((internal) => `${this.#sources.get(internal) ?? 'NULL'} AS ${internal}`).join(', ');
  }
}
