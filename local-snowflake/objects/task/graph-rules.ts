import { SnowflakeError } from '../../errors/snowflake-error.ts';
import {
  ChangedGraph,
  graphOf,
  type GraphTask,
  isRootTask,
  rootsOf,
  rootsOfWholeGraph,
  type TaskGraph,
  taskInCycle,
} from './task-graph.ts';

/** https://docs.snowflake.com/en/user-guide/tasks-graphs */
export const graphLimits = { tasks: 1000, predecessors: 100, children: 100, started: 30_000 } as const;

/** A task as it is to be, with the settings that only roots may have. */
export interface ProposedTask extends GraphTask {
  readonly hasSchedule: boolean;
  readonly hasConfig: boolean;
  /** Which of the two settings asks for overlapping runs, when one does. */
  readonly overlap: 'OVERLAP_POLICY' | 'ALLOW_OVERLAPPING_EXECUTION' | undefined;
  readonly hasRetries: boolean;
}

/** Names tasks in messages. */
export interface TaskNaming {
  /** Unqualified, quoted where needed. */
  plain(name: string): string;
  /** `DB.SCHEMA.NAME` */
  qualified(name: string): string;
}

/**
 * Refuses a finalizer as predecessor, a task that finalizes or is finalized in the wrong place, and what only roots have.
 * Existence and schema of the named tasks have been checked before. https://docs.snowflake.com/en/sql-reference/sql/create-task
 * @throws SnowflakeError `task…`
 */
export function checkShape(graph: TaskGraph, task: ProposedTask, naming: TaskNaming): void {
  if (task.predecessors.length > 0) checkPredecessors(graph, task, naming);
  if (!isRootTask(task)) checkNonRoot(task, naming);
  if (task.finalizes !== null) checkFinalizer(graph, task, task.finalizes, naming);
  if (task.predecessors.length > 0) checkLimits(graph, task, naming);
}

function checkPredecessors(graph: TaskGraph, task: ProposedTask, naming: TaskNaming): void {
  for (const predecessor of task.predecessors) {
    if (predecessor === task.name) throw SnowflakeError.of('taskPredecessorSelf', { task: naming.plain(task.name) });
    if (graph.get(predecessor)?.finalizes !== null) {
      throw SnowflakeError.of('taskFinalizerChildren', { task: naming.qualified(predecessor) });
    }
  }
}

function checkNonRoot(task: ProposedTask, naming: TaskNaming): void {
  if (task.hasConfig) throw SnowflakeError.of('taskConfigNonRoot', { task: naming.qualified(task.name) });
  if (task.overlap === 'OVERLAP_POLICY') throw SnowflakeError.of('taskOverlapNonRoot', { task: naming.qualified(task.name) });
  if (task.overlap !== undefined) throw SnowflakeError.of('taskOverlappingNonRoot', { task: naming.qualified(task.name) });
  if (task.hasRetries) {
    throw SnowflakeError.of('taskRootParameter', { task: naming.plain(task.name), parameter: 'TASK_AUTO_RETRY_ATTEMPTS' });
  }
  if (task.hasSchedule && task.finalizes === null) {
    throw SnowflakeError.of('taskScheduleAndPredecessor', { task: naming.plain(task.name) });
  }
}

function checkFinalizer(graph: TaskGraph, task: ProposedTask, target: string, naming: TaskNaming): void {
  const root = graph.get(target);
  // A task that names itself is weighed as it would be without the new link.
  const targetIsRoot = target === task.name ? task.predecessors.length === 0 : root !== undefined && isRootTask(root);
  if (!targetIsRoot) {
    throw SnowflakeError.of('taskFinalizeNonRoot', { task: naming.qualified(task.name), target: naming.qualified(target) });
  }
  if (target === task.name) throw SnowflakeError.of('taskFinalizeSelf', { task: naming.plain(task.name) });
  if (task.hasSchedule) throw SnowflakeError.of('taskFinalizerSchedule', { task: naming.plain(task.name) });
  if (task.predecessors.length > 0) {
    throw SnowflakeError.of('taskFinalizerPredecessors', { task: naming.qualified(task.name) });
  }
  if ([...graph.childrenOf(task.name)].length > 0) {
    throw SnowflakeError.of('taskFinalizerChildren', { task: naming.qualified(task.name) });
  }
  const taken = graph.finalizerOf(target);
  if (taken !== undefined && taken !== task.name) {
    throw SnowflakeError.of('taskFinalizeTaken', { root: naming.plain(target) });
  }
  checkGraphSize(new ChangedGraph(graph, task), target, naming);
}

function checkLimits(graph: TaskGraph, task: ProposedTask, naming: TaskNaming): void {
  const changed = new ChangedGraph(graph, task);
  if (task.predecessors.length > graphLimits.predecessors) {
    throw SnowflakeError.of('taskTooManyPredecessors', { task: naming.plain(task.name), limit: graphLimits.predecessors });
  }
  for (const predecessor of task.predecessors) {
    if (changed.childrenOf(predecessor).length > graphLimits.children) {
      throw SnowflakeError.of('taskTooManyChildren', { task: naming.plain(predecessor), limit: graphLimits.children });
    }
  }
  for (const predecessor of task.predecessors) checkSameOwner(graph, task, predecessor, naming);
  for (const root of rootsOf(changed, task.name)) checkGraphSize(changed, root, naming);
}

function checkSameOwner(graph: TaskGraph, task: ProposedTask, other: string, naming: TaskNaming): void {
  const owner = graph.get(other)?.owner;
  if (owner !== undefined && owner !== task.owner) {
    throw SnowflakeError.of('taskOwnersDiffer', { task: naming.qualified(task.name), other: naming.qualified(other) });
  }
}

function checkGraphSize(graph: TaskGraph, root: string, naming: TaskNaming): void {
  if (graphOf(graph, root).length <= graphLimits.tasks) return;
  throw SnowflakeError.of('taskGraphTooLarge', { root: naming.qualified(root), limit: graphLimits.tasks });
}

/**
 * A graph may be changed only while its root (each of its roots, before it has just one) is suspended.
 * https://docs.snowflake.com/en/sql-reference/sql/alter-task (usage notes)
 * @throws SnowflakeError `taskRootNotSuspended`
 */
export function requireSuspendedRoots(graph: TaskGraph, names: Iterable<string>, naming: TaskNaming): void {
  for (const name of names) {
    for (const root of rootsOf(graph, name)) {
      if (graph.get(root)?.started === true) {
        throw SnowflakeError.of('taskRootNotSuspended', { root: naming.qualified(root) });
      }
    }
  }
}

/**
 * What a graph must be to run: suspended tasks may be linked in any way, also in circles and below two roots.
 * @throws SnowflakeError `taskCycle`, `taskTwoRoots`
 */
export function requireRunnableGraph(graph: TaskGraph, root: string, naming: TaskNaming): void {
  const cyclic = taskInCycle(graph, root);
  if (cyclic !== undefined) throw SnowflakeError.of('taskCycle', { task: naming.qualified(cyclic) });
  const roots = rootsOfWholeGraph(graph, root);
  if (roots.length > 1) {
    throw SnowflakeError.of('taskTwoRoots', { roots: roots.map((name) => naming.qualified(name)).join(', ') });
  }
}
