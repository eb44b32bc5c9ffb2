import { SnowflakeError } from '../../../errors/snowflake-error.ts';
import { foldIdentifier, type ObjectName, quoteName } from '../../../sql/identifier.ts';
import { actionOf, pathIdentifier } from '../rest-parameters.ts';
import type { RestRequest } from '../rest-routes.ts';
import type { ObjectResource } from './object-resource.ts';

/** Database and schema of the path, as far as the kind is in them. */
export function containerOf({ within }: ObjectResource, request: RestRequest): ObjectName {
  const parts = { ACCOUNT: [], DATABASE: ['database'], SCHEMA: ['database', 'schema'] }[within];
  return parts.map((part) => pathIdentifier(request, part));
}

/** `IN SCHEMA …` of SHOW. */
export function inContainer(resource: ObjectResource, request: RestRequest): string {
  return resource.within === 'ACCOUNT' ? '' : `IN ${resource.within} ${quoteName(containerOf(resource, request))}`;
}

/** The object that the path names, and the action behind it. */
export function targetOf(
  resource: ObjectResource,
  request: RestRequest,
): { readonly name: ObjectName; readonly action: string | undefined } {
  const { name, action } = actionOf(request.params['name'] ?? '');
  return { name: [...containerOf(resource, request), foldIdentifier(name)], action };
}

/** @throws SnowflakeError `unsupported` for an action behind the name */
export function plainTarget(resource: ObjectResource, request: RestRequest): ObjectName {
  const { name, action } = targetOf(resource, request);
  if (action !== undefined) throw unsupportedAction(resource, action);
  return name;
}

export function unsupportedAction(resource: ObjectResource, action: string): SnowflakeError {
  return SnowflakeError.of('unsupported', { feature: `operation ':${action}' of ${resource.plural.toLowerCase()} over REST` });
}
