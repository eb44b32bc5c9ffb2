import { hashPassword } from '../access/password.ts';
import { accountTarget, type Grant, type RoleGrant } from '../access/grants.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Change } from '../catalog/records.ts';
import { systemRoles } from '../objects/role.ts';
import type { IdSource } from '../platform/ids.ts';
import { systemObject } from './system-object.ts';

/** Privileges of the account that its system roles have from the start, besides ACCOUNTADMIN, which has all. */
const rolePrivileges: Readonly<Record<string, readonly string[]>> = {
  ACCOUNTADMIN: ['ALL'],
  SECURITYADMIN: ['MANAGE GRANTS', 'CREATE NETWORK POLICY'],
  USERADMIN: ['CREATE USER', 'CREATE ROLE'],
  // https://docs.snowflake.com/en/user-guide/ui-snowsight-lineage#access-control-for-lineage-information
  PUBLIC: ['VIEW LINEAGE'],
  SYSADMIN: ['CREATE DATABASE', 'CREATE WAREHOUSE', 'CREATE COMPUTE POOL', 'CREATE INTEGRATION'],
};

/** Which role holds which. https://docs.snowflake.com/en/user-guide/security-access-control-overview#role-hierarchy-and-privilege-inheritance */
const hierarchy: readonly (readonly [role: string, to: string])[] = [
  ['SECURITYADMIN', 'ACCOUNTADMIN'],
  ['SYSADMIN', 'ACCOUNTADMIN'],
  ['USERADMIN', 'SECURITYADMIN'],
];

/** Makes the system roles and the first user, once, in an account that has none. */
export async function bootstrap(
  catalog: Catalog,
  admin: { readonly name: string; readonly password: string },
  now: number,
  ids: IdSource,
): Promise<void> {
  if (catalog.find('ROLE', null, 'ACCOUNTADMIN') !== undefined) return;
  await catalog.change((change) => {
    const roles = new Map<string, string>();
    const accountAdmin = ids.uuid();
    for (const name of systemRoles) {
      const id = name === 'ACCOUNTADMIN' ? accountAdmin : ids.uuid();
      roles.set(name, id);
      catalog.create(systemObject({ kind: 'ROLE', name, id, owner: null, createdOn: now, properties: {} }), change);
    }
    const idOf = (role: string): string => roles.get(role) ?? '';
    for (const [role, privileges] of Object.entries(rolePrivileges)) {
      for (const privilege of privileges) putGrant(change, ids, privilege, idOf(role), now);
    }
    for (const [role, to] of hierarchy) putRoleGrant(change, ids, idOf(role), idOf(to), 'ROLE', now);
    const properties = {
      LOGIN_NAME: admin.name,
      DISPLAY_NAME: admin.name,
      PASSWORD_HASH: hashPassword(admin.password),
      EMAIL: 'admin@localhost.example',
      DISABLED: false,
      DEFAULT_ROLE: 'ACCOUNTADMIN',
      DEFAULT_SECONDARY_ROLES: ['ALL'],
      DEFAULT_WAREHOUSE: '',
      DEFAULT_NAMESPACE: '',
      TYPE: '',
    };
    const user = systemObject({
      kind: 'USER',
      name: admin.name,
      id: ids.uuid(),
      owner: accountAdmin,
      createdOn: now,
      properties,
    });
    catalog.create(user, change);
    for (const role of ['ACCOUNTADMIN', 'ORGADMIN']) putRoleGrant(change, ids, idOf(role), user.id, 'USER', now);
  });
}

function putGrant(change: Change, ids: IdSource, privilege: string, to: string, now: number): void {
  const grant: Grant = {
    collection: 'grant',
    id: ids.uuid(),
    privilege,
    on: accountTarget,
    to,
    grantOption: false,
    grantedBy: null,
    createdOn: now,
  };
  change.put(grant);
}

function putRoleGrant(change: Change, ids: IdSource, role: string, to: string, toKind: 'ROLE' | 'USER', now: number): void {
  const grant: RoleGrant = { collection: 'role-grant', id: ids.uuid(), role, to, toKind, grantedBy: null, createdOn: now };
  change.put(grant);
}
