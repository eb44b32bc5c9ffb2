import type { Token } from '../../sql/lexer.ts';
import { nestedTypeNames, readType } from '../../sql/read-type.ts';
import { TokenStream } from '../../sql/token-stream.ts';
import { renderType, type SnowflakeType } from '../../sql/types.ts';
import type { FieldChange } from './tree.ts';

// Not a character anyone types, so that no type's name is taken for one of these.
const mark = '\u2063';

/** A type with types inside, as it stands in a cast. */
export interface NestedType {
  readonly type: SnowflakeType;
  /** RENAME FIELDS or ADD FIELDS behind it. */
  readonly change: FieldChange | undefined;
}

/**
 * `ARRAY(…)`, `OBJECT(…)`, `MAP(…)` and `VECTOR(…)` behind `::` and AS, which the parser library does not know: the name to write
 * instead of so many tokens, by the place of the first.
 */
export function nestedTypes(
  tokens: readonly Token[],
  source: string,
): ReadonlyMap<number, { readonly name: string; readonly tokens: number }> {
  const found = new Map<number, { name: string; tokens: number }>();
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1];
    const casts = before !== undefined && (before.text === '::' || (before.kind === 'word' && before.value === 'AS'));
    if (!casts || token.kind !== 'word' || !nestedTypeNames.includes(token.value) || tokens[index + 1]?.text !== '(') continue;
    const stream = new TokenStream(source, undefined, tokens.slice(index));
    const type = readType(stream);
    const change = stream.accept('RENAME FIELDS') ? 'RENAME' : stream.accept('ADD FIELDS') ? 'ADD' : '';
    found.set(index, { name: `${mark}${change}${mark}${renderType(type)}`, tokens: stream.position });
  }
  return found;
}

/** The type that such a name stands for. */
export function nestedTypeOf(name: string): NestedType | undefined {
  if (!name.startsWith(mark)) return undefined;
  const [, change, written] = name.split(mark);
  const type = readType(new TokenStream(written ?? ''));
  return { type, change: change === 'RENAME' || change === 'ADD' ? change : undefined };
}
