import type { TableFunctionDefinition } from '../objects/extensions.ts';
import { cell, column, type ResultColumn, type Row } from '../sql/result-set.ts';
import { types } from '../sql/types.ts';
import { type GraphRun, hasFailed, specOf, type TaskRun } from './graph-run.ts';
import { type GraphVersion, rootSpec } from './graph-version.ts';
import type { UpcomingRun } from './root-arms.ts';
import { TableArguments } from '../objects/table-arguments.ts';
import type { TaskEngine } from './task-engine.ts';
import { nextScheduled } from './task-history-table.ts';
import { TaskVisibility } from './task-visibility.ts';

const day = 86_400_000;
const time = types.timestampLtz(3);
const number = types.number(38, 0);

/** In the order in which accounts answer, which is not quite the page's. */
function graphColumns(completed: boolean): ResultColumn[] {
  return [
    column('ROOT_TASK_NAME'),
    column('DATABASE_NAME'),
    column('SCHEMA_NAME'),
    column('STATE'),
    column('FIRST_ERROR_TASK_NAME'),
    column('FIRST_ERROR_CODE', number),
    column('FIRST_ERROR_MESSAGE'),
    column('SCHEDULED_TIME', time),
    column('QUERY_START_TIME', time),
    column('NEXT_SCHEDULED_TIME', time),
    ...(completed ? [column('COMPLETED_TIME', time)] : []),
    column('ROOT_TASK_ID'),
    column('GRAPH_VERSION', number),
    column('RUN_ID', number),
    column('ATTEMPT_NUMBER', number),
    column('SCHEDULED_FROM'),
    column('CONFIG'),
    column('GRAPH_RUN_GROUP_ID'),
    column('BACKFILL_INFO', types.object),
    column('SCHEDULED_BY_USER'),
  ];
}

/** CURRENT_TASK_GRAPHS. https://docs.snowflake.com/en/sql-reference/functions/current_task_graphs */
export function currentTaskGraphs(engine: TaskEngine): TableFunctionDefinition {
  return {
    name: 'CURRENT_TASK_GRAPHS',
    page: 'functions/current_task_graphs',
    columns: graphColumns(false),
    rows: (args, scope) => {
      const given = new TableArguments('CURRENT_TASK_GRAPHS', args, ['RESULT_LIMIT', 'ROOT_TASK_NAME', 'GRAPH_NAME']);
      const limit = given.limit(1000);
      const visibility = new TaskVisibility(scope);
      const wanted = rootFilter(given, visibility);
      const rows = [
        ...engine
          .active()
          .map((run) => ({ at: run.scheduledTime, version: run.version, cells: () => runCells(run, false, visibility) })),
        ...[...engine.upcoming()]
          .filter((run) => run.at <= scope.now + 8 * day)
          .map((run) => ({ at: run.at, version: run.version, cells: () => upcomingCells(run, visibility) })),
      ];
      return rows
        .filter((row) => wanted(row.version))
        .sort((a, b) => b.at - a.at)
        .slice(0, limit)
        .map((row) => row.cells());
    },
  };
}

/** COMPLETE_TASK_GRAPHS. https://docs.snowflake.com/en/sql-reference/functions/complete_task_graphs */
export function completeTaskGraphs(engine: TaskEngine): TableFunctionDefinition {
  return {
    name: 'COMPLETE_TASK_GRAPHS',
    page: 'functions/complete_task_graphs',
    columns: graphColumns(true),
    rows: (args, scope) => {
      const given = new TableArguments('COMPLETE_TASK_GRAPHS', args, [
        'RESULT_LIMIT',
        'ROOT_TASK_NAME',
        'GRAPH_NAME',
        'ERROR_ONLY',
        'GRAPH_RUN_GROUP_ID',
      ]);
      const group = given.text('GRAPH_RUN_GROUP_ID');
      const limit = given.limit(1000);
      const visibility = new TaskVisibility(scope);
      const wanted = rootFilter(given, visibility);
      const errorsOnly = given.boolean('ERROR_ONLY', false);
      const since = scope.now - 3_600_000;
      return completedSince(engine, since)
        .filter((run) => group === undefined || run.group === group)
        .filter((run) => wanted(run.version) && (!errorsOnly || run.state === 'FAILED' || run.state === 'CANCELLED'))
        .sort((a, b) => (b.completedTime ?? 0) - (a.completedTime ?? 0))
        .slice(0, limit)
        .map((run) => runCells(run, true, visibility));
    },
  };
}

export const completedGraphColumns = graphColumns(true);

/** Ended graph runs; one whose root was skipped is none. `since`: epoch milliseconds. */
export function completedSince(engine: TaskEngine, since: number): GraphRun[] {
  return engine.history.graphRuns.filter(
    (run) => run.completedTime !== null && run.completedTime >= since && run.state !== 'SKIPPED',
  );
}

/** GRAPH_NAME names a TASK GRAPH, taken as ROOT_TASK_NAME is. https://docs.snowflake.com/en/sql-reference/sql/execute-task-graph */
function rootFilter(given: TableArguments, visibility: TaskVisibility): (version: GraphVersion) => boolean {
  const root = given.text('ROOT_TASK_NAME')?.toUpperCase();
  const graph = given.text('GRAPH_NAME')?.toUpperCase();
  return (version) =>
    (root === undefined || rootName(version)?.toUpperCase() === root) &&
    (graph === undefined || version.object?.name.toUpperCase() === graph) &&
    visibility.sees(version.rootId);
}

/** https://docs.snowflake.com/en/sql-reference/account-usage/complete_task_graphs: none for TASK GRAPH objects. */
function rootName(version: GraphVersion): string | null {
  return version.object === undefined ? rootSpec(version).name : null;
}

export function runCells(run: GraphRun, completed: boolean, visibility: TaskVisibility): Row {
  const { version } = run;
  const error = firstError(run);
  const named = visibility.names(version.schemaId);
  return [
    rootName(version),
    named ? version.database : null,
    named ? version.schema : null,
    completed ? run.state : 'EXECUTING',
    error === undefined ? null : specOf(error).name,
    error === undefined ? null : cell.number(Number(error.errorCode)),
    error === undefined ? null : error.errorMessage,
    cell.timestamp(run.scheduledTime),
    cell.timestamp(run.tasks.get(0)?.queryStartTime),
    cell.timestamp(nextScheduled(version, run.scheduledFrom, run.runId)),
    ...(completed ? [cell.timestamp(run.completedTime)] : []),
    version.rootId,
    cell.number(version.version),
    cell.number(run.runId),
    cell.number(run.attempt),
    run.scheduledFrom,
    run.config,
    run.group,
    null,
    run.scheduledBy,
  ];
}

function firstError(run: GraphRun): TaskRun | undefined {
  let first: TaskRun | undefined;
  for (const task of run.tasks.values()) {
    if (!hasFailed(task.state)) continue;
    if (first === undefined || (task.completedTime ?? 0) < (first.completedTime ?? 0)) first = task;
  }
  return first;
}

function upcomingCells(run: UpcomingRun, visibility: TaskVisibility): Row {
  const { version } = run;
  const named = visibility.names(version.schemaId);
  return [
    rootName(version),
    named ? version.database : null,
    named ? version.schema : null,
    'SCHEDULED',
    null,
    null,
    null,
    cell.timestamp(run.at),
    null,
    cell.timestamp(nextScheduled(version, run.scheduledFrom, run.at)),
    version.rootId,
    cell.number(version.version),
    cell.number(run.at),
    '1',
    run.scheduledFrom,
    run.config,
    run.group,
    null,
    run.scheduledBy,
  ];
}
