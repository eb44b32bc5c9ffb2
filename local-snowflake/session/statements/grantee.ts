import type { CatalogObject } from '../../catalog/catalog-object.ts';
import type { RoleGrant } from '../../access/grants.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import type { Statement } from '../statement.ts';

/** Any role can be named in a grant, whoever owns it. @throws SnowflakeError `objectDoesNotExist` */
export function findRole(name: string, statement: Statement): CatalogObject {
  const role = statement.scope.catalog.find('ROLE', null, name);
  if (role === undefined) throw SnowflakeError.of('objectDoesNotExist', { kind: 'Role', name });
  return role;
}

/** The role that privileges are granted to or revoked from: `[ROLE] r`, `DATABASE ROLE d.r`. @throws SnowflakeError `unsupported` for others */
export function readGrantee(stream: TokenStream, statement: Statement): CatalogObject {
  if (stream.accept('DATABASE ROLE')) return statement.scope.find('DATABASE ROLE', stream.name());
  if (stream.is('SHARE') || stream.is('USER') || stream.is('APPLICATION')) {
    throw SnowflakeError.of('unsupported', { feature: `GRANT TO ${stream.peek().value}` });
  }
  stream.accept('ROLE');
  return findRole(stream.name().at(-1) ?? '', statement);
}

/** Who is to hold, or no longer to hold, a role. @throws SnowflakeError `objectDoesNotExist`, `unsupported` */
export function readMember(
  stream: TokenStream,
  statement: Statement,
): { readonly member: CatalogObject; readonly kind: RoleGrant['toKind'] } {
  if (!stream.accept('USER')) {
    const member = readGrantee(stream, statement);
    return { member, kind: member.kind === 'ROLE' ? 'ROLE' : 'DATABASE_ROLE' };
  }
  const name = stream.name().at(-1) ?? '';
  const member = statement.scope.catalog.find('USER', null, name);
  if (member === undefined) throw SnowflakeError.of('objectDoesNotExist', { kind: 'User', name });
  return { member, kind: 'USER' };
}
