import { SnowflakeError } from '../errors/snowflake-error.ts';
import { syntaxErrorAt, type Token } from '../sql/lexer.ts';
import { isName, queryTokens } from './bind-names.ts';
import { placeIn } from './place.ts';
import type { StaticScope } from './static-scope.ts';
import type { Expression } from './tree.ts';
import { isCast } from './value-form.ts';

/** Checks the names of statements and expressions before anything runs. Offsets are those of `text`. */
export class NameCheck {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  invalid(name: string, at: number): SnowflakeError {
    return SnowflakeError.of('invalidIdentifier', { name, ...placeIn(this.text, at) });
  }

  /** `:name` of a SQL statement, reported as the identifier that it is. */
  statementBinds(tokens: readonly Token[], scope: StaticScope): void {
    this.#binds(tokens, scope, (token) => token.value.slice(1));
  }

  /** `:name` of an expression, reported as written. */
  expressionBinds({ tokens }: Expression, scope: StaticScope): void {
    this.#binds(tokens, scope, (token) => token.text.slice(1));
  }

  /** `:name` of an expression; then bare names, where it is plain that they are names. */
  expression(expression: Expression, scope: StaticScope): void {
    this.expressionBinds(expression, scope);
    const unknown = unknownName(expression.tokens, scope);
    if (unknown !== undefined) throw this.invalid(unknown.kind === 'quoted' ? unknown.text : unknown.value, unknown.start);
  }

  #binds(tokens: readonly Token[], scope: StaticScope, spelled: (token: Token) => string): void {
    for (const [index, token] of tokens.entries()) {
      if (token.kind !== 'bind' || !/^:[A-Z_]/u.test(token.value)) continue;
      const next = tokens[index + 1];
      // A field of a row is read in expressions, by its bare name alone.
      if (next?.text === '.' && next.start === token.end) throw syntaxErrorAt(this.text, next.start, '.');
      if (scope.kindOf(token.value.slice(1)) === undefined) throw this.invalid(spelled(token), token.start);
    }
  }
}

/** Words that stand in plain expressions without being names. */
const expressionWords = new Set(['AND', 'OR', 'NOT', 'NULL', 'TRUE', 'FALSE', 'IS']);

/** Functions that are called without parentheses. */
const bareFunctions = /^(?:CURRENT_|LOCALTIME|SYSDATE$|SYSTIMESTAMP$|USER$)/u;

const plainSymbols = new Set(['+', '-', '*', '/', '%', '||', '=', '<>', '!=', '<', '>', '<=', '>=', '(', ')', '.']);

/**
 * The first name in an expression that nothing declares; undefined as well for expressions with words whose meaning depends on where
 * they stand (CASE, CAST, date parts, sub-queries): those are told when they run, rather than refused by mistake.
 */
function unknownName(tokens: readonly Token[], scope: StaticScope): Token | undefined {
  const inQuery = queryTokens(tokens);
  let unknown: Token | undefined;
  for (const [index, token] of tokens.entries()) {
    if (inQuery[index] === true || token.text === ',' || (token.kind === 'symbol' && !plainSymbols.has(token.text)))
      return undefined;
    if (!isName(token)) continue;
    if (token.kind === 'word' && (expressionWords.has(token.value) || bareFunctions.test(token.value))) continue;
    const [previous, next] = [tokens[index - 1], tokens[index + 1]];
    if (
      next !== undefined &&
      (isName(next) || next.kind === 'string') &&
      !(next.kind === 'word' && expressionWords.has(next.value))
    )
      return undefined;
    if (previous?.text === '.' || next?.text === '(') continue;
    if (next?.text === '.' && scope.kindOf(token.value) !== 'row') return undefined;
    if (scope.kindOf(token.value) === undefined) unknown ??= token;
  }
  return unknown;
}

/**
 * Whether the type of a variable can be told from its initial value alone: not from a row's field, nor from a table, nor from
 * binds other than one alone or under a cast. https://docs.snowflake.com/en/developer-guide/snowflake-scripting/variables
 */
export function givesType({ tokens }: Expression, scope: StaticScope): boolean {
  if (isCast(tokens)) return true;
  const bare = tokens.filter((token) => token.text !== '(' && token.text !== ')');
  const [only] = bare;
  if (bare.length === 1 && only !== undefined && (isName(only) || only.kind === 'bind')) {
    return only.kind === 'bind' || isKeyword(only) || scope.kindOf(only.value) !== undefined;
  }
  if (tokens.some((token) => token.kind === 'bind')) return false;
  const inQuery = queryTokens(tokens);
  if (tokens.some((token, index) => token.kind === 'word' && token.value === 'FROM' && inQuery[index] === true)) return false;
  const [row, dot, , end] = tokens;
  return !(row !== undefined && isName(row) && dot?.text === '.' && end === undefined && scope.kindOf(row.value) === 'row');
}

function isKeyword(token: Token): boolean {
  return token.kind === 'word' && (expressionWords.has(token.value) || bareFunctions.test(token.value));
}
