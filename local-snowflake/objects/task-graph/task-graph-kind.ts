import type { CatalogObject } from '../../catalog/catalog-object.ts';
import type { Kind } from '../kind.ts';
import type { TaskIndex } from '../task/task-index.ts';
import { isRoot, isStarted } from '../task/task-properties.ts';
import { homeOfTask } from '../task/task-state.ts';
import type { TaskScheduler } from '../task/task-scheduler.ts';
import { commitTaskGraph } from './commit-task-graph.ts';
import { namesGraph } from './names-graph.ts';
import { modifyTaskGraph } from './task-graph-alter.ts';
import { taskGraphColumns } from './task-graph-columns.ts';
import { readCreateTaskGraph } from './task-graph-create.ts';
import { taskGraphDdl } from './task-graph-ddl.ts';
import type { TaskGraphIndex } from './task-graph-index.ts';
import { clonedTaskGraph, isResumed, suspendedTaskGraph, taskGraphKindName, taskGraphProperties } from './task-graph-properties.ts';
import { taskGraphParameters } from './task-graph-settings.ts';
import { requireSuspendedGraph, resumeTaskGraph } from './task-graph-state.ts';

/**
 * https://docs.snowflake.com/en/sql-reference/sql/create-task-graph. What is read of it says nothing of privileges: they are those of
 * tasks. https://docs.snowflake.com/en/user-guide/security-access-control-privileges#task-privileges
 */
export function taskGraphKind(tasks: TaskIndex, graphs: TaskGraphIndex, scheduler: TaskScheduler): Kind {
  const finalizerOf = (graph: CatalogObject | undefined): CatalogObject | undefined => {
    const name = graph === undefined ? null : taskGraphProperties(graph).finalizer;
    return graph === undefined || name === null ? undefined : tasks.of(graph.parent).object(name);
  };
  /** A task that is named as FINALIZER starts nothing by itself any more; one that no graph names any more does again. */
  const finalizerChanged = (before: CatalogObject | undefined, after: CatalogObject | undefined): void => {
    const [was, is] = [finalizerOf(before), finalizerOf(after)];
    if (was?.id === is?.id) return;
    if (is !== undefined) scheduler.disarmed(is.id);
    if (was !== undefined && isRoot(was) && isStarted(was) && graphs.finalizedBy(was) === undefined) scheduler.resumed(was);
  };
  return {
    name: taskGraphKindName,
    plural: 'TASK GRAPHS',
    scope: 'schema',
    page: 'create-task-graph',
    followedByName: namesGraph,
    createPrivilege: 'CREATE TASK GRAPH',
    // UNDROP does not name one; with its schema it comes back as tasks do.
    restorable: 'within',
    cloning: {
      privilege: 'OWNERSHIP',
      alone: false,
      included: (_source, options) => options.point === undefined,
      copy: (copy, _source, scope) => clonedTaskGraph(copy, scope.now),
    },
    privileges: ['MONITOR', 'OPERATE'],
    orAlter: true,
    renamable: false,
    properties: {},
    parameters: taskGraphParameters,
    actions: {
      RESUME: { privileges: ['OPERATE'], run: (object, _stream, scope) => ({ object: resumeTaskGraph(object, scope) }) },
      SUSPEND: {
        privileges: ['OPERATE'],
        run: (object, _stream, scope) => ({ object: suspendedTaskGraph(object, 'USER_SUSPENDED', scope.now) }),
      },
      COMMIT: { privileges: [], run: (object, _stream, scope) => ({ object: commitTaskGraph(object, scope, tasks, graphs) }) },
    },
    readCreate: readCreateTaskGraph,
    readAlter: (object, stream, scope) => {
      const changed = modifyTaskGraph(object, stream, homeOfTask(object, scope), scope);
      return changed === undefined ? undefined : { object: changed };
    },
    altered: (before, after) => {
      if (taskGraphProperties(after).committed !== taskGraphProperties(before).committed) scheduler.committed(after);
      if (isResumed(after) && !isResumed(before)) scheduler.resumed(after);
      else if (isResumed(before) && !isResumed(after)) scheduler.disarmed(after.id);
      finalizerChanged(before, after);
    },
    // https://docs.snowflake.com/en/sql-reference/sql/drop-task-graph: its tasks stay.
    dropping: (object, scope, how) => {
      if (!how.within) requireSuspendedGraph(object, scope);
    },
    created: (object) => {
      finalizerChanged(undefined, object);
    },
    dropped: (object) => {
      scheduler.disarmed(object.id);
      finalizerChanged(object, undefined);
    },
    retired: (object) => {
      scheduler.disarmed(object.id);
    },
    restoring: (object, scope) =>
      isResumed(object) ? suspendedTaskGraph(object, 'SCHEMA_OR_DATABASE_DELETED', scope.now) : object,
    ownerChanging: (after, before, scope, how) => {
      if (after.owner === before.owner) return after;
      if (!how.bulk) requireSuspendedGraph(before, scope);
      scheduler.disarmed(before.id);
      return suspendedTaskGraph(after, 'GRANT_OWNERSHIP', scope.now);
    },
    ddl: taskGraphDdl,
    show: taskGraphColumns,
  };
}
