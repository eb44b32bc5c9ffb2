import { displayIdentifier } from '../../../sql/identifier.ts';
import { quoteString } from '../../../sql/literal.ts';
import { commentProperty, requiredText, textProperty } from './clauses.ts';
import { createHead, statementOf } from './create-head.ts';
import type { Creation, ObjectResource } from './object-resource.ts';

/** Which fields say what a secret of each type holds. */
const contents: Readonly<Record<string, readonly string[]>> = {
  GENERIC_STRING: ['secret_string'],
  PASSWORD: ['username', 'password'],
  SYMMETRIC_KEY: ['algorithm'],
};
const others = ['api_authentication', 'oauth_refresh_token', 'oauth_refresh_token_expiry_time', 'oauth_scopes', 'key_length'];

/** https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/secret */
export const secretResource: ObjectResource = {
  kind: 'SECRET',
  plural: 'SECRETS',
  path: '/databases/:database/schemas/:schema/secrets',
  within: 'SCHEMA',
  details: 'DESCRIBE',
  settings: {},
  grammar: { fields: ['type', 'comment', ...Object.values(contents).flat(), ...others], statement: createSecret },
  references: [],
  shown: {
    ...{ created_on: 'text', database_name: 'identifier', schema_name: 'identifier', owner: 'identifier', comment: 'text' },
    ...{ owner_role_type: 'text', username: 'text' },
  },
  // What it holds is never told, but clients want these fields.
  derived: ({ secret_type: type, name, username }) => ({
    name: displayIdentifier(String(name)),
    type,
    ...(type === 'PASSWORD' ? { username: username ?? '', password: '' } : {}),
    ...(type === 'GENERIC_STRING' ? { secret_string: '' } : {}),
  }),
};

function createSecret(creation: Creation): string {
  const { body } = creation;
  const type = requiredText(body, 'type').toUpperCase();
  return statementOf(
    createHead(creation, 'SECRET'),
    `TYPE = ${quoteString(type)}`,
    ...(contents[type] ?? []).map((name) => textProperty(body, name)),
    commentProperty(body),
  );
}
