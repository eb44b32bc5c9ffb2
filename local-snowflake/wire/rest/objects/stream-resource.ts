import { displayIdentifier, type ObjectName, parseName, quoteName } from '../../../sql/identifier.ts';
import { type JsonObject, objectOf } from '../../fields.ts';
import { MalformedRequest } from '../../malformed-request.ts';
import { pointOfTime } from '../point-of-time.ts';
import { commentProperty, flagProperty, qualifiedName, requiredText } from './clauses.ts';
import { createHead, statementOf } from './create-head.ts';
import type { Creation, ObjectResource } from './object-resource.ts';

/** https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/stream */
export const streamResource: ObjectResource = {
  kind: 'STREAM',
  plural: 'STREAMS',
  path: '/databases/:database/schemas/:schema/streams',
  within: 'SCHEMA',
  details: 'NONE',
  settings: {},
  grammar: { fields: ['stream_source', 'comment'], statement: createStream },
  references: [],
  shown: {
    ...{ created_on: 'text', database_name: 'identifier', schema_name: 'identifier', owner: 'identifier', comment: 'text' },
    ...{ stale: 'flag', mode: 'text', stale_after: 'text', invalid_reason: 'text', owner_role_type: 'text', type: 'text' },
  },
  derived: (row) => ({ stream_source: sourceJson(row), table_name: sourceName(row).map(displayIdentifier).at(-1) }),
  cloning: {},
  tagged: true,
};

const kinds: Readonly<Record<string, string>> = { table: 'TABLE', view: 'VIEW', stage: 'STAGE', external_table: 'EXTERNAL TABLE' };

function createStream(creation: Creation): string {
  const { body, container, copyGrants } = creation;
  const source = objectOf(body['stream_source'], "'stream_source'");
  const kind = kinds[requiredText(source, 'src_type')];
  if (kind === undefined) throw new MalformedRequest(400, `'src_type' must be one of ${Object.keys(kinds).join(', ')}.`);
  return statementOf(
    createHead(creation, 'STREAM'),
    copyGrants ? 'COPY GRANTS' : '',
    `ON ${kind} ${quoteName(relationName(source, container))}`,
    pointOfTime(source),
    ...['append_only', 'show_initial_rows', 'insert_only'].map((name) => flagProperty(source, name)),
    commentProperty(body),
  );
}

/** `name`, `database_name` and `schema_name`, each in the stream's own place when left out. */
function relationName(source: JsonObject, [database = '', schema = '']: ObjectName): ObjectName {
  const part = (name: string, own: string): string => {
    const written = source[name];
    return typeof written === 'string' && written !== '' ? (parseName(written)[0] ?? own) : own;
  };
  return qualifiedName(requiredText(source, 'name'), [part('database_name', database), part('schema_name', schema)]);
}

/** SHOW STREAMS has the source's whole name; of a stage its last part alone. */
function sourceName({ table_name: name }: JsonObject): ObjectName {
  return typeof name === 'string' && name !== '' ? parseName(name) : [];
}

/** The types that clients know; every other source is a kind of table. */
const sourceTypes: Readonly<Record<string, string>> = { view: 'view', stage: 'stage' };

function sourceJson(row: JsonObject): JsonObject {
  const [name, schema, database] = sourceName(row).map(displayIdentifier).reverse();
  const appendOnly = row['mode'] === 'APPEND_ONLY';
  return {
    src_type: sourceTypes[String(row['source_type']).toLowerCase()] ?? 'table',
    name: name ?? 'unknown',
    database_name: database,
    schema_name: schema,
    append_only: appendOnly,
  };
}
