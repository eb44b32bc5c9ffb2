import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { TableFunctionDefinition } from '../objects/extensions.ts';
import type { ObjectScope } from '../objects/object-scope.ts';
import { nextDue, parseSchedule } from '../objects/task/schedule.ts';
import { parseName } from '../sql/identifier.ts';
import { cell, column, type Row } from '../sql/result-set.ts';
import { types } from '../sql/types.ts';
import { hasFailed, type ScheduledFrom, specOf, type TaskRun, type TaskRunState } from './graph-run.ts';
import { type GraphVersion, rootSpec, type TaskSpec } from './graph-version.ts';
import type { UpcomingRun } from './root-arms.ts';
import { TableArguments } from '../objects/table-arguments.ts';
import type { TaskEngine } from './task-engine.ts';
import { queryHashCells, queryHashColumns } from './query-hash-cells.ts';
import { TaskVisibility } from './task-visibility.ts';

const day = 86_400_000;
const time = types.timestampLtz(3);
const number = types.number(38, 0);

/** A task run that was, is or will be, with what the graph run adds to it. */
interface HistoryRow {
  readonly task: TaskSpec;
  readonly version: GraphVersion;
  readonly state: TaskRunState;
  readonly scheduledTime: number;
  readonly run: TaskRun | undefined;
  readonly runId: number;
  readonly attempt: number;
  readonly scheduledFrom: ScheduledFrom;
  readonly scheduledBy: string | null;
  readonly config: string | null;
  readonly group: string;
}

const columns = [
  column('QUERY_ID'),
  column('NAME'),
  column('DATABASE_NAME'),
  column('SCHEMA_NAME'),
  column('QUERY_TEXT'),
  column('CONDITION_TEXT'),
  column('STATE'),
  column('ERROR_CODE', number),
  column('ERROR_MESSAGE'),
  column('SCHEDULED_TIME', time),
  column('QUERY_START_TIME', time),
  column('NEXT_SCHEDULED_TIME', time),
  column('COMPLETED_TIME', time),
  column('ROOT_TASK_ID'),
  column('GRAPH_VERSION', number),
  column('RUN_ID', number),
  column('RETURN_VALUE'),
  column('SCHEDULED_FROM'),
  column('ATTEMPT_NUMBER', number),
  column('CONFIG'),
  ...queryHashColumns,
  column('GRAPH_RUN_GROUP_ID'),
  column('BACKFILL_INFO', types.object),
  column('SPCS_JOB_ID', number),
  column('SCHEDULED_BY_USER'),
];

/** TASK_HISTORY. https://docs.snowflake.com/en/sql-reference/functions/task_history */
export function taskHistoryTable(engine: TaskEngine): TableFunctionDefinition {
  const names = [
    'SCHEDULED_TIME_RANGE_START',
    'SCHEDULED_TIME_RANGE_END',
    'RESULT_LIMIT',
    'TASK_NAME',
    'DATABASE_NAME',
    'SCHEMA_NAME',
    'ERROR_ONLY',
    'ROOT_TASK_ID',
  ];
  return {
    name: 'TASK_HISTORY',
    page: 'functions/task_history',
    columns,
    rows: (args, scope) => {
      const given = new TableArguments('TASK_HISTORY', args, names);
      const wanted = filterOf(given, scope);
      const limit = given.limit(100);
      const visibility = new TaskVisibility(scope);
      const found: HistoryRow[] = [];
      for (const row of upcomingRows(engine, scope.now)) if (wanted(row) && visibility.sees(row.task.id)) found.push(row);
      const scheduled = found.length;
      const runs = runsFor(engine, given);
      const start = earliest(given, scope);
      for (let index = runs.length - 1; index >= 0 && found.length - scheduled < limit; index -= 1) {
        const run = runs[index];
        if (run === undefined || run.scheduledTime < start) break;
        const row = rowOf(run);
        if (wanted(row) && visibility.sees(row.task.id)) found.push(row);
      }
      found.sort((a, b) => b.scheduledTime - a.scheduledTime);
      return found.slice(0, limit).map((row) => cells(row, visibility));
    },
  };
}

/** The runs to look through: those of the task or of the graph when one is named. */
function runsFor(engine: TaskEngine, given: TableArguments): readonly TaskRun[] {
  const name = given.text('TASK_NAME');
  if (name !== undefined) return engine.history.taskRunsNamed(name);
  const root = given.text('ROOT_TASK_ID');
  if (root === undefined) return engine.history.taskRuns;
  const runs = engine.history.graphRunsOf(root).flatMap((graph) => [...graph.tasks.values()]);
  return runs.sort((a, b) => a.scheduledTime - b.scheduledTime);
}

