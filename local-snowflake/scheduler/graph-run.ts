import type { GraphVersion, TaskSpec } from './graph-version.ts';

/** How a task's run ended. */
export type Outcome = 'SUCCEEDED' | 'FAILED' | 'CANCELLED' | 'SKIPPED';
/** https://docs.snowflake.com/en/sql-reference/functions/task_history (STATE) */
export type TaskRunState = 'SCHEDULED' | 'EXECUTING' | Outcome | 'FAILED_AND_AUTO_SUSPENDED';
export type GraphRunState = 'SCHEDULED' | 'EXECUTING' | Outcome;
/**
 * https://docs.snowflake.com/en/sql-reference/functions/task_history (SCHEDULED_FROM). The page spells EXECUTE_TASK; accounts answer
 * with a blank, which is what clients filter by.
 */
export type ScheduledFrom = 'SCHEDULE' | 'EXECUTE TASK' | 'MANUAL RETRY' | 'AUTOMATIC RETRY' | 'TRIGGER';

/** One run of one task within a graph run. Times are epoch milliseconds. */
export interface TaskRun {
  readonly graph: GraphRun;
  /** Position in the version's list. */
  readonly position: number;
  readonly scheduledTime: number;
  state: TaskRunState;
  queryId: string | null;
  queryStartTime: number | null;
  completedTime: number | null;
  returnValue: string | null;
  /** Six digits, as on the wire. */
  errorCode: string | null;
  errorMessage: string | null;
  /** Failed through no fault of the task's own code; does not count towards its suspension. */
  systemError: boolean;
}

/** What an earlier attempt left for a later one. */
export interface CarriedOutcome {
  readonly outcome: 'SUCCEEDED' | 'SKIPPED';
  readonly returnValue: string | null;
}

/** One attempt to run a graph. */
export interface GraphRun {
  /** Grows from run to run. */
  readonly id: number;
  readonly version: GraphVersion;
  /** GRAPH_RUN_GROUP_ID: the same for all attempts. */
  readonly group: string;
  readonly attempt: number;
  /** RUN_ID: the original scheduled time of the first attempt. */
  readonly runId: number;
  readonly scheduledFrom: ScheduledFrom;
  readonly scheduledTime: number;
  /** User who asked for the run; null for the system. */
  readonly scheduledBy: string | null;
  /** Text that SYSTEM$GET_TASK_GRAPH_CONFIG reads. */
  readonly config: string | null;
  /** The latest group that had succeeded when the first attempt started. */
  readonly lastSuccess: { readonly group: string; readonly runId: number } | null;
  /** Automatic retries that may still follow. */
  readonly retriesLeft: number;
  /** By position; what was not carried over runs in this attempt. */
  readonly carried: ReadonlyMap<number, CarriedOutcome>;
  /** By position; tasks that have come to run in this attempt. */
  readonly tasks: Map<number, TaskRun>;
  state: GraphRunState;
  completedTime: number | null;
}

export function specOf(run: TaskRun): TaskSpec {
  const spec = run.graph.version.tasks[run.position];
  if (spec === undefined) throw new Error('a task run belongs to a task of its version');
  return spec;
}

export function hasFailed(state: TaskRunState): boolean {
  return state === 'FAILED' || state === 'FAILED_AND_AUTO_SUSPENDED';
}

/** Outcome of a task in a run, as tasks behind it see it; undefined while it has none. */
export function outcomeAt(run: GraphRun, position: number): Outcome | undefined {
  const own = run.tasks.get(position);
  if (own === undefined) return run.carried.get(position)?.outcome;
  if (own.state === 'FAILED_AND_AUTO_SUSPENDED') return 'FAILED';
  return own.state === 'SCHEDULED' || own.state === 'EXECUTING' ? undefined : own.state;
}

export function returnValueAt(run: GraphRun, position: number): string | null {
  const own = run.tasks.get(position);
  return own === undefined ? (run.carried.get(position)?.returnValue ?? null) : own.returnValue;
}
