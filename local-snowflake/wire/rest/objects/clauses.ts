import { SnowflakeError } from '../../../errors/snowflake-error.ts';
import { foldIdentifier, type ObjectName, parseName, quoteIdentifier } from '../../../sql/identifier.ts';
import { quoteString } from '../../../sql/literal.ts';
import { type JsonObject, objectOf, optionalText } from '../../fields.ts';
import { MalformedRequest } from '../../malformed-request.ts';

/** @throws MalformedRequest when it is absent or no text */
export function requiredText(body: JsonObject, name: string): string {
  const text = optionalText(body, name);
  if (text === undefined) throw new MalformedRequest(400, `The text '${name}' is missing.`);
  return text;
}

/** @throws MalformedRequest when it is there and no whole number */
export function optionalNumber(body: JsonObject, name: string): number | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new MalformedRequest(400, `'${name}' must be a whole number.`);
}

/** @throws MalformedRequest when it is there and no boolean */
export function optionalFlag(body: JsonObject, name: string): boolean | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value;
  throw new MalformedRequest(400, `'${name}' must be a boolean.`);
}

/** A list of texts; empty when absent. @throws MalformedRequest */
export function textList(body: JsonObject, name: string): readonly string[] {
  const value = body[name];
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
  throw new MalformedRequest(400, `'${name}' must be a list of texts.`);
}

/** A list of objects; empty when absent. @throws MalformedRequest */
export function objectList(body: JsonObject, name: string): readonly JsonObject[] {
  const value = body[name];
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.map((each) => objectOf(each, `An element of '${name}'`));
  throw new MalformedRequest(400, `'${name}' must be a list.`);
}

/** `NAME = 'text'` of a field of that name; empty without it. */
export function textProperty(body: JsonObject, name: string): string {
  const text = optionalText(body, name);
  return text === undefined ? '' : `${name.toUpperCase()} = ${quoteString(text)}`;
}

export function commentProperty(body: JsonObject): string {
  return textProperty(body, 'comment');
}

/** `NAME = 12`, `NAME = TRUE`; empty without the field. */
export function numberProperty(body: JsonObject, name: string): string {
  const value = optionalNumber(body, name);
  return value === undefined ? '' : `${name.toUpperCase()} = ${String(value)}`;
}

export function flagProperty(body: JsonObject, name: string): string {
  const value = optionalFlag(body, name);
  return value === undefined ? '' : `${name.toUpperCase()} = ${String(value).toUpperCase()}`;
}

/** `NAME = "OBJECT"` of a field that names an object of the account; empty without it. */
export function nameProperty(body: JsonObject, name: string): string {
  const value = optionalText(body, name);
  return value === undefined ? '' : `${name.toUpperCase()} = ${quoteIdentifier(foldIdentifier(value))}`;
}

/** A name in a request's body, as far as it is written; the rest is `container`. @throws SnowflakeError `invalidIdentifier` */
export function qualifiedName(text: string, container: ObjectName): ObjectName {
  const parts = parseName(text);
  return [...container.slice(0, Math.max(0, container.length + 1 - parts.length)), ...parts];
}

/** @throws SnowflakeError `unsupported` when one of the fields is given */
export function refuseFields(body: JsonObject, plural: string, names: readonly string[]): void {
  for (const name of names) {
    const value = body[name];
    if (value === undefined || value === null || value === false) continue;
    if (Array.isArray(value) && value.length === 0) continue;
    throw SnowflakeError.of('unsupported', { feature: `'${name}' of ${plural} over REST` });
  }
}
