import { SnowflakeError } from '../../../errors/snowflake-error.ts';
import { displayIdentifier, displayName, type ObjectName, quoteName } from '../../../sql/identifier.ts';
import { type JsonObject, queryParameter } from '../../fields.ts';
import { MalformedRequest } from '../../malformed-request.ts';
import { pathIdentifier, queryCount } from '../rest-parameters.ts';
import type { RestAnswer, RestRequest, RestRoute } from '../rest-routes.ts';
import { restRows } from '../rest-rows.ts';
import { serviceResource } from './service-resource.ts';

const service = `${serviceResource.path}/:name`;

/** What runs in a service. https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/service */
export const serviceRoutes: readonly RestRoute[] = [
  { method: 'GET', path: `${service}/logs`, handle: logs },
  { method: 'GET', path: `${service}/status`, refused: ['?timeout=1'], handle: status },
  { method: 'GET', path: `${service}/instances`, handle: (request) => listed(request, 'SERVICE INSTANCES', named) },
  { method: 'GET', path: `${service}/containers`, handle: (request) => listed(request, 'SERVICE CONTAINERS', named) },
  { method: 'GET', path: `${service}/endpoints`, handle: (request) => listed(request, 'ENDPOINTS', endpoint) },
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

/** The answer holds the function's result under the function's name. */
async function called(request: RestRequest, name: string, binds: readonly (string | number)[]): Promise<JsonObject> {
  const [row = {}] = await restRows(request.session, `SELECT ${name}(${binds.map(() => '?').join(', ')})`, binds);
  return { [name.toLowerCase()]: Object.values(row)[0] };
}
