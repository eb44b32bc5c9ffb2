import { quoteName } from '../../../sql/identifier.ts';
import { pathIdentifier } from '../rest-parameters.ts';
import type { RestRoute } from '../rest-routes.ts';
import { restRows } from '../rest-rows.ts';
import type { ObjectResource } from './object-resource.ts';

const path = '/databases/:database/schemas/:schema/image-repositories';

/** https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/image-repository */
export const imageRepositoryResource: ObjectResource = {
  kind: 'IMAGE REPOSITORY',
  plural: 'IMAGE REPOSITORIES',
  path,
  within: 'SCHEMA',
  details: 'NONE',
  settings: {},
  references: [],
  shown: {
    ...{ database_name: 'identifier', schema_name: 'identifier', created_on: 'text' },
    ...{ repository_url: 'text', owner: 'text', owner_role_type: 'text' },
  },
  tagged: true,
};

/** https://docs.snowflake.com/en/sql-reference/sql/show-images-in-image-repository */
export const imageRoutes: readonly RestRoute[] = [
  {
    method: 'GET',
    path: `${path}/:name/images`,
    handle: async (request) => {
      const name = ['database', 'schema', 'name'].map((part) => pathIdentifier(request, part));
      return { status: 200, body: await restRows(request.session, `SHOW IMAGES IN IMAGE REPOSITORY ${quoteName(name)}`) };
    },
  },
];
