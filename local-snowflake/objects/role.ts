import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { Kind } from './kind.ts';
import { comment, createdOn, number, objectName, owner, text, yesNo } from './show-columns.ts';

export const systemRoles = ['ACCOUNTADMIN', 'SECURITYADMIN', 'USERADMIN', 'SYSADMIN', 'PUBLIC', 'ORGADMIN'] as const;

// https://docs.snowflake.com/en/sql-reference/sql/create-role
export const role: Kind = {
  name: 'ROLE',
  plural: 'ROLES',
  scope: 'account',
  page: 'create-role',
  createPrivilege: 'CREATE ROLE',
  orAlter: 'PROPERTIES',
  privileges: [],
  properties: {},
  dropping: (object) => {
    if ((systemRoles as readonly string[]).includes(object.name)) {
      throw SnowflakeError.of('systemRole', { name: object.name });
    }
  },
  show: [
    createdOn,
    objectName,
    text('is_default', (object, scope) => yesNo(scope.defaultRole === object.name)),
    text('is_current', (object, scope) => yesNo(scope.roles.primary === object.id)),
    text('is_inherited', (object, scope) => yesNo(scope.roles.primary !== object.id && scope.roles.all.has(object.id))),
    number(
      'assigned_to_users',
      (object, scope) => scope.grants.membersOf(object.id).filter((grant) => grant.toKind === 'USER').length,
    ),
    number(
      'granted_to_roles',
      (object, scope) => scope.grants.membersOf(object.id).filter((grant) => grant.toKind === 'ROLE').length,
    ),
    number('granted_roles', (object, scope) => scope.grants.rolesOf(object.id).length),
    owner,
    comment,
  ],
};
