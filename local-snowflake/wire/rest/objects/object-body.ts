import type { RestObject } from '../../../session/rest-object-statement.ts';
import type { RestValue } from '../../../session/rest-setting.ts';
import { foldIdentifier, type ObjectName, parseName } from '../../../sql/identifier.ts';
import { flag, type JsonObject, objectOf, optionalText } from '../../fields.ts';
import { MalformedRequest } from '../../malformed-request.ts';
import type { ObjectResource, SettingType } from './object-resource.ts';

/** The body and the name in it. @throws MalformedRequest for what is no property of the kind; what only answers hold is ignored */
export function requireKnown(resource: ObjectResource, requestBody: unknown): { readonly body: JsonObject; readonly name: string } {
  const body = objectOf(requestBody, 'The request body');
  const { grammar, source, managedAccess, settings, references, shown } = resource;
  const known = new Set([
    ...['name', 'kind', ...(managedAccess === true ? ['managed_access'] : [])],
    ...[...(grammar?.fields ?? []), ...(source?.fields ?? []), ...references],
    ...[...Object.keys(settings), ...Object.keys(shown)],
  ]);
  for (const [name, value] of Object.entries(body)) {
    if (value === undefined || value === null || known.has(name)) continue;
    throw new MalformedRequest(400, `'${name}' is no property of ${resource.plural.toLowerCase()}.`);
  }
  const name = optionalText(body, 'name');
  if (name === undefined) throw new MalformedRequest(400, "The text 'name' is missing.");
  return { body, name };
}

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
  const { body, name } = requireKnown(resource, requestBody);
  const properties = new Map<string, RestValue>();
  const names = new Map<string, ObjectName>();
  for (const [field, value] of Object.entries(body)) {
    if (value === undefined || value === null) continue;
    const type = Object.hasOwn(resource.settings, field) ? resource.settings[field] : undefined;
    if (type !== undefined) properties.set(field, settingValue(field, type, value));
    else if (resource.references.includes(field) && value !== '') names.set(field, parseName(optionalText(body, field) ?? ''));
  }
  const wanted = (optionalText(body, 'kind') ?? lifetime ?? 'PERMANENT').toUpperCase();
  if (resource.transient === true && wanted !== 'PERMANENT' && wanted !== 'TRANSIENT') {
    throw new MalformedRequest(400, "'kind' must be PERMANENT or TRANSIENT.");
  }
  return {
    kind: resource.kind,
    transient: resource.transient === true && wanted === 'TRANSIENT',
    name: [...container, foldIdentifier(name)],
    clauses: resource.managedAccess === true && flag(body, 'managed_access') ? ['WITH MANAGED ACCESS'] : [],
    properties,
    names,
  };
}

function settingValue(name: string, type: SettingType, value: unknown): RestValue {
  if (type === 'number' && typeof value === 'number') return value;
  if (type === 'text' && typeof value === 'string') return value;
  if (type === 'flag' && typeof value === 'boolean') return value;
  if (type === 'flagText' && (value === 'true' || value === 'false')) return value === 'true';
  const wanted = { number: 'a number', text: 'a text', flag: 'a boolean', flagText: "'true' or 'false'" }[type];
  throw new MalformedRequest(400, `'${name}' must be ${wanted}.`);
}
