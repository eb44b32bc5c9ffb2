import type { Token } from '../../sql/lexer.ts';

/** Forms of Snowflake's that the parser library does not know: what to write instead of a token, by its place. */
export function plainForms(tokens: readonly Token[]): ReadonlyMap<number, string> {
  const forms = new Map<number, string>();
  for (const [index, token] of tokens.entries()) {
    if (token.text === '{' && beginsStar(tokens, index + 1)) {
      const end = closingBrace(tokens, index);
      if (end !== undefined) forms.set(index, 'OBJECT_CONSTRUCT(').set(end, ')');
    }
    // NTH_VALUE counts from the first row anyway. https://docs.snowflake.com/en/sql-reference/functions/nth_value
    if (token.value === 'FROM' && tokens[index - 1]?.text === ')' && countsFromFirst(tokens, index)) {
      forms.set(index, '').set(index + 1, '');
    }
  }
  return forms;
}

/** `{*}` and `{t.*}`, an object of the row. https://docs.snowflake.com/en/sql-reference/data-types-semistructured#object-constants */
function beginsStar(tokens: readonly Token[], from: number): boolean {
  let index = from;
  while ((tokens[index]?.kind === 'word' || tokens[index]?.kind === 'quoted') && tokens[index + 1]?.text === '.') index += 2;
  return tokens[index]?.text === '*';
}

function closingBrace(tokens: readonly Token[], open: number): number | undefined {
  let depth = 0;
  for (let index = open; index < tokens.length; index += 1) {
    if (tokens[index]?.text === '{') depth += 1;
    if (tokens[index]?.text === '}') depth -= 1;
    if (depth === 0) return index;
  }
  return undefined;
}

function countsFromFirst(tokens: readonly Token[], index: number): boolean {
  const [first, behind] = [tokens[index + 1], tokens[index + 2]];
  return first?.value === 'FIRST' && ['OVER', 'IGNORE', 'RESPECT'].includes(behind?.value ?? '');
}
