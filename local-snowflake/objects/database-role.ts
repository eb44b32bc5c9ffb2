import type { Kind } from './kind.ts';
import { comment, createdOn, number, objectName, owner, ownerRoleType } from './show-columns.ts';

// https://docs.snowflake.com/en/sql-reference/sql/create-database-role
export const databaseRole: Kind = {
  name: 'DATABASE ROLE',
  plural: 'DATABASE ROLES',
  scope: 'database',
  page: 'create-database-role',
  // `DROP DATABASE role` names a database.
  followedByName: (stream, ahead) => ['word', 'quoted'].includes(stream.peek(ahead).kind),
  createPrivilege: 'CREATE DATABASE ROLE',
  orAlter: 'PROPERTIES',
  restorable: 'within',
  privileges: [],
  properties: {},
  show: [
    createdOn,
    objectName,
    number('granted_to_roles', ({ id }, scope) => scope.grants.membersOf(id).filter((grant) => grant.toKind === 'ROLE').length),
    number(
      'granted_to_database_roles',
      ({ id }, scope) => scope.grants.membersOf(id).filter((grant) => grant.toKind === 'DATABASE_ROLE').length,
    ),
    number('granted_database_roles', ({ id }, scope) => scope.grants.rolesOf(id).length),
    owner,
    comment,
    ownerRoleType,
  ],
};
