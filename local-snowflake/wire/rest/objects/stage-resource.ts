import { quoteString } from '../../../sql/literal.ts';
import { type JsonObject, optionalObject, optionalText } from '../../fields.ts';
import { MalformedRequest } from '../../malformed-request.ts';
import { commentProperty, optionalFlag, refuseFields } from './clauses.ts';
import { createHead, statementOf } from './create-head.ts';
import type { Creation, ObjectResource } from './object-resource.ts';

/** https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/stage */
export const stageResource: ObjectResource = {
  kind: 'STAGE',
  plural: 'STAGES',
  path: '/databases/:database/schemas/:schema/stages',
  within: 'SCHEMA',
  details: 'NONE',
  settings: {},
  grammar: {
    fields: ['url', 'endpoint', 'storage_integration', 'comment', 'credentials', 'encryption', 'directory_table'],
    statement: createStage,
  },
  references: [],
  shown: {
    ...{ created_on: 'text', has_credentials: 'yesNo', has_encryption_key: 'yesNo', owner: 'identifier', comment: 'text' },
    ...{ url: 'text', region: 'text', cloud: 'text', owner_role_type: 'text' },
  },
  derived: ({ type, directory_enabled: directory }) => ({
    kind: type === 'INTERNAL TEMPORARY' ? 'TEMPORARY' : 'PERMANENT',
    encryption: { type: type === 'INTERNAL NO CSE' ? 'SNOWFLAKE_SSE' : 'SNOWFLAKE_FULL' },
    directory_table: { enable: directory === 'Y' },
  }),
};

function createStage(creation: Creation): string {
  const { body } = creation;
  refuseFields(body, 'stages', ['endpoint', 'storage_integration', 'credentials']);
  const kind = (optionalText(body, 'kind') ?? 'PERMANENT').toUpperCase();
  if (kind !== 'PERMANENT' && kind !== 'TEMPORARY') throw new MalformedRequest(400, "'kind' must be PERMANENT or TEMPORARY.");
  const url = optionalText(body, 'url');
  return statementOf(
    createHead(creation, 'STAGE', kind === 'TEMPORARY' ? ['TEMPORARY'] : []),
    url === undefined ? '' : `URL = ${quoteString(url)}`,
    encryptionClause(optionalObject(body, 'encryption')),
    directoryClause(optionalObject(body, 'directory_table')),
    commentProperty(body),
  );
}

function encryptionClause(encryption: JsonObject): string {
  refuseFields(encryption, 'the encryption of stages', ['master_key', 'kms_key_id']);
  const type = optionalText(encryption, 'type');
  return type === undefined ? '' : `ENCRYPTION = (TYPE = ${quoteString(type)})`;
}

function directoryClause(directory: JsonObject): string {
  refuseFields(directory, 'the directory tables of stages', ['auto_refresh', 'notification_integration']);
  const enable = optionalFlag(directory, 'enable');
  return enable === undefined ? '' : `DIRECTORY = (ENABLE = ${String(enable).toUpperCase()})`;
}
