import type { Clock } from '../platform/clock.ts';
import type { GraphRun, ScheduledFrom } from './graph-run.ts';
import { graphParameter } from './graph-parameter.ts';
import type { GraphVersion } from './graph-version.ts';
import type { TaskCatalog } from './ports.ts';
import { carriedFrom } from './retry-rules.ts';
import type { RunLedger } from './run-ledger.ts';

/** Why and when a graph is run. */
export interface FirstStart {
  readonly group: string;
  /** Scheduled time, epoch milliseconds. */
  readonly at: number;
  readonly from: ScheduledFrom;
  /** User who asked for the run; null for the system. */
  readonly by: string | null;
  readonly config: string | null;
}

/** Puts first and further attempts at a graph into the ledger. */
export class Attempts {
  readonly #ledger: RunLedger;
  readonly #catalog: TaskCatalog;
  readonly #clock: Clock;

  constructor(ledger: RunLedger, catalog: TaskCatalog, clock: Clock) {
    this.#ledger = ledger;
    this.#catalog = catalog;
    this.#clock = clock;
  }

  first(version: GraphVersion, lastSuccess: GraphRun['lastSuccess'], { group, at, from, by, config }: FirstStart): GraphRun {
    return this.#ledger.graphStarted({
      version,
      group,
      attempt: 1,
      runId: at,
      scheduledFrom: from,
      scheduledTime: at,
      scheduledBy: by,
      config,
      lastSuccess,
      retriesLeft: this.#retriesOf(version),
      carried: new Map(),
    });
  }

  /** An attempt that somebody asks for. */
  retry(failed: GraphRun, by: string | null): GraphRun {
    return this.#next(failed, 'MANUAL RETRY', by, this.#retriesOf(failed.version));
  }

  /** An attempt that follows a failed one by itself. */
  retryAutomatically(failed: GraphRun): GraphRun {
    return this.#next(failed, 'AUTOMATIC RETRY', failed.scheduledBy, failed.retriesLeft - 1);
  }

  #next(failed: GraphRun, scheduledFrom: ScheduledFrom, scheduledBy: string | null, retriesLeft: number): GraphRun {
    const { version, group, runId, config, lastSuccess } = failed;
    return this.#ledger.graphStarted({
      version,
      group,
      attempt: Math.max(...this.#ledger.history.attempts(group).map((each) => each.attempt)) + 1,
      runId,
      scheduledFrom,
      scheduledTime: this.#clock.now(),
      scheduledBy,
      config,
      lastSuccess,
      retriesLeft,
      carried: carriedFrom(failed),
    });
  }

  /** https://docs.snowflake.com/en/sql-reference/sql/create-task (TASK_AUTO_RETRY_ATTEMPTS) */
  #retriesOf(version: GraphVersion): number {
    return Number(graphParameter(version, 'TASK_AUTO_RETRY_ATTEMPTS', this.#catalog));
  }
}
