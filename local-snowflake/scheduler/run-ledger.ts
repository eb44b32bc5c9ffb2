import type { Clock } from '../platform/clock.ts';
import type { CarriedOutcome, GraphRun, GraphRunState, ScheduledFrom, TaskRun } from './graph-run.ts';
import { type GraphContent, type GraphVersion, sameContent } from './graph-version.ts';
import { RunHistory } from './run-history.ts';
import { graphRecord, graphRunOf, restoreTaskRun, taskRecord } from './run-records.ts';
import type { GraphRecord, RunRecord, RunStore, TaskRecord } from './run-store.ts';

/** What a new graph run starts with. */
interface NewGraphRun {
  readonly version: GraphVersion;
  readonly group: string;
  readonly attempt: number;
  readonly runId: number;
  readonly scheduledFrom: ScheduledFrom;
  readonly scheduledTime: number;
  readonly scheduledBy: string | null;
  readonly config: string | null;
  readonly lastSuccess: GraphRun['lastSuccess'];
  readonly retriesLeft: number;
  readonly carried: ReadonlyMap<number, CarriedOutcome>;
}

/** A run that EXECUTE TASK asked for while another one was under way. */
export interface PendingRun {
  readonly version: GraphVersion;
  readonly config: string | undefined;
  readonly by: string | null;
  readonly at: number;
}

interface Committed {
  version: GraphVersion;
  committedOn: number;
}

/** The engine's memory of versions and runs, written through to the store: notes first, then `flush`, then one may act. */
export class RunLedger {
  readonly history: RunHistory;
  readonly #store: RunStore;
  readonly #clock: Clock;
  readonly #versions = new Map<string, Committed>();
  /** Older versions that kept runs still refer to, by root and number. */
  readonly #oldVersions = new Map<string, GraphVersion>();
  readonly #committedOn = new Map<string, number>();
  readonly #failures = new Map<string, Readonly<Record<string, number>>>();
  readonly #pending = new Map<string, PendingRun>();
  #notes: RunRecord[] = [];
  #nextId = 1;

  constructor(store: RunStore, clock: Clock, limit?: number) {
    this.#store = store;
    this.#clock = clock;
    this.history = new RunHistory(limit);
  }

