import { SnowflakeError } from '../errors/snowflake-error.ts';
import { tokenize } from '../sql/lexer.ts';

/**
 * An expression of SQL that a REST request holds as text, to be put between parentheses, which it must not close.
 * @throws SnowflakeError `invalidPropertyValue`, `syntaxError`
 */
export function restExpression(name: string, text: string): string {
  let depth = 0;
  for (const { kind, text: token } of tokenize(text)) {
    if (kind !== 'symbol') continue;
    if (token === '(') depth += 1;
    if (token === ')') depth -= 1;
    const ends = depth < 0 || token === ';' || token === '=>' || (depth === 0 && token === ',');
    if (ends) throw SnowflakeError.of('invalidPropertyValue', { property: name, value: text });
  }
  if (depth !== 0) throw SnowflakeError.of('invalidPropertyValue', { property: name, value: text });
  // A comment at its end must not swallow what follows.
  return `${text}\n`;
}
