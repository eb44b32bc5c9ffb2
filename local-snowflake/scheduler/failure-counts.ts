import { type GraphRun, outcomeAt } from './graph-run.ts';
import { graphParameter } from './graph-parameter.ts';
import type { TaskCatalog } from './ports.ts';
import type { RunLedger } from './run-ledger.ts';

/**
 * Counts the consecutive failed runs of each task of a graph. Runs that were skipped, cancelled or failed through a fault of the
 * system say nothing. https://docs.snowflake.com/en/sql-reference/sql/create-task (SUSPEND_TASK_AFTER_NUM_FAILURES)
 */
export class FailureCounts {
  readonly #ledger: RunLedger;
  readonly #catalog: TaskCatalog;

  constructor(ledger: RunLedger, catalog: TaskCatalog) {
    this.#ledger = ledger;
    this.#catalog = catalog;
  }

  /** Counts in a graph run whose attempts are used up. @returns whether the root is to be suspended for it */
  count(run: GraphRun): boolean {
    const { rootId, tasks } = run.version;
    const counts: Record<string, number> = { ...this.#ledger.failures(rootId) };
    const limit = this.#limit(run);
    let suspends = false;
    for (const [position, task] of tasks.entries()) {
      const outcome = outcomeAt(run, position);
      const own = run.tasks.get(position);
      if (outcome === 'SUCCEEDED') delete counts[task.id];
      if (outcome !== 'FAILED' || own === undefined || own.systemError) continue;
      const count = (counts[task.id] ?? 0) + 1;
      counts[task.id] = count;
      if (limit > 0 && count >= limit && this.#catalog.isStarted(rootId)) {
        suspends = true;
        own.state = 'FAILED_AND_AUTO_SUSPENDED';
        this.#ledger.taskChanged(own);
      }
    }
    this.#ledger.setFailures(rootId, counts);
    return suspends;
  }

  #limit(run: GraphRun): number {
    return Number(graphParameter(run.version, 'SUSPEND_TASK_AFTER_NUM_FAILURES', this.#catalog));
  }
}
