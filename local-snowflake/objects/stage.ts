import type { CatalogObject } from '../catalog/catalog-object.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import { displayIdentifier } from '../sql/identifier.ts';
import { column, type ResultSet } from '../sql/result-set.ts';
import type { CloneOptions } from './cloning.ts';
import type { Kind } from './kind.ts';
import type { ObjectScope } from './object-scope.ts';
import {
  comment,
  constant,
  createdOn,
  databaseName,
  objectName,
  owner,
  ownerRoleType,
  schemaName,
  text,
  textOf,
} from './show-columns.ts';
import { refreshDirectory, trackDirectory } from './stage-directory.ts';

// https://docs.snowflake.com/en/sql-reference/sql/create-stage
export const stage: Kind = {
  name: 'STAGE',
  plural: 'STAGES',
  scope: 'schema',
  page: 'create-stage',
  createPrivilege: 'CREATE STAGE',
  orAlter: 'PROPERTIES',
  restorable: 'within',
  cloning: { privilege: 'USAGE', alone: true, included: (_source, options) => options.internalStages, copy: cloneStage },
  privileges: ['READ', 'WRITE', 'USAGE'],
  modifiers: ['TEMPORARY'],
  properties: {
    URL: { type: 'text' },
    ENCRYPTION: { type: 'group', default: { TYPE: 'SNOWFLAKE_FULL' }, settable: false },
    DIRECTORY: { type: 'group', default: { ENABLE: false } },
    FILE_FORMAT: { type: 'group', default: {} },
    COPY_OPTIONS: { type: 'group', default: {} },
  },
  creating: (draft) => {
    if (draft.properties['URL'] !== undefined) throw SnowflakeError.of('unsupported', { feature: 'external stages (URL)' });
    return draft;
  },
  actions: {
    REFRESH: { privileges: ['WRITE'], run: refreshDirectory },
  },
  dropped: async (object, scope) => {
    await scope.effects.stages.remove(object.id);
    const { PHYSICAL: physical } = object.properties;
    if (typeof physical === 'string') await scope.effects.tables.drop(physical);
  },
  createdMessage: (object) => `Stage area ${displayIdentifier(object.name)} successfully created.`,
  show: [
    createdOn,
    objectName,
    databaseName,
    schemaName,
    constant('url', ''),
    constant('has_credentials', 'N'),
    constant('has_encryption_key', 'N'),
    owner,
    comment,
    constant('region', null),
    text('type', (object) => (group(object, 'ENCRYPTION')['TYPE'] === 'SNOWFLAKE_SSE' ? 'INTERNAL NO CSE' : 'INTERNAL')),
    constant('cloud', null),
    constant('notification_channel', null),
    constant('storage_integration', null),
    constant('endpoint', null),
    ownerRoleType,
    text('directory_enabled', (object) => (group(object, 'DIRECTORY')['ENABLE'] === true ? 'Y' : 'N')),
  ],
  describe: describeStage,
};

/**
 * Files go along when there is a directory table that lists them. https://docs.snowflake.com/en/sql-reference/sql/create-clone (named internal stages)
 * @throws SnowflakeError `internalStageClone` for a stage by itself
 */
async function cloneStage(
  copy: CatalogObject,
  source: CatalogObject,
  scope: ObjectScope,
  { within }: CloneOptions,
): Promise<CatalogObject> {
  if (!within) throw SnowflakeError.of('internalStageClone', {});
  if (group(source, 'DIRECTORY')['ENABLE'] === true) await scope.effects.stages.copy(source.id, copy.id);
  if (source.properties['PHYSICAL'] === undefined) return copy;
  return { ...copy, properties: { ...copy.properties, PHYSICAL: await trackDirectory(copy, scope) } };
}

function group(object: CatalogObject, name: string): Record<string, unknown> {
  return (object.properties[name] ?? {}) as Record<string, unknown>;
}

