import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { displayIdentifier, displayName } from '../../sql/identifier.ts';
import type { ShowColumn } from '../kind.ts';
import type { ObjectScope } from '../object-scope.ts';
import {
  comment,
  createdOn,
  databaseName,
  number,
  objectName,
  owner,
  ownerRoleType,
  schemaName,
  text,
  timestamp,
} from '../show-columns.ts';
import { currentName } from '../task/task-columns.ts';
import { taskGraphProperties, type TaskGraphProperties } from './task-graph-properties.ts';

/**
 * Columns of SHOW TASK GRAPHS and DESCRIBE TASK GRAPH. The page says no more than that they hold the properties of the graph and
 * TASK_DEFAULTS: names and values are those of SHOW TASKS where tasks have the like, else the properties' own.
 * https://docs.snowflake.com/en/sql-reference/sql/show-task-graphs
 */
export const taskGraphColumns: readonly ShowColumn[] = [
  createdOn,
  objectName,
  text('id', (object) => object.id),
  databaseName,
  schemaName,
  owner,
  comment,
  text('schedule', (object) => taskGraphProperties(object).schedule),
  text('roots', (object, scope) => JSON.stringify(siblings(object, scope, 'root'))),
  text('finalizer', (object, scope) => siblings(object, scope, 'finalizer')[0]),
  text('state', (object) => taskGraphProperties(object).state),
  text('condition', (object) => taskGraphProperties(object).condition),
  text('overlap_policy', (object) => taskGraphProperties(object).overlapPolicy),
  text('error_integration', (object) => taskGraphProperties(object).errorIntegration ?? 'null'),
  text('success_integration', (object) => taskGraphProperties(object).successIntegration ?? 'null'),
  text('config', (object) => taskGraphProperties(object).config),
  number('task_auto_retry_attempts', (object) => parameter(object, 'TASK_AUTO_RETRY_ATTEMPTS')),
  number('suspend_task_after_num_failures', (object) => parameter(object, 'SUSPEND_TASK_AFTER_NUM_FAILURES')),
  text('task_defaults', defaultsJson),
  timestamp('last_committed_on', (object) => taskGraphProperties(object).committed?.at),
  timestamp('last_suspended_on', (object) => taskGraphProperties(object).lastSuspendedOn),
  ownerRoleType,
  text('last_suspended_reason', (object) => taskGraphProperties(object).lastSuspendedReason),
];

function siblings(object: CatalogObject, scope: ObjectScope, property: 'root' | 'finalizer'): string[] {
  const name: TaskGraphProperties['root'] = taskGraphProperties(object)[property];
  return name === null ? [] : [displayName([...scope.catalog.pathOf(object).slice(0, -1), name])];
}

/** What is set on the graph itself; SHOW PARAMETERS tells what is in force. */
function parameter(object: CatalogObject, name: string): number | null {
  const value = object.parameters[name];
  return value === undefined ? null : Number(value);
}

function defaultsJson(object: CatalogObject, scope: ObjectScope): string {
  const { warehouse, targetCompletionInterval, parameters } = taskGraphProperties(object).defaults;
  const name = currentName(warehouse, scope);
  return JSON.stringify({
    ...(name === null ? {} : { WAREHOUSE: displayIdentifier(name) }),
    ...(targetCompletionInterval === null ? {} : { TARGET_COMPLETION_INTERVAL: targetCompletionInterval }),
    ...parameters,
  });
}
