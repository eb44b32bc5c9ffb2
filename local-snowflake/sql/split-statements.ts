import { type Token, tokenize } from './lexer.ts';

/**
 * Splits SQL text at the semicolons between statements; those inside Snowflake Scripting blocks stay.
 * Empty statements are left out.
 * @throws SnowflakeError `syntaxError` on text that cannot be tokenized
 */
export function splitStatements(text: string): string[] {
  const tokens = tokenize(text);
  const statements: string[] = [];
  let first = 0;
  let depth = 0;
  let declaring = false;
  // The coming BEGIN is that of a procedure which a DECLARE section declares; the section goes on behind it.
  let nested = false;
  const flush = (end: number): void => {
    const from = tokens[first];
    const last = tokens[end - 1];
    if (from !== undefined && last !== undefined && end > first) statements.push(text.slice(from.start, last.end));
  };
  for (const [index, token] of tokens.entries()) {
    if (token.kind === 'end') {
      flush(index);
      break;
    }
    if (token.kind === 'word') {
      if (token.value === 'DECLARE' && startsBlock(tokens, first, index)) declaring = true;
      if (token.value === 'PROCEDURE' && declaring && depth === 0 && tokens[index + 1]?.text === '(') nested = true;
      if (
        token.value === 'BEGIN' &&
        (depth > 0 || declaring || startsBlock(tokens, first, index)) &&
        !isTransaction(tokens, index)
      ) {
        depth += 1;
        if (!nested) declaring = false;
        nested = false;
      } else if (token.value === 'CASE' && depth > 0 && tokens[index - 1]?.value !== 'END') depth += 1;
      else if (
        token.value === 'END' &&
        depth > 0 &&
        !['IF', 'LOOP', 'FOR', 'WHILE', 'REPEAT'].includes(tokens[index + 1]?.value ?? '')
      )
        depth -= 1;
    }
    if (token.kind === 'symbol' && token.text === ';' && depth === 0 && !declaring) {
      flush(index);
      first = index + 1;
    }
  }
  return statements;
}

/** Whether a block can begin here: at the statement's start, behind `AS` (of a task or procedure) or where an alert's action stands. */
function startsBlock(tokens: readonly Token[], first: number, index: number): boolean {
  return index === first || ['AS', 'THEN', 'ACTION'].includes(tokens[index - 1]?.value ?? '');
}

/** `BEGIN`, `BEGIN WORK`, `BEGIN TRANSACTION`, `BEGIN NAME t` open a transaction, not a block. */
function isTransaction(tokens: readonly Token[], index: number): boolean {
  const next = tokens[index + 1];
  if (next === undefined || next.kind === 'end' || [';', ')', '->>'].includes(next.text)) return true;
  return next.kind === 'word' && ['WORK', 'TRANSACTION', 'NAME'].includes(next.value);
}
