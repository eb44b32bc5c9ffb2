import { displayIdentifier, parseName, quoteName } from '../../../sql/identifier.ts';
import { flag, type JsonObject, objectOf, queryParameter } from '../../fields.ts';
import { MalformedRequest } from '../../malformed-request.ts';
import { pathIdentifier, queryCount } from '../rest-parameters.ts';
import type { RestAnswer, RestRequest, RestRoute } from '../rest-routes.ts';
import { restRows, restStatus } from '../rest-rows.ts';
import { grantedRole, privilegesOf, targetOfGrant } from './grant-words.ts';

/**
 * Grants of a role or user, as its own collections have them. https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/role,
 * https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/user
 */
export const granteeRoutes: readonly RestRoute[] = [
  ...collection('/roles/:name/grants', 'ROLE', 'ALL'),
  ...collection('/roles/:name/future-grants', 'ROLE', 'FUTURE'),
  { method: 'GET', path: '/roles/:name/grants-of', handle: (request) => listed(request, 'GRANTS OF ROLE', (row) => row) },
  { method: 'GET', path: '/roles/:name/grants-on', handle: (request) => listed(request, 'GRANTS ON ROLE', (row) => row) },
  ...collection('/users/:name/grants', 'USER', 'ALL'),
  ...collection('/databases/:database/database-roles/:name/grants', 'DATABASE ROLE', 'ALL'),
  ...collection('/databases/:database/database-roles/:name/future-grants', 'DATABASE ROLE', 'FUTURE'),
];

function collection(path: string, grantee: 'ROLE' | 'DATABASE ROLE' | 'USER', every: 'ALL' | 'FUTURE'): readonly RestRoute[] {
  const show = every === 'ALL' ? `GRANTS TO ${grantee}` : `FUTURE GRANTS TO ${grantee}`;
  return [
    {
      method: 'GET',
      path,
      handle: (request) => listed(request, show, grantee === 'USER' ? roleJson : every === 'ALL' ? grantJson : futureJson),
    },
    { method: 'POST', path, handle: (request) => grant(request, grantee, every) },
    { method: 'POST', path, actions: ['revoke'], collective: true, handle: (request) => revoke(request, grantee, every) },
  ];
}

/** Database roles have their database in the path. */
function granteeName(request: RestRequest): string {
  return quoteName(['database', 'name'].filter((part) => part in request.params).map((part) => pathIdentifier(request, part)));
}

async function listed(request: RestRequest, what: string, json: (row: JsonObject) => JsonObject): Promise<RestAnswer> {
  const rows = await restRows(request.session, `SHOW ${what} ${granteeName(request)}`);
  return { status: 200, body: rows.slice(0, queryCount(request, 'showLimit')).map(json) };
}

async function grant(request: RestRequest, grantee: string, every: 'ALL' | 'FUTURE'): Promise<RestAnswer> {
  const body = objectOf(request.body, 'The request body');
  const to = `TO ${grantee} ${granteeName(request)}`;
  const role = grantedRole(body);
  const privileges = (): string => `${privilegesOf(body)} ON ${targetOfGrant(body, every)}`;
  const option = role === undefined && flag(body, 'grant_option') ? ' WITH GRANT OPTION' : '';
  return { status: 200, body: await restStatus(request.session, `GRANT ${role ?? privileges()} ${to}${option}`) };
}

/** With `grant_option`, what is taken away is that alone. */
async function revoke(request: RestRequest, grantee: string, every: 'ALL' | 'FUTURE'): Promise<RestAnswer> {
  const body = objectOf(request.body, 'The request body');
  const from = `FROM ${grantee} ${granteeName(request)}`;
  const role = grantedRole(body);
  if (role !== undefined) return { status: 200, body: await restStatus(request.session, `REVOKE ${role} ${from}`) };
  const option = flag(body, 'grant_option') ? 'GRANT OPTION FOR ' : '';
  const words = `REVOKE ${option}${privilegesOf(body)} ON ${targetOfGrant(body, every)} ${from}`;
  return { status: 200, body: await restStatus(request.session, `${words} ${deleteMode(request, 'mode')}`.trimEnd()) };
}

/** RESTRICT, CASCADE, or nothing. @throws MalformedRequest */
export function deleteMode(request: RestRequest, parameter: string): string {
  const mode = queryParameter(request.query, parameter)?.toUpperCase() ?? '';
  if (mode === '' || mode === 'RESTRICT' || mode === 'CASCADE') return mode;
  throw new MalformedRequest(400, `'${parameter}' must be restrict or cascade.`);
}

/** A row of SHOW GRANTS TO ROLE. */
function grantJson({
  created_on,
  privilege,
  granted_on: type,
  name,
  grant_option: option,
  granted_by: by,
}: JsonObject): JsonObject {
  return {
    created_on,
    privileges: [privilege],
    securable_type: spaced(type),
    securable: type === 'ACCOUNT' ? undefined : securableJson(String(name)),
    grant_option: option === 'true',
    granted_by: by,
  };
}

/** A row of SHOW GRANTS TO USER: users are granted roles. */
function roleJson({ created_on, role, granted_by: by }: JsonObject): JsonObject {
  return { created_on, securable_type: 'ROLE', securable: { name: displayIdentifier(String(role)) }, granted_by: by };
}

/** A row of SHOW FUTURE GRANTS, whose name ends with a kind: `DB.S.<TABLE>`. */
function futureJson({ created_on, privilege, grant_on: type, name, grant_option: option }: JsonObject): JsonObject {
  const [database, schema] = parseName(String(name).replace(/\.<[^>]*>$/u, '')).map(displayIdentifier);
  return {
    created_on,
    privileges: [privilege],
    securable_type: spaced(type),
    containing_scope: { database, schema },
    grant_option: option === 'true',
  };
}

function securableJson(text: string): JsonObject {
  const parts = parseName(text.startsWith('"') || /^[A-Za-z_][\w$]*(?:\.|$)/u.test(text) ? text : `"${text}"`);
  const [name = '', schema, database] = parts.map(displayIdentifier).reverse();
  return { database: database ?? (parts.length === 2 ? schema : undefined), schema: parts.length === 3 ? schema : undefined, name };
}

/** SHOW GRANTS writes `COMPUTE_POOL`. */
function spaced(type: unknown): string {
  return String(type).replaceAll('_', ' ');
}
