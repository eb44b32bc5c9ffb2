import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { ObjectName } from './identifier.ts';
import { parseName } from './identifier.ts';
import { syntaxErrorAt, type Token, tokenize } from './lexer.ts';

/** Supplies the value of the n-th `?` (from 0) or of `:1`, `:name`, where a grammar wants a name or a literal. */
export type BindSource = (bind: Token, ordinal: number) => string;

/** A cursor over one statement's tokens, for grammars written by hand. */
export class TokenStream {
  readonly text: string;
  readonly #tokens: readonly Token[];
  readonly #binds: BindSource | undefined;
  #index = 0;

  constructor(text: string, binds?: BindSource, tokens: readonly Token[] = tokenize(text)) {
    this.text = text;
    this.#tokens = tokens;
    this.#binds = binds;
  }

  peek(ahead = 0): Token {
    const token = this.#tokens[Math.min(this.#index + ahead, this.#tokens.length - 1)];
    if (token === undefined) throw new Error('a token list always ends with an end token');
    return token;
  }

  next(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.#index += 1;
    return token;
  }

  get position(): number {
    return this.#index;
  }

  /** Goes back to an earlier `position`. */
  rewind(position: number): void {
    this.#index = position;
  }

  /** Whether the coming words are these keywords (`'OR REPLACE'` is two). */
  is(keywords: string): boolean {
    return keywords.split(' ').every((keyword, ahead) => {
      const token = this.peek(ahead);
      return token.kind === 'word' && token.value === keyword;
    });
  }

  /** Takes the keywords when they come next. */
  accept(keywords: string): boolean {
    if (!this.is(keywords)) return false;
    this.#index += keywords.split(' ').length;
    return true;
  }

  expect(keywords: string): void {
    if (!this.accept(keywords)) throw this.unexpected();
  }

  isSymbol(symbol: string): boolean {
    const token = this.peek();
    return token.kind === 'symbol' && token.text === symbol;
  }

  acceptSymbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false;
    this.#index += 1;
    return true;
  }

  expectSymbol(symbol: string): void {
    if (!this.acceptSymbol(symbol)) throw this.unexpected();
  }

  get atEnd(): boolean {
    return this.peek().kind === 'end';
  }

  /** The statement must end here (one trailing `;` is fine). */
  expectEnd(): void {
    this.acceptSymbol(';');
    if (!this.atEnd) throw this.unexpected();
  }

  /** The syntax error for the coming token. */
  unexpected(token: Token = this.peek()): SnowflakeError {
    return syntaxErrorAt(this.text, token.start, token.text);
  }

  /** One identifier, folded. */
  identifier(): string {
    const token = this.peek();
    if (token.kind === 'word' || token.kind === 'quoted') {
      this.#index += 1;
      return token.value;
    }
    throw this.unexpected();
  }

  /** A qualified name, `IDENTIFIER('…')`, `IDENTIFIER(?)`, or a bare `?` bind holding a name. */
  name(): ObjectName {
    if (this.is('IDENTIFIER') && this.peek(1).text === '(') {
      this.#index += 2;
      const name = parseName(this.#nameText());
      this.expectSymbol(')');
      return name;
    }
    if (this.peek().kind === 'bind') return parseName(this.string());
    const parts = [this.identifier()];
    while (this.isSymbol('.')) {
      this.#index += 1;
      // `db..object` names schema PUBLIC.
      parts.push(this.isSymbol('.') ? 'PUBLIC' : this.identifier());
    }
    return parts;
  }

  #nameText(): string {
    const token = this.peek();
    if (token.kind === 'string' || token.kind === 'bind') return this.string();
    const start = token.start;
    this.name();
    return this.text.slice(start, this.peek(-1).end);
  }

  /** A string literal, or a bind that stands for one. */
  string(): string {
    const token = this.next();
    if (token.kind === 'string') return token.value;
    if (token.kind === 'bind') return this.#bound(token);
    throw this.unexpected(token);
  }

  /** An integer literal, with an optional sign, or a bind. */
  integer(): number {
    const negative = this.acceptSymbol('-');
    if (!negative) this.acceptSymbol('+');
    const token = this.next();
    const written = token.kind === 'bind' ? this.#bound(token) : token.text;
    if ((token.kind !== 'number' && token.kind !== 'bind') || !/^[0-9]+$/u.test(written)) {
      throw this.unexpected(token);
    }
    return Number(written) * (negative ? -1 : 1);
  }

  /** The statement's text from token `from` (a `position`) up to the cursor. */
  textSince(from: number): string {
    const first = this.#tokens[from];
    const last = this.#tokens[this.#index - 1];
    return first === undefined || last === undefined ? '' : this.text.slice(first.start, last.end);
  }

  /** All that is left of the statement, without a trailing `;`, and moves to its end. */
  restText(): string {
    const start = this.peek().start;
    this.#index = this.#tokens.length - 1;
    return this.text.slice(start).trimEnd().replace(/;$/u, '').trimEnd();
  }

  /** `( name, … )` */
  identifiers(): string[] {
    const names: string[] = [];
    this.expectSymbol('(');
    do names.push(this.identifier());
    while (this.acceptSymbol(','));
    this.expectSymbol(')');
    return names;
  }

  /** Steps over a balanced `( … )` and returns the text inside. */
  parenthesised(): string {
    this.expectSymbol('(');
    const start = this.peek().start;
    let depth = 1;
    for (;;) {
      const token = this.next();
      if (token.kind === 'end') throw this.unexpected(token);
      if (token.kind !== 'symbol') continue;
      if (token.text === '(') depth += 1;
      if (token.text === ')') depth -= 1;
      if (depth === 0) return this.text.slice(start, token.start).trim();
    }
  }

  #bound(token: Token): string {
    if (this.#binds === undefined) throw SnowflakeError.of('bindVariableNotSet', { name: token.text });
    return this.#binds(token, this.#tokens.filter((other) => isPositional(other) && other.start < token.start).length);
  }

  /** How many `?` stand in front of a `position`. */
  bindsBefore(position: number): number {
    return this.#tokens.slice(0, position).filter(isPositional).length;
  }
}

function isPositional(token: Token): boolean {
  return token.kind === 'bind' && token.text === '?';
}
