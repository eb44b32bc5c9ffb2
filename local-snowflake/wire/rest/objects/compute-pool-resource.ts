import type { RestRoute } from '../rest-routes.ts';
import { restRows } from '../rest-rows.ts';
import type { ObjectResource } from './object-resource.ts';

const path = '/compute-pools';

/** https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/compute-pool */
export const computePoolResource: ObjectResource = {
  kind: 'COMPUTE POOL',
  plural: 'COMPUTE POOLS',
  path,
  within: 'ACCOUNT',
  details: 'DESCRIBE',
  put: 'SET',
  settings: {
    ...{ min_nodes: 'number', max_nodes: 'number', instance_family: 'text', auto_resume: 'flag' },
    ...{ auto_suspend_secs: 'number', comment: 'text' },
  },
  required: ['min_nodes', 'max_nodes', 'instance_family'],
  switches: { initiallySuspended: 'initially_suspended' },
  references: [],
  shown: {
    ...{ state: 'text', min_nodes: 'number', max_nodes: 'number', instance_family: 'text', auto_resume: 'flag', comment: 'text' },
    ...{ num_services: 'number', num_jobs: 'number', auto_suspend_secs: 'number', active_nodes: 'number', idle_nodes: 'number' },
    ...{ target_nodes: 'number', created_on: 'text', resumed_on: 'text', updated_on: 'text', owner: 'text' },
    ...{ is_exclusive: 'flag', application: 'text', budget: 'text', error_code: 'text', status_message: 'text' },
    ...{ placement_group: 'text' },
  },
  actions: {
    ...{ suspend: 'SUSPEND', resume: 'RESUME' },
    // The second is the first one's old name.
    ...{ 'stop-all-services': 'STOP ALL', stopallservices: 'STOP ALL' },
  },
  tagged: true,
};

/** https://docs.snowflake.com/en/sql-reference/sql/show-compute-pool-instance-families */
export const instanceFamilyRoutes: readonly RestRoute[] = [
  {
    method: 'GET',
    path: `${path}/instance-families`,
    handle: async ({ session }) => ({ status: 200, body: await restRows(session, 'SHOW COMPUTE POOL INSTANCE FAMILIES') }),
  },
];
