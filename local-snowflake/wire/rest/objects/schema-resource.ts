import { containerSettings, containerShown, hasOption, lifetime } from './container-resource.ts';
import type { ObjectResource } from './object-resource.ts';

/** https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/schema */
export const schemaResource: ObjectResource = {
  kind: 'SCHEMA',
  plural: 'SCHEMAS',
  path: '/databases/:database/schemas',
  within: 'DATABASE',
  details: 'PARAMETERS',
  put: 'OR ALTER',
  references: [],
  settings: { ...containerSettings, pipe_execution_paused: 'flag' },
  shown: { ...containerShown, database_name: 'text' },
  derived: (row) => ({ ...lifetime(row), managed_access: hasOption(row, 'MANAGED ACCESS') }),
  tagged: true,
  restorable: true,
  cloning: {},
  transient: true,
  managedAccess: true,
};
