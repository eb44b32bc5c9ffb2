import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { type Token, tokenize } from '../../sql/lexer.ts';

/**
 * A pattern of rows: symbols that rows are mapped to, the ends of the partition, and what is made of them.
 * https://docs.snowflake.com/en/sql-reference/constructs/match_recognize#pattern-specifying-the-pattern-to-match
 */
export type RowPattern =
  | { readonly kind: 'symbol'; readonly name: string }
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'sequence' | 'alternatives'; readonly parts: readonly RowPattern[] }
  | { readonly kind: 'excluded'; readonly part: RowPattern }
  | {
      readonly kind: 'repeated';
      readonly part: RowPattern;
      readonly least: number;
      readonly most: number;
      readonly greedy: boolean;
    };

/** More permutations than these of six parts would be tried one after the other. */
const mostPermuted = 6;

/** @throws SnowflakeError `syntaxError`, `unsupported` */
export function parseRowPattern(text: string): RowPattern {
  const reader = new PatternReader(text);
  const pattern = reader.sequence();
  reader.end();
  return pattern;
}

/** Names of the symbols in a pattern, each once, in their order. */
export function symbolsOf(pattern: RowPattern): string[] {
  const names = new Set<string>();
  const visit = (part: RowPattern): void => {
    if (part.kind === 'symbol') names.add(part.name);
    if ('parts' in part) part.parts.forEach(visit);
    if ('part' in part) visit(part.part);
  };
  visit(pattern);
  return [...names];
}

class PatternReader {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #index = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenize(text);
  }

  end(): void {
    if (this.#token().kind !== 'end') throw this.#fault();
  }

  /** Parts one after the other; an alternative binds closer. */
  sequence(): RowPattern {
    const parts = [this.#alternatives()];
    while (this.#token().kind !== 'end' && !this.#at(')', ',', '-')) parts.push(this.#alternatives());
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'sequence', parts };
  }

  #alternatives(): RowPattern {
    const parts = [this.#quantified()];
    while (this.#take('|')) parts.push(this.#quantified());
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'alternatives', parts };
  }

  #quantified(): RowPattern {
    let part = this.#primary();
    for (;;) {
      const range = this.#range();
      if (range === undefined) return part;
      part = { kind: 'repeated', part, ...range, greedy: !this.#take('?') };
    }
  }

  #range(): { least: number; most: number } | undefined {
    if (this.#take('*')) return { least: 0, most: Infinity };
    if (this.#take('+')) return { least: 1, most: Infinity };
    if (this.#take('?')) return { least: 0, most: 1 };
    if (!this.#at('{') || this.#token(1).text === '-') return undefined;
    this.#take('{');
    const least = this.#number();
    const most = this.#take(',') ? (this.#number() ?? Infinity) : least;
    if (!this.#take('}') || (least === undefined && (most === undefined || most === Infinity))) throw this.#fault();
    return { least: least ?? 0, most: most ?? 0 };
  }

  #number(): number | undefined {
    const token = this.#token();
    if (token.kind !== 'number') return undefined;
    this.#index += 1;
    return Number(token.text);
  }

  #primary(): RowPattern {
    const token = this.#token();
    if (this.#take('(')) return this.#closed(this.sequence(), ')');
    if (this.#take('^')) return { kind: 'start' };
    if (this.#take('$')) return { kind: 'end' };
    if (this.#at('{') && this.#token(1).text === '-') {
      this.#index += 2;
      const part = this.#closed(this.sequence(), '-');
      return this.#closed({ kind: 'excluded', part }, '}');
    }
    if (token.kind !== 'word' && token.kind !== 'quoted') throw this.#fault();
    this.#index += 1;
    if (token.kind === 'word' && token.value === 'PERMUTE' && this.#take('(')) return this.#permuted();
    return { kind: 'symbol', name: token.value };
  }

  /** The orders of the parts, those that keep the first ones in front being tried first. */
  #permuted(): RowPattern {
    const parts = [this.sequence()];
    while (this.#take(',')) parts.push(this.sequence());
    if (parts.length > mostPermuted)
      throw SnowflakeError.of('unsupported', { feature: `PERMUTE of more than ${String(mostPermuted)} patterns` });
    const orders = permutations(parts).map((order): RowPattern => ({ kind: 'sequence', parts: order }));
    return this.#closed({ kind: 'alternatives', parts: orders }, ')');
  }

  #closed(pattern: RowPattern, symbol: string): RowPattern {
    if (!this.#take(symbol)) throw this.#fault();
    return pattern;
  }

  #at(...symbols: readonly string[]): boolean {
    const token = this.#token();
    return token.kind !== 'word' && token.kind !== 'quoted' && symbols.includes(token.text);
  }

  #take(symbol: string): boolean {
    if (!this.#at(symbol)) return false;
    this.#index += 1;
    return true;
  }

  #token(ahead = 0): Token {
    const token = this.#tokens[Math.min(this.#index + ahead, this.#tokens.length - 1)];
    if (token === undefined) throw new Error('a token list always ends with an end token');
    return token;
  }

  #fault(): SnowflakeError {
    const { text } = this.#token();
    return SnowflakeError.of('invalidArgument', {
      name: 'PATTERN',
      value: this.#text,
      reason: text === '' ? 'unexpected end' : `unexpected '${text}'`,
    });
  }
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) => permutations(items.filter((_, other) => other !== index)).map((rest) => [item, ...rest]));
}
