import { displayIdentifier } from '../../../sql/identifier.ts';
import type { JsonObject } from '../../fields.ts';
import type { FieldType, ObjectResource } from './object-resource.ts';

/** REST's object from a row of SHOW and, where they were asked for, the rows of SHOW PARAMETERS. */
export function objectJson(resource: ObjectResource, row: JsonObject, parameterRows: readonly JsonObject[] = []): JsonObject {
  const set = parameterRows
    .filter((parameter) => parameter['level'] === resource.kind)
    .map((parameter) => [String(parameter['key']).toLowerCase(), parameter['value']] as const)
    .filter(([name]) => Object.hasOwn(resource.settings, name));
  return {
    name: displayIdentifier(String(row['name'])),
    ...Object.fromEntries(Object.entries(resource.shown).map(([name, type]) => [name, fieldJson(type, row[name])])),
    ...Object.fromEntries(set.map(([name, value]) => [name, fieldJson(resource.settings[name] ?? 'text', value)])),
    ...resource.derived(row),
  };
}

/** Undefined, and so not in the answer, for what SHOW leaves empty. */
function fieldJson(type: FieldType, value: unknown): unknown {
  if (value === undefined || value === '' || value === 'null') return undefined;
  switch (type) {
    case 'number':
      return Number(value);
    case 'yesNo':
      return value === 'Y';
    case 'flag':
      return value === 'true';
    case 'identifier':
      return typeof value === 'string' ? displayIdentifier(value) : value;
    case 'text':
    case 'flagText':
      return value;
  }
}