/** Options of the stage's file format and of COPY, with their defaults. https://docs.snowflake.com/en/sql-reference/sql/desc-stage */
const options: readonly (readonly [parent: string, property: string, type: string, standard: string])[] = [
  ['STAGE_FILE_FORMAT', 'TYPE', 'String', 'CSV'],
  ['STAGE_FILE_FORMAT', 'RECORD_DELIMITER', 'String', '\\n'],
  ['STAGE_FILE_FORMAT', 'FIELD_DELIMITER', 'String', ','],
  ['STAGE_FILE_FORMAT', 'FILE_EXTENSION', 'String', ''],
  ['STAGE_FILE_FORMAT', 'SKIP_HEADER', 'Integer', '0'],
  ['STAGE_FILE_FORMAT', 'PARSE_HEADER', 'Boolean', 'false'],
  ['STAGE_FILE_FORMAT', 'DATE_FORMAT', 'String', 'AUTO'],
  ['STAGE_FILE_FORMAT', 'TIME_FORMAT', 'String', 'AUTO'],
  ['STAGE_FILE_FORMAT', 'TIMESTAMP_FORMAT', 'String', 'AUTO'],
  ['STAGE_FILE_FORMAT', 'BINARY_FORMAT', 'String', 'HEX'],
  ['STAGE_FILE_FORMAT', 'ESCAPE', 'String', 'NONE'],
  ['STAGE_FILE_FORMAT', 'ESCAPE_UNENCLOSED_FIELD', 'String', '\\\\'],
  ['STAGE_FILE_FORMAT', 'TRIM_SPACE', 'Boolean', 'false'],
  ['STAGE_FILE_FORMAT', 'FIELD_OPTIONALLY_ENCLOSED_BY', 'String', 'NONE'],
  ['STAGE_FILE_FORMAT', 'NULL_IF', 'List', '[\\\\N]'],
  ['STAGE_FILE_FORMAT', 'COMPRESSION', 'String', 'AUTO'],
  ['STAGE_FILE_FORMAT', 'ERROR_ON_COLUMN_COUNT_MISMATCH', 'Boolean', 'true'],
  ['STAGE_FILE_FORMAT', 'VALIDATE_UTF8', 'Boolean', 'true'],
  ['STAGE_FILE_FORMAT', 'SKIP_BLANK_LINES', 'Boolean', 'false'],
  ['STAGE_FILE_FORMAT', 'REPLACE_INVALID_CHARACTERS', 'Boolean', 'false'],
  ['STAGE_FILE_FORMAT', 'EMPTY_FIELD_AS_NULL', 'Boolean', 'true'],
  ['STAGE_FILE_FORMAT', 'SKIP_BYTE_ORDER_MARK', 'Boolean', 'true'],
  ['STAGE_FILE_FORMAT', 'ENCODING', 'String', 'UTF8'],
  ['STAGE_FILE_FORMAT', 'MULTI_LINE', 'Boolean', 'true'],
  ['STAGE_COPY_OPTIONS', 'ON_ERROR', 'String', 'ABORT_STATEMENT'],
  ['STAGE_COPY_OPTIONS', 'SIZE_LIMIT', 'Long', ''],
  ['STAGE_COPY_OPTIONS', 'PURGE', 'Boolean', 'false'],
  ['STAGE_COPY_OPTIONS', 'RETURN_FAILED_ONLY', 'Boolean', 'false'],
  ['STAGE_COPY_OPTIONS', 'ENFORCE_LENGTH', 'Boolean', 'true'],
  ['STAGE_COPY_OPTIONS', 'TRUNCATECOLUMNS', 'Boolean', 'false'],
  ['STAGE_COPY_OPTIONS', 'FORCE', 'Boolean', 'false'],
  ['STAGE_LOCATION', 'URL', 'String', ''],
  ['DIRECTORY', 'ENABLE', 'Boolean', 'false'],
  ['DIRECTORY', 'AUTO_REFRESH', 'Boolean', 'false'],
];

const parents: Readonly<Record<string, string>> = {
  STAGE_FILE_FORMAT: 'FILE_FORMAT',
  STAGE_COPY_OPTIONS: 'COPY_OPTIONS',
  DIRECTORY: 'DIRECTORY',
};

function describeStage(object: CatalogObject): ResultSet {
  return {
    columns: ['parent_property', 'property', 'property_type', 'property_value', 'property_default'].map((name) => column(name)),
    rows: options.map(([parent, property, type, standard]) => {
      const value = textOf(group(object, parents[parent] ?? '')[property]);
      return [parent, property, type, value ?? standard, standard];
    }),
  };
}
