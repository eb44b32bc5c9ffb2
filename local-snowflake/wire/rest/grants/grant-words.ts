import { foldIdentifier, type ObjectName, parseName, quoteIdentifier, quoteName } from '../../../sql/identifier.ts';
import { type JsonObject, objectOf, optionalText } from '../../fields.ts';
import { MalformedRequest } from '../../malformed-request.ts';
import { requiredText, textList } from '../objects/clauses.ts';

/** Words of SQL that a request names a kind or privilege by: letters, blanks and underscores, in upper case. @throws MalformedRequest */
export function words(text: string, what: string): string {
  const trimmed = text.trim().toUpperCase();
  if (!/^[A-Z][A-Z_ ]*$/u.test(trimmed)) throw new MalformedRequest(400, `'${text}' is no ${what}.`);
  return trimmed;
}

/** `SELECT, INSERT` of a request that names privileges. @throws MalformedRequest */
export function privilegesOf(body: JsonObject): string {
  const privileges = textList(body, 'privileges').map((each) => words(each, 'privilege'));
  if (privileges.length === 0) throw new MalformedRequest(400, "'privileges' are missing.");
  return privileges.join(', ');
}

/** A name in the path, routines with their argument types: `db.s.f(NUMBER, VARCHAR)`. @throws SnowflakeError `invalidIdentifier`, MalformedRequest */
export function securableName(text: string): string {
  const match = /^(.*?)(\([\w\s,()]*\))?$/su.exec(text.trim());
  return `${quoteName(parseName(match?.[1] ?? ''))}${match?.[2] ?? ''}`;
}

/** What a grant of a role's own collection is about, as it stands behind ON. @throws MalformedRequest, SnowflakeError `invalidIdentifier` */
export function targetOfGrant(body: JsonObject, every: 'ALL' | 'FUTURE'): string {
  const type = words(requiredText(body, 'securable_type'), 'kind of object');
  const { containing_scope: scope, securable } = body;
  if (scope !== undefined && scope !== null) {
    const within = objectOf(scope, "'containing_scope'");
    const parts = ['database', 'schema'].flatMap((part) => identifier(within, part));
    return `${every} ${pluralOf(type)} IN ${parts.length === 1 ? 'DATABASE' : 'SCHEMA'} ${quoteName(parts)}`;
  }
  if (type === 'ACCOUNT') return 'ACCOUNT';
  return `${type} ${quoteName(securableParts(objectOf(securable, "'securable'")))}`;
}

/** The role that a grant without privileges is about, `ROLE "ANALYST"`; undefined for one of privileges. */
export function grantedRole(body: JsonObject): string | undefined {
  const type = words(requiredText(body, 'securable_type'), 'kind of object');
  if (!type.endsWith('ROLE') || textList(body, 'privileges').length > 0) return undefined;
  return `${type} ${quoteName(securableParts(objectOf(body['securable'], "'securable'")))}`;
}

function securableParts(securable: JsonObject): ObjectName {
  const parts = ['database', 'schema', 'service', 'name'].flatMap((part) => identifier(securable, part));
  if (parts.length === 0) throw new MalformedRequest(400, "The text 'name' is missing.");
  return parts;
}

function identifier(object: JsonObject, name: string): string[] {
  const text = optionalText(object, name);
  return text === undefined ? [] : [foldIdentifier(text)];
}

/** Requests name the kind in the singular: `TABLE` → `TABLES`. */
function pluralOf(type: string): string {
  if (type.endsWith('S')) return type;
  return type.endsWith('Y') ? `${type.slice(0, -1)}IES` : `${type}S`;
}

/** `TO ROLE "X"` without its first word. */
export function granteeOf(type: string, name: string): string {
  return `${words(type, 'kind of grantee')} ${name.includes('.') ? quoteName(parseName(name)) : quoteIdentifier(foldIdentifier(name))}`;
}