  /** Writes the notes. @returns the fault when they could not be written; they are kept and go first next time */
  flush(): Error | undefined {
    if (this.#notes.length === 0) return undefined;
    const notes = this.#notes;
    this.#notes = [];
    try {
      this.#store.append(notes);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  // Versions

  current(rootId: string): GraphVersion | undefined {
    return this.#versions.get(rootId)?.version;
  }

  /** When a version that holds the task was last set; null before the first time. */
  committedOn(taskId: string): number | null {
    return this.#committedOn.get(taskId) ?? null;
  }

  /** Sets the graph's version: the one there is when nothing was modified, else the next. */
  commit(content: GraphContent): GraphVersion {
    const at = this.#clock.now();
    const known = this.#versions.get(content.rootId);
    if (known !== undefined && sameContent(known.version, content)) {
      this.#notes.push({ t: 'commit', root: content.rootId, at });
      this.#setCommitted(known.version, at);
      return known.version;
    }
    const version: GraphVersion = { ...content, version: (known?.version.version ?? 0) + 1, createdOn: at };
    this.#notes.push({ t: 'version', v: version, at });
    this.#setCommitted(version, at);
    return version;
  }

  #setCommitted(version: GraphVersion, at: number): void {
    const known = this.#versions.get(version.rootId);
    if (known !== undefined && known.version !== version) this.#oldVersions.set(keyOf(known.version), known.version);
    this.#versions.set(version.rootId, { version, committedOn: at });
    for (const task of version.tasks) this.#committedOn.set(task.id, at);
  }

  /** Every version that is known, for ACCOUNT_USAGE.TASK_VERSIONS. */
  *versions(): Generator<{ readonly version: GraphVersion; readonly committedOn: number | null }> {
    for (const version of this.#oldVersions.values()) yield { version, committedOn: null };
    yield* this.#versions.values();
  }

  // Runs

  graphStarted(start: NewGraphRun): GraphRun {
    const run: GraphRun = { ...start, id: this.#nextId, tasks: new Map(), state: 'EXECUTING', completedTime: null };
    this.#nextId += 1;
    this.#notes.push(graphRecord(run));
    this.history.addGraph(run);
    return run;
  }

  /** Takes back a start that has come to nothing. What could not be written of it stands before this in the records. */
  graphWithdrawn(run: GraphRun): void {
    this.#notes.push({ t: 'withdrawn', g: run.id });
    this.history.withdraw(run);
  }

  /** Puts a task run that is about to start into the history; nothing is written yet. */
  taskQueued(run: TaskRun): void {
    run.graph.tasks.set(run.position, run);
    this.history.addTask(run);
  }

  taskChanged(run: TaskRun): void {
    this.#notes.push(taskRecord(run));
  }

  graphEnded(run: GraphRun, state: GraphRunState): void {
    run.state = state;
    run.completedTime = this.#clock.now();
    this.#notes.push({ t: 'end', g: run.id, s: state, at: run.completedTime });
    if (this.history.prune()) this.#compact();
  }

  // Per root

  failures(rootId: string): Readonly<Record<string, number>> {
    return this.#failures.get(rootId) ?? {};
  }

  setFailures(rootId: string, counts: Readonly<Record<string, number>>): void {
    if (JSON.stringify(this.failures(rootId)) === JSON.stringify(counts)) return;
    this.#failures.set(rootId, counts);
    this.#notes.push({ t: 'failures', root: rootId, n: counts });
  }

  pending(rootId: string): PendingRun | undefined {
    return this.#pending.get(rootId);
  }

  pendingRoots(): string[] {
    return [...this.#pending.keys()];
  }

  setPending(rootId: string, run: PendingRun | undefined): void {
    if (run === undefined) {
      if (this.#pending.delete(rootId)) this.#notes.push({ t: 'unpending', root: rootId });
      return;
    }
    this.#pending.set(rootId, run);
    const { version, config, by, at } = run;
    this.#notes.push({ t: 'pending', root: rootId, version: version.version, by, at, ...(config === undefined ? {} : { config }) });
  }

  // Restart

  /** Reads everything back. @returns the graph runs that had not ended, oldest first */
  load(): GraphRun[] {
    const open = new Map<number, GraphRun>();
    let records = 0;
    for (const record of this.#store.load()) {
      records += 1;
      this.#replay(record, open);
    }
    this.history.prune();
    if (records > 1000 && records > 2 * this.#recordCount()) this.#compact();
    return [...open.values()];
  }

  #replay(record: RunRecord, open: Map<number, GraphRun>): void {
    switch (record.t) {
      case 'version':
        this.#setCommitted(record.v, record.at);
        return;
      case 'commit': {
        const known = this.#versions.get(record.root);
        if (known !== undefined) this.#setCommitted(known.version, record.at);
        return;
      }
      case 'graph':
        this.#replayGraph(record, open);
        return;
      case 'task': {
        const graph = open.get(record.g);
        if (graph !== undefined) this.#replayTask(record, graph);
        return;
      }
      case 'end': {
        const run = open.get(record.g);
        if (run === undefined) return;
        open.delete(record.g);
        run.state = record.s;
        run.completedTime = record.at;
        return;
      }
      case 'withdrawn': {
        const run = open.get(record.g);
        open.delete(record.g);
        if (run !== undefined) this.history.withdraw(run);
        return;
      }
      case 'failures':
        this.#failures.set(record.root, record.n);
        return;
      case 'pending': {
        const version = this.#version(record.root, record.version);
        if (version !== undefined) this.#pending.set(record.root, { version, config: record.config, by: record.by, at: record.at });
        return;
      }
      case 'unpending':
        this.#pending.delete(record.root);
        return;
    }
  }

  #replayGraph(record: GraphRecord, open: Map<number, GraphRun>): void {
    const version = this.#version(record.root, record.version);
    if (version === undefined) return;
    this.#nextId = Math.max(this.#nextId, record.g + 1);
    const run = graphRunOf(record, version);
    open.set(run.id, run);
    this.history.addGraph(run);
  }

  #replayTask(record: TaskRecord, graph: GraphRun): void {
    const known = graph.tasks.get(record.p);
    const run = restoreTaskRun(record, graph, known);
    if (known === undefined) this.taskQueued(run);
  }

  #version(rootId: string, number: number): GraphVersion | undefined {
    const current = this.#versions.get(rootId)?.version;
    return current?.version === number ? current : this.#oldVersions.get(`${rootId} ${String(number)}`);
  }

  #recordCount(): number {
    return this.history.taskRuns.length + 2 * this.history.graphRuns.length + this.#versions.size;
  }

  /** Rewrites the store with what is still needed. */
  #compact(): void {
    const used = new Set(this.history.graphRuns.map((run) => keyOf(run.version)));
    for (const key of this.#oldVersions.keys()) if (!used.has(key)) this.#oldVersions.delete(key);
    try {
      // What the notes say is part of everything.
      this.#store.rewrite(this.#everything());
      this.#notes = [];
    } catch {
      // No room for a second file: the records stay as they are, which is as good, only longer.
    }
  }

  *#everything(): Generator<RunRecord> {
    const old = [...this.#oldVersions.values()].sort((a, b) => a.version - b.version);
    for (const version of old) yield { t: 'version', v: version, at: this.committedOn(version.rootId) ?? 0 };
    for (const { version, committedOn } of this.#versions.values()) yield { t: 'version', v: version, at: committedOn };
    for (const run of this.history.graphRuns) {
      yield graphRecord(run);
      for (const task of run.tasks.values()) yield taskRecord(task);
      if (run.completedTime === null) continue;
      yield { t: 'end', g: run.id, s: run.state, at: run.completedTime };
    }
    for (const [root, counts] of this.#failures) yield { t: 'failures', root, n: counts };
    for (const [root, { version, config, by, at }] of this.#pending) {
      yield { t: 'pending', root, version: version.version, by, at, ...(config === undefined ? {} : { config }) };
    }
  }
}

function keyOf(version: GraphVersion): string {
  return `${version.rootId} ${String(version.version)}`;
}
