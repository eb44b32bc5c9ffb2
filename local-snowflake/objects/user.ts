import { createPublicKey } from 'node:crypto';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import { cell, column, type Row } from '../sql/result-set.ts';
import type { CatalogObject } from '../catalog/catalog-object.ts';
import { hashPassword } from '../access/password.ts';
import { publicKeyFingerprint } from '../access/key-pair.ts';
import type { Draft, Kind } from './kind.ts';
import { userParameters } from './parameters.ts';
import { userTokenActions, userTokens } from './user-tokens.ts';
import { comment, constant, createdOn, objectName, owner, property, text, textOf, timestamp } from './show-columns.ts';

// https://docs.snowflake.com/en/sql-reference/sql/create-user
export const user: Kind = {
  name: 'USER',
  plural: 'USERS',
  scope: 'account',
  page: 'create-user',
  createPrivilege: 'CREATE USER',
  privileges: ['MONITOR', 'MODIFY PROGRAMMATIC AUTHENTICATION METHODS', 'IMPERSONATE'],
  properties: {
    PASSWORD: { type: 'text' },
    LOGIN_NAME: { type: 'text' },
    DISPLAY_NAME: { type: 'text' },
    FIRST_NAME: { type: 'text', default: '' },
    MIDDLE_NAME: { type: 'text', default: '' },
    LAST_NAME: { type: 'text', default: '' },
    EMAIL: { type: 'text', default: '' },
    MUST_CHANGE_PASSWORD: { type: 'boolean', default: false },
    DISABLED: { type: 'boolean', default: false },
    DAYS_TO_EXPIRY: { type: 'integer', min: 0 },
    MINS_TO_UNLOCK: { type: 'integer', min: 0 },
    MINS_TO_BYPASS_MFA: { type: 'integer', min: 0 },
    DISABLE_MFA: { type: 'boolean' },
    DEFAULT_WAREHOUSE: { type: 'name', default: '' },
    DEFAULT_NAMESPACE: { type: 'name', default: '' },
    DEFAULT_ROLE: { type: 'name', default: '' },
    DEFAULT_SECONDARY_ROLES: { type: 'texts', default: ['ALL'] },
    RSA_PUBLIC_KEY: { type: 'text' },
    RSA_PUBLIC_KEY_2: { type: 'text' },
    TYPE: { type: 'choice', values: ['PERSON', 'SERVICE', 'LEGACY_SERVICE', 'NULL'], default: '' },
  },
  parameters: userParameters,
  actions: userTokenActions,
  creating: (draft, request) => secured(draft, request.name),
  readAlter: (object, stream) => {
    if (stream.accept('RESET PASSWORD')) throw SnowflakeError.of('unsupported', { feature: 'ALTER USER RESET PASSWORD' });
    for (const word of ['ROTATE', 'MODIFY']) {
      if (stream.is(`${word} PROGRAMMATIC ACCESS TOKEN`) || stream.is(`${word} PAT`))
        throw SnowflakeError.of('unsupported', {
          feature: `ALTER USER … ${word} PROGRAMMATIC ACCESS TOKEN (remove it and add another)`,
        });
    }
    if (!stream.accept('ABORT ALL QUERIES')) return undefined;
    return { object };
  },
  changing: (object) => ({ ...object, properties: secured({ properties: object.properties }, object.name).properties }),
  show: [
    objectName,
    createdOn,
    property('login_name', 'LOGIN_NAME'),
    property('display_name', 'DISPLAY_NAME'),
    property('first_name', 'FIRST_NAME'),
    property('last_name', 'LAST_NAME'),
    property('email', 'EMAIL'),
    constant('mins_to_unlock', ''),
    text('days_to_expiry', (object) => textOf(object.properties['DAYS_TO_EXPIRY']) ?? ''),
    comment,
    text('disabled', (object) => String(object.properties['DISABLED'] === true)),
    text('must_change_password', (object) => String(object.properties['MUST_CHANGE_PASSWORD'] === true)),
    constant('snowflake_lock', 'false'),
    property('default_warehouse', 'DEFAULT_WAREHOUSE'),
    property('default_namespace', 'DEFAULT_NAMESPACE'),
    property('default_role', 'DEFAULT_ROLE'),
    text('default_secondary_roles', (object) => JSON.stringify(object.properties['DEFAULT_SECONDARY_ROLES'] ?? [])),
    constant('ext_authn_duo', 'false'),
    constant('ext_authn_uid', ''),
    constant('mins_to_bypass_mfa', ''),
    owner,
    timestamp('last_success_login', (object) => object.properties['LAST_LOGIN'] as number | undefined),
    timestamp('expires_at_time', () => null),
    timestamp('locked_until_time', () => null),
    text('has_password', (object) => String(object.properties['PASSWORD_HASH'] !== undefined)),
    text('has_rsa_public_key', (object) => String(object.properties['RSA_PUBLIC_KEY'] !== undefined)),
    property('type', 'TYPE'),
    constant('has_mfa', 'false'),
    text('has_pat', (object) => String(userTokens(object).length > 0)),
  ],
  describe: (object) => ({
    columns: [column('property'), column('value'), column('default'), column('description')],
    rows: describeRows(object),
  }),
};

