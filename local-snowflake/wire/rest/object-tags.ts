import {
  displayIdentifier,
  displayName,
  foldIdentifier,
  type ObjectName,
  quoteIdentifier,
  quoteName,
} from '../../sql/identifier.ts';
import { quoteString } from '../../sql/literal.ts';
import { type JsonObject, objectOf, optionalText } from '../fields.ts';
import { MalformedRequest } from '../malformed-request.ts';
import { queryFlag } from './rest-parameters.ts';
import type { RestAnswer, RestRequest } from './rest-routes.ts';
import { restRows, restStatus } from './rest-rows.ts';

/** What may stand behind the name of such an object. */
export const tagActions = ['get-tags', 'set-tags', 'unset-tags'];

/** An object that tags stand on; `kind` as SQL names it, which is its domain too. */
export interface TaggedObject {
  readonly kind: string;
  readonly name: ObjectName;
}

/** Tables and what shares their names are one domain, and so are integrations. */
const domains: Readonly<Record<string, string>> = {
  VIEW: 'TABLE',
  'DYNAMIC TABLE': 'TABLE',
  'NOTIFICATION INTEGRATION': 'INTEGRATION',
};

/**
 * The tags of an object, with `withLineage` also those that it has from the objects that contain it.
 * https://docs.snowflake.com/en/sql-reference/functions/tag_references
 */
export async function getTags(request: RestRequest, { kind, name }: TaggedObject): Promise<RestAnswer> {
  const domain = domains[kind] ?? kind;
  // Objects of the account belong to no database whose INFORMATION_SCHEMA could be asked; the system's own always is there.
  const database = quoteIdentifier(name.length === 1 && kind !== 'DATABASE' ? 'SNOWFLAKE' : (name[0] ?? ''));
  const statement = `SELECT * FROM TABLE(${database}.INFORMATION_SCHEMA.TAG_REFERENCES(?, ?))`;
  const rows = await restRows(request.session, statement, [displayName(name), domain]);
  const shown = queryFlag(request, 'withLineage') ? rows : rows.filter((row) => row['level'] === domain);
  return { status: 200, body: shown.map(tagJson) };
}

function tagJson(row: JsonObject): JsonObject {
  const identifier = (column: string): string => displayIdentifier(String(row[column]));
  return {
    tag_database: identifier('tag_database'),
    tag_schema: identifier('tag_schema'),
    tag_name: identifier('tag_name'),
    tag_value: row['tag_value'],
    level: row['level'],
  };
}

/** `:set-tags`. @throws MalformedRequest, SnowflakeError */
export function setTags(request: RestRequest, object: TaggedObject): Promise<RestAnswer> {
  return alter(request, object, 'SET', (tag) => {
    const { tag_value: value } = tag;
    if (typeof value !== 'string') throw new MalformedRequest(400, "A tag that is to be set needs the text 'tag_value'.");
    return `${tagName(tag)} = ${quoteString(value)}`;
  });
}

/** `:unset-tags`. @throws MalformedRequest, SnowflakeError */
export function unsetTags(request: RestRequest, object: TaggedObject): Promise<RestAnswer> {
  return alter(request, object, 'UNSET', tagName);
}

async function alter(
  request: RestRequest,
  { kind, name }: TaggedObject,
  verb: 'SET' | 'UNSET',
  clause: (tag: JsonObject) => string,
): Promise<RestAnswer> {
  const { body } = request;
  if (!Array.isArray(body) || body.length === 0) throw new MalformedRequest(400, 'The request body must be a list of tags.');
  const tags = body.map((tag) => clause(objectOf(tag, 'A tag')));
  const ifExists = queryFlag(request, 'ifExists') ? 'IF EXISTS ' : '';
  const statement = `ALTER ${kind} ${ifExists}${quoteName(name)} ${verb} TAG ${tags.join(', ')}`;
  return { status: 200, body: await restStatus(request.session, statement) };
}

function tagName(tag: JsonObject): string {
  const parts = ['tag_database', 'tag_schema', 'tag_name'].map((part) => optionalText(tag, part));
  if (parts[2] === undefined) throw new MalformedRequest(400, "A tag needs the text 'tag_name'.");
  return quoteName(parts.filter((part) => part !== undefined).map(foldIdentifier));
}
