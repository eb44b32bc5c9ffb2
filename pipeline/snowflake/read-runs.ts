import type { TaskGraph } from '../graph/task-graph.ts';
import type { GraphRun, GraphRunState } from '../run/graph-run.ts';
import type { TaskRun, TaskRunState } from '../run/task-run.ts';
import { numberOrNull, text, textOrNull, timeOrNull, type SqlClient, type SqlRow } from './sql-client.ts';
import { quoteIdentifier, stringLiteral } from './task-name.ts';

const informationSchema = (graph: TaskGraph): string => `${quoteIdentifier(graph.root.database)}.INFORMATION_SCHEMA`;

// The documentation writes EXECUTE_TASK, accounts have been seen to answer EXECUTE TASK.
const origin = (row: SqlRow): string => text(row, 'SCHEDULED_FROM').replace('EXECUTE TASK', 'EXECUTE_TASK');

const graphRun = (row: SqlRow): GraphRun => ({
  group: text(row, 'GRAPH_RUN_GROUP_ID'),
  attempt: numberOrNull(row, 'ATTEMPT_NUMBER') ?? 1,
  state: text(row, 'STATE') as GraphRunState,
  scheduledFrom: origin(row),
  scheduledAt: timeOrNull(row, 'SCHEDULED_TIME'),
  startedAt: timeOrNull(row, 'QUERY_START_TIME'),
  completedAt: 'COMPLETED_TIME' in row ? timeOrNull(row, 'COMPLETED_TIME') : null,
  firstErrorTask: textOrNull(row, 'FIRST_ERROR_TASK_NAME'),
  firstErrorMessage: textOrNull(row, 'FIRST_ERROR_MESSAGE'),
  config: textOrNull(row, 'CONFIG'),
});

const graphColumns =
  'GRAPH_RUN_GROUP_ID, ATTEMPT_NUMBER, STATE, SCHEDULED_FROM, SCHEDULED_TIME, QUERY_START_TIME, FIRST_ERROR_TASK_NAME, FIRST_ERROR_MESSAGE, CONFIG';

// ROOT_TASK_NAME meets every task of that name in the account, so the ID is asked for as well.
const readGraphRuns = async (
  client: SqlClient,
  graph: TaskGraph,
  source: string,
  columns: string,
): Promise<readonly GraphRun[]> => {
  const rows = await client.query(
    `SELECT ${columns} FROM TABLE(${informationSchema(graph)}.${source}(ROOT_TASK_NAME => ${stringLiteral(graph.root.name)}))` +
      ` WHERE ROOT_TASK_ID = ${stringLiteral(graph.rootId)}`,
  );
  return rows.map(graphRun);
};

/** Runs under way or waiting to start. https://docs.snowflake.com/en/sql-reference/functions/current_task_graphs */
export const readCurrentRuns = (client: SqlClient, graph: TaskGraph): Promise<readonly GraphRun[]> =>
  readGraphRuns(client, graph, 'CURRENT_TASK_GRAPHS', graphColumns);

/** Runs that ended in the last hour. https://docs.snowflake.com/en/sql-reference/functions/complete_task_graphs */
export const readCompleteRuns = (client: SqlClient, graph: TaskGraph): Promise<readonly GraphRun[]> =>
  readGraphRuns(client, graph, 'COMPLETE_TASK_GRAPHS', `${graphColumns}, COMPLETED_TIME`);

const taskRun = (row: SqlRow): TaskRun => ({
  group: text(row, 'GRAPH_RUN_GROUP_ID'),
  attempt: numberOrNull(row, 'ATTEMPT_NUMBER') ?? 1,
  task: text(row, 'NAME'),
  state: text(row, 'STATE') as TaskRunState,
  queryId: textOrNull(row, 'QUERY_ID'),
  scheduledAt: timeOrNull(row, 'SCHEDULED_TIME'),
  startedAt: timeOrNull(row, 'QUERY_START_TIME'),
  completedAt: timeOrNull(row, 'COMPLETED_TIME'),
  returnValue: textOrNull(row, 'RETURN_VALUE'),
  errorCode: numberOrNull(row, 'ERROR_CODE'),
  errorMessage: textOrNull(row, 'ERROR_MESSAGE'),
  scheduledFrom: origin(row),
  config: textOrNull(row, 'CONFIG'),
});

const taskColumns =
  'GRAPH_RUN_GROUP_ID, ATTEMPT_NUMBER, NAME, STATE, QUERY_ID, SCHEDULED_TIME, QUERY_START_TIME, COMPLETED_TIME, RETURN_VALUE, ERROR_CODE, ERROR_MESSAGE, SCHEDULED_FROM, CONFIG';

export interface TaskRunsFilter {
  /** Only this task (bare name). */
  readonly task?: string | undefined;
  /** Only this graph run group, all attempts. */
  readonly group?: string | undefined;
  /** Epoch milliseconds: only what was scheduled from then on. */
  readonly since?: number | undefined;
  /** Epoch milliseconds: only what was scheduled until then. */
  readonly until?: number | undefined;
  /** Rows, newest first, at most 10,000 (Snowflake's own limit). */
  readonly limit: number;
}

export const mostTaskRuns = 10_000;

/** TASK_HISTORY refuses a range that begins earlier than this many milliseconds ago. */
const historyWindow = 7 * 24 * 3600 * 1000;

const rangeArgument = (argument: string, instant: number | undefined, now: number): readonly string[] => {
  if (instant === undefined || instant <= now - historyWindow + 60_000) return [];
  const written = new Date(instant).toISOString().replace('T', ' ').replace('Z', ' +0000');
  return [`${argument} => TO_TIMESTAMP_LTZ(${stringLiteral(written)})`];
};

/**
 * Task runs of the graph, newest first, over the last seven days. Filters that are arguments apply before the limit.
 * https://docs.snowflake.com/en/sql-reference/functions/task_history
 */
export const readTaskRuns = async (
  client: SqlClient,
  graph: TaskGraph,
  filter: TaskRunsFilter,
  now: number,
): Promise<readonly TaskRun[]> => {
  const args = [
    `ROOT_TASK_ID => ${stringLiteral(graph.rootId)}`,
    `RESULT_LIMIT => ${Math.min(mostTaskRuns, Math.max(1, Math.ceil(filter.limit)))}`,
    ...(filter.task === undefined ? [] : [`TASK_NAME => ${stringLiteral(filter.task)}`]),
    ...rangeArgument('SCHEDULED_TIME_RANGE_START', filter.since, now),
    ...rangeArgument('SCHEDULED_TIME_RANGE_END', filter.until, now),
  ];
  const where = [
    ...(filter.group === undefined ? [] : [`GRAPH_RUN_GROUP_ID = ${stringLiteral(filter.group)}`]),
    // The argument compares without case; a quoted name may differ from another by case alone.
    ...(filter.task === undefined ? [] : [`NAME = ${stringLiteral(filter.task)}`]),
  ];
  const rows = await client.query(
    `SELECT ${taskColumns} FROM TABLE(${informationSchema(graph)}.TASK_HISTORY(${args.join(', ')}))` +
      (where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`),
  );
  return rows.map(taskRun);
};
