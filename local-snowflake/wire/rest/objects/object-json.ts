import { displayIdentifier } from '../../../sql/identifier.ts';
import type { JsonObject } from '../../fields.ts';
import type { FieldType, ObjectResource } from './object-resource.ts';

/** REST's object from a row of SHOW and, where they were asked for, the rows of its `details`. */
export function objectJson(resource: ObjectResource, row: JsonObject, details: readonly JsonObject[] = []): JsonObject {
  const whole = { ...row, ...described(resource, details) };
  return {
    name: displayIdentifier(String(row['name'])),
    ...Object.fromEntries(Object.entries(resource.shown).map(([name, type]) => [name, fieldJson(type, whole[name])])),
    ...(resource.details === 'PARAMETERS' ? setParameters(resource, details) : {}),
    ...resource.derived?.(whole, details),
  };
}

function described({ details: how }: ObjectResource, details: readonly JsonObject[]): JsonObject {
  if (how === 'DESCRIBE') return details[0] ?? {};
  if (how !== 'PROPERTIES') return {};
  return Object.fromEntries(details.map(({ property, value }) => [String(property).toLowerCase(), value]));
}

function setParameters(resource: ObjectResource, rows: readonly JsonObject[]): JsonObject {
  const set = rows
    .filter((parameter) => parameter['level'] === resource.kind)
    .map((parameter) => [String(parameter['key']).toLowerCase(), parameter['value']] as const)
    .filter(([name]) => Object.hasOwn(resource.settings, name));
  return Object.fromEntries(set.map(([name, value]) => [name, fieldJson(resource.settings[name] ?? 'text', value)]));
}

/** Undefined, and so not in the answer, for what SHOW leaves empty. */
export function fieldJson(type: FieldType, value: unknown): unknown {
  if (value === undefined || value === '' || value === 'null') return undefined;
  switch (type) {
    case 'number':
      return Number(value);
    case 'yesNo':
      return value === 'Y';
    case 'onOff':
      return value === 'ON';
    case 'flag':
      return value === 'true';
    case 'identifier':
      return typeof value === 'string' ? displayIdentifier(value) : value;
    case 'text':
    case 'flagText':
      return value;
  }
}
