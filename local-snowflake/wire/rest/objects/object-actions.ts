import { restObjectStatement } from '../../../session/rest-object-statement.ts';
import { foldIdentifier, type ObjectName, quoteName } from '../../../sql/identifier.ts';
import { objectOf, optionalText, queryParameter } from '../../fields.ts';
import { MalformedRequest } from '../../malformed-request.ts';
import { getTags, setTags, tagActions, unsetTags } from '../object-tags.ts';
import { pointOfTime } from '../point-of-time.ts';
import { createMode, queryFlag } from '../rest-parameters.ts';
import type { RestAnswer, RestRequest } from '../rest-routes.ts';
import { restStatus } from '../rest-rows.ts';
import { createHead, statementOf } from './create-head.ts';
import { objectOfBody } from './object-body.ts';
import type { Creation, ObjectResource } from './object-resource.ts';
import { containerOf, targetOf, unsupportedAction } from './object-target.ts';

/** What may stand behind the name of an object of the kind. */
export function actionsOf(resource: ObjectResource): string[] {
  return [
    ...Object.keys(resource.actions ?? {}),
    ...Object.keys(resource.statements ?? {}),
    ...(resource.cloning === undefined ? [] : ['clone']),
    ...Object.keys(resource.derivations ?? {}),
    ...(resource.restorable === true ? ['undrop'] : []),
    ...(resource.swappable === true ? ['swap-with'] : []),
    ...(resource.renamable === undefined ? [] : ['rename']),
    ...(resource.usable === true ? ['use'] : []),
    ...(resource.tagged === true ? tagActions : []),
  ];
}

/** `POST <collection>/<name>:<action>` */
export async function act(resource: ObjectResource, request: RestRequest): Promise<RestAnswer> {
  const { name, action = '' } = targetOf(resource, request);
  if (resource.tagged === true && action === 'set-tags') return setTags(request, { kind: resource.kind, name });
  if (resource.tagged === true && action === 'unset-tags') return unsetTags(request, { kind: resource.kind, name });
  return { status: 200, body: await restStatus(request.session, statementFor(resource, request, name, action)) };
}

function statementFor(resource: ObjectResource, request: RestRequest, name: ObjectName, action: string): string {
  const { kind, actions = {}, statements = {} } = resource;
  if (action === 'use' && resource.usable === true) return `USE ${kind} ${quoteName(name)}`;
  if (action === 'undrop' && resource.restorable === true) return `UNDROP ${kind} ${quoteName(name)}`;
  if (action === 'clone' && resource.cloning !== undefined) return cloneStatement(resource, request, name);
  const derive = Object.hasOwn(resource.derivations ?? {}, action) ? resource.derivations?.[action] : undefined;
  if (derive !== undefined) return derive(derivedCreation(resource, request), name);
  const statement = Object.hasOwn(statements, action) ? statements[action] : undefined;
  if (statement !== undefined) {
    return statement(quoteName(name));
  }
  const ifExists = queryFlag(request, 'ifExists') ? 'IF EXISTS ' : '';
  const alter = `ALTER ${kind} ${ifExists}${quoteName(name)}`;
  if (action === 'rename' && resource.renamable !== undefined) {
    const renamed = resource.renamable === 'BODY' ? [nameOfBody(request.body)] : targetName(resource, request);
    return `${alter} RENAME TO ${quoteName(renamed)}`;
  }
  if (action === 'swap-with' && resource.swappable === true)
    return `${alter} SWAP WITH ${quoteName(targetName(resource, request))}`;
  if (!Object.hasOwn(actions, action)) throw unsupportedAction(resource, action);
  return `${alter} ${actions[action] ?? ''}`;
}

/** The body is an object of the kind, of which only the name counts. @throws MalformedRequest */
function nameOfBody(body: unknown): string {
  const name = optionalText(objectOf(body, 'The request body'), 'name');
  if (name === undefined) throw new MalformedRequest(400, "The text 'name' is missing.");
  return foldIdentifier(name);
}

/** `targetName` in `targetDatabase` and `targetSchema`, which are the path's when left out. */
function targetName(resource: ObjectResource, request: RestRequest): ObjectName {
  const name = queryParameter(request.query, 'targetName');
  if (name === undefined) throw new MalformedRequest(400, "The query parameter 'targetName' is missing.");
  return [...targetContainer(resource, request), foldIdentifier(name)];
}

function targetContainer(resource: ObjectResource, request: RestRequest): ObjectName {
  const [database, schema] = ['targetDatabase', 'targetSchema'].map((name) => queryParameter(request.query, name));
  return containerOf(resource, request).map((own, index) => {
    const other = index === 0 ? database : schema;
    return other === undefined ? own : foldIdentifier(other);
  });
}

/** The body describes the clone; what the path names is its source. @throws MalformedRequest, SnowflakeError */
function cloneStatement(resource: ObjectResource, request: RestRequest, source: ObjectName): string {
  const body = objectOf(request.body, 'The request body');
  const { point_of_time: point, ...described } = body;
  const clone = `CLONE ${quoteName(source)} ${pointOfTime({ point_of_time: point })}`;
  // Databases and schemas can be otherwise than their source in each of their settings.
  if (resource.transient === true) {
    const object = objectOfBody(resource, described, targetContainer(resource, request), queryParameter(request.query, 'kind'));
    return restObjectStatement(object, createMode(request), clone);
  }
  const creation = derivedCreation(resource, request);
  const { clauses, modifiers } = resource.cloning ?? {};
  return statementOf(
    createHead(creation, resource.kind, modifiers?.(body)),
    clone,
    creation.copyGrants ? 'COPY GRANTS' : '',
    clauses?.(body),
  );
}

/** What the body names, in the container that the query string or the path names. */
function derivedCreation(resource: ObjectResource, request: RestRequest): Creation {
  const container = targetContainer(resource, request);
  const body = objectOf(request.body, 'The request body');
  const copyGrants = queryFlag(request, 'copyGrants');
  return { body, container, name: [...container, nameOfBody(body)], mode: createMode(request), copyGrants };
}

/** `POST <collection>:<action>?query=…` @throws MalformedRequest, SnowflakeError */
export async function createFromQuery(
  resource: ObjectResource,
  request: RestRequest,
  statement: (creation: Creation, query: string) => string,
): Promise<RestAnswer> {
  const query = queryParameter(request.query, 'query');
  if (query === undefined) throw new MalformedRequest(400, "The query parameter 'query' is missing.");
  return { status: 200, body: await restStatus(request.session, statement(derivedCreation(resource, request), query)) };
}

/** `GET <collection>/<name>:get-tags` */
export function tagsOf(resource: ObjectResource, request: RestRequest, name: ObjectName): Promise<RestAnswer> {
  return getTags(request, { kind: resource.kind, name });
}
