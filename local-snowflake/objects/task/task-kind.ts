import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { Kind } from '../kind.ts';
import { committedTasks } from '../task-graph/committed-tasks.ts';
import type { TaskGraphIndex } from '../task-graph/task-graph-index.ts';
import type { ObjectScope } from '../object-scope.ts';
import { taskParameters } from '../parameters.ts';
import { requireSuspendedRoots } from './graph-rules.ts';
import { isStandalone } from './task-checks.ts';
import { modifyTask } from './task-alter.ts';
import { readTaskAlteration } from './task-alter-grammar.ts';
import { taskColumns } from './task-columns.ts';
import { readCreateTask } from './task-create.ts';
import { taskDdl } from './task-ddl.ts';
import type { TaskIndex } from './task-index.ts';
import { clonedTask, isRoot, isStarted, modifiedTask, suspendedTask, taskKindName } from './task-properties.ts';
import { namingIn } from './task-references.ts';
import type { TaskScheduler } from './task-scheduler.ts';
import { homeOfTask, resumeTask, suspendTask, unlinked } from './task-state.ts';

/** https://docs.snowflake.com/en/sql-reference/sql/create-task */
export function taskKind(index: TaskIndex, graphs: TaskGraphIndex, scheduler: TaskScheduler): Kind {
  return {
    name: taskKindName,
    plural: 'TASKS',
    scope: 'schema',
    page: 'create-task',
    createPrivilege: 'CREATE TASK',
    restorable: 'within',
    cloning: {
      privilege: 'OWNERSHIP',
      alone: false,
      included: (_source, options) => options.point === undefined,
      copy: (copy, _source, scope) => clonedTask(copy, scope.now),
    },
    privileges: ['APPLYBUDGET', 'MONITOR', 'OPERATE'],
    orAlter: true,
    renamable: false,
    properties: {},
    parameters: taskParameters,
    actions: {
      RESUME: { privileges: ['OPERATE'], run: (object, _stream, scope) => ({ object: resumeTask(object, scope, index, graphs) }) },
      SUSPEND: { privileges: ['OPERATE'], run: (object, _stream, scope) => ({ object: suspendTask(object, scope, index) }) },
    },
    readCreate: (stream, request, scope) => readCreateTask(stream, request, scope, index),
    readAlter: (object, stream, scope) => {
      const alteration = readTaskAlteration(stream);
      return alteration === undefined ? undefined : { object: modifyTask(object, alteration, scope, index) };
    },
    altered: (before, after) => {
      // A finalizer that a TASK GRAPH names runs with it alone, though it is no task's finalizer.
      if (isRoot(after) && isStarted(after) && !isStarted(before) && graphs.finalizedBy(after) === undefined)
        scheduler.resumed(after);
      else if (isStarted(before) && !isStarted(after)) scheduler.disarmed(after.id);
    },
    dropping: (object, scope, how) => {
      if (how.within) return;
      requireUncommitted(object, scope, graphs);
      if (isStandalone(object, index.of(object.parent))) return;
      requireSuspendedRoots(index.of(object.parent), [object.name], namingIn(homeOfTask(object, scope)));
    },
    retired: (object) => {
      scheduler.disarmed(object.id);
    },
    restoring: (object, scope) => (isStarted(object) ? suspendedTask(object, 'SCHEMA_OR_DATABASE_DELETED', scope.now) : object),
    dropped: async (object, scope) => {
      scheduler.disarmed(object.id);
      // A task that took the name over (OR REPLACE) keeps the links.
      if (index.of(object.parent).object(object.name) === undefined) await cutLinks(object, scope, index);
    },
    ownerChanging: (after, before, scope, how) => {
      if (isStarted(before)) scheduler.disarmed(before.id);
      return changeOwner(after, before, scope, index, how.bulk);
    },
    showFilter: (stream) => (stream.accept('ROOT ONLY') ? isRoot : undefined),
    listed: (object, scope) =>
      ['MONITOR', 'OPERATE'].some((privilege) => scope.authorizer.holds(scope.roles, object, privilege)) ||
      scope.authorizer.holdsGlobal(scope.roles, 'MANAGE GRANTS'),
    ddl: taskDdl,
    listings: { 'COMMITTED TASKS': committedTasks(graphs) },
    show: taskColumns({
      finalizerOf: (task) => index.of(task.parent).finalizerOf(task.name),
      committedOn: (task) => graphs.committedOn(task.id) ?? scheduler.committedOn(task),
    }),
    examples: {
      accepted: [
        "CREATE TASK t1 SCHEDULE = 'USING CRON 18 9-17 * * SUN America/Los_Angeles' USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE = 'XSMALL' AS SELECT CURRENT_TIMESTAMP",
        "CREATE TASK t2 SCHEDULE = '60 MINUTES' TIMESTAMP_INPUT_FORMAT = 'YYYY-MM-DD HH24' AS INSERT INTO mytable(ts) VALUES(CURRENT_TIMESTAMP)",
        "CREATE TASK t3 SCHEDULE = '15 SECONDS' AS DECLARE radius_of_circle float; BEGIN radius_of_circle := 3; return radius_of_circle; END",
      ],
      refused: [
        { sql: "CREATE TASK t4 SCHEDULE = '5 SECONDS' AS SELECT 1", error: 'Cannot set schedule less than 10 seconds.' },
        { sql: 'CREATE TASK t5 AFTER nowhere AS SELECT 1', error: 'Invalid predecessor NOWHERE was specified.' },
      ],
    },
  };
}

/** https://docs.snowflake.com/en/sql-reference/sql/drop-task-graph (usage notes): neither dropped nor replaced. */
function requireUncommitted(object: CatalogObject, scope: ObjectScope, graphs: TaskGraphIndex): void {
  const graph = graphs.holding(object.id);
  if (graph === undefined) return;
  const naming = namingIn(homeOfTask(object, scope));
  throw SnowflakeError.of('taskGraphMember', { task: naming.qualified(object.name), graph: naming.qualified(graph.name) });
}

/** Takes away the links of tasks that name a task. https://docs.snowflake.com/en/user-guide/tasks-graphs (unlink) */
async function cutLinks(object: CatalogObject, scope: ObjectScope, index: TaskIndex): Promise<void> {
  const tasks = index.of(object.parent);
  const finalizer = tasks.finalizerOf(object.name);
  const linked = [...tasks.childrenOf(object.name), ...(finalizer === undefined ? [] : [finalizer])];
  if (linked.length === 0) return;
  await scope.catalog.change((change) => {
    for (const name of linked) {
      const task = tasks.object(name);
      if (task !== undefined) scope.catalog.update(unlinked(task, object.name, scope.now), change);
    }
  });
}

/**
 * One task that goes to another owner leaves its graph; all tasks of a schema together keep their links. Both are suspended.
 * https://docs.snowflake.com/en/user-guide/tasks-graphs (Manage task graph ownership)
 */
async function changeOwner(
  after: CatalogObject,
  before: CatalogObject,
  scope: ObjectScope,
  index: TaskIndex,
  bulk: boolean,
): Promise<CatalogObject> {
  if (after.owner === before.owner) return after;
  if (!bulk) {
    requireSuspendedRoots(index.of(before.parent), [before.name], namingIn(homeOfTask(before, scope)));
    await cutLinks(before, scope, index);
  }
  const links = bulk ? {} : { predecessors: [], finalizes: null };
  return suspendedTask(modifiedTask(after, links, scope.now), 'GRANT_OWNERSHIP', scope.now);
}
