import type { FutureGrant, Grant, RoleGrant } from '../../access/grants.ts';
import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { control, type Statement, type StatementResult } from '../statement.ts';
import { findRole, readGrantee, readMember } from './grantee.ts';
import { checkedPrivileges, type GrantTarget, readPrivileges, readTarget, targetIds } from './grant-target.ts';

/** GRANT … TO …, of privileges, of ownership, of roles. https://docs.snowflake.com/en/sql-reference/sql/grant-privilege */
export async function grant(stream: TokenStream, statement: Statement): Promise<StatementResult> {
  if (stream.accept('ROLE')) return grantRole(findRole(stream.name().at(-1) ?? '', statement), stream, statement);
  if (stream.accept('DATABASE ROLE')) return grantRole(statement.scope.find('DATABASE ROLE', stream.name()), stream, statement);
  if (stream.is('APPLICATION ROLE')) throw SnowflakeError.of('unsupported', { feature: 'GRANT APPLICATION ROLE' });
  const named = readPrivileges(stream);
  stream.expect('ON');
  const target = readTarget(stream, statement);
  stream.expect('TO');
  const role = readGrantee(stream, statement);
  if (named !== 'ALL' && named.includes('OWNERSHIP')) return grantOwnership(stream, statement, target, role);
  const grantOption = stream.accept('WITH GRANT OPTION');
  stream.expectEnd();
  const privileges = checkedPrivileges(named, target, stream);
  if (role.kind === 'DATABASE ROLE') requireWithin(role, target, privileges, statement);
  if (target.kind === 'future') {
    await grantFuture(target, privileges, role, grantOption, statement);
    return control();
  }
  for (const privilege of privileges) requireGrantable(target, privilege, statement);
  await statement.scope.catalog.change((change) => {
    for (const on of targetIds(target)) {
      for (const privilege of privileges) {
        const held = statement.scope.grants.on(on).find((each) => each.to === role.id && each.privilege === privilege);
        if (held !== undefined && (held.grantOption || !grantOption)) continue;
        change.put({
          collection: 'grant',
          id: held?.id ?? statement.scope.ids.uuid(),
          privilege,
          on,
          to: role.id,
          grantOption,
          grantedBy: grantor(target, privilege, statement),
          createdOn: statement.scope.now,
        } as Grant);
      }
    }
  });
  return control();
}

/**
 * A database role holds privileges on what is in its own database, and on that.
 * https://docs.snowflake.com/en/user-guide/security-access-control-overview (Database roles)
 * @throws SnowflakeError `invalidPrivilege`
 */
function requireWithin(role: CatalogObject, target: GrantTarget, privileges: readonly string[], { scope }: Statement): void {
  const [database] = scope.catalog.pathOf(role);
  const objects = target.kind === 'objects' ? target.objects : target.kind === 'future' ? [target.within] : [undefined];
  if (objects.every((object) => object !== undefined && scope.catalog.pathOf(object)[0] === database)) return;
  throw SnowflakeError.of('invalidPrivilege', { privilege: privileges.join(', '), kind: 'DATABASE ROLE' });
}

/**
 * The grant shows the owner's role as its grantor, as Snowflake does when MANAGE GRANTS was used; the account's is ACCOUNTADMIN. A
 * privilege that is passed on is granted by the role that holds it WITH GRANT OPTION.
 */
function grantor(target: GrantTarget, privilege: string, statement: Statement): string | null {
  const { scope } = statement;
  if (target.kind !== 'objects') return scope.catalog.find('ROLE', null, 'ACCOUNTADMIN')?.id ?? null;
  const [object] = target.objects;
  if (object === undefined) return scope.roles.primary;
  if (scope.authorizer.owns(scope.roles, object) || scope.authorizer.holdsGlobal(scope.roles, 'MANAGE GRANTS')) return object.owner;
  const held = scope.grants
    .on(object.id)
    .filter((each) => each.grantOption && each.privilege === privilege && scope.roles.all.has(each.to));
  return (held.find((each) => each.to === scope.roles.primary) ?? held[0])?.to ?? scope.roles.primary;
}

/** @throws SnowflakeError `insufficientPrivileges` unless the roles own the target, may manage grants, or hold it with the grant option */
export function requireGrantable(target: GrantTarget, privilege: string, statement: Statement): void {
  const { scope } = statement;
  if (scope.authorizer.holdsGlobal(scope.roles, 'MANAGE GRANTS')) return;
  const refuse = (kind: string, name: string): SnowflakeError => SnowflakeError.of('insufficientPrivileges', { kind, name });
  if (target.kind === 'account') {
    const held = scope.grants
      .on('ACCOUNT')
      .some((each) => scope.roles.all.has(each.to) && each.grantOption && each.privilege === privilege);
    if (!held) throw refuse('account', statement.state.account.facts.account);
  } else if (target.kind === 'objects') {
    for (const object of target.objects) {
      const held = scope.grants
        .on(object.id)
        .some((each) => scope.roles.all.has(each.to) && each.grantOption && each.privilege === privilege);
      if (!held && !scope.authorizer.owns(scope.roles, object)) throw refuse(object.kind.toLowerCase(), object.name);
    }
  } else if (!scope.authorizer.owns(scope.roles, target.within)) throw refuse(target.within.kind.toLowerCase(), target.within.name);
}

