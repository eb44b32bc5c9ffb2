import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { Token } from '../sql/lexer.ts';
import { TokenStream } from '../sql/token-stream.ts';
import { type Place, placeIn } from './place.ts';
import type { Expression, NameAt } from './tree.ts';

const opening = new Set(['(', '[', '{']);
const closing = new Set([')', ']', '}']);

/** Words that no expression goes on with: a `;` is missing in front of them. */
const statementWords = new Set(['END', 'RETURN', 'LET', 'RAISE', 'ELSEIF']);

const maxNesting = 200;

/** A token cursor that also cuts expressions and statements, as slices, out of a script. */
export class ScriptReader extends TokenStream {
  #depth = 0;

  /** Entered before the statements of a block, branch or loop. @throws SnowflakeError where they nest too deep to be run */
  deeper(): void {
    this.#depth += 1;
    if (this.#depth > maxNesting)
      throw SnowflakeError.of('unsupported', { feature: `statements nested ${String(maxNesting)} deep` });
  }

  shallower(): void {
    this.#depth -= 1;
  }

  /** An identifier with the place where it stands. */
  nameAt(): NameAt {
    const token = this.peek();
    return { name: this.identifier(), written: token.text, at: token.start };
  }

  /** `v` or `:v`, where a variable is written to. */
  target(): NameAt {
    const token = this.peek();
    if (token.kind !== 'bind' || token.text === '?' || /^:[0-9]/u.test(token.text)) {
      if (this.isSymbol(':')) this.next();
      return this.nameAt();
    }
    this.next();
    return { name: token.value.slice(1), written: token.text.slice(1), at: token.start + 1 };
  }

  targets(): NameAt[] {
    const targets: NameAt[] = [];
    do targets.push(this.target());
    while (this.acceptSymbol(','));
    return targets;
  }

  semicolon(): void {
    this.expectSymbol(';');
  }

  /** Whether one of these keywords comes next. */
  isAny(keywords: readonly string[]): boolean {
    return keywords.some((keyword) => this.is(keyword));
  }

  /**
   * An expression up to one of `keywords` or a `;`, `,` or closing bracket of its surroundings. CASE … END inside belongs to it.
   * @throws SnowflakeError `syntaxError` when there is none
   */
  expression(keywords: readonly string[] = []): Expression {
    const from = this.position;
    let depth = 0;
    let cases = 0;
    for (let token = this.peek(); token.kind !== 'end'; token = this.peek()) {
      if (token.kind === 'symbol') {
        if (opening.has(token.text)) depth += 1;
        if (closing.has(token.text)) {
          if (depth === 0) break;
          depth -= 1;
        }
        if (token.text === ';') {
          if (depth > 0) throw this.unexpected();
          break;
        }
        if (token.text === ',' && depth === 0) break;
      } else if (token.kind === 'word') {
        if (depth === 0 && cases === 0 && (keywords.includes(token.value) || statementWords.has(token.value))) break;
        if (token.value === 'CASE') cases += 1;
        if (token.value === 'END' && cases > 0) cases -= 1;
      }
      this.next();
    }
    return this.slice(from);
  }

  /** `( … )` as an expression of what is inside. */
  parenthesisedExpression(): Expression {
    this.expectSymbol('(');
    const expression = this.expression();
    this.expectSymbol(')');
    return expression;
  }

  /** What was read since `from`. @throws SnowflakeError `syntaxError` at the coming token when that is nothing */
  slice(from: number): Expression {
    const tokens = this.tokensSince(from);
    const [first] = tokens;
    if (first === undefined) throw this.unexpected();
    const bindsBefore = tokens.some((token) => token.kind === 'bind' && token.text === '?') ? this.bindsBefore(from) : 0;
    return { text: this.textSince(from), at: first.start, tokens, bindsBefore };
  }

  tokensSince(from: number): readonly Token[] {
    const tokens: Token[] = [];
    for (let at = from - this.position; at < 0; at += 1) tokens.push(this.peek(at));
    return tokens;
  }

  /** Line (from 1) and position in it (from 0) of an offset. */
  placeOf(offset: number): Place {
    return placeIn(this.text, offset);
  }

  /** Moves behind the bracket that closes the one read last. */
  skipToClosing(): void {
    for (let depth = 1; depth > 0;) {
      const token = this.next();
      if (token.kind === 'end') throw this.unexpected(token);
      if (token.kind !== 'symbol') continue;
      if (opening.has(token.text)) depth += 1;
      if (closing.has(token.text)) depth -= 1;
    }
  }
}
