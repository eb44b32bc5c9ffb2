import type { Token } from '../sql/lexer.ts';
import { lookUp } from './bind-names.ts';
import type { Frame } from './frame.ts';
import type { Expression } from './tree.ts';

/**
 * What RETURN's value is: a literal, a name or a cast, which a procedure converts to its declared type; the values of other
 * expressions keep theirs. `untyped` is the bare name of something that was never given a type.
 */
export function valueForm(expression: Expression, frame: Frame): 'simple' | 'untyped' | 'composed' {
  const tokens = withoutParentheses(expression.tokens);
  const [first, second] = tokens;
  if (first === undefined) return 'composed';
  if (tokens.length === 1) {
    const entry = first.kind === 'word' || first.kind === 'quoted' ? lookUp(first.value, frame) : undefined;
    if (entry?.kind === 'value' && entry.untyped === true) return 'untyped';
    return first.kind === 'symbol' ? 'composed' : 'simple';
  }
  if (tokens.length === 2 && (first.text === '-' || first.text === '+') && second?.kind === 'number') return 'simple';
  return isCast(tokens) ? 'simple' : 'composed';
}

function withoutParentheses(tokens: readonly Token[]): readonly Token[] {
  return tokens[0]?.text === '(' && closingOf(tokens, 0) === tokens.length - 1 ? withoutParentheses(tokens.slice(1, -1)) : tokens;
}

/** `CAST(…)`, `TRY_CAST(…)` or `operand::TYPE` as a whole. */
export function isCast(tokens: readonly Token[]): boolean {
  const [first] = tokens;
  if (first?.kind === 'word' && (first.value === 'CAST' || first.value === 'TRY_CAST'))
    return closingOf(tokens, 1) === tokens.length - 1;
  // The operand of `::` is one token, a call or something in parentheses; anything else binds looser than the cast.
  const operandEnd = first?.text === '(' ? closingOf(tokens, 0) : tokens[1]?.text === '(' ? closingOf(tokens, 1) : 0;
  let at = operandEnd + 1;
  if (tokens[at]?.text !== '::') return false;
  while (tokens[at]?.text === '::') {
    at += 2;
    while (tokens[at]?.kind === 'word') at += 1;
    if (tokens[at]?.text === '(') at = closingOf(tokens, at) + 1;
  }
  return at === tokens.length;
}

/** Index of the token that closes the bracket at `index`; past the end when nothing does. */
function closingOf(tokens: readonly Token[], index: number): number {
  if (tokens[index]?.text !== '(') return tokens.length;
  let depth = 0;
  for (let at = index; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token?.kind !== 'symbol') continue;
    if (token.text === '(') depth += 1;
    if (token.text === ')' && (depth -= 1) === 0) return at;
  }
  return tokens.length;
}
