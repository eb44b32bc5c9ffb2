import type { ObjectResource } from './object-resource.ts';

/** https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/role */
export const roleResource: ObjectResource = {
  kind: 'ROLE',
  plural: 'ROLES',
  path: '/roles',
  within: 'ACCOUNT',
  details: 'NONE',
  settings: { comment: 'text' },
  references: [],
  shown: {
    ...{ created_on: 'text', owner: 'identifier', comment: 'text', is_default: 'yesNo', is_current: 'yesNo' },
    ...{ is_inherited: 'yesNo', assigned_to_users: 'number', granted_to_roles: 'number', granted_roles: 'number' },
  },
  fetchable: false,
  tagged: true,
};
