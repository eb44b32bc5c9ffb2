import { quoteIdentifier } from '../../sql/identifier.ts';
import type { Token } from '../../sql/lexer.ts';

/** What the parser library does not know of MATCH_RECOGNIZE. https://docs.snowflake.com/en/sql-reference/constructs/match_recognize */

// Not a character anyone types.
const mark = '\u2063';

/** Places of the tokens between the parentheses of each MATCH_RECOGNIZE. */
function insides(tokens: readonly Token[]): (readonly [from: number, to: number])[] {
  const found: (readonly [from: number, to: number])[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    if (tokens[index]?.value !== 'MATCH_RECOGNIZE' || tokens[index]?.kind !== 'word' || tokens[index + 1]?.text !== '(') continue;
    found.push([index + 2, closing(tokens, index + 1)]);
  }
  return found;
}

/** Place of the parenthesis that closes the one at `open`. */
function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.length; index += 1) {
    if (tokens[index]?.text === '(') depth += 1;
    if (tokens[index]?.text === ')') depth -= 1;
    if (depth === 0) return index;
  }
  return tokens.length - 1;
}

/** Sub-queries in parentheses in front of MATCH_RECOGNIZE, which the library takes behind tables only: places of both parentheses. */
export function matchedQueries(tokens: readonly Token[]): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (const [from] of insides(tokens)) {
    const end = from - 3;
    if (tokens[end]?.text !== ')') continue;
    let depth = 0;
    for (let index = end; index >= 0; index -= 1) {
      if (tokens[index]?.text === ')') depth += 1;
      if (tokens[index]?.text === '(') depth -= 1;
      if (depth > 0) continue;
      const begins = tokens[index + 1]?.value;
      if (begins === 'SELECT' || begins === 'WITH') found.set(index, end);
      break;
    }
  }
  return found;
}

/** The name that stands for such a sub-query. */
export function matchedQueryName(text: string): string {
  return `${mark}${mark}${text}`;
}

/** The sub-query that such a name stands for. */
export function matchedQueryOf(name: string): string | undefined {
  return name.startsWith(`${mark}${mark}`) ? name.slice(2) : undefined;
}

/** The patterns inside PATTERN (…), each as the name of a symbol, by the place of its first token. */
export function rowPatterns(
  tokens: readonly Token[],
  source: string,
): ReadonlyMap<number, { readonly name: string; readonly tokens: number }> {
  const found = new Map<number, { name: string; tokens: number }>();
  for (const [from, to] of insides(tokens)) {
    for (let index = from; index < to; index += 1) {
      if (tokens[index]?.value !== 'PATTERN' || tokens[index + 1]?.text !== '(') continue;
      const end = closing(tokens, index + 1);
      const [first, last] = [tokens[index + 2], tokens[end - 1]];
      if (first === undefined || last === undefined || end === index + 2) continue;
      found.set(index + 2, { name: `${mark}${source.slice(first.start, last.end)}`, tokens: end - index - 2 });
    }
  }
  return found;
}

/** The pattern that such a name stands for. */
export function rowPatternOf(name: string): string | undefined {
  return name.startsWith(mark) ? name.slice(1) : undefined;
}

/** Which rows of a match a function in MEASURES looks at. */
export type MatchFrame = 'RUNNING' | 'FINAL';

/** `FINAL f(…)` and `RUNNING f(…)` as functions of another name, SKIP TO a symbol as to its last row. */
export function matchForms(tokens: readonly Token[]): ReadonlyMap<number, string> {
  const forms = new Map<number, string>();
  for (const [from, to] of insides(tokens)) {
    for (let index = from; index < to; index += 1) {
      const [token, next, behind] = [tokens[index], tokens[index + 1], tokens[index + 2]];
      const frames = token?.kind === 'word' && (token.value === 'FINAL' || token.value === 'RUNNING');
      if (frames && next?.kind === 'word' && behind?.text === '(') {
        forms.set(index, '').set(index + 1, quoteIdentifier(`${mark}${token.value} ${next.value}`));
      }
      const skips = tokens[index - 1]?.value === 'SKIP' && token?.value === 'TO';
      if (skips && behind?.text !== undefined && !['NEXT', 'FIRST', 'LAST'].includes(next?.value ?? ''))
        forms.set(index, 'TO LAST');
    }
  }
  return forms;
}

/** A function's own name, and its frame when one was written. */
export function framedName(name: string): { readonly name: string; readonly frame: MatchFrame | undefined } {
  if (!name.startsWith(mark)) return { name, frame: undefined };
  const [frame, own = ''] = name.slice(1).split(' ');
  return { name: own, frame: frame === 'FINAL' ? 'FINAL' : 'RUNNING' };
}
