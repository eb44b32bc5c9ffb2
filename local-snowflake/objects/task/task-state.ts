import type { CatalogObject } from '../../catalog/catalog-object.ts';
import type { Change } from '../../catalog/records.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { ObjectScope } from '../object-scope.ts';
import type { TaskGraphIndex } from '../task-graph/task-graph-index.ts';
import { taskGraphProperties } from '../task-graph/task-graph-properties.ts';
import { parseCondition, streamsIn } from './condition.ts';
import { graphLimits, requireRunnableGraph, requireSuspendedRoots } from './graph-rules.ts';
import { requireRunnable } from './owner-privileges.ts';
import { descendantsOf } from './task-graph.ts';
import type { TaskIndex } from './task-index.ts';
import { isRoot, isStarted, suspendedTask, taskProperties, withTask } from './task-properties.ts';
import { homeOf, namingIn, type TaskHome } from './task-references.ts';

/** ALTER TASK … RESUME. https://docs.snowflake.com/en/sql-reference/sql/alter-task */
export function resumeTask(object: CatalogObject, scope: ObjectScope, index: TaskIndex, graphs: TaskGraphIndex): CatalogObject {
  if (isStarted(object)) return object;
  const graph = graphs.rootedIn(object);
  if (graph !== undefined) {
    const naming = namingIn(homeOfTask(object, scope));
    throw SnowflakeError.of('taskGraphRootResumed', { task: naming.qualified(object.name), graph: naming.qualified(graph.name) });
  }
  const home = homeOfTask(object, scope);
  const tasks = index.of(object.parent);
  const naming = namingIn(home);
  if (isRoot(object)) {
    requireRunnableGraph(tasks, object.name, naming);
    requireTriggerable(object, home);
  } else requireSuspendedRoots(tasks, [object.name], naming);
  if (index.started >= graphLimits.started) throw SnowflakeError.of('taskTooManyStarted', { limit: graphLimits.started });
  const { warehouse, executeAsUser } = taskProperties(object);
  requireRunnable({ owner: object.owner, schema: object.parent, warehouse, executeAsUser }, scope);
  return withTask(object, { state: 'started', scheduleBase: scope.now }, scope.now);
}

/** ALTER TASK … SUSPEND. A run that is under way goes on. */
export function suspendTask(object: CatalogObject, scope: ObjectScope, index: TaskIndex): CatalogObject {
  if (!isRoot(object)) requireSuspendedRoots(index.of(object.parent), [object.name], namingIn(homeOfTask(object, scope)));
  return suspendedTask(object, 'USER_SUSPENDED', scope.now);
}

/** Serverless tasks that run when a stream has data need a target. https://docs.snowflake.com/en/user-guide/tasks-triggered */
export function requireTriggerable(object: CatalogObject, home: TaskHome): void {
  const { condition, schedule, warehouse, targetCompletionInterval } = taskProperties(object);
  if (schedule !== null || condition === null || warehouse !== null || targetCompletionInterval !== null) return;
  if (streamsIn(parseCondition(condition)).length === 0) return;
  throw SnowflakeError.of('taskTriggeredInterval', { task: namingIn(home).plain(object.name) });
}

/**
 * SYSTEM$TASK_DEPENDENTS_ENABLE: resumes everything below a task, then the task itself, in one change.
 * https://docs.snowflake.com/en/sql-reference/functions/system_task_dependents_enable
 */
export function resumeWithDependents(
  object: CatalogObject,
  scope: ObjectScope,
  index: TaskIndex,
  graphs: TaskGraphIndex,
  change: Change,
): CatalogObject[] {
  const tasks = index.of(object.parent);
  const graph = graphs.rootedIn(object);
  const finalizer = (graph === undefined ? null : taskGraphProperties(graph).finalizer) ?? tasks.finalizerOf(object.name);
  const below = [...descendantsOf(tasks, object.name).reverse(), ...(finalizer === undefined ? [] : [finalizer])];
  // The root of a TASK GRAPH is resumed with it alone.
  const names = graph === undefined ? [...below, object.name] : below;
  const resumed: CatalogObject[] = [];
  for (const name of names) {
    const task = tasks.object(name);
    if (task === undefined || isStarted(task)) continue;
    const started = resumeTask(task, scope, index, graphs);
    scope.catalog.update(started, change);
    resumed.push(started);
  }
  return resumed;
}

/** Cuts the links of tasks that name a task which is gone; each is suspended when it becomes a root. */
export function unlinked(object: CatalogObject, gone: string, now: number): CatalogObject {
  const old = taskProperties(object);
  const predecessors = old.predecessors.filter((name) => name !== gone);
  const finalizes = old.finalizes === gone ? null : old.finalizes;
  const changed = withTask(object, { predecessors, finalizes, revision: old.revision + 1 }, now);
  if (!isRoot(changed)) return changed;
  return suspendedTask(changed, old.finalizes === null ? 'CHILD_BECAME_ROOT' : 'FINALIZER_BECAME_ROOT', now);
}

export function homeOfTask(object: CatalogObject, scope: ObjectScope): TaskHome {
  const schema = object.parent === null ? undefined : scope.catalog.byId(object.parent);
  if (schema === undefined) throw SnowflakeError.of('objectOrOperation', {});
  return homeOf(schema, scope);
}
