import type { Clock } from '../platform/clock.ts';
import type { GraphRun } from './graph-run.ts';
import { graphParameter } from './graph-parameter.ts';
import type { GraphVersion } from './graph-version.ts';
import type { TaskCatalog } from './ports.ts';
import { carriedFrom } from './retry-rules.ts';
import type { NewGraphRun } from './run-ledger.ts';
import type { RunHistory } from './run-history.ts';

/** What first and further attempts at a graph start with. */
export class Attempts {
  readonly #catalog: TaskCatalog;
  readonly #history: RunHistory;
  readonly #clock: Clock;

  constructor(catalog: TaskCatalog, history: RunHistory, clock: Clock) {
    this.#catalog = catalog;
    this.#history = history;
    this.#clock = clock;
  }

  first(
    version: GraphVersion,
    lastSuccess: GraphRun['lastSuccess'],
  ): Pick<NewGraphRun, 'version' | 'attempt' | 'lastSuccess' | 'retriesLeft' | 'carried'> {
    return { version, attempt: 1, lastSuccess, retriesLeft: this.retriesOf(version), carried: new Map() };
  }

  next(run: GraphRun): Omit<NewGraphRun, 'scheduledFrom' | 'scheduledBy' | 'retriesLeft'> {
    const { version, group, runId, config, lastSuccess } = run;
    const attempt = Math.max(...this.#history.attempts(group).map((each) => each.attempt)) + 1;
    return { version, group, attempt, runId, config, lastSuccess, scheduledTime: this.#clock.now(), carried: carriedFrom(run) };
  }

  /** https://docs.snowflake.com/en/sql-reference/sql/create-task (TASK_AUTO_RETRY_ATTEMPTS) */
  retriesOf(version: GraphVersion): number {
    return Number(graphParameter(version, 'TASK_AUTO_RETRY_ATTEMPTS', this.#catalog));
  }
}
