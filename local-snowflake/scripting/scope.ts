import type { TypedValue } from '../objects/extensions.ts';
import type { Cell, ResultColumn, ResultSet } from '../sql/result-set.ts';
import type { SnowflakeType } from '../sql/types.ts';
import type { ChildJob } from './child-job.ts';
import type { Declaration, SqlStatement } from './tree.ts';

export interface ValueEntry {
  readonly kind: 'value';
  readonly type: SnowflakeType;
  cell: Cell;
  /** A loop's counter or SQLCODE: returned as it stands, it is text. */
  readonly untyped?: boolean;
}

export interface CursorEntry {
  readonly kind: 'cursor';
  readonly source: ResultsetEntry | SqlStatement;
  open: { readonly result: ResultSet; readonly queryId: string; next: number } | undefined;
}

export interface ResultsetEntry {
  readonly kind: 'resultset';
  filled: { readonly result: ResultSet; readonly queryId: string } | undefined;
  /** The child job that fills it, until somebody has waited for that. */
  job?: ChildJob | undefined;
}

/** The row that a FOR loop is at. */
export interface RowEntry {
  readonly kind: 'row';
  readonly columns: readonly ResultColumn[];
  readonly cells: readonly Cell[];
}

export interface ProcedureEntry {
  readonly kind: 'procedure';
  readonly declaration: Extract<Declaration, { kind: 'procedure' }>;
  /** What its body sees. */
  readonly scope: Scope;
}

export type Entry = ValueEntry | CursorEntry | ResultsetEntry | RowEntry | ProcedureEntry;

/** A declared exception; two declarations are never the same exception. */
export interface DeclaredException {
  readonly name: string;
  readonly code: number;
  readonly message: string;
}

/**
 * The names that a stretch of a script sees: its own, then those around it. Exceptions have names of their own.
 * https://docs.snowflake.com/en/developer-guide/snowflake-scripting/variables#understanding-the-scope-of-declarations
 */
export class Scope {
  readonly #outer: Scope | undefined;
  readonly #entries = new Map<string, Entry>();
  readonly #exceptions = new Map<string, DeclaredException>();

  constructor(outer?: Scope) {
    this.#outer = outer;
  }

  declare(name: string, entry: Entry): void {
    this.#entries.set(name, entry);
  }

  declareValue(name: string, value: TypedValue): void {
    this.#entries.set(name, { kind: 'value', type: value.type, cell: value.cell });
  }

  declareException(exception: DeclaredException): void {
    this.#exceptions.set(exception.name, exception);
  }

  find(name: string): Entry | undefined {
    return this.#entries.get(name) ?? this.#outer?.find(name);
  }

  exception(name: string): DeclaredException | undefined {
    return this.#exceptions.get(name) ?? this.#outer?.exception(name);
  }

  /** The same names, with variables that keep the values that they have now. */
  snapshot(): Scope {
    const copy = new Scope(this.#outer?.snapshot());
    for (const [name, entry] of this.#entries) copy.#entries.set(name, entry.kind === 'value' ? { ...entry } : entry);
    for (const [name, exception] of this.#exceptions) copy.#exceptions.set(name, exception);
    return copy;
  }
}
