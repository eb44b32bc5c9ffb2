import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { ObjectScope } from '../object-scope.ts';
import { requireRunnable } from '../task/owner-privileges.ts';
import { taskProperties } from '../task/task-properties.ts';
import { namingIn } from '../task/task-references.ts';
import { homeOfTask, requireTriggerable } from '../task/task-state.ts';
import { runningTasks } from './running-tasks.ts';
import { isResumed, taskGraphProperties, withTaskGraph } from './task-graph-properties.ts';

/**
 * ALTER TASK GRAPH … RESUME: asks for what ALTER TASK asks for at the root. https://docs.snowflake.com/en/sql-reference/sql/alter-task-graph
 * @throws SnowflakeError `taskGraphUncommitted`, `taskGraphOwnerChanged`, and what `requireRunnable` throws
 */
export function resumeTaskGraph(object: CatalogObject, scope: ObjectScope): CatalogObject {
  if (isResumed(object)) return object;
  requireTriggerable(requireRunnableVersion(object, scope), homeOfTask(object, scope));
  return withTaskGraph(object, { state: 'started', scheduleBase: scope.now });
}

/** The root of the committed version, which the owner may run. */
export function requireRunnableVersion(object: CatalogObject, scope: ObjectScope): CatalogObject {
  const { committed } = taskGraphProperties(object);
  const graph = namingIn(homeOfTask(object, scope)).qualified(object.name);
  const [root] = committed === null ? [] : runningTasks(committed);
  if (committed === null || root === undefined) throw SnowflakeError.of('taskGraphUncommitted', { graph });
  // What one role committed does not run as another.
  if (committed.graph.owner !== object.owner) throw SnowflakeError.of('taskGraphOwnerChanged', { graph });
  const { warehouse, executeAsUser } = taskProperties(root);
  requireRunnable({ owner: object.owner, schema: object.parent, warehouse, executeAsUser }, scope);
  return root;
}

/** https://docs.snowflake.com/en/sql-reference/sql/drop-task-graph @throws SnowflakeError `taskGraphNotSuspended` */
export function requireSuspendedGraph(object: CatalogObject, scope: ObjectScope): void {
  if (!isResumed(object)) return;
  throw SnowflakeError.of('taskGraphNotSuspended', { graph: namingIn(homeOfTask(object, scope)).qualified(object.name) });
}
