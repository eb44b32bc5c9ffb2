import { SnowflakeError } from '../../../errors/snowflake-error.ts';
import {
  type RestCreateMode,
  type RestObject,
  restObjectStatement,
  restSetStatement,
} from '../../../session/rest-object-statement.ts';
import { displayName, foldIdentifier, type ObjectName, quoteIdentifier, quoteName } from '../../../sql/identifier.ts';
import { type JsonObject, objectOf, optionalText, queryParameter } from '../../fields.ts';
import { MalformedRequest } from '../../malformed-request.ts';
import { getTags, setTags, tagActions, unsetTags } from '../object-tags.ts';
import { actionOf, createMode, pathIdentifier, queryFlag, showClauses } from '../rest-parameters.ts';
import { pointOfTime } from '../point-of-time.ts';
import type { RestAnswer, RestRequest, RestRoute } from '../rest-routes.ts';
import { restRows, restStatus } from '../rest-rows.ts';
import { objectOfBody } from './object-body.ts';
import { objectJson } from './object-json.ts';
import type { ObjectResource } from './object-resource.ts';

/** The operations of a kind of object: each is the SQL statement of the same meaning. */
export function objectRoutes(resource: ObjectResource): readonly RestRoute[] {
  const single = `${resource.path}/:name`;
  return [
    {
      method: 'GET',
      path: resource.path,
      ...(resource.restorable ? {} : { refused: ['?history=true'] }),
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
    {
      method: 'GET',
      path: single,
      ...(resource.tagged ? {} : { refused: [':get-tags'] }),
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
      refused: resource.tagged ? resource.refused : [...resource.refused, ':set-tags', ':unset-tags'],
      handle: (request) => act(resource, request),
    },
  ];
}

function actionsOf({ actions, statements = {}, renamable, usable, restorable, tagged }: ObjectResource): string[] {
  return [
    ...Object.keys(actions),
    ...Object.keys(statements),
    ...(restorable ? ['clone', 'undrop'] : []),
    ...(renamable ? ['rename'] : []),
    ...(usable ? ['use'] : []),
    ...(tagged ? tagActions : []),
  ];
}

function containerOf({ within }: ObjectResource, request: RestRequest): ObjectName {
  const parts = { ACCOUNT: [], DATABASE: ['database'], SCHEMA: ['database', 'schema'] }[within];
  return parts.map((part) => pathIdentifier(request, part));
}

function inContainer(resource: ObjectResource, request: RestRequest): string {
  return resource.within === 'ACCOUNT' ? '' : `IN ${resource.within} ${quoteName(containerOf(resource, request))}`;
}

/** The object that the path names. @throws SnowflakeError `unsupported` for an action behind it that is none of `actions` */
function target(
  resource: ObjectResource,
  request: RestRequest,
): { readonly name: ObjectName; readonly action: string | undefined } {
  const { name, action } = actionOf(request.params['name'] ?? '');
  return { name: [...containerOf(resource, request), foldIdentifier(name)], action };
}

function plain(resource: ObjectResource, request: RestRequest): ObjectName {
  const { name, action } = target(resource, request);
  if (action !== undefined) throw unsupported(resource, action);
  return name;
}

function unsupported(resource: ObjectResource, action: string): SnowflakeError {
  return SnowflakeError.of('unsupported', { feature: `operation ':${action}' of ${resource.plural.toLowerCase()} over REST` });
}

async function list(resource: ObjectResource, request: RestRequest): Promise<RestAnswer> {
  const history = queryFlag(request, 'history');
  if (history && !resource.restorable)
    throw SnowflakeError.of('unsupported', { feature: `history of ${resource.plural.toLowerCase()} over REST` });
  const { text, binds } = showClauses(request, inContainer(resource, request));
  const rows = await restRows(request.session, `SHOW ${resource.plural} ${history ? 'HISTORY ' : ''}${text}`, binds);
  return { status: 200, body: rows.map((row) => objectJson(resource, row)) };
}

function describedObject(resource: ObjectResource, request: RestRequest): RestObject {
  return objectOfBody(resource, request.body, containerOf(resource, request), queryParameter(request.query, 'kind'));
}

async function create(resource: ObjectResource, request: RestRequest, mode: RestCreateMode): Promise<RestAnswer> {
  const object = describedObject(resource, request);
  const properties = new Map(object.properties);
  for (const [parameter, property] of Object.entries(resource.switches ?? {})) {
    if (queryFlag(request, parameter)) properties.set(property, true);
  }
  const source = resource.source?.clause(objectOf(request.body, 'The request body'), containerOf(resource, request));
  return { status: 200, body: await restStatus(request.session, restObjectStatement({ ...object, properties }, mode, source)) };
}

async function createOrAlter(resource: ObjectResource, request: RestRequest): Promise<RestAnswer> {
  const object = describedObject(resource, request);
  const name = plain(resource, request);
  if (displayName(object.name) !== displayName(name)) {
    throw new MalformedRequest(400, `The path and the body name different ${resource.plural.toLowerCase()}.`);
  }
  const missing = resource.required?.find((setting) => !object.properties.has(setting));
  if (missing !== undefined) throw new MalformedRequest(400, `'${missing}' is missing.`);
  const { session } = request;
  if (resource.put === 'OR ALTER') return { status: 200, body: await restStatus(session, restObjectStatement(object, 'orAlter')) };
  if ((await findShown(resource, request, name)) === undefined)
    return { status: 200, body: await restStatus(session, restObjectStatement(object, 'errorIfExists')) };
  const status = await restStatus(session, restSetStatement(object));
  // The request is the whole of the object: what it leaves out has its default again.
  const left = Object.keys(resource.settings).filter((setting) => !object.properties.has(setting));
  if (left.length > 0) await restRows(session, `ALTER ${resource.kind} ${quoteName(name)} UNSET ${left.join(', ')}`);
  return { status: 200, body: status };
}

async function fetchOne(resource: ObjectResource, request: RestRequest): Promise<RestAnswer> {
  const { name, action } = target(resource, request);
  if (action === 'get-tags' && resource.tagged) return getTags(request, { kind: resource.kind, name });
  if (action !== undefined) throw unsupported(resource, action);
  const row = await shownRow(resource, request, name);
  const { kind, details } = resource;
  if (details === 'PARAMETERS') {
    const parameters = await restRows(request.session, `SHOW PARAMETERS IN ${kind} ${quoteName(name)}`);
    return { status: 200, body: objectJson(resource, row, parameters) };
  }
  const [described] = details === 'DESCRIBE' ? await restRows(request.session, `DESCRIBE ${kind} ${quoteName(name)}`) : [];
  return { status: 200, body: objectJson(resource, { ...row, ...described }) };
}

/** @throws SnowflakeError `objectDoesNotExist` */
async function shownRow(resource: ObjectResource, request: RestRequest, name: ObjectName): Promise<JsonObject> {
  const row = await findShown(resource, request, name);
  if (row !== undefined) return row;
  const kind = `${resource.kind.charAt(0)}${resource.kind.slice(1).toLowerCase()}`;
  throw SnowflakeError.of('objectDoesNotExist', { kind, name: displayName(name) });
}

/** SHOW knows names by pattern only, in any case. */
async function findShown(resource: ObjectResource, request: RestRequest, name: ObjectName): Promise<JsonObject | undefined> {
  const own = name.at(-1) ?? '';
  const pattern = own.replace(/[\\%_]/gu, String.raw`\$&`);
  const rows = await restRows(request.session, `SHOW ${resource.plural} LIKE ? ${inContainer(resource, request)}`, [pattern]);
  return rows.find((each) => each['name'] === own);
}

async function drop(resource: ObjectResource, request: RestRequest): Promise<RestAnswer> {
  const ifExists = queryFlag(request, 'ifExists') ? 'IF EXISTS ' : '';
  const restrict = queryFlag(request, 'restrict') ? ' RESTRICT' : '';
  const statement = `DROP ${resource.kind} ${ifExists}${quoteName(plain(resource, request))}${restrict}`;
  return { status: 200, body: await restStatus(request.session, statement) };
}

async function act(resource: ObjectResource, request: RestRequest): Promise<RestAnswer> {
  const { name, action = '' } = target(resource, request);
  if (action === 'set-tags' && resource.tagged) return setTags(request, { kind: resource.kind, name });
  if (action === 'unset-tags' && resource.tagged) return unsetTags(request, { kind: resource.kind, name });
  if (action === 'use' && resource.usable) {
    return { status: 200, body: await restStatus(request.session, `USE ${resource.kind} ${quoteName(name)}`) };
  }
  if (action === 'undrop' && resource.restorable)
    return { status: 200, body: await restStatus(request.session, `UNDROP ${resource.kind} ${quoteName(name)}`) };
  if (action === 'clone' && resource.restorable) return clone(resource, request, name);
  const statement = Object.hasOwn(resource.statements ?? {}, action) ? resource.statements?.[action] : undefined;
  if (statement !== undefined) {
    if (queryFlag(request, 'asyncExec')) throw unsupported(resource, `${action}?asyncExec=true`);
    return { status: 200, body: await restStatus(request.session, statement(quoteName(name))) };
  }
  const words = action === 'rename' && resource.renamable ? renaming(request) : wordsOf(resource, action);
  if (words === undefined) throw unsupported(resource, action);
  const ifExists = queryFlag(request, 'ifExists') ? 'IF EXISTS ' : '';
  return { status: 200, body: await restStatus(request.session, `ALTER ${resource.kind} ${ifExists}${quoteName(name)} ${words}`) };
}

/** The body describes the clone; what the path names is its source. */
async function clone(resource: ObjectResource, request: RestRequest, source: ObjectName): Promise<RestAnswer> {
  const { point_of_time: point, ...described } = objectOf(request.body, 'The request body');
  const target = queryParameter(request.query, 'targetDatabase');
  const container =
    resource.within === 'DATABASE' && target !== undefined ? [foldIdentifier(target)] : containerOf(resource, request);
  const object = objectOfBody(resource, described, container, queryParameter(request.query, 'kind'));
  const clause = `CLONE ${quoteName(source)} ${pointOfTime({ point_of_time: point })}`;
  return { status: 200, body: await restStatus(request.session, restObjectStatement(object, createMode(request), clause)) };
}

function wordsOf(resource: ObjectResource, action: string): string | undefined {
  return Object.hasOwn(resource.actions, action) ? resource.actions[action] : undefined;
}

/** The body is an object of the kind, of which only the name counts. @throws MalformedRequest */
function renaming(request: RestRequest): string {
  const name = optionalText(objectOf(request.body, 'The request body'), 'name');
  if (name === undefined) throw new MalformedRequest(400, "The text 'name' is missing.");
  return `RENAME TO ${quoteIdentifier(foldIdentifier(name))}`;
}
