import { SnowflakeError } from '../errors/snowflake-error.ts';
import { type Token, tokenize } from './lexer.ts';

/**
 * The statements of a chain `a ->> b ->> c`; one where the text has no pipe. What defines a body keeps the pipes in it.
 * https://docs.snowflake.com/en/sql-reference/operators-flow
 */
export function splitPipe(text: string): string[] {
  if (!text.includes('->>')) return [text];
  const tokens = tokenize(text).filter((token) => token.kind !== 'end');
  if (definesBody(tokens)) return [text];
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (const token of tokens) {
    if (token.text === '(') depth += 1;
    else if (token.text === ')') depth -= 1;
    else if (token.kind === 'symbol' && token.text === '->>' && depth === 0) {
      parts.push(text.slice(start, token.start).trim());
      start = token.end;
    }
  }
  return [...parts, text.slice(start).trim()];
}

/** Scripting blocks and objects with code in them. */
function definesBody(tokens: readonly Token[]): boolean {
  const [first, second] = tokens;
  if (first?.value === 'DECLARE' || first?.value === 'EXECUTE') return true;
  if (first?.value === 'BEGIN') return second?.text !== '->>' && !['WORK', 'TRANSACTION', 'NAME'].includes(second?.value ?? '');
  if (first?.value !== 'CREATE') return false;
  const kind = tokens
    .slice(1, 8)
    .find((token) => ['TABLE', 'VIEW', 'TASK', 'ALERT', 'PROCEDURE', 'FUNCTION'].includes(token.value))?.value;
  return kind === 'TASK' || kind === 'ALERT' || kind === 'PROCEDURE' || kind === 'FUNCTION';
}

/**
 * The statement with `$n` behind FROM and JOIN standing for the result of the n-th statement before it.
 * `ids`: query ids of the statements before it, in order. @throws SnowflakeError `syntaxError` where there is no n-th one
 */
export function withPipeResults(text: string, ids: readonly string[]): string {
  const tokens = tokenize(text);
  let result = '';
  let end = 0;
  for (const [index, token] of tokens.entries()) {
    const number = /^\$(\d+)$/u.exec(token.text)?.[1];
    const before = tokens[index - 1];
    if (number === undefined || before?.kind !== 'word' || !['FROM', 'JOIN'].includes(before.value)) continue;
    const id = ids.at(-Number(number));
    if (number === '0' || id === undefined) throw SnowflakeError.of('pipeResult', { reference: token.text });
    result += `${text.slice(end, token.start)}TABLE(RESULT_SCAN('${id}'))`;
    end = token.end;
  }
  return result + text.slice(end);
}
