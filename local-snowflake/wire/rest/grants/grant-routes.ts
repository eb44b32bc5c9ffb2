import { type JsonObject, objectOf } from '../../fields.ts';
import { queryCount } from '../rest-parameters.ts';
import type { RestAnswer, RestRequest, RestRoute } from '../rest-routes.ts';
import { restRows, restStatus } from '../rest-rows.ts';
import { optionalFlag, textList } from '../objects/clauses.ts';
import { deleteMode } from './grantee-routes.ts';
import { granteeOf, privilegesOf, securableName, words } from './grant-words.ts';

const grantee = '/grants/:granteeType/:granteeName';
const one = `${grantee}/:securableType/:securableName/privileges`;
const many = `${grantee}/:bulk/:securableType/:scopeType/:scopeName/privileges`;

/** https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/grant */
export const grantRoutes: readonly RestRoute[] = [
  { method: 'GET', path: grantee, handle: listGrants },
  ...[one, many].flatMap((path): RestRoute[] => [
    { method: 'POST', path, handle: grant },
    { method: 'DELETE', path: `${path}/:privilege`, handle: (request) => revoke(request, '') },
    { method: 'DELETE', path: `${path}/:privilege/grant-option`, handle: (request) => revoke(request, 'GRANT OPTION FOR ') },
  ]),
];

function part(request: RestRequest, name: string): string {
  return request.params[name] ?? '';
}

function granteeWords(request: RestRequest): string {
  return granteeOf(part(request, 'granteeType'), part(request, 'granteeName'));
}

/** What the path names, as it stands behind ON. */
function target(request: RestRequest): string {
  const type = words(part(request, 'securableType'), 'kind of object');
  if (request.params['bulk'] !== undefined) {
    const scope = `${words(part(request, 'scopeType'), 'kind of object')} ${securableName(part(request, 'scopeName'))}`;
    return `${words(part(request, 'bulk'), 'set of objects')} ${type} IN ${scope}`;
  }
  // `-` is the account that is asked.
  return type === 'ACCOUNT' ? 'ACCOUNT' : `${type} ${securableName(part(request, 'securableName'))}`;
}

/** Roles are granted as a whole: USAGE on them, or no privilege at all. */
function isRole(request: RestRequest, privileges: readonly string[]): boolean {
  const plain = privileges.length === 0 || (privileges.length === 1 && privileges[0]?.toUpperCase() === 'USAGE');
  return plain && request.params['bulk'] === undefined && /(?:^|\s)role$/iu.test(part(request, 'securableType'));
}

async function grant(request: RestRequest): Promise<RestAnswer> {
  const body = objectOf(request.body ?? {}, 'The request body');
  const to = `TO ${granteeWords(request)}`;
  const statement = isRole(request, textList(body, 'privileges'))
    ? `GRANT ${target(request)} ${to}`
    : `GRANT ${privilegesOf(body)} ON ${target(request)} ${to}${optionalFlag(body, 'grant_option') === true ? ' WITH GRANT OPTION' : ''}`;
  return { status: 200, body: await restStatus(request.session, statement) };
}

async function revoke(request: RestRequest, option: string): Promise<RestAnswer> {
  const privilege = part(request, 'privilege');
  const from = `FROM ${granteeWords(request)}`;
  const statement =
    option === '' && isRole(request, [privilege])
      ? `REVOKE ${target(request)} ${from}`
      : `REVOKE ${option}${words(privilege, 'privilege')} ON ${target(request)} ${from} ${deleteMode(request, 'deleteMode')}`;
  return { status: 200, body: await restStatus(request.session, statement.trimEnd()) };
}

async function listGrants(request: RestRequest): Promise<RestAnswer> {
  const rows = await restRows(request.session, `SHOW GRANTS TO ${granteeWords(request)}`);
  return { status: 200, body: rows.slice(0, queryCount(request, 'showLimit')).map(grantJson) };
}

/** A row of SHOW GRANTS TO ROLE, or of SHOW GRANTS TO USER, which has roles alone. */
function grantJson(row: JsonObject): JsonObject {
  const { role } = row;
  return {
    privileges: [role === undefined ? row['privilege'] : 'USAGE'],
    grant_option: row['grant_option'] === 'true',
    created_on: row['created_on'],
    grantee_type: row['granted_to'],
    grantee_name: row['grantee_name'],
    securable_type: role === undefined ? row['granted_on'] : 'ROLE',
    securable_name: role ?? row['name'],
    granted_by_role_type: row['granted_by_role_type'],
    granted_by_name: row['granted_by'],
  };
}
