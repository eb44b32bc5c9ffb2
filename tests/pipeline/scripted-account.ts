import type { GraphRun } from '../../pipeline/run/graph-run.ts';
import type { Pace } from '../../pipeline/run/pace.ts';
import type { TaskRun } from '../../pipeline/run/task-run.ts';
import type { SqlClient, SqlRow } from '../../pipeline/snowflake/sql-client.ts';

/**
 * An account whose lists of runs a test sets by hand, look by look: for what a real server does too quickly or too
 * rarely to be caught (a run that is listed late, vanishes, or is retried at once).
 */
export class ScriptedAccount implements SqlClient, Pace {
  readonly address = 'scripted';
  readonly statements: string[] = [];
  current: readonly GraphRun[] = [];
  complete: readonly GraphRun[] = [];
  taskRuns: readonly TaskRun[] = [];
  automaticRetries = 0;
  /** Called on EXECUTE TASK. */
  onExecute: () => void = () => {};
  /** What happens while the program waits, wait by wait; after the last nothing does. */
  steps: (() => void)[] = [];
  #now = 2_000_000;

  now(): number {
    return this.#now;
  }

  wait(milliseconds: number): Promise<void> {
    this.#now += milliseconds;
    this.steps.shift()?.();
    return Promise.resolve();
  }

  query(sql: string): Promise<readonly SqlRow[]> {
    this.statements.push(sql);
    if (sql.startsWith('EXECUTE TASK')) this.onExecute();
    return Promise.resolve(this.#answer(sql));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #answer(sql: string): readonly SqlRow[] {
    if (sql.includes('.CURRENT_TASK_GRAPHS(')) return this.current.map(graphRow);
    if (sql.includes('.COMPLETE_TASK_GRAPHS('))
      return this.complete.map((run) => ({ ...graphRow(run), COMPLETED_TIME: time(run.completedAt) }));
    if (sql.includes('.TASK_HISTORY(')) return this.taskRuns.filter((run) => within(sql, run)).map(taskRow);
    if (sql.startsWith('SHOW PARAMETERS')) return [{ key: 'TASK_AUTO_RETRY_ATTEMPTS', value: String(this.automaticRetries) }];
    if (sql.startsWith('EXECUTE TASK')) return [{ status: 'Task LOAD is scheduled to run immediately.' }];
    throw new Error(`Not expected: ${sql}`);
  }
}

const within = (sql: string, run: TaskRun): boolean => {
  const value = (pattern: RegExp): string | undefined => pattern.exec(sql)?.[1];
  const group = value(/GRAPH_RUN_GROUP_ID = '([^']*)'/);
  const task = value(/TASK_NAME => '([^']*)'/);
  return (group === undefined || run.group === group) && (task === undefined || run.task === task);
};

const time = (instant: number | null): Date | null => (instant === null ? null : new Date(instant));

const graphRow = (run: GraphRun): SqlRow => ({
  GRAPH_RUN_GROUP_ID: run.group,
  ATTEMPT_NUMBER: run.attempt,
  STATE: run.state,
  SCHEDULED_FROM: run.scheduledFrom,
  SCHEDULED_TIME: time(run.scheduledAt),
  QUERY_START_TIME: time(run.startedAt),
  FIRST_ERROR_TASK_NAME: run.firstErrorTask,
  FIRST_ERROR_MESSAGE: run.firstErrorMessage,
  CONFIG: run.config,
});

const taskRow = (run: TaskRun): SqlRow => ({
  GRAPH_RUN_GROUP_ID: run.group,
  ATTEMPT_NUMBER: run.attempt,
  NAME: run.task,
  STATE: run.state,
  QUERY_ID: run.queryId,
  SCHEDULED_TIME: time(run.scheduledAt),
  QUERY_START_TIME: time(run.startedAt),
  COMPLETED_TIME: time(run.completedAt),
  RETURN_VALUE: run.returnValue,
  ERROR_CODE: run.errorCode,
  ERROR_MESSAGE: run.errorMessage,
  SCHEDULED_FROM: run.scheduledFrom,
  CONFIG: run.config,
});
