import { isFinal, type GraphRun, type GraphRunState, type RunKey } from './graph-run.ts';

export type TaskRunState =
  | 'SCHEDULED'
  | 'EXECUTING'
  | 'SUCCEEDED'
  | 'FAILED'
  | 'FAILED_AND_AUTO_SUSPENDED'
  | 'CANCELLED'
  | 'SKIPPED';

/** A row of TASK_HISTORY. https://docs.snowflake.com/en/sql-reference/functions/task_history */
export interface TaskRun extends RunKey {
  readonly task: string;
  readonly state: TaskRunState;
  readonly queryId: string | null;
  /** Epoch milliseconds, like every time here. */
  readonly scheduledAt: number | null;
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  readonly returnValue: string | null;
  readonly errorCode: number | null;
  readonly errorMessage: string | null;
  readonly scheduledFrom: string;
  readonly config: string | null;
}

export const hasFailed = (state: string): boolean => state === 'FAILED' || state === 'FAILED_AND_AUTO_SUSPENDED';

const stateOf = (root: string, runs: readonly TaskRun[]): GraphRunState => {
  const has = (...states: readonly TaskRunState[]): boolean => runs.some((run) => states.includes(run.state));
  if (has('EXECUTING')) return 'EXECUTING';
  if (has('SCHEDULED')) return runs.every((run) => run.state === 'SCHEDULED') ? 'SCHEDULED' : 'EXECUTING';
  if (has('FAILED', 'FAILED_AND_AUTO_SUSPENDED')) return 'FAILED';
  if (has('CANCELLED')) return 'CANCELLED';
  return runs.every((run) => run.state === 'SKIPPED' && run.task === root) ? 'SKIPPED' : 'SUCCEEDED';
};

const earliest = (times: readonly (number | null)[]): number | null =>
  times.reduce((least, time) => (time !== null && (least === null || time < least) ? time : least), null);

const latest = (times: readonly (number | null)[]): number | null =>
  times.reduce((most, time) => (time !== null && (most === null || time > most) ? time : most), null);

/**
 * The graph runs that task runs add up to, newest first. A run between two of its tasks looks finished here:
 * whether one is under way, CURRENT_TASK_GRAPHS tells.
 */
export const graphRunsOf = (root: string, taskRuns: readonly TaskRun[]): readonly GraphRun[] => {
  const groups = new Map<string, TaskRun[]>();
  for (const run of taskRuns) {
    const key = `${run.group}/${run.attempt}`;
    const members = groups.get(key) ?? [];
    members.push(run);
    groups.set(key, members);
  }
  const runs = [...groups.values()].map((members): GraphRun => {
    const state = stateOf(root, members);
    const failed = members.filter((run) => hasFailed(run.state)).sort((a, b) => (a.completedAt ?? 0) - (b.completedAt ?? 0))[0];
    const [any] = members;
    if (any === undefined) throw new Error('A group has at least one member.');
    return {
      group: any.group,
      attempt: any.attempt,
      state,
      scheduledFrom: any.scheduledFrom,
      scheduledAt: earliest(members.map((run) => run.scheduledAt)),
      startedAt: earliest(members.map((run) => run.startedAt)),
      completedAt: isFinal(state) ? latest(members.map((run) => run.completedAt)) : null,
      firstErrorTask: failed?.task ?? null,
      firstErrorMessage: failed?.errorMessage ?? null,
      config: any.config,
    };
  });
  return runs.sort((a, b) => (b.scheduledAt ?? 0) - (a.scheduledAt ?? 0) || b.attempt - a.attempt);
};
