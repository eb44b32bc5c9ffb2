import type { RewrittenText, RewrittenToken } from './rewrite.ts';

const itemsEnd = new Set([
  'FROM',
  'WHERE',
  'GROUP',
  'HAVING',
  'QUALIFY',
  'ORDER',
  'LIMIT',
  'FETCH',
  'UNION',
  'EXCEPT',
  'MINUS',
  'INTERSECT',
  'OFFSET',
]);
const opening = new Set(['(', '[', '{']);
const closing = new Set([')', ']', '}']);

/**
 * Names of a SELECT's columns that have no alias: Snowflake takes the item's text, upper-cased outside double quotes.
 * `from` is the index of the token behind SELECT.
 */
export function itemLabels(source: RewrittenText, from: number): string[] {
  const labels: string[] = [];
  let index = skipModifiers(source.tokens, from);
  let start = index;
  let depth = 0;
  for (; ; index += 1) {
    const token = source.tokens[index];
    const text = token?.original;
    const ends = token === undefined || token.kind === 'end' || (token.kind === 'symbol' && text === ';');
    const closes = token?.kind === 'symbol' && text !== undefined && closing.has(text);
    if (ends || (depth === 0 && (closes || (token.kind === 'word' && endsItems(token, source.tokens[index - 1]))))) {
      labels.push(label(source, start, index));
      return labels;
    }
    if (token.kind !== 'symbol') continue;
    if (opening.has(token.original)) depth += 1;
    else if (closes) depth -= 1;
    else if (depth === 0 && token.original === ',') {
      labels.push(label(source, start, index));
      start = index + 1;
    }
  }
}

/** `IS DISTINCT FROM` and `WITHIN GROUP` go on inside an item. */
function endsItems(token: RewrittenToken, before: RewrittenToken | undefined): boolean {
  // FROM FIRST of NTH_VALUE, which is not in the text any more.
  if (token.start === token.end) return false;
  if (token.value === 'FROM' && before?.value === 'DISTINCT') return false;
  if (token.value === 'GROUP' && before?.value === 'WITHIN') return false;
  return itemsEnd.has(token.value);
}

function skipModifiers(tokens: readonly RewrittenToken[], from: number): number {
  let index = from;
  const word = (): string | undefined => (tokens[index]?.kind === 'word' ? tokens[index]?.value : undefined);
  if (word() === 'DISTINCT' || word() === 'ALL') index += 1;
  if (word() === 'TOP' && tokens[index + 1]?.kind === 'number') index += 2;
  return index;
}

function label(source: RewrittenText, from: number, to: number): string {
  let text = '';
  let previous: RewrittenToken | undefined;
  for (const token of source.tokens.slice(from, to)) {
    if (previous !== undefined) text += source.text.slice(previous.end, token.start);
    text += token.kind === 'quoted' ? token.original : token.original.toUpperCase();
    previous = token;
  }
  return text;
}