/** Turns a password into its hash and checks keys: neither passwords nor bad keys are ever stored. */
function secured(draft: Draft, name: string): Draft {
  const { PASSWORD: password, ...properties } = draft.properties;
  for (const key of ['RSA_PUBLIC_KEY', 'RSA_PUBLIC_KEY_2']) {
    const pem = properties[key];
    if (typeof pem === 'string' && pem !== '') checkPublicKey(pem);
  }
  return {
    ...draft,
    properties: {
      ...properties,
      LOGIN_NAME: (properties['LOGIN_NAME'] as string | undefined)?.toUpperCase() ?? name,
      DISPLAY_NAME: properties['DISPLAY_NAME'] ?? name,
      ...(typeof password === 'string' ? { PASSWORD_HASH: hashPassword(password) } : {}),
    },
  };
}

function checkPublicKey(base64: string): void {
  try {
    createPublicKey({ key: Buffer.from(base64.replace(/\s/gu, ''), 'base64'), format: 'der', type: 'spki' });
  } catch {
    throw SnowflakeError.of('invalidPublicKey', {});
  }
}

const described: readonly (readonly [string, string, string])[] = [
  ['LOGIN_NAME', 'null', 'Login name of the user'],
  ['DISPLAY_NAME', 'null', 'Display name of the associated object'],
  ['FIRST_NAME', 'null', 'First name of the user'],
  ['MIDDLE_NAME', 'null', 'Middle name of the user'],
  ['LAST_NAME', 'null', 'Last name of the user'],
  ['EMAIL', 'null', 'Email address of the user'],
  ['MUST_CHANGE_PASSWORD', 'false', 'User must change the password'],
  ['DISABLED', 'false', 'Whether the user is disabled'],
  ['SNOWFLAKE_LOCK', 'false', 'Whether the user or account is locked by Snowflake'],
  ['SNOWFLAKE_SUPPORT', 'false', 'Snowflake Support is allowed to use the user or account'],
  ['DAYS_TO_EXPIRY', 'null', 'User record will be treated as expired after specified number of days'],
  ['MINS_TO_UNLOCK', 'null', 'Temporary lock on the user will be removed after specified number of minutes'],
  ['DEFAULT_WAREHOUSE', 'null', 'Default warehouse for this user'],
  ['DEFAULT_NAMESPACE', 'null', 'Default database namespace prefix for this user'],
  ['DEFAULT_ROLE', 'null', 'Primary principal of user session will be set to this role'],
  ['DEFAULT_SECONDARY_ROLES', '["ALL"]', 'The secondary roles will be set to all roles provided here'],
  ['EXT_AUTHN_DUO', 'false', 'Whether Duo Security is enabled as second factor authentication'],
  ['EXT_AUTHN_UID', 'null', 'External authentication ID of the user'],
  ['MINS_TO_BYPASS_MFA', 'null', 'Temporary bypass MFA for the user for a specified number of minutes'],
  ['MINS_TO_BYPASS_NETWORK_POLICY', 'null', 'Temporary bypass network policy on the user for a specified number of minutes'],
  ['TYPE', 'null', 'User type'],
];

function describeRows(object: CatalogObject): Row[] {
  const shown = (value: unknown): string => {
    const shownText = textOf(value);
    return shownText === null || shownText === '' ? 'null' : shownText;
  };
  const rows: Row[] = [
    ['NAME', object.name, 'null', 'Name'],
    ['COMMENT', object.comment === '' ? 'null' : object.comment, 'null', 'user comment associated to an object in the dictionary'],
    ...described.map(([name, standard, description]) => [name, shown(object.properties[name] ?? standard), standard, description]),
    ['PASSWORD', object.properties['PASSWORD_HASH'] === undefined ? 'null' : '********', 'null', 'Password of the user'],
    ['PASSWORD_LAST_SET_TIME', 'null', 'null', 'The timestamp on which the last non-null password was set for the user.'],
    ['CUSTOM_LANDING_PAGE_URL', 'null', 'null', 'Snowflake Support is allowed to use the user or account'],
    [
      'CUSTOM_LANDING_PAGE_URL_FLUSH_NEXT_UI_LOAD',
      'false',
      'false',
      'The timestamp on which the last non-null password was set for the user.',
    ],
    ['HAS_MFA', 'false', 'false', 'Whether the user has MFA enabled'],
  ];
  for (const suffix of ['', '_2']) {
    const key = object.properties[`RSA_PUBLIC_KEY${suffix}`];
    const present = typeof key === 'string' && key !== '';
    rows.push([`RSA_PUBLIC_KEY${suffix}`, present ? key : 'null', 'null', 'RSA public key of the user']);
    rows.push([
      `RSA_PUBLIC_KEY${suffix}_FP`,
      present ? `SHA256:${publicKeyFingerprint(key)}` : 'null',
      'null',
      "Fingerprint of user's RSA public key.",
    ]);
  }
  return rows.map((row) => row.map((value) => cell.text(value)));
}
