import type { ObjectResource } from './object-resource.ts';

/** https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/database-role */
export const databaseRoleResource: ObjectResource = {
  kind: 'DATABASE ROLE',
  plural: 'DATABASE ROLES',
  path: '/databases/:database/database-roles',
  within: 'DATABASE',
  details: 'NONE',
  settings: { comment: 'text' },
  references: [],
  shown: {
    ...{ created_on: 'text', owner: 'identifier', comment: 'text', owner_role_type: 'text', granted_to_roles: 'number' },
    ...{ granted_to_database_roles: 'number', granted_database_roles: 'number' },
  },
  fetchable: false,
  refused: [':clone'],
};
