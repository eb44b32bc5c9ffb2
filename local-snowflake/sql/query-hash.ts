import { createHash } from 'node:crypto';
import { type Token, tokenize } from './lexer.ts';

/** Hashes of a statement's text, 32 hexadecimal digits each. */
export interface QueryHash {
  /** The same for texts that differ in white space, comments, and the case of what has none. */
  readonly exact: string;
  /** The same also for texts that differ in literals that predicates compare with. */
  readonly parameterized: string;
}

/** Version of the logic below. */
export const queryHashVersion = 1;

/** https://docs.snowflake.com/en/user-guide/query-hash */
export function queryHash(text: string): QueryHash {
  const tokens = tokensOf(text);
  if (tokens === undefined) return { exact: digest([text]), parameterized: digest([text]) };
  const canonical = tokens.map(canonicalText);
  const replaced = new Set(comparedLiterals(tokens));
  return {
    exact: digest(canonical),
    parameterized: digest(canonical.map((each, index) => (replaced.has(index) ? '?' : each))),
  };
}

/** Undefined for what is no SQL. */
function tokensOf(text: string): readonly Token[] | undefined {
  try {
    return tokenize(text);
  } catch {
    return undefined;
  }
}

/** Names without quotes, session variables and stages have no case; `=` behind the kind keeps `"A"` apart from `'A'` and A. */
function canonicalText({ kind, text, value }: Token): string {
  const folded = kind === 'variable' || kind === 'location' || kind === 'bind' ? text.toUpperCase() : value;
  return `${kind}=${folded}`;
}

function digest(parts: readonly string[]): string {
  return createHash('md5').update(JSON.stringify(parts)).digest('hex');
}

const comparisons = new Set(['=', '!=', '<>', '>=', '<=']);
const predicates = new Set(['WHERE', 'ON', 'HAVING', 'QUALIFY']);
const others = new Set(['SELECT', 'FROM', 'SET', 'GROUP', 'ORDER', 'VALUES', 'THEN', 'LIMIT', 'INTO', 'UNION', 'END']);

/** Positions of the literals on either side of a comparison in a predicate. A predicate goes on behind what stands in brackets. */
function* comparedLiterals(tokens: readonly Token[]): Generator<number> {
  const around: boolean[] = [];
  let inPredicate = false;
  for (const [index, token] of tokens.entries()) {
    if (token.kind === 'word') inPredicate = predicates.has(token.value) || (inPredicate && !others.has(token.value));
    if (token.text === '(') around.push(inPredicate);
    if (token.text === ')') inPredicate = around.pop() ?? inPredicate;
    if (token.kind !== 'symbol' || !inPredicate || !comparisons.has(token.text)) continue;
    if (isLiteral(tokens[index - 1])) yield index - 1;
    const behind = tokens[index + 1]?.text === '-' ? index + 2 : index + 1;
    if (isLiteral(tokens[behind])) yield behind;
  }
}

function isLiteral(token: Token | undefined): boolean {
  return token?.kind === 'string' || token?.kind === 'number';
}
