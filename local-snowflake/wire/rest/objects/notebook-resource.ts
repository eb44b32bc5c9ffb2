import type { ObjectResource } from './object-resource.ts';

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
  creatable: false,
  // https://docs.snowflake.com/en/sql-reference/sql/execute-notebook
  statements: { execute: (name) => `EXECUTE NOTEBOOK ${name}()` },
  refused: [':add-live-version', ':commit', ':rename'],
  tagged: true,
};
