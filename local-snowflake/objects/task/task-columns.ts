import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { displayName } from '../../sql/identifier.ts';
import type { ShowColumn } from '../kind.ts';
import type { ObjectScope } from '../object-scope.ts';
import {
  comment,
  constant,
  createdOn,
  databaseName,
  objectName,
  owner,
  ownerRoleType,
  schemaName,
  text,
  timestamp,
} from '../show-columns.ts';
import { isRoot, taskProperties } from './task-properties.ts';

/** Qualified names of a task's predecessors. */
export function predecessorNames(object: CatalogObject, scope: ObjectScope): string[] {
  return taskProperties(object).predecessors.map((name) => siblingName(object, name, scope));
}

function siblingName(object: CatalogObject, name: string, scope: ObjectScope): string {
  return displayName([...scope.catalog.pathOf(object).slice(0, -1), name]);
}

/** JSON of predecessors as SHOW prints it, one a line. */
export function predecessorsJson(object: CatalogObject, scope: ObjectScope): string {
  const names = predecessorNames(object, scope);
  return names.length === 0 ? '[]' : `[\n${names.map((name) => `  ${JSON.stringify(name)}`).join(',\n')}\n]`;
}

function relationsJson(object: CatalogObject, scope: ObjectScope, finalizer: string | undefined): string {
  const { finalizes } = taskProperties(object);
  return JSON.stringify({
    ...(finalizes === null ? {} : { FinalizedRootTask: siblingName(object, finalizes, scope) }),
    Predecessors: predecessorNames(object, scope),
    ...(finalizer === undefined ? {} : { FinalizerTask: siblingName(object, finalizer, scope) }),
  });
}

/** Current name of a warehouse or user that a task refers to; the last known one when it is gone. */
export function currentName(reference: { readonly id: string; readonly name: string } | null, scope: ObjectScope): string | null {
  return reference === null ? null : (scope.nameOf(reference.id) ?? reference.name);
}

/** An interval's or cron's text for scheduled tasks. https://docs.snowflake.com/en/user-guide/tasks-intro (scheduling mode) */
function schedulingMode(object: CatalogObject): string | null {
  const { warehouse, schedule, targetCompletionInterval } = taskProperties(object);
  if (warehouse !== null || schedule === null) return null;
  return targetCompletionInterval === null ? 'FIXED' : 'FLEXIBLE';
}

/** What SHOW tells of a task and does not find in it. */
export interface TaskSurroundings {
  /** Name of the task that finalizes it. */
  readonly finalizerOf: (task: CatalogObject) => string | undefined;
  /** When a version that holds it was last set, epoch milliseconds. */
  readonly committedOn: (task: CatalogObject) => number | null;
}

/**
 * Columns of SHOW TASKS and DESCRIBE TASK in the page's order, then those that accounts show besides.
 * `null` as text is what accounts answer there. https://docs.snowflake.com/en/sql-reference/sql/show-tasks
 */
export function taskColumns({ finalizerOf, committedOn }: TaskSurroundings): ShowColumn[] {
  return [
    createdOn,
    objectName,
    text('id', (object) => object.id),
    databaseName,
    schemaName,
    owner,
    comment,
    text('warehouse', (object, scope) => currentName(taskProperties(object).warehouse, scope)),
    text('schedule', (object) => taskProperties(object).schedule),
    text('scheduling_mode', schedulingMode),
    text('target_completion_interval', (object) => taskProperties(object).targetCompletionInterval),
    text('predecessors', predecessorsJson),
    text('state', (object) => taskProperties(object).state),
    text('definition', (object) => taskProperties(object).definition),
    text('condition', (object) => taskProperties(object).condition),
    text('allow_overlapping_execution', (object) =>
      isRoot(object) ? String(taskProperties(object).overlapPolicy === 'ALLOW_CHILD_OVERLAP') : 'null',
    ),
    text('error_integration', (object) => taskProperties(object).errorIntegration ?? 'null'),
    text('success_integration', (object) => taskProperties(object).successIntegration ?? 'null'),
    timestamp('last_committed_on', (object) => committedOn(object)),
    timestamp('last_suspended_on', (object) => taskProperties(object).lastSuspendedOn),
    ownerRoleType,
    text('config', (object) => taskProperties(object).config),
    text('last_suspended_reason', (object) => taskProperties(object).lastSuspendedReason),
    text('task_relations', (object, scope) => relationsJson(object, scope, finalizerOf(object))),
    text('execute_as_user', (object, scope) => currentName(taskProperties(object).executeAsUser, scope)),
    constant('budget', null),
    text('overlap_policy', (object) => (isRoot(object) ? taskProperties(object).overlapPolicy : null)),
  ];
}
