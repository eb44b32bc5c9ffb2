import type { RestObject } from '../../../session/rest-object-statement.ts';
import type { RestValue } from '../../../session/rest-setting.ts';
import { foldIdentifier, type ObjectName } from '../../../sql/identifier.ts';
import { flag, objectOf, optionalText } from '../../fields.ts';
import { MalformedRequest } from '../../malformed-request.ts';
import type { ObjectResource, SettingType } from './object-resource.ts';

/**
 * The object that a request's body describes, in `container`. `lifetime` is the `kind` of the query string, which the body's outdoes.
 * @throws MalformedRequest, SnowflakeError `invalidIdentifier`
 */
export function objectOfBody(
  resource: ObjectResource,
  requestBody: unknown,
  container: ObjectName,
  lifetime: string | undefined,
): RestObject {
  const body = objectOf(requestBody, 'The request body');
  const known = ['name', 'kind', ...(resource.source?.fields ?? []), ...(resource.managedAccess ? ['managed_access'] : [])];
  const properties = new Map<string, RestValue>();
  const names = new Map<string, string>();
  for (const [name, value] of Object.entries(body)) {
    if (value === undefined || value === null || known.includes(name)) continue;
    const type = resource.settings[name];
    if (type !== undefined) properties.set(name, settingValue(name, type, value));
    else if (!resource.references.includes(name)) refuseUnknown(resource, name);
    else if (value !== '') names.set(name, foldIdentifier(optionalText(body, name) ?? ''));
  }
  const name = optionalText(body, 'name');
  if (name === undefined) throw new MalformedRequest(400, "The text 'name' is missing.");
  const wanted = (optionalText(body, 'kind') ?? lifetime ?? 'PERMANENT').toUpperCase();
  if (resource.transient && wanted !== 'PERMANENT' && wanted !== 'TRANSIENT') {
    throw new MalformedRequest(400, "'kind' must be PERMANENT or TRANSIENT.");
  }
  return {
    kind: resource.kind,
    transient: resource.transient && wanted === 'TRANSIENT',
    name: [...container, foldIdentifier(name)],
    clauses: resource.managedAccess && flag(body, 'managed_access') ? ['WITH MANAGED ACCESS'] : [],
    properties,
    names,
  };
}

/** What only answers hold is ignored in requests. */
function refuseUnknown(resource: ObjectResource, name: string): void {
  const answered = Object.hasOwn(resource.shown, name);
  if (!answered) throw new MalformedRequest(400, `'${name}' is no property of ${resource.plural.toLowerCase()}.`);
}

function settingValue(name: string, type: SettingType, value: unknown): RestValue {
  if (type === 'number' && typeof value === 'number') return value;
  if (type === 'text' && typeof value === 'string') return value;
  if (type === 'flag' && typeof value === 'boolean') return value;
  if (type === 'flagText' && (value === 'true' || value === 'false')) return value === 'true';
  const wanted = { number: 'a number', text: 'a text', flag: 'a boolean', flagText: "'true' or 'false'" }[type];
  throw new MalformedRequest(400, `'${name}' must be ${wanted}.`);
}
