/** What a name is known to be before a script runs. `counter` is a FOR loop's, which may not be assigned to. */
export type NameKind = 'value' | 'counter' | 'row' | 'cursor' | 'resultset' | 'procedure';

/** The names that a stretch of a script will see when it runs. */
export class StaticScope {
  readonly #outer: StaticScope | undefined;
  readonly #names = new Map<string, NameKind>();
  readonly #exceptions = new Set<string>();

  constructor(outer?: StaticScope) {
    this.#outer = outer;
  }

  /** @returns false when this very scope has the name already */
  declare(name: string, kind: NameKind): boolean {
    if (this.#names.has(name)) return false;
    this.#names.set(name, kind);
    return true;
  }

  declareException(name: string): boolean {
    if (this.#exceptions.has(name)) return false;
    this.#exceptions.add(name);
    return true;
  }

  kindOf(name: string): NameKind | undefined {
    return this.#names.get(name) ?? this.#outer?.kindOf(name);
  }

  hasException(name: string): boolean {
    return this.#exceptions.has(name) || (this.#outer?.hasException(name) ?? false);
  }
}
