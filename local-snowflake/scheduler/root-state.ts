import type { Schedule } from '../objects/task/schedule.ts';
import type { GraphRunner } from './graph-runner.ts';

/** A root that starts by itself. */
export type Arm =
  | {
      readonly kind: 'schedule';
      readonly schedule: Schedule;
      /** Where intervals count from, epoch milliseconds. */
      readonly base: number;
      /** The next instant; undefined when a cron expression names none any more. */
      due: number | undefined;
      /** GRAPH_RUN_GROUP_ID that the run due next will have. */
      group: string;
      cancel: () => void;
    }
  | {
      readonly kind: 'trigger';
      readonly streams: readonly string[];
      /** Scheduled time of the latest triggered run. */
      last: number;
      /** A look at the streams is under way or waits for the minimum interval. */
      looking: boolean;
      /** Takes off the health check, or the wait for the minimum interval. */
      cancel: () => void;
    };

/** What the engine keeps of a root besides its runs' records. */
export class RootState {
  readonly id: string;
  readonly active = new Set<GraphRunner>();
  arm: Arm | undefined;
  lastSuccess: { readonly group: string; readonly runId: number } | null = null;

  constructor(id: string) {
    this.id = id;
  }

  disarm(): void {
    this.arm?.cancel();
    this.arm = undefined;
  }

  /** Whether a run may start now. https://docs.snowflake.com/en/sql-reference/sql/create-task (OVERLAP_POLICY) */
  mayStart(policy: 'NO_OVERLAP' | 'ALLOW_CHILD_OVERLAP' | 'ALLOW_ALL_OVERLAP'): boolean {
    if (policy === 'ALLOW_ALL_OVERLAP') return true;
    if (policy === 'NO_OVERLAP') return this.active.size === 0;
    return [...this.active].every((runner) => !runner.rootRunning);
  }
}
