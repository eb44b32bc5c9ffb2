import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { TokenStream } from '../sql/token-stream.ts';
import type {
  Extension,
  MethodDefinition,
  StatementDefinition,
  SystemFunctionDefinition,
  SystemViewDefinition,
  TableFunctionDefinition,
} from './extensions.ts';
import type { Kind } from './kind.ts';

/** Finds kinds, statements and functions by the words that name them. */
export class ObjectRegistry {
  readonly kinds: readonly Kind[];
  readonly extensions: readonly Extension[];
  readonly #singular: Map<string, Kind>;
  readonly #plural: Map<string, Kind>;
  readonly #statements: readonly StatementDefinition[];
  readonly #systemFunctions: Map<string, SystemFunctionDefinition>;
  readonly #tableFunctions: Map<string, TableFunctionDefinition>;
  readonly #systemViews: Map<string, SystemViewDefinition>;
  readonly #methods: Map<string, MethodDefinition>;

  constructor(kinds: readonly Kind[], extensions: readonly Extension[]) {
    this.kinds = kinds;
    this.extensions = extensions;
    this.#singular = new Map(kinds.flatMap((kind) => [kind.name, ...(kind.aliases ?? [])].map((name) => [name, kind] as const)));
    this.#plural = new Map(
      kinds.flatMap((kind) => [kind.plural, ...(kind.pluralAliases ?? [])].map((name) => [name, kind] as const)),
    );
    // Longest words first: SHOW SERVICE INSTANCES before SHOW SERVICE.
    this.#statements = extensions
      .flatMap((extension) => extension.statements ?? [])
      .sort((a, b) => b.words.length - a.words.length);
    this.#systemFunctions = new Map(extensions.flatMap((e) => e.systemFunctions ?? []).map((f) => [f.name, f]));
    this.#tableFunctions = new Map(extensions.flatMap((e) => e.tableFunctions ?? []).map((f) => [f.name, f]));
    this.#methods = new Map(extensions.flatMap((e) => e.methods ?? []).map((m) => [m.name, m]));
    this.#systemViews = new Map(extensions.flatMap((e) => e.systemViews ?? []).map((v) => [`${v.schema}.${v.name}`, v]));
  }

  /** @throws SnowflakeError `unsupported` */
  kind(name: string): Kind {
    const found = this.#singular.get(name);
    if (found === undefined) throw SnowflakeError.of('unsupported', { feature: name });
    return found;
  }

  tryKind(name: string): Kind | undefined {
    return this.#singular.get(name);
  }

  /** Takes the kind's name from the stream when one comes next. */
  takeKind(stream: TokenStream): Kind | undefined {
    return takeLongest(stream, this.#singular, (kind, words) => kind.followedByName?.(stream, words) !== false);
  }

  takePlural(stream: TokenStream): Kind | undefined {
    return takeLongest(stream, this.#plural, () => true);
  }

  takeStatement(stream: TokenStream): StatementDefinition | undefined {
    return this.#statements.find((statement) => statement.applies?.(stream) !== false && stream.accept(statement.words));
  }

  systemFunction(name: string): SystemFunctionDefinition | undefined {
    return this.#systemFunctions.get(name);
  }

  tableFunction(name: string): TableFunctionDefinition | undefined {
    return this.#tableFunctions.get(name);
  }

  method(name: string): MethodDefinition | undefined {
    return this.#methods.get(name);
  }

  systemView(schema: string, name: string): SystemViewDefinition | undefined {
    return this.#systemViews.get(`${schema}.${name}`);
  }
}

/** The longest of the names that the coming words spell (`DYNAMIC TABLE` rather than `DYNAMIC`). */
function takeLongest<T>(
  stream: TokenStream,
  names: ReadonlyMap<string, T>,
  applies: (found: T, words: number) => boolean,
): T | undefined {
  for (let words = 4; words > 0; words -= 1) {
    const name = Array.from({ length: words }, (_, ahead) => stream.peek(ahead).value).join(' ');
    const found = names.get(name);
    if (found !== undefined && applies(found, words) && stream.accept(name)) return found;
  }
  return undefined;
}
