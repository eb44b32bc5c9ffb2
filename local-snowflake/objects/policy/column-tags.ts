import type { TokenStream } from '../../sql/token-stream.ts';
import type { ObjectScope } from '../object-scope.ts';
import { requireAllowedTags } from '../shared-clauses.ts';
import { requireTaggable } from './tag-policies.ts';

/** `t = 'v' [, …]` by tag id, up to the next column. @throws SnowflakeError when a tag does not exist, or may not have the value */
export function readTagValues(stream: TokenStream, scope: ObjectScope): Record<string, string> {
  const tags: Record<string, string> = {};
  do {
    const tag = scope.find('TAG', stream.name());
    requireTaggable(tag, scope);
    stream.expectSymbol('=');
    tags[tag.id] = stream.string();
  } while (acceptComma(stream, () => stream.peek(1).text === '=' || stream.peek(1).text === '.'));
  requireAllowedTags(tags, scope.catalog);
  return tags;
}

export function readTagNames(stream: TokenStream, scope: ObjectScope): ReadonlySet<string> {
  const ids = new Set<string>();
  do {
    const tag = scope.find('TAG', stream.name());
    requireTaggable(tag, scope);
    ids.add(tag.id);
  } while (acceptComma(stream, () => !stream.is('COLUMN') && stream.peek(1).value !== 'UNSET' && stream.peek(1).value !== 'SET'));
  return ids;
}

/** A comma, when another tag follows; what follows it otherwise is the next column. */
function acceptComma(stream: TokenStream, another: () => boolean): boolean {
  const start = stream.position;
  if (!stream.acceptSymbol(',')) return false;
  if (another()) return true;
  stream.rewind(start);
  return false;
}
