import { SnowflakeError } from '../../../errors/snowflake-error.ts';
import { type RestCreateMode, restObjectStatement, restSetStatement } from '../../../session/rest-object-statement.ts';
import { displayName, foldIdentifier, quoteName } from '../../../sql/identifier.ts';
import { objectOf, queryParameter } from '../../fields.ts';
import { MalformedRequest } from '../../malformed-request.ts';
import { createMode, queryFlag, showClauses } from '../rest-parameters.ts';
import type { RestAnswer, RestRequest, RestRoute } from '../rest-routes.ts';
import { restRows, restStatus } from '../rest-rows.ts';
import { act, actionsOf, createFromQuery, tagsOf } from './object-actions.ts';
import { objectOfBody, requireKnown } from './object-body.ts';
import { detailRows, findShown, shownRow } from './object-details.ts';
import { objectJson } from './object-json.ts';
import type { ObjectResource } from './object-resource.ts';
import { containerOf, inContainer, plainTarget, targetOf, unsupportedAction } from './object-target.ts';

/** The operations of a kind of object: each is the SQL statement of the same meaning. */
export function objectRoutes(resource: ObjectResource): readonly RestRoute[] {
  const single = `${resource.path}/:name`;
  const { refused = [], tagged } = resource;
  return [
    {
      method: 'GET',
      path: resource.path,
      ...(resource.restorable === true ? {} : { refused: ['?history=true'] }),
      handle: (request) => list(resource, request),
    },
    ...(resource.creatable === false
      ? []
      : [
          {
            method: 'POST' as const,
            path: resource.path,
            handle: (request: RestRequest) => create(resource, request, createMode(request)),
          },
        ]),
    ...Object.entries(resource.queried ?? {}).map(([action, statement]): RestRoute => ({
      method: 'POST',
      path: resource.path,
      actions: [action],
      collective: true,
      handle: (request) => createFromQuery(resource, request, statement),
    })),
    {
      method: 'GET',
      path: single,
      refused: [...(tagged === true ? [] : [':get-tags']), ...(resource.fetchable === false ? ['GET'] : [])],
      handle: (request) => fetchOne(resource, request),
    },
    ...(resource.put === undefined
      ? []
      : [{ method: 'PUT' as const, path: single, handle: (request: RestRequest) => createOrAlter(resource, request) }]),
    { method: 'DELETE', path: single, handle: (request) => drop(resource, request) },
    {
      method: 'POST',
      path: single,
      actions: actionsOf(resource),
      refused: tagged === true ? refused : [...refused, ':set-tags', ':unset-tags'],
      handle: (request) => act(resource, request),
    },
  ];
}

async function list(resource: ObjectResource, request: RestRequest): Promise<RestAnswer> {
  const history = queryFlag(request, 'history');
  if (history && resource.restorable !== true)
    throw SnowflakeError.of('unsupported', { feature: `history of ${resource.plural.toLowerCase()} over REST` });
  const { text, binds } = showClauses(request, inContainer(resource, request));
  const rows = await restRows(request.session, `SHOW ${resource.plural} ${history ? 'HISTORY ' : ''}${text}`, binds);
  if (resource.deep !== true || !queryFlag(request, 'deep'))
    return { status: 200, body: rows.map((row) => objectJson(resource, row)) };
  const container = containerOf(resource, request);
  const whole = rows.map(async (row) => {
    // What was dropped cannot be described.
    const details = row['dropped_on'] === undefined ? await detailRows(resource, request, [...container, String(row['name'])]) : [];
    return objectJson(resource, row, details);
  });
  return { status: 200, body: await Promise.all(whole) };
}

async function create(resource: ObjectResource, request: RestRequest, mode: RestCreateMode): Promise<RestAnswer> {
  return { status: 200, body: await restStatus(request.session, createStatement(resource, request, mode)) };
}

function createStatement(resource: ObjectResource, request: RestRequest, mode: RestCreateMode): string {
  const container = containerOf(resource, request);
  const { grammar } = resource;
  if (grammar !== undefined) {
    const { body, name } = requireKnown(resource, request.body);
    return grammar.statement({
      body,
      container,
      name: [...container, foldIdentifier(name)],
      mode,
      copyGrants: queryFlag(request, 'copyGrants'),
    });
  }
  const object = objectOfBody(resource, request.body, container, queryParameter(request.query, 'kind'));
  const properties = new Map(object.properties);
  for (const [parameter, property] of Object.entries(resource.switches ?? {})) {
    if (queryFlag(request, parameter)) properties.set(property, true);
  }
  const source = resource.source?.clause(objectOf(request.body, 'The request body'), container);
  return restObjectStatement({ ...object, properties }, mode, source);
}

async function createOrAlter(resource: ObjectResource, request: RestRequest): Promise<RestAnswer> {
  const { session } = request;
  const name = plainTarget(resource, request);
  const { name: written } = requireKnown(resource, request.body);
  if (displayName([...containerOf(resource, request), foldIdentifier(written)]) !== displayName(name)) {
    throw new MalformedRequest(400, `The path and the body name different ${resource.plural.toLowerCase()}.`);
  }
  if (resource.put === 'OR ALTER') return create(resource, request, 'orAlter');
  const object = objectOfBody(resource, request.body, containerOf(resource, request), queryParameter(request.query, 'kind'));
  const missing = resource.required?.find((setting) => !object.properties.has(setting));
  if (missing !== undefined) throw new MalformedRequest(400, `'${missing}' is missing.`);
  const row = await findShown(resource, request, name);
  if (row === undefined) return create(resource, request, 'errorIfExists');
  if (resource.fixed !== undefined) {
    const [described = {}] = await detailRows(resource, request, name);
    resource.fixed(objectOf(request.body, 'The request body'), { ...row, ...described });
  }
  const given = [...object.properties.keys(), ...object.names.keys()];
  const status = given.length === 0 ? undefined : await restStatus(session, restSetStatement(object));
  // The request is the whole of the object: what it leaves out has its default again.
  const left = [...Object.keys(resource.settings), ...resource.references].filter(
    (setting) => !given.includes(setting) && resource.kept?.includes(setting) !== true,
  );
  const unset = `ALTER ${resource.kind} ${quoteName(name)} UNSET ${left.join(', ')}`;
  const reset = left.length === 0 ? undefined : await restStatus(session, unset);
  return { status: 200, body: status ?? reset };
}

async function fetchOne(resource: ObjectResource, request: RestRequest): Promise<RestAnswer> {
  const { name, action } = targetOf(resource, request);
  if (action === 'get-tags' && resource.tagged === true) return tagsOf(resource, request, name);
  if (action !== undefined) throw unsupportedAction(resource, action);
  if (resource.fetchable === false)
    throw SnowflakeError.of('unsupported', { feature: `GET of one of the ${resource.plural.toLowerCase()} over REST` });
  const row = await shownRow(resource, request, name);
  return { status: 200, body: objectJson(resource, row, await detailRows(resource, request, name)) };
}

async function drop(resource: ObjectResource, request: RestRequest): Promise<RestAnswer> {
  const ifExists = queryFlag(request, 'ifExists') ? 'IF EXISTS ' : '';
  const restrict = queryFlag(request, 'restrict') ? ' RESTRICT' : '';
  const statement = `DROP ${resource.kind} ${ifExists}${quoteName(plainTarget(resource, request))}${restrict}`;
  return { status: 200, body: await restStatus(request.session, statement) };
}
