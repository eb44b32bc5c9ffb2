import { row } from './error-row.ts';

type Graph = { graph: string };
type TaskOfGraph = Graph & { task: string };

/** Refusals of TASK GRAPH objects. None is public with its wording or code: both are ours. https://docs.snowflake.com/en/user-guide/task-graph-object */
export const taskGraphErrorRows = {
  taskGraphTaskUnknown: row<{ property: string; name: string }>(
    '091480',
    '42601',
    (a) => `Invalid task ${a.name} was specified for ${a.property}.`,
  ),
  taskGraphTaskForeign: row<{ property: string; name: string }>(
    '091481',
    '42601',
    (a) => `Cannot have task ${a.name} from a different schema in ${a.property}.`,
  ),
  taskGraphNoRoot: row<Graph>(
    '091482',
    '42601',
    (a) => `Task graph ${a.graph} has no root task. Set ROOTS before it is committed.`,
  ),
  taskGraphNotRoot: row<TaskOfGraph>(
    '091483',
    '42601',
    (a) => `Task ${a.task} cannot be the root of task graph ${a.graph}: it has predecessors or finalizes another task.`,
  ),
  taskGraphRootSetting: row<TaskOfGraph & { property: string }>(
    '091484',
    '42601',
    (a) =>
      `Task ${a.task} cannot be the root of task graph ${a.graph} and have ${a.property}. Unset it there and set it on the task graph.`,
  ),
  taskGraphOwner: row<TaskOfGraph>(
    '091485',
    '42601',
    (a) => `Task graph ${a.graph} and its task ${a.task} must have the same owner.`,
  ),
  taskGraphTaskTaken: row<TaskOfGraph>('091486', '42601', (a) => `Task ${a.task} belongs to task graph ${a.graph}.`),
  taskGraphUncommitted: row<Graph>(
    '091487',
    '22000',
    (a) => `Task graph ${a.graph} has no committed version. Commit it with ALTER TASK GRAPH ... COMMIT.`,
  ),
  taskGraphOwnerChanged: row<Graph>(
    '091488',
    '22000',
    (a) => `Task graph ${a.graph} was committed by another owner. Commit it with ALTER TASK GRAPH ... COMMIT.`,
  ),
  taskGraphNotSuspended: row<Graph>('091489', '22000', (a) => `Task graph ${a.graph} must be suspended.`),
  // https://docs.snowflake.com/en/sql-reference/sql/drop-task-graph (usage notes)
  taskGraphMember: row<TaskOfGraph>(
    '091490',
    '22000',
    (a) =>
      `Task ${a.task} cannot be dropped or replaced while it belongs to the committed version of task graph ${a.graph}. Remove it from the graph and commit that first.`,
  ),
  taskGraphRootResumed: row<TaskOfGraph>(
    '091491',
    '22000',
    (a) => `Task ${a.task} is the root of task graph ${a.graph} and cannot be resumed by itself. Use ALTER TASK GRAPH ... RESUME.`,
  ),
  taskGraphRootExecuted: row<TaskOfGraph>(
    '091492',
    '22000',
    (a) => `Task ${a.task} is the root of task graph ${a.graph} and cannot be executed by itself. Use EXECUTE TASK GRAPH.`,
  ),
} as const;
