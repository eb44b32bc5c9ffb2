import { containerSettings, containerShown, lifetime } from './container-resource.ts';
import type { ObjectResource } from './object-resource.ts';

/** https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/database */
export const databaseResource: ObjectResource = {
  kind: 'DATABASE',
  plural: 'DATABASES',
  path: '/databases',
  within: 'ACCOUNT',
  details: 'PARAMETERS',
  put: 'OR ALTER',
  references: [],
  settings: containerSettings,
  shown: { ...containerShown, origin: 'text' },
  derived: lifetime,
  refused: [':from_share'],
  tagged: true,
  restorable: true,
  cloning: {},
  transient: true,
};
