import { SnowflakeError } from '../errors/snowflake-error.ts';
import { displayIdentifier } from '../sql/identifier.ts';
import type { TokenStream } from '../sql/token-stream.ts';
import type { ObjectScope } from './object-scope.ts';

/**
 * `[WITH] TAG ( name = 'value', … )`: the tags that the clause sets, by tag id; undefined when there is no such clause.
 * https://docs.snowflake.com/en/user-guide/object-tagging/introduction
 * @throws SnowflakeError when a tag does not exist
 */
export function readSharedClauses(stream: TokenStream, scope: ObjectScope): Record<string, string> | undefined {
  if (!stream.accept('WITH TAG') && !(stream.is('TAG') && stream.accept('TAG'))) return undefined;
  stream.expectSymbol('(');
  const tags: Record<string, string> = {};
  while (!stream.acceptSymbol(')')) {
    const tag = scope.find('TAG', stream.name());
    stream.expectSymbol('=');
    tags[tag.id] = stream.string();
    if (!stream.isSymbol(')')) stream.expectSymbol(',');
  }
  return tags;
}

// https://docs.snowflake.com/en/sql-reference/sql/create-task (TAG)
const longestTagValue = 256;

/**
 * Demands of each tag, by id, that it may have its value. https://docs.snowflake.com/en/sql-reference/sql/create-tag (ALLOWED_VALUES)
 * @throws SnowflakeError `tagValueNotAllowed`, `tagValueTooLong`
 */
export function requireAllowedTags(tags: Readonly<Record<string, string>> | undefined, catalog: ObjectScope['catalog']): void {
  for (const [id, value] of Object.entries(tags ?? {})) {
    const tag = catalog.byId(id);
    if (tag !== undefined && value.length > longestTagValue) {
      throw SnowflakeError.of('tagValueTooLong', { tag: displayIdentifier(tag.name), limit: longestTagValue });
    }
    const allowed = tag?.properties['ALLOWED_VALUES'] as readonly string[] | undefined;
    if (tag === undefined || allowed === undefined || allowed.includes(value)) continue;
    throw SnowflakeError.of('tagValueNotAllowed', { tag: displayIdentifier(tag.name), value, allowed });
  }
}
