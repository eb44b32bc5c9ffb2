import { SnowflakeError } from '../../../errors/snowflake-error.ts';
import {
  displayIdentifier,
  displayName,
  foldIdentifier,
  type ObjectName,
  quoteIdentifier,
  quoteName,
} from '../../../sql/identifier.ts';
import { type JsonObject, objectOf, queryParameter } from '../../fields.ts';
import { MalformedRequest } from '../../malformed-request.ts';
import { pathIdentifier, queryCount } from '../rest-parameters.ts';
import type { RestAnswer, RestRequest, RestRoute } from '../rest-routes.ts';
import { restRows, restStatus } from '../rest-rows.ts';
import { commentProperty, nameProperty, optionalFlag, requiredText } from './clauses.ts';
import { statementOf } from './create-head.ts';
import { serviceResource } from './service-resource.ts';
import { serviceSource } from './service-source.ts';

const service = `${serviceResource.path}/:name`;

/** What runs in a service. https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/service */
export const serviceRoutes: readonly RestRoute[] = [
  { method: 'GET', path: `${service}/logs`, handle: logs },
  { method: 'GET', path: `${service}/status`, refused: ['?timeout=1'], handle: status },
  { method: 'GET', path: `${service}/instances`, handle: (request) => listed(request, 'SERVICE INSTANCES', named) },
  { method: 'GET', path: `${service}/containers`, handle: (request) => listed(request, 'SERVICE CONTAINERS', named) },
  { method: 'GET', path: `${service}/endpoints`, handle: (request) => listed(request, 'ENDPOINTS', endpoint) },
  { method: 'GET', path: `${service}/roles`, handle: (request) => listed(request, 'ROLES', (row) => row) },
  { method: 'GET', path: `${service}/roles/:role/grants-of`, handle: grantsOfRole },
  { method: 'POST', path: serviceResource.path, actions: ['execute-job'], collective: true, handle: executeJob },
];

function nameOf(request: RestRequest): ObjectName {
  return ['database', 'schema', 'name'].map((part) => pathIdentifier(request, part));
}

async function listed(request: RestRequest, plural: string, json: (row: JsonObject) => JsonObject): Promise<RestAnswer> {
  const rows = await restRows(request.session, `SHOW ${plural} IN SERVICE ${quoteName(nameOf(request))}`);
  return { status: 200, body: rows.map(json) };
}

function named(row: JsonObject): JsonObject {
  const names = ['database_name', 'schema_name', 'service_name'].map((key) => [key, displayIdentifier(String(row[key]))]);
  return { ...row, ...Object.fromEntries(names) };
}

function endpoint({ name, port, port_range: portRange, protocol, is_public: isPublic, ingress_url: url }: JsonObject): JsonObject {
  return { name, port, portRange, protocol, is_public: isPublic === 'true', ingress_url: url };
}

async function logs(request: RestRequest): Promise<RestAnswer> {
  const [instance, container] = ['instanceId', 'containerName'].map((name) => {
    const value = queryParameter(request.query, name);
    if (value === undefined) throw new MalformedRequest(400, `The query parameter '${name}' is missing.`);
    return value;
  });
  const lines = queryCount(request, 'numLines');
  const binds = [displayName(nameOf(request)), instance ?? '', container ?? '', ...(lines === undefined ? [] : [lines])];
  return { status: 200, body: await called(request, 'SYSTEM$GET_SERVICE_LOGS', binds) };
}

async function status(request: RestRequest): Promise<RestAnswer> {
  if ((queryCount(request, 'timeout') ?? 0) > 0)
    throw SnowflakeError.of('unsupported', { feature: 'timeout of the status of a service over REST' });
  return { status: 200, body: await called(request, 'SYSTEM$GET_SERVICE_STATUS', [displayName(nameOf(request))]) };
}

/** https://docs.snowflake.com/en/sql-reference/sql/show-grants (OF SERVICE ROLE) */
async function grantsOfRole(request: RestRequest): Promise<RestAnswer> {
  const role = `${quoteName(nameOf(request))}!${quoteIdentifier(pathIdentifier(request, 'role'))}`;
  return { status: 200, body: await restRows(request.session, `SHOW GRANTS OF SERVICE ROLE ${role}`) };
}

/** https://docs.snowflake.com/en/sql-reference/sql/execute-job-service: answers when the job has ended, unless it is asynchronous. */
async function executeJob(request: RestRequest): Promise<RestAnswer> {
  const body = objectOf(request.body, 'The request body');
  const schema = ['database', 'schema'].map((part) => pathIdentifier(request, part));
  const statement = statementOf(
    `EXECUTE JOB SERVICE ${serviceSource(body, schema)}`,
    `NAME = ${quoteName([...schema, foldIdentifier(requiredText(body, 'name'))])}`,
    optionalFlag(body, 'is_async_job') === true ? 'ASYNC = TRUE' : '',
    nameProperty(body, 'query_warehouse'),
    commentProperty(body),
  );
  return { status: 200, body: await restStatus(request.session, statement) };
}

/** The answer holds the function's result under the function's name. */
async function called(request: RestRequest, name: string, binds: readonly (string | number)[]): Promise<JsonObject> {
  const [row = {}] = await restRows(request.session, `SELECT ${name}(${binds.map(() => '?').join(', ')})`, binds);
  return { [name.toLowerCase()]: Object.values(row)[0] };
}
