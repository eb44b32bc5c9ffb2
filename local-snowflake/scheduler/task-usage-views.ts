import type { SystemViewDefinition } from '../objects/extensions.ts';
import type { ObjectScope } from '../objects/object-scope.ts';
import { displayName } from '../sql/identifier.ts';
import { cell, column, type Row } from '../sql/result-set.ts';
import { types } from '../sql/types.ts';
import { specOf, type TaskRun } from './graph-run.ts';
import type { GraphVersion, TaskSpec } from './graph-version.ts';
import { completedGraphColumns, completedSince, runCells } from './task-graphs-tables.ts';
import type { TaskEngine } from './task-engine.ts';
import { queryHashCells, queryHashColumns } from './query-hash-cells.ts';
import { TaskVisibility } from './task-visibility.ts';

const time = types.timestampLtz(3);
const number = types.number(38, 0);

/** Views of SNOWFLAKE.ACCOUNT_USAGE. https://docs.snowflake.com/en/sql-reference/account-usage */
export function taskUsageViews(engine: TaskEngine): SystemViewDefinition[] {
  return [taskHistory(engine), completeTaskGraphs(engine), taskVersions(engine)];
}

/** https://docs.snowflake.com/en/sql-reference/account-usage/task_history: runs that have ended. */
function taskHistory(engine: TaskEngine): SystemViewDefinition {
  return {
    schema: 'ACCOUNT_USAGE',
    name: 'TASK_HISTORY',
    page: 'account-usage/task_history',
    columns: [
      column('NAME'),
      column('QUERY_TEXT'),
      column('CONDITION_TEXT'),
      column('SCHEMA_NAME'),
      column('TASK_SCHEMA_ID', number),
      column('DATABASE_NAME'),
      column('TASK_DATABASE_ID', number),
      column('SCHEDULED_TIME', time),
      column('COMPLETED_TIME', time),
      column('STATE'),
      column('RETURN_VALUE'),
      column('QUERY_ID'),
      column('QUERY_START_TIME', time),
      column('ERROR_CODE'),
      column('ERROR_MESSAGE'),
      column('GRAPH_VERSION', number),
      column('RUN_ID', number),
      column('ROOT_TASK_ID'),
      column('SCHEDULED_FROM'),
      column('ATTEMPT_NUMBER', number),
      column('INSTANCE_ID', number),
      column('CONFIG'),
      ...queryHashColumns,
      column('GRAPH_RUN_GROUP_ID'),
      column('BACKFILL_INFO', types.object),
      column('SPCS_JOB_ID', number),
    ],
    rows: (scope) => {
      const visibility = new TaskVisibility(scope);
      return engine.history.taskRuns
        .filter((run) => run.completedTime !== null && visibility.sees(specOf(run).id))
        .map((run) => historyCells(run));
    },
  };
}

function historyCells(run: TaskRun): Row {
  const task = specOf(run);
  const { graph } = run;
  return [
    task.name,
    task.definition,
    task.condition,
    graph.version.schema,
    null,
    graph.version.database,
    null,
    cell.timestamp(run.scheduledTime),
    cell.timestamp(run.completedTime),
    run.state,
    run.returnValue,
    run.queryId,
    cell.timestamp(run.queryStartTime),
    run.errorCode,
    run.errorMessage,
    cell.number(graph.version.version),
    cell.number(graph.runId),
    graph.version.rootId,
    graph.scheduledFrom,
    cell.number(graph.attempt),
    null,
    graph.config,
    ...queryHashCells(task, run.queryId),
    graph.group,
    null,
    null,
  ];
}

/** https://docs.snowflake.com/en/sql-reference/account-usage/complete_task_graphs */
function completeTaskGraphs(engine: TaskEngine): SystemViewDefinition {
  return {
    schema: 'ACCOUNT_USAGE',
    name: 'COMPLETE_TASK_GRAPHS',
    page: 'account-usage/complete_task_graphs',
    columns: completedGraphColumns,
    rows: (scope) => {
      const visibility = new TaskVisibility(scope);
      return completedSince(engine, 0)
        .filter((run) => visibility.sees(run.version.rootId))
        .map((run) => runCells(run, true, visibility));
    },
  };
}

/** https://docs.snowflake.com/en/sql-reference/account-usage/task_versions */
function taskVersions(engine: TaskEngine): SystemViewDefinition {
  return {
    schema: 'ACCOUNT_USAGE',
    name: 'TASK_VERSIONS',
    page: 'account-usage/task_versions',
    columns: [
      column('ROOT_TASK_ID'),
      column('GRAPH_VERSION', number),
      column('GRAPH_VERSION_CREATED_ON', time),
      column('NAME'),
      column('ID'),
      column('DATABASE_ID', number),
      column('DATABASE_NAME'),
      column('SCHEMA_ID', number),
      column('SCHEMA_NAME'),
      column('OWNER'),
      column('COMMENT'),
      column('WAREHOUSE_NAME'),
      column('SCHEDULE'),
      column('PREDECESSORS', types.array),
      column('STATE'),
      column('DEFINITION'),
      column('CONDITION_TEXT'),
      column('ALLOW_OVERLAPPING_EXECUTION', types.boolean),
      column('ERROR_INTEGRATION'),
      column('LAST_COMMITTED_ON', time),
      column('LAST_SUSPENDED_ON', time),
      column('TARGET_COMPLETION_INTERVAL'),
      column('SCHEDULING_MODE'),
      column('GRAPH_VERSION_CREATED_BY_USER'),
    ],
    rows: (scope) => {
      const visibility = new TaskVisibility(scope);
      return [...engine.versions()]
        .filter(({ version }) => visibility.sees(version.rootId))
        .flatMap(({ version, committedOn }) => version.tasks.map((task) => versionCells(version, task, committedOn, scope)));
    },
  };
}

function versionCells(version: GraphVersion, task: TaskSpec, committedOn: number | null, scope: ObjectScope): Row {
  const root = task.role === 'root';
  const predecessors = task.predecessors.map((position) =>
    displayName([version.database, version.schema, version.tasks[position]?.name ?? '']),
  );
  return [
    version.rootId,
    cell.number(version.version),
    cell.timestamp(version.createdOn),
    task.name,
    task.id,
    null,
    version.database,
    null,
    version.schema,
    scope.nameOf(version.owner),
    cell.text(task.comment),
    cell.text(task.warehouse?.name),
    root ? version.schedule : null,
    cell.json(predecessors),
    root ? null : task.resumed ? 'started' : 'suspended',
    task.definition,
    task.condition,
    root ? cell.boolean(version.overlapPolicy === 'ALLOW_CHILD_OVERLAP') : null,
    root ? version.errorIntegration : null,
    cell.timestamp(committedOn),
    cell.timestamp(task.lastSuspendedOn),
    cell.text(task.targetCompletionInterval),
    'UNKNOWN',
    null,
  ];
}
