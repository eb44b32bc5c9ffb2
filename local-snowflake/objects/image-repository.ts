import { SnowflakeError } from '../errors/snowflake-error.ts';
import { column } from '../sql/result-set.ts';
import { types } from '../sql/types.ts';
import type { Extension } from './extensions.ts';
import type { Kind } from './kind.ts';
import { comment, createdOn, databaseName, objectName, owner, ownerRoleType, schemaName, text } from './show-columns.ts';

const encryptions = ['SNOWFLAKE_FULL', 'SNOWFLAKE_SSE'];

/**
 * A place for container images. Images are not run here, so nothing is ever pushed into one: it is there for grants, and for
 * specifications that name it. https://docs.snowflake.com/en/sql-reference/sql/create-image-repository
 */
export const imageRepository: Kind = {
  name: 'IMAGE REPOSITORY',
  plural: 'IMAGE REPOSITORIES',
  scope: 'schema',
  page: 'create-image-repository',
  createPrivilege: 'CREATE IMAGE REPOSITORY',
  restorable: 'within',
  privileges: ['READ', 'WRITE'],
  renamable: false,
  properties: { ENCRYPTION: { type: 'group', default: { TYPE: 'SNOWFLAKE_FULL' }, settable: false } },
  creating: (draft) => {
    const type = encryptionOf(draft.properties);
    if (!encryptions.includes(type)) throw SnowflakeError.of('invalidPropertyValue', { property: 'ENCRYPTION', value: type });
    return draft;
  },
  show: [
    createdOn,
    objectName,
    databaseName,
    schemaName,
    text('repository_url', (object, scope) => {
      const path = scope.catalog.pathOf(object).map((part) => part.toLowerCase());
      return ['localorg-local.registry.snowflakecomputing.com', ...path].join('/');
    }),
    owner,
    ownerRoleType,
    comment,
    text('encryption', (object) => encryptionOf(object.properties)),
    text('privatelink_repository_url', () => null),
  ],
};

function encryptionOf(properties: Readonly<Record<string, unknown>>): string {
  const group = properties['ENCRYPTION'] as Readonly<Record<string, unknown>> | undefined;
  const type = group?.['TYPE'];
  return typeof type === 'string' ? type.toUpperCase() : '';
}

// https://docs.snowflake.com/en/sql-reference/sql/show-images-in-image-repository
export const imageListing: Extension = {
  statements: [
    {
      words: 'SHOW IMAGES IN IMAGE REPOSITORY',
      page: 'show-images-in-image-repository',
      run: (stream, scope) => {
        scope.find('IMAGE REPOSITORY', stream.name(), 'READ', 'WRITE');
        stream.expectEnd();
        const names = ['image_name', 'tags', 'digest', 'image_path'];
        return { columns: [column('created_on', types.timestampLtz(3)), ...names.map((name) => column(name))], rows: [] };
      },
    },
  ],
};
