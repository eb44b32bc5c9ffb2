import type { IdSource } from '../platform/ids.ts';
import { mergeConfig } from './graph-config.ts';
import type { UpcomingRun } from './root-arms.ts';
import type { PendingRun, RunLedger } from './run-ledger.ts';

/**
 * Runs that EXECUTE TASK asked for while another one was under way: one for each root, the latest.
 * https://docs.snowflake.com/en/sql-reference/sql/execute-task (usage notes)
 */
export class PendingRuns {
  readonly #ledger: RunLedger;
  readonly #ids: IdSource;
  /** GRAPH_RUN_GROUP_IDs that the runs will have, by root. */
  readonly #groups = new Map<string, string>();

  constructor(ledger: RunLedger, ids: IdSource) {
    this.#ledger = ledger;
    this.#ids = ids;
  }

  roots(): string[] {
    return this.#ledger.pendingRoots();
  }

  /**
   * Lets a run wait, in place of one that waits already. `write` makes that durable, or undoes it and throws.
   * @returns the groups of the run and of the one that it replaced
   */
  put(rootId: string, run: PendingRun, write: (undo: () => void) => void): { group: string; replaced: string | undefined } {
    const before = this.#ledger.pending(rootId);
    this.#ledger.setPending(rootId, run);
    write(() => {
      this.#ledger.setPending(rootId, before);
    });
    const replaced = this.#groups.get(rootId);
    this.#groups.delete(rootId);
    return { group: this.#group(rootId), replaced };
  }

  /** Takes out the run that waits, if its version may start now. */
  take(rootId: string, mayStart: (run: PendingRun) => boolean): (PendingRun & { readonly group: string }) | undefined {
    const run = this.#ledger.pending(rootId);
    if (run === undefined || !mayStart(run)) return undefined;
    const group = this.#group(rootId);
    this.#ledger.setPending(rootId, undefined);
    this.#groups.delete(rootId);
    return { ...run, group };
  }

  upcoming(rootId: string): UpcomingRun | undefined {
    const run = this.#ledger.pending(rootId);
    if (run === undefined) return undefined;
    const { version, at, by } = run;
    const config = mergeConfig(version.config, run.config);
    return { version, group: this.#group(rootId), at, scheduledFrom: 'EXECUTE TASK', scheduledBy: by, config };
  }

  #group(rootId: string): string {
    const group = this.#groups.get(rootId) ?? this.#ids.uuid();
    this.#groups.set(rootId, group);
    return group;
  }
}
