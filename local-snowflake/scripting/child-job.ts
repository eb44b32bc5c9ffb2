import type { ResultsetEntry } from './scope.ts';
import type { StatementOutcome } from './script-port.ts';

/**
 * A statement that runs while its script goes on.
 * https://docs.snowflake.com/en/developer-guide/snowflake-scripting/asynchronous-child-jobs
 */
export class ChildJob {
  readonly queryId: string;
  readonly outcome: Promise<StatementOutcome>;
  readonly #stop: () => void;
  #status: 'RUNNING' | 'SUCCESS' | 'FAILED_WITH_ERROR' | 'ABORTING' | 'ABORTED' = 'RUNNING';
  /** The RESULTSET that it fills, if any. */
  entry: ResultsetEntry | undefined;

  constructor(queryId: string, outcome: Promise<StatementOutcome>, stop: () => void) {
    this.queryId = queryId;
    this.outcome = outcome;
    this.#stop = stop;
    outcome.then(
      () => {
        this.#status = 'SUCCESS';
      },
      () => {
        this.#status = this.#status === 'ABORTING' ? 'ABORTED' : 'FAILED_WITH_ERROR';
      },
    );
  }

  get status(): string {
    return this.#status;
  }

  /** Stops it; nothing happens to one that has ended. Resolves when it has. */
  async cancelled(): Promise<void> {
    if (this.#status === 'RUNNING') {
      this.#status = 'ABORTING';
      this.#stop();
    }
    await this.outcome.catch(() => undefined);
  }
}

/** https://docs.snowflake.com/en/sql-reference/functions/system_get_resultset_status: what was run in turn has succeeded. */
export function statusOf(entry: ResultsetEntry): string | null {
  return entry.job?.status ?? (entry.filled === undefined ? null : 'SUCCESS');
}
