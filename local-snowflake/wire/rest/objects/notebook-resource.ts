import { quoteString } from '../../../sql/literal.ts';
import { commentProperty, nameProperty, numberProperty, refuseFields, textProperty } from './clauses.ts';
import { createHead, statementOf } from './create-head.ts';
import { optionalText } from '../../fields.ts';
import type { Creation, ObjectResource } from './object-resource.ts';

const unsupported = ['version', 'default_version', 'import_urls', 'external_access_integrations', 'title'];

/** https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/notebook */
export const notebookResource: ObjectResource = {
  kind: 'NOTEBOOK',
  plural: 'NOTEBOOKS',
  path: '/databases/:database/schemas/:schema/notebooks',
  within: 'SCHEMA',
  details: 'DESCRIBE',
  settings: {},
  references: [],
  shown: {
    ...{ created_on: 'text', database_name: 'identifier', schema_name: 'identifier', owner: 'text', owner_role_type: 'text' },
    ...{ comment: 'text', main_file: 'text', query_warehouse: 'identifier', url_id: 'text', title: 'text' },
    ...{ runtime_name: 'text', compute_pool: 'identifier', idle_auto_shutdown_time_seconds: 'number' },
    ...{ live_version_location_uri: 'text' },
  },
  grammar: { fields: ['fromLocation', ...unsupported], statement: createNotebook },
  // https://docs.snowflake.com/en/sql-reference/sql/execute-notebook
  statements: { execute: (name) => `EXECUTE NOTEBOOK ${name}()` },
  refused: [':add-live-version', ':commit'],
  renamable: 'QUERY',
  tagged: true,
};

/** https://docs.snowflake.com/en/sql-reference/sql/create-notebook */
function createNotebook(creation: Creation): string {
  const { body } = creation;
  refuseFields(body, 'notebooks', unsupported);
  const from = optionalText(body, 'fromLocation');
  return statementOf(
    createHead(creation, 'NOTEBOOK'),
    from === undefined ? '' : `FROM ${quoteString(from)}`,
    ...['main_file', 'runtime_name', 'compute_pool'].map((name) => textProperty(body, name)),
    nameProperty(body, 'query_warehouse'),
    numberProperty(body, 'idle_auto_shutdown_time_seconds'),
    commentProperty(body),
  );
}
