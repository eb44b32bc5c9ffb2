import { MalformedRequest } from './malformed-request.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** @throws MalformedRequest when `value` is not a JSON object */
export function objectOf(value: unknown, what: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new MalformedRequest(400, `${what} must be a JSON object.`);
}

/** A text field; undefined when absent, null or empty. @throws MalformedRequest when it is of another type */
export function optionalText(object: JsonObject, name: string): string | undefined {
  const value = object[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  throw new MalformedRequest(400, `'${name}' must be a text.`);
}

/** An object field; empty when absent or null. @throws MalformedRequest when it is of another type */
export function optionalObject(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  return value === undefined || value === null ? {} : objectOf(value, `'${name}'`);
}

/** True only for the JSON value `true`. */
export function flag(object: JsonObject, name: string): boolean {
  return object[name] === true;
}

/** The first value of a query-string parameter; undefined when absent or empty. */
export function queryParameter(query: unknown, name: string): string | undefined {
  if (typeof query !== 'object' || query === null) return undefined;
  const value = (query as Record<string, unknown>)[name];
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' && first !== '' ? first : undefined;
}
