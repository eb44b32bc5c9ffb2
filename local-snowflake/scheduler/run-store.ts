import type { GraphRunState, Outcome, ScheduledFrom, TaskRunState } from './graph-run.ts';
import type { GraphVersion } from './graph-version.ts';

/** What the engine writes down, in the order in which it happened. Names are short: there are many of these. */
export type RunRecord =
  /** A graph version was set. */
  | { readonly t: 'version'; readonly v: GraphVersion; readonly at: number }
  /** The version that is already there was set again. */
  | { readonly t: 'commit'; readonly root: string; readonly at: number }
  | GraphRecord
  | TaskRecord
  /** A graph run ended; an attempt that follows it by itself is written down in the same `append`. */
  | { readonly t: 'end'; readonly g: number; readonly s: GraphRunState; readonly at: number }
  /** A graph run that was never to be: its statement failed because the start could not be written down when it was asked for. */
  | { readonly t: 'withdrawn'; readonly g: number }
  /** Consecutive failures by task id, those without any left out. */
  | { readonly t: 'failures'; readonly root: string; readonly n: Readonly<Record<string, number>> }
  /** EXECUTE TASK came while a run was under way; `undefined` config for none. */
  | {
      readonly t: 'pending';
      readonly root: string;
      readonly version: number;
      readonly config?: string;
      readonly by: string | null;
      readonly at: number;
    }
  | { readonly t: 'unpending'; readonly root: string };

export interface GraphRecord {
  readonly t: 'graph';
  readonly g: number;
  readonly root: string;
  readonly version: number;
  readonly group: string;
  readonly attempt: number;
  readonly run: number;
  readonly from: ScheduledFrom;
  readonly at: number;
  readonly by: string | null;
  readonly config: string | null;
  readonly last: { readonly group: string; readonly runId: number } | null;
  readonly retries: number;
  /** Position, outcome, return value. */
  readonly carried: readonly (readonly [number, Extract<Outcome, 'SUCCEEDED' | 'SKIPPED'>, string | null])[];
}

export interface TaskRecord {
  readonly t: 'task';
  readonly g: number;
  readonly p: number;
  readonly s: TaskRunState;
  readonly at: number;
  readonly q?: string | null;
  readonly start?: number | null;
  readonly end?: number | null;
  readonly value?: string | null;
  readonly code?: string | null;
  readonly message?: string | null;
  readonly system?: true;
}

/** Keeps what the engine must find again after a stop, however sudden. */
export interface RunStore {
  /** Everything kept, oldest first. */
  load(): Iterable<RunRecord>;
  /**
   * Writes records down before the engine acts on them; they count all together or not at all once this returns.
   * @throws Error when they cannot be written (a full disk)
   */
  append(records: readonly RunRecord[]): void;
  /** Replaces everything kept by these. */
  rewrite(records: Iterable<RunRecord>): void;
  close(): void;
}

/** For an account that lives in memory only; tests also restart engines on it. */
export class MemoryRunStore implements RunStore {
  #records: RunRecord[] = [];

  get size(): number {
    return this.#records.length;
  }

  *load(): Iterable<RunRecord> {
    yield* this.#records;
  }

  append(records: readonly RunRecord[]): void {
    this.#records.push(...records);
  }

  rewrite(records: Iterable<RunRecord>): void {
    this.#records = [...records];
  }

  close(): void {
    // Nothing is held open.
  }
}
