import { SnowflakeError } from '../errors/snowflake-error.ts';
import { displayIdentifier } from '../sql/identifier.ts';
import { fileFormatDdl } from './ddl/file-format-ddl.ts';
import { readFormatOptions } from './file-format-options.ts';
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
  text,
} from './show-columns.ts';

// https://docs.snowflake.com/en/sql-reference/sql/create-file-format
export const fileFormat: Kind = {
  name: 'FILE FORMAT',
  plural: 'FILE FORMATS',
  scope: 'schema',
  page: 'create-file-format',
  createPrivilege: 'CREATE FILE FORMAT',
  orAlter: (existing, draft) => {
    if (draft.properties['TYPE'] !== existing.properties['TYPE'])
      throw SnowflakeError.of('unsupported', { feature: 'CREATE OR ALTER FILE FORMAT that changes TYPE' });
    return draft.properties;
  },
  restorable: 'within',
  cloning: { privilege: 'USAGE', alone: true },
  privileges: ['USAGE'],
  modifiers: ['TEMPORARY'],
  properties: {},
  readCreate: (stream) => {
    const { COMMENT: noted, ...options } = readFormatOptions(stream);
    return { properties: { TYPE: 'CSV', ...options }, complete: true, ...(typeof noted === 'string' ? { comment: noted } : {}) };
  },
  readAlter: (object, stream) => {
    if (!stream.is('SET') || stream.peek(1).value === 'TAG') return undefined;
    stream.accept('SET');
    const { COMMENT: noted, ...options } = readFormatOptions(stream);
    return {
      object: {
        ...object,
        properties: { ...object.properties, ...options },
        comment: typeof noted === 'string' ? noted : object.comment,
      },
    };
  },
  ddl: (object, _scope, name) => fileFormatDdl(object, name),
  createdMessage: (object) => `File format ${displayIdentifier(object.name)} successfully created.`,
  show: [
    createdOn,
    objectName,
    databaseName,
    schemaName,
    property('type', 'TYPE'),
    owner,
    comment,
    text('format_options', (object) => JSON.stringify(object.properties)),
    ownerRoleType,
    constant('budget', null),
  ],
};
