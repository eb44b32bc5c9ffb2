import { SnowflakeError } from '../errors/snowflake-error.ts';
import { tokenize } from '../sql/lexer.ts';

/**
 * An expression of SQL that a REST request holds as text, to be put between parentheses, which it must not close.
 * @throws SnowflakeError `invalidPropertyValue`, `syntaxError`
 */
export function restExpression(name: string, text: string): string {
  return within(name, text, [',', '=>']);
}

/** As `restExpression`, for a query. */
export function restQuery(name: string, text: string): string {
  return within(name, text, []);
}

/** `ends`: symbols that would end it outside of parentheses of its own. */
function within(name: string, text: string, ends: readonly string[]): string {
  let depth = 0;
  for (const { kind, text: token } of tokenize(text)) {
    if (kind !== 'symbol') continue;
    if (token === '(') depth += 1;
    if (token === ')') depth -= 1;
    if (depth < 0 || token === ';' || (depth === 0 && ends.includes(token))) throw invalid(name, text);
  }
  if (depth !== 0) throw invalid(name, text);
  // A comment at its end must not swallow what follows.
  return `${text}\n`;
}

function invalid(name: string, text: string): SnowflakeError {
  return SnowflakeError.of('invalidPropertyValue', { property: name, value: text });
}