async function grantFuture(
  target: Extract<GrantTarget, { kind: 'future' }>,
  privileges: readonly string[],
  role: CatalogObject,
  grantOption: boolean,
  statement: Statement,
): Promise<void> {
  const { scope } = statement;
  requireGrantable(target, '', statement);
  await scope.catalog.change((change) => {
    for (const privilege of privileges) {
      const held = scope.grants
        .future()
        .find(
          (each) =>
            each.to === role.id &&
            each.within === target.within.id &&
            each.onKind === target.of.name &&
            each.privilege === privilege,
        );
      if (held !== undefined && held.grantOption === grantOption) continue;
      change.put({
        collection: 'future-grant',
        id: held?.id ?? scope.ids.uuid(),
        privilege,
        onKind: target.of.name,
        within: target.within.id,
        to: role.id,
        grantOption,
        grantedBy: scope.roles.primary,
        createdOn: scope.now,
      } as FutureGrant);
    }
  });
}

// https://docs.snowflake.com/en/sql-reference/sql/grant-ownership
async function grantOwnership(
  stream: TokenStream,
  statement: Statement,
  target: GrantTarget,
  role: CatalogObject,
): Promise<StatementResult> {
  const { scope } = statement;
  if (role.kind !== 'ROLE') throw SnowflakeError.of('unsupported', { feature: 'GRANT OWNERSHIP … TO DATABASE ROLE' });
  const copy = stream.accept('COPY CURRENT GRANTS');
  const revoke = !copy && stream.accept('REVOKE CURRENT GRANTS');
  stream.expectEnd();
  if (target.kind === 'future') {
    await grantFuture(target, ['OWNERSHIP'], role, false, statement);
    return control();
  }
  if (target.kind === 'account') throw SnowflakeError.of('invalidPrivilege', { privilege: 'OWNERSHIP', kind: 'ACCOUNT' });
  for (const object of target.objects) {
    if (target.of.ownershipTransferable === false)
      throw SnowflakeError.of('unsupported', { feature: `GRANT OWNERSHIP ON ${target.of.name}` });
    if (!scope.authorizer.owns(scope.roles, object) && !scope.authorizer.holdsGlobal(scope.roles, 'MANAGE GRANTS'))
      scope.authorizer.requireOwnership(scope.roles, object);
    const outbound = scope.grants.on(object.id).filter((each) => each.to !== role.id);
    if (outbound.length > 0 && !copy && !revoke) {
      throw SnowflakeError.of('dependentGrants', { count: outbound.length });
    }
  }
  const changed: CatalogObject[] = [];
  for (const object of target.objects) {
    const next = { ...object, owner: role.id, alteredOn: statement.state.account.clock.now() };
    changed.push((await target.of.ownerChanging?.(next, object, scope, { bulk: target.all })) ?? next);
  }
  await scope.catalog.change((change) => {
    for (const object of changed) {
      if (revoke) for (const each of scope.grants.on(object.id)) change.delete(each.id);
      scope.catalog.update(object, change);
    }
  });
  return control();
}

// https://docs.snowflake.com/en/sql-reference/sql/grant-role
async function grantRole(role: CatalogObject, stream: TokenStream, statement: Statement): Promise<StatementResult> {
  const { scope } = statement;
  stream.expect('TO');
  const { member: grantee, kind: toKind } = readMember(stream, statement);
  if (role.kind === 'ROLE' && toKind === 'DATABASE_ROLE')
    throw SnowflakeError.of('unsupported', { feature: 'GRANT ROLE … TO DATABASE ROLE' });
  if (stream.is('WITH GRANT OPTION'))
    throw SnowflakeError.of('unsupported', { feature: 'GRANT DATABASE ROLE … WITH GRANT OPTION' });
  stream.expectEnd();
  requireRoleGrantable(role, statement);
  if (toKind !== 'USER' && scope.authorizer.activate(role.id).all.has(grantee.id)) {
    throw SnowflakeError.of('roleCycle', { role: role.name, grantee: grantee.name });
  }
  if (scope.grants.membersOf(role.id).some((each) => each.to === grantee.id)) return control();
  await scope.catalog.change((change) => {
    change.put({
      collection: 'role-grant',
      id: scope.ids.uuid(),
      role: role.id,
      to: grantee.id,
      toKind,
      grantedBy: scope.roles.primary,
      createdOn: scope.now,
    } as RoleGrant);
  });
  return control();
}

export function requireRoleGrantable(role: CatalogObject, statement: Statement): void {
  const { scope } = statement;
  if (scope.authorizer.owns(scope.roles, role) || scope.authorizer.holdsGlobal(scope.roles, 'MANAGE GRANTS')) return;
  throw SnowflakeError.of('insufficientPrivileges', { kind: 'role', name: role.name });
}