function earliest(given: TableArguments, scope: ObjectScope): number {
  return given.instant('SCHEDULED_TIME_RANGE_START', scope.parameter('TIMEZONE')) ?? scope.now - 7 * day;
}

/** @throws SnowflakeError `taskHistoryRange`, `taskHistorySchema` */
function filterOf(given: TableArguments, scope: ObjectScope): (row: HistoryRow) => boolean {
  const timezone = scope.parameter('TIMEZONE');
  const start = earliest(given, scope);
  const end = given.instant('SCHEDULED_TIME_RANGE_END', timezone) ?? Number.POSITIVE_INFINITY;
  // A minute of grace: DATEADD('day', -7, CURRENT_TIMESTAMP()) is meant to be taken.
  if (start < scope.now - 7 * day - 60_000 || end < scope.now - 7 * day) throw SnowflakeError.of('taskHistoryRange', {});
  const name = given.text('TASK_NAME')?.toUpperCase();
  const database = given.text('DATABASE_NAME');
  const schema = given.text('SCHEMA_NAME');
  if (schema !== undefined && database === undefined) throw SnowflakeError.of('taskHistorySchema', {});
  const inDatabase = nameMatcher(database);
  const inSchema = nameMatcher(schema);
  const root = given.text('ROOT_TASK_ID');
  const errorsOnly = given.boolean('ERROR_ONLY', false);
  return (row) =>
    row.scheduledTime >= start &&
    row.scheduledTime <= end &&
    (name === undefined || row.task.name.toUpperCase() === name) &&
    inDatabase(row.version.database) &&
    inSchema(row.version.schema) &&
    (root === undefined || row.version.rootId === root) &&
    (!errorsOnly || hasFailed(row.state) || row.state === 'CANCELLED');
}

/** Case-insensitive, unless the name is in double quotes. */
function nameMatcher(wanted: string | undefined): (name: string) => boolean {
  if (wanted === undefined) return () => true;
  if (wanted.startsWith('"')) {
    const [exact] = parseName(wanted);
    return (name) => name === exact;
  }
  const upper = wanted.toUpperCase();
  return (name) => name.toUpperCase() === upper;
}

function rowOf(run: TaskRun): HistoryRow {
  const { graph } = run;
  return {
    task: specOf(run),
    version: graph.version,
    state: run.state,
    scheduledTime: run.scheduledTime,
    run,
    runId: graph.runId,
    attempt: graph.attempt,
    scheduledFrom: graph.scheduledFrom,
    scheduledBy: graph.scheduledBy,
    config: graph.config,
    group: graph.group,
  };
}

/** Runs scheduled within the next eight days. */
function* upcomingRows(engine: TaskEngine, now: number): Generator<HistoryRow> {
  for (const upcoming of engine.upcoming()) {
    if (upcoming.at <= now + 8 * day) yield upcomingRow(upcoming);
  }
}

function upcomingRow(upcoming: UpcomingRun): HistoryRow {
  return {
    task: rootSpec(upcoming.version),
    version: upcoming.version,
    state: 'SCHEDULED',
    scheduledTime: upcoming.at,
    run: undefined,
    runId: upcoming.at,
    attempt: 1,
    scheduledFrom: upcoming.scheduledFrom,
    scheduledBy: upcoming.scheduledBy,
    config: upcoming.config,
    group: upcoming.group,
  };
}

/** The instant after a scheduled run's own, if the run ends in time. */
export function nextScheduled(version: GraphVersion, from: ScheduledFrom, runId: number): number | undefined {
  if (version.schedule === null || from !== 'SCHEDULE') return undefined;
  return nextDue(parseSchedule(version.schedule), runId, runId);
}

function cells(row: HistoryRow, visibility: TaskVisibility): Row {
  const { task, version, run } = row;
  const named = visibility.names(version.schemaId);
  return [
    cell.text(run?.queryId),
    task.name,
    named ? version.database : null,
    named ? version.schema : null,
    task.definition,
    task.condition,
    row.state,
    run?.errorCode === null || run === undefined ? null : cell.number(Number(run.errorCode)),
    cell.text(run?.errorMessage),
    cell.timestamp(row.scheduledTime),
    cell.timestamp(run?.queryStartTime),
    cell.timestamp(nextScheduled(version, row.scheduledFrom, row.runId)),
    cell.timestamp(run?.completedTime),
    version.rootId,
    cell.number(version.version),
    cell.number(row.runId),
    cell.text(run?.returnValue),
    row.scheduledFrom,
    cell.number(row.attempt),
    row.config,
    ...queryHashCells(task, run?.queryId),
    row.group,
    null,
    null,
    row.scheduledBy,
  ];
}
