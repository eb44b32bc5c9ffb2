import type { ObjectResource } from './object-resource.ts';

/** https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/warehouse */
export const warehouseResource: ObjectResource = {
  kind: 'WAREHOUSE',
  plural: 'WAREHOUSES',
  path: '/warehouses',
  within: 'ACCOUNT',
  details: 'PARAMETERS',
  put: 'OR ALTER',
  references: ['resource_monitor'],
  settings: {
    ...{ warehouse_type: 'text', warehouse_size: 'text', wait_for_completion: 'flagText', max_cluster_count: 'number' },
    ...{ min_cluster_count: 'number', scaling_policy: 'text', auto_suspend: 'number', auto_resume: 'flagText' },
    ...{ initially_suspended: 'flagText', comment: 'text', enable_query_acceleration: 'flagText' },
    ...{ query_acceleration_max_scale_factor: 'number', max_concurrency_level: 'number' },
    ...{ statement_queued_timeout_in_seconds: 'number', statement_timeout_in_seconds: 'number' },
  },
  shown: {
    ...{ state: 'text', type: 'text', size: 'text', min_cluster_count: 'number', max_cluster_count: 'number' },
    ...{ started_clusters: 'number', running: 'number', queued: 'number', is_default: 'yesNo', is_current: 'yesNo' },
    ...{ auto_suspend: 'number', auto_resume: 'text', available: 'text', provisioning: 'text', quiescing: 'text', other: 'text' },
    ...{ created_on: 'text', resumed_on: 'text', updated_on: 'text', owner: 'text', comment: 'text', budget: 'text' },
    ...{ enable_query_acceleration: 'text', query_acceleration_max_scale_factor: 'number', scaling_policy: 'text' },
    ...{ owner_role_type: 'text', resource_monitor: 'text' },
  },
  derived: (row) => ({ warehouse_type: row['type'], warehouse_size: row['size'] }),
  actions: { suspend: 'SUSPEND', resume: 'RESUME', abort: 'ABORT ALL QUERIES' },
  refused: [':enable', ':disable'],
  renamable: 'BODY',
  usable: true,
  tagged: true,
};
