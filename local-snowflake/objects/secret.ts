import { SnowflakeError } from '../errors/snowflake-error.ts';
import { column } from '../sql/result-set.ts';
import { types } from '../sql/types.ts';
import { cell } from '../sql/result-set.ts';
import type { Kind } from './kind.ts';
import {
  comment,
  constant,
  createdOn,
  databaseName,
  objectName,
  owner,
  ownerRoleType,
  property,
  schemaName,
} from './show-columns.ts';

// https://docs.snowflake.com/en/sql-reference/sql/create-secret
export const secret: Kind = {
  name: 'SECRET',
  plural: 'SECRETS',
  scope: 'schema',
  page: 'create-secret',
  createPrivilege: 'CREATE SECRET',
  restorable: 'within',
  cloning: { privilege: 'USAGE', alone: false },
  privileges: ['MODIFY', 'READ', 'USAGE'],
  alterPrivilege: 'MODIFY',
  properties: {
    TYPE: {
      type: 'choice',
      values: ['GENERIC_STRING', 'PASSWORD', 'OAUTH2', 'SYMMETRIC_KEY', 'CLOUD_PROVIDER_TOKEN', 'WORKLOAD_IDENTITY_FEDERATION'],
      required: true,
      settable: false,
    },
    SECRET_STRING: { type: 'secret' },
    USERNAME: { type: 'text' },
    PASSWORD: { type: 'secret' },
    ALGORITHM: { type: 'choice', values: ['GENERIC'] },
  },
  creating: (draft) => {
    const type = String(draft.properties['TYPE']);
    const needed = { GENERIC_STRING: ['SECRET_STRING'], PASSWORD: ['USERNAME', 'PASSWORD'] }[type];
    if (needed === undefined) throw SnowflakeError.of('unsupported', { feature: `secrets of type ${type}` });
    for (const name of needed)
      if (draft.properties[name] === undefined) throw SnowflakeError.of('missingProperty', { property: name });
    return draft;
  },
  show: [
    createdOn,
    objectName,
    schemaName,
    databaseName,
    owner,
    comment,
    property('secret_type', 'TYPE'),
    constant('oauth_scopes', null),
    ownerRoleType,
  ],
  describe: (object, scope) => {
    const [database, schema] = scope.catalog.pathOf(object);
    const type = String(object.properties['TYPE']);
    return {
      columns: [
        column('created_on', types.timestampLtz(6)),
        ...['name', 'schema_name', 'database_name', 'owner', 'comment', 'secret_type', 'username'].map((name) => column(name)),
        column('oauth_access_token_expiry_time', types.timestampLtz(6)),
        column('oauth_refresh_token_expiry_time', types.timestampLtz(6)),
        ...['oauth_scopes', 'integration_name'].map((name) => column(name)),
      ],
      rows: [
        [
          cell.timestamp(object.createdOn),
          object.name,
          schema ?? null,
          database ?? null,
          scope.nameOf(object.owner),
          object.comment,
          type,
          (object.properties['USERNAME'] as string | undefined) ?? null,
          null,
          null,
          null,
          null,
        ],
      ],
    };
  },
};
