import { SnowflakeError } from '../../../errors/snowflake-error.ts';
import { displayName, foldIdentifier, type ObjectName, quoteName } from '../../../sql/identifier.ts';
import { objectOf, optionalText, queryParameter } from '../../fields.ts';
import { MalformedRequest } from '../../malformed-request.ts';
import { getTags, setTags, tagActions, unsetTags } from '../object-tags.ts';
import { pointOfTime } from '../point-of-time.ts';
import { actionOf, createMode, pathIdentifier, queryFlag, showClauses } from '../rest-parameters.ts';
import type { RestAnswer, RestRequest, RestRoute } from '../rest-routes.ts';
import { restRows, restStatus } from '../rest-rows.ts';
import { tableJson } from './table-json.ts';

const tables = '/databases/:database/schemas/:schema/tables';
const table = `${tables}/:name`;

/** Tables over REST, as far as they need no description of columns. https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/table */
export const tableRoutes: readonly RestRoute[] = [
  { method: 'GET', path: tables, refused: ['?deep=true'], handle: listTables },
  { method: 'GET', path: table, handle: fetchTable },
  { method: 'DELETE', path: table, handle: deleteTable },
  {
    method: 'POST',
    path: table,
    actions: ['clone', 'undrop', ...tagActions],
    refused: [':as_select', ':create_like', ':using_template', ':suspend_recluster', ':resume_recluster', ':swapwith'],
    handle: actOnTable,
  },
];

function schemaOf(request: RestRequest): ObjectName {
  return [pathIdentifier(request, 'database'), pathIdentifier(request, 'schema')];
}

async function listTables(request: RestRequest): Promise<RestAnswer> {
  if (queryFlag(request, 'deep')) throw SnowflakeError.of('unsupported', { feature: 'deep listing of tables over REST' });
  const { text, binds } = showClauses(request, `IN SCHEMA ${quoteName(schemaOf(request))}`);
  const history = queryFlag(request, 'history') ? 'HISTORY ' : '';
  const rows = await restRows(request.session, `SHOW TABLES ${history}${text}`, binds);
  return { status: 200, body: rows.map((row) => tableJson(row)) };
}

async function fetchTable(request: RestRequest): Promise<RestAnswer> {
  const { name: segment, action } = actionOf(request.params['name'] ?? '');
  const name = [...schemaOf(request), foldIdentifier(segment)];
  if (action === 'get-tags') return getTags(request, { kind: 'TABLE', name });
  if (action !== undefined) throw unsupported(action);
  const columns = await restRows(request.session, `DESCRIBE TABLE ${quoteName(name)}`);
  const rows = await restRows(request.session, `SHOW TABLES IN SCHEMA ${quoteName(schemaOf(request))}`);
  const row = rows.find((each) => each['name'] === name.at(-1));
  if (row === undefined) throw SnowflakeError.of('tableDoesNotExist', { name: displayName(name) });
  return { status: 200, body: tableJson(row, columns) };
}

async function deleteTable(request: RestRequest): Promise<RestAnswer> {
  const ifExists = queryFlag(request, 'ifExists') ? 'IF EXISTS ' : '';
  const name = quoteName([...schemaOf(request), pathIdentifier(request, 'name')]);
  return { status: 200, body: await restStatus(request.session, `DROP TABLE ${ifExists}${name}`) };
}

async function actOnTable(request: RestRequest): Promise<RestAnswer> {
  const { name: segment, action = '' } = actionOf(request.params['name'] ?? '');
  const name = [...schemaOf(request), foldIdentifier(segment)];
  switch (action) {
    case 'set-tags':
      return setTags(request, { kind: 'TABLE', name });
    case 'unset-tags':
      return unsetTags(request, { kind: 'TABLE', name });
    case 'undrop':
      return { status: 200, body: await restStatus(request.session, `UNDROP TABLE ${quoteName(name)}`) };
    case 'clone':
      return { status: 200, body: await restStatus(request.session, cloneStatement(request, name)) };
    default:
      throw unsupported(action);
  }
}

/** The body names the clone; what else it says of a table is the source's to say. @throws MalformedRequest */
function cloneStatement(request: RestRequest, source: ObjectName): string {
  const body = objectOf(request.body, 'The request body');
  const name = optionalText(body, 'name');
  if (name === undefined) throw new MalformedRequest(400, "The text 'name' is missing.");
  const [database, schema] = schemaOf(request);
  const container = [
    foldIdentifier(queryParameter(request.query, 'targetDatabase') ?? `"${(database ?? '').replaceAll('"', '""')}"`),
    foldIdentifier(queryParameter(request.query, 'targetSchema') ?? `"${(schema ?? '').replaceAll('"', '""')}"`),
  ];
  const lifetime = (optionalText(body, 'kind') ?? 'PERMANENT').toUpperCase();
  if (!['PERMANENT', 'TABLE', 'TRANSIENT', 'TEMPORARY'].includes(lifetime))
    throw new MalformedRequest(400, "'kind' must be PERMANENT, TRANSIENT or TEMPORARY.");
  const mode = createMode(request);
  return [
    'CREATE',
    ...(mode === 'orReplace' ? ['OR REPLACE'] : []),
    ...(lifetime === 'TRANSIENT' || lifetime === 'TEMPORARY' ? [lifetime] : []),
    'TABLE',
    ...(mode === 'ifNotExists' ? ['IF NOT EXISTS'] : []),
    quoteName([...container, foldIdentifier(name)]),
    'CLONE',
    quoteName(source),
    pointOfTime(body),
    ...(queryFlag(request, 'copyGrants') ? ['COPY GRANTS'] : []),
  ].join(' ');
}

function unsupported(action: string): SnowflakeError {
  return SnowflakeError.of('unsupported', { feature: `operation ':${action}' of tables over REST` });
}
