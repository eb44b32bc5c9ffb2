import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { ObjectScope } from '../object-scope.ts';
import { checkShape, requireRunnableGraph, requireSuspendedRoots, type TaskNaming } from '../task/graph-rules.ts';
import { ChangedGraph, isRootTask, orderedGraph, type TaskGraph } from '../task/task-graph.ts';
import { graphTaskOf, type SchemaTasks, type TaskIndex } from '../task/task-index.ts';
import { taskProperties } from '../task/task-properties.ts';
import { namingIn } from '../task/task-references.ts';
import { homeOfTask } from '../task/task-state.ts';
import type { TaskGraphIndex } from './task-graph-index.ts';
import { type CommittedGraph, taskGraphProperties, withTaskGraph } from './task-graph-properties.ts';

/**
 * ALTER TASK GRAPH … COMMIT: what the graph and its tasks are now is what runs from now on. Members are the root, all behind it by AFTER,
 * and the finalizer. The pages leave open when a graph can be committed; asked for is what makes a graph of tasks one that can run.
 * https://docs.snowflake.com/en/sql-reference/sql/alter-task-graph
 * @throws SnowflakeError
 */
export function commitTaskGraph(
  object: CatalogObject,
  scope: ObjectScope,
  tasks: TaskIndex,
  graphs: TaskGraphIndex,
): CatalogObject {
  const properties = taskGraphProperties(object);
  const naming = namingIn(homeOfTask(object, scope));
  const members = membersOf(object, tasks.of(object.parent), naming);
  for (const task of members.tasks) requireMember(task, object, graphs, naming);
  const { schedule, scheduleBase, committed: before } = properties;
  // Intervals count anew from the commit of another schedule, as tasks' do from SET SCHEDULE.
  const same = before !== null && taskGraphProperties(before.graph).schedule === schedule;
  const current = withTaskGraph(object, { scheduleBase: same ? scheduleBase : scope.now });
  const committed: CommittedGraph = { ...members, at: scope.now, graph: withTaskGraph(current, { committed: null }) };
  return withTaskGraph(current, { committed });
}

function membersOf(graph: CatalogObject, tasks: SchemaTasks, naming: TaskNaming): Pick<CommittedGraph, 'tasks' | 'finalizer'> {
  const { root } = taskGraphProperties(graph);
  if (root === null) throw SnowflakeError.of('taskGraphNoRoot', { graph: naming.qualified(graph.name) });
  const object = tasks.object(root);
  if (object === undefined) throw SnowflakeError.of('taskGraphTaskUnknown', { property: 'ROOTS', name: naming.plain(root) });
  if (!isRootTask(graphTaskOf(object))) {
    throw SnowflakeError.of('taskGraphNotRoot', { task: naming.qualified(root), graph: naming.qualified(graph.name) });
  }
  requireNoGraphSettings(object, graph, naming);
  const whole = withFinalizer(tasks, graph, root, naming);
  requireSuspendedRoots(whole, [root], naming);
  requireRunnableGraph(whole, root, naming);
  const members = orderedGraph(whole, root).flatMap((name) => tasks.object(name) ?? []);
  return { tasks: members, finalizer: whole.finalizerOf(root) ?? null };
}

/** The schema's tasks with the graph's FINALIZER as the root's, if it names one. */
function withFinalizer(tasks: SchemaTasks, graph: CatalogObject, root: string, naming: TaskNaming): TaskGraph {
  const { finalizer } = taskGraphProperties(graph);
  if (finalizer === null) return tasks;
  const object = tasks.object(finalizer);
  if (object === undefined)
    throw SnowflakeError.of('taskGraphTaskUnknown', { property: 'FINALIZER', name: naming.plain(finalizer) });
  const { schedule, config, overlapPolicy } = taskProperties(object);
  const task = { ...graphTaskOf(object), finalizes: root, started: false };
  checkShape(
    tasks,
    {
      ...task,
      hasSchedule: schedule !== null,
      hasConfig: config !== null,
      overlap: overlapPolicy === 'NO_OVERLAP' ? undefined : 'OVERLAP_POLICY',
      hasRetries: Number(object.parameters['TASK_AUTO_RETRY_ATTEMPTS'] ?? 0) > 0,
    },
    naming,
  );
  return new ChangedGraph(tasks, task);
}

/**
 * What the graph sets for all has one place. What would become of a root's own settings is nowhere said, so that they are refused.
 * https://docs.snowflake.com/en/user-guide/task-graph-object
 */
function requireNoGraphSettings(root: CatalogObject, graph: CatalogObject, naming: TaskNaming): void {
  const { schedule, config, overlapPolicy, errorIntegration, successIntegration } = taskProperties(root);
  const set = {
    SCHEDULE: schedule !== null,
    CONFIG: config !== null,
    OVERLAP_POLICY: overlapPolicy !== 'NO_OVERLAP',
    ERROR_INTEGRATION: errorIntegration !== null,
    SUCCESS_INTEGRATION: successIntegration !== null,
    TASK_AUTO_RETRY_ATTEMPTS: root.parameters['TASK_AUTO_RETRY_ATTEMPTS'] !== undefined,
    SUSPEND_TASK_AFTER_NUM_FAILURES: root.parameters['SUSPEND_TASK_AFTER_NUM_FAILURES'] !== undefined,
  };
  const [property] = Object.entries(set).find(([, isSet]) => isSet) ?? [];
  if (property === undefined) return;
  throw SnowflakeError.of('taskGraphRootSetting', {
    task: naming.qualified(root.name),
    graph: naming.qualified(graph.name),
    property,
  });
}

/** A graph has one owner, a task is in one graph. */
function requireMember(task: CatalogObject, graph: CatalogObject, graphs: TaskGraphIndex, naming: TaskNaming): void {
  if (task.owner !== graph.owner) {
    throw SnowflakeError.of('taskGraphOwner', { graph: naming.qualified(graph.name), task: naming.qualified(task.name) });
  }
  const other = graphs.holding(task.id) ?? graphs.rootedIn(task);
  if (other === undefined || other.id === graph.id) return;
  throw SnowflakeError.of('taskGraphTaskTaken', { task: naming.qualified(task.name), graph: naming.qualified(other.name) });
}
