import type { ObjectName } from './identifier.ts';
import type { Token } from './lexer.ts';

/**
 * A call of a method: `MODEL(m, v)!PREDICT(…)` of a model; `m!PREDICT(…)` of a model's default version, or of a service that
 * serves one.
 */
export interface ModelCall {
  /** Whether it was written with MODEL(…), so that it cannot be a service's. */
  readonly named: boolean;
  readonly model: ObjectName;
  readonly version: string;
  readonly method: string;
}

// Not a character anyone types, so that no function's name is taken for a model's method.
const mark = '\u2063';

/** The call as the name of a function, which is what it is for the rest of the query. */
export function functionNameOf({ named, model, version, method }: ModelCall): string {
  return ['', named ? 'model' : 'any', method, version, ...model].join(mark);
}

/** The model's method behind a function's name; undefined for names of functions. */
export function modelCallOf(name: ObjectName): ModelCall | undefined {
  const [none, kind, method, version, ...model] = name.length === 1 ? (name[0] ?? '').split(mark) : [];
  if (none !== '' || kind === undefined || method === undefined || version === undefined) return undefined;
  return { named: kind === 'model', model, version, method };
}

/**
 * The model call that begins at a token, without its arguments, and how many tokens it takes.
 * https://docs.snowflake.com/en/sql-reference/commands-model#model-methods
 */
export function modelCallAt(
  tokens: readonly Token[],
  start: number,
): { readonly call: ModelCall; readonly length: number } | undefined {
  if (tokens[start - 1]?.text === '.') return undefined;
  const reader = new TokenReader(tokens, start);
  const named = reader.word('MODEL') && reader.symbol('(');
  if (!named) reader.position = start;
  const model = reader.name();
  if (model.length === 0) return undefined;
  const version = named && reader.symbol(',') ? reader.identifier() : 'DEFAULT';
  if (version === undefined || (named && !reader.symbol(')')) || !reader.symbol('!')) return undefined;
  const method = reader.identifier();
  if (method === undefined || tokens[reader.position]?.text !== '(') return undefined;
  return { call: { named, model, version, method }, length: reader.position - start };
}

class TokenReader {
  readonly #tokens: readonly Token[];
  position: number;

  constructor(tokens: readonly Token[], position: number) {
    this.#tokens = tokens;
    this.position = position;
  }

  word(value: string): boolean {
    return this.#take((token) => token.kind === 'word' && token.value === value) !== undefined;
  }

  symbol(text: string): boolean {
    return this.#take((token) => token.kind === 'symbol' && token.text === text) !== undefined;
  }

  identifier(): string | undefined {
    return this.#take((token) => token.kind === 'word' || token.kind === 'quoted')?.value;
  }

  /** `a.b.c`; empty when no name comes. */
  name(): string[] {
    const parts: string[] = [];
    do {
      const part = this.identifier();
      if (part === undefined) return [];
      parts.push(part);
    } while (this.symbol('.'));
    return parts;
  }

  #take(wanted: (token: Token) => boolean): Token | undefined {
    const token = this.#tokens[this.position];
    if (token === undefined || !wanted(token)) return undefined;
    this.position += 1;
    return token;
  }
}
