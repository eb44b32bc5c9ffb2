import type { Kind } from '../kind.ts';
import { createdOn, databaseName, objectName, owner, schemaName, text } from '../show-columns.ts';
import { alterExperiment } from './experiment-alter.ts';
import { runsOf } from './experiment-run.ts';

// https://docs.snowflake.com/en/sql-reference/sql/create-experiment
export const experiment: Kind = {
  name: 'EXPERIMENT',
  plural: 'EXPERIMENTS',
  scope: 'schema',
  page: 'create-experiment',
  createPrivilege: 'CREATE EXPERIMENT',
  restorable: 'within',
  privileges: ['USAGE', 'MODIFY'],
  properties: {},
  alterPrivilege: 'MODIFY',
  readAlter: alterExperiment,
  dropped: (object, scope) => scope.effects.stages.remove(object.id),
  show: [
    createdOn,
    objectName,
    databaseName,
    schemaName,
    owner,
    text('runs', (object) => JSON.stringify(runsOf(object).map((run) => run.name))),
  ],
};
