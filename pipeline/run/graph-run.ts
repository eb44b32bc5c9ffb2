import type { FinalState } from '../exit-code.ts';

/** What identifies a graph run: retries share the group. https://docs.snowflake.com/en/sql-reference/functions/task_history */
export interface RunKey {
  readonly group: string;
  readonly attempt: number;
}

export type GraphRunState = FinalState | 'SCHEDULED' | 'EXECUTING';

export interface GraphRun extends RunKey {
  readonly state: GraphRunState;
  /** SCHEDULE, EXECUTE_TASK, MANUAL RETRY, AUTOMATIC RETRY or TRIGGER. */
  readonly scheduledFrom: string;
  /** Epoch milliseconds, like every time here. */
  readonly scheduledAt: number | null;
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  readonly firstErrorTask: string | null;
  readonly firstErrorMessage: string | null;
  readonly config: string | null;
}

export const sameRun = (a: RunKey, b: RunKey): boolean => a.group === b.group && a.attempt === b.attempt;

export const isFinal = (state: GraphRunState): state is FinalState => state !== 'SCHEDULED' && state !== 'EXECUTING';
