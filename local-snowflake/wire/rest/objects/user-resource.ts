import type { JsonObject } from '../../fields.ts';
import type { ObjectResource } from './object-resource.ts';

/** https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/user */
export const userResource: ObjectResource = {
  kind: 'USER',
  plural: 'USERS',
  path: '/users',
  within: 'ACCOUNT',
  details: 'PROPERTIES',
  put: 'SET',
  settings: {
    ...{ password: 'text', login_name: 'text', display_name: 'text', first_name: 'text', middle_name: 'text', last_name: 'text' },
    ...{ email: 'text', must_change_password: 'flag', disabled: 'flag', days_to_expiry: 'number', mins_to_unlock: 'number' },
    ...{ mins_to_bypass_mfa: 'number', rsa_public_key: 'text', rsa_public_key_2: 'text', comment: 'text', type: 'text' },
  },
  // Answers never hold a password: one that is not there is not one that is to go. LOGIN_NAME and TYPE cannot be unset.
  kept: ['password', 'login_name', 'display_name', 'type', 'default_secondary_roles'],
  references: ['default_warehouse', 'default_namespace', 'default_role'],
  shown: {
    ...{ created_on: 'text', login_name: 'text', display_name: 'text', first_name: 'text', middle_name: 'text', last_name: 'text' },
    ...{ email: 'text', must_change_password: 'flag', disabled: 'flag', days_to_expiry: 'number', mins_to_unlock: 'number' },
    ...{ default_warehouse: 'text', default_namespace: 'text', default_role: 'text', comment: 'text', type: 'text' },
    ...{
      mins_to_bypass_mfa: 'number',
      has_password: 'flag',
      has_rsa_public_key: 'flag',
      rsa_public_key: 'text',
      rsa_public_key_2: 'text',
    },
    ...{
      rsa_public_key_fp: 'text',
      rsa_public_key_2_fp: 'text',
      ext_authn_duo: 'flag',
      ext_authn_uid: 'text',
      owner: 'identifier',
    },
    ...{ snowflake_lock: 'flag', snowflake_support: 'flag', mins_to_bypass_network_policy: 'number' },
  },
  derived: (row) => ({ default_secondary_roles: secondaryRoles(row), last_successful_login: row['last_success_login'] }),
  source: { fields: ['default_secondary_roles'], clause: ({ default_secondary_roles: roles }) => secondaryClause(roles) },
  tagged: true,
};

/** `ALL` or `NONE`, where SHOW has a JSON list. */
function secondaryRoles({ default_secondary_roles: roles }: JsonObject): string {
  return typeof roles === 'string' && /\bALL\b/iu.test(roles) ? 'ALL' : 'NONE';
}

function secondaryClause(roles: unknown): string {
  if (roles === undefined || roles === null) return '';
  return `DEFAULT_SECONDARY_ROLES = (${typeof roles === 'string' && roles.toUpperCase() === 'NONE' ? '' : "'ALL'"})`;
}
