import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { Clock } from '../platform/clock.ts';
import { DueQueue } from '../platform/due-queue.ts';
import type { IdSource } from '../platform/ids.ts';
import { displayIdentifier } from '../sql/identifier.ts';
import { Attempts } from './attempts.ts';
import { BodyPool } from './body-pool.ts';
import { FailureCounts } from './failure-counts.ts';
import { GroupWaiters } from './group-waiters.ts';
import { mergeConfig } from './graph-config.ts';
import type { GraphRun, GraphRunState, Outcome } from './graph-run.ts';
import { GraphRunner, type GraphRunnerParts } from './graph-runner.ts';
import { type GraphContent, type GraphVersion, isStandalone, rootSpec, sameContent } from './graph-version.ts';
import { PendingRuns } from './pending-runs.ts';
import { endInterrupted } from './interrupted-run.ts';
import type { BodyRunner, PrivilegeCheck, StreamProbe, TaskCatalog, TaskNotifications } from './ports.ts';
import { retriableRun } from './retry-rules.ts';
import { RootArms, type UpcomingRun } from './root-arms.ts';
import { RootState } from './root-state.ts';
import { RunLedger } from './run-ledger.ts';
import type { RunHistory } from './run-history.ts';
import type { RunStore } from './run-store.ts';
import { TaskLimits } from './task-limits.ts';

export interface TaskEngineParts {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly catalog: TaskCatalog;
  readonly bodies: BodyRunner;
  readonly privileges: PrivilegeCheck;
  readonly streams: StreamProbe;
  readonly notifications: TaskNotifications;
  readonly store: RunStore;
  /** Milliseconds that a run of EXECUTE TASK is queued before its root starts, so that whoever asked for it sees it begin. */
  readonly executeLag?: number;
  /** Task bodies that run at once. */
  readonly parallelism?: number;
  /** Task runs kept as history. */
  readonly historyLimit?: number;
}

/** How EXECUTE TASK is to run a graph. */
export interface ExecuteRequest {
  /** Text of a JSON object, merged over the graph's own configuration. */
  readonly config?: string | undefined;
  readonly by: string | null;
}

/**
 * Runs task graphs: on their schedules, on data in streams, and when asked to. Writes everything down before it acts on it and
 * goes on after a restart where it stopped. https://docs.snowflake.com/en/user-guide/tasks-graphs
 */
export class TaskEngine {
  readonly #parts: TaskEngineParts;
  readonly #ledger: RunLedger;
  readonly #alarms: DueQueue<() => void>;
  readonly #runnerParts: GraphRunnerParts;
  readonly #roots = new Map<string, RootState>();
  readonly #arms: RootArms;
  readonly #attempts: Attempts;
  readonly #failures: FailureCounts;
  readonly #waiters = new GroupWaiters();
  readonly #pending: PendingRuns;
  /** Runs that had not ended when the records were read; `start` goes on with them. */
  #interrupted: readonly GraphRun[];
  #stopped = false;

  /** Reads what was kept. */
  constructor(parts: TaskEngineParts) {
    this.#parts = parts;
    this.#ledger = new RunLedger(parts.store, parts.clock, parts.historyLimit);
    this.#alarms = new DueQueue(parts.clock, (alarm) => {
      alarm();
    });
    this.#attempts = new Attempts(this.#ledger, parts.catalog, parts.clock);
    this.#failures = new FailureCounts(this.#ledger, parts.catalog);
    this.#pending = new PendingRuns(this.#ledger, parts.ids);
    this.#arms = new RootArms({
      clock: parts.clock,
      ids: parts.ids,
      alarms: this.#alarms,
      catalog: parts.catalog,
      streams: parts.streams,
      versionOf: (rootId) => this.#ledger.current(rootId),
      start: (root, start) => {
        this.#startScheduled(root, start);
      },
    });
    this.#runnerParts = {
      clock: parts.clock,
      ledger: this.#ledger,
      bodies: parts.bodies,
      pool: new BodyPool(parts.parallelism ?? 16),
      alarms: this.#alarms,
      privileges: parts.privileges,
      streams: parts.streams,
      limits: new TaskLimits(parts.catalog),
      failed: (run) => {
        parts.notifications.taskFailed(run);
      },
      rootEnded: (runner) => {
        this.#startPending(this.#root(runner.run.version.rootId));
      },
      ended: (runner, state) => {
        this.#graphEnded(runner, state);
      },
    };
    this.#interrupted = this.#load();
  }

  #load(): GraphRun[] {
    const open = this.#ledger.load();
    for (const run of this.history.graphRuns) {
      if (run.state === 'SUCCEEDED') this.#root(run.version.rootId).lastSuccess = { group: run.group, runId: run.runId };
    }
    return open;
  }

  get history(): RunHistory {
    return this.#ledger.history;
  }

  /** Goes on with runs that were under way, and arms the roots that are started. */
  start(): void {
    const interrupted = this.#interrupted;
    this.#interrupted = [];
    for (const run of interrupted) this.#recover(run);
    for (const rootId of this.#pending.roots()) this.#startPending(this.#root(rootId));
    for (const rootId of this.#parts.catalog.startedRoots()) {
      const content = this.#parts.catalog.graph(rootId);
      if (content === undefined) continue;
      const known = this.#ledger.current(rootId);
      // A crash may have come between RESUME and its version.
      const version = known !== undefined && sameContent(known, content) ? known : this.#ledger.commit(content);
      this.#armAgain(version, content);
    }
    this.#ledger.flush();
  }

  /** Stops without ending anything: what runs is recovered at the next start. */
  stop(): void {
    this.#stopped = true;
    this.#alarms.close();
    for (const root of this.#roots.values()) {
      root.disarm();
      for (const runner of root.active) runner.abandon();
    }
    this.#ledger.flush();
    this.#parts.store.close();
  }

  // Called when definitions change

  /** A root was resumed. */
  resumed(rootId: string): void {
    const content = this.#parts.catalog.graph(rootId);
    if (content === undefined) return;
    const version = this.#ledger.commit(content);
    this.#ledger.setFailures(rootId, {});
    this.#ledger.flush();
    this.#arms.arm(this.#root(rootId), { ...version, scheduleBase: content.scheduleBase }, 0, true);
  }

  /** A TASK GRAPH was committed: what starts from now on is its new version. */
  committed(graphId: string): void {
    const content = this.#parts.catalog.graph(graphId);
    if (content === undefined) return;
    const version = this.#ledger.commit(content);
    this.#ledger.flush();
    if (this.#parts.catalog.isStarted(graphId)) this.#armAgain(version, content);
  }

  /** A task was suspended, or is gone, or starts graphs no more. */
  disarmed(taskId: string): void {
    this.#roots.get(taskId)?.disarm();
  }

  committedOn(taskId: string): number | null {
    return this.#ledger.committedOn(taskId);
  }

  versions(): ReturnType<RunLedger['versions']> {
    return this.#ledger.versions();
  }

  /** Data came into some table: triggered tasks look at their streams. */
  dataChanged(): void {
    if (this.#stopped) return;
    for (const root of this.#roots.values()) this.#arms.look(root);
  }

  /** Runs that are to start by a schedule, or once the run before them ends. */
  *upcoming(): Generator<UpcomingRun> {
    for (const root of this.#roots.values()) {
      const pending = this.#pending.upcoming(root.id);
      if (pending === undefined) yield* this.#arms.upcoming(root);
      else yield pending;
    }
  }

  /** Graph runs under way. */
  active(): GraphRun[] {
    return [...this.#roots.values()].flatMap((root) => [...root.active].map((runner) => runner.run));
  }

  // Called by statements

  /**
   * EXECUTE TASK of a root or standalone task. Runs at once, or after the run under way when the overlap policy wants that; a
   * request that still waits is replaced. @returns a promise of the run's end
   */
  execute(rootId: string, request: ExecuteRequest): Promise<void> {
    const content = this.#parts.catalog.graph(rootId);
    if (content === undefined) throw SnowflakeError.of('objectOrOperation', {});
    const version = this.#ledger.commit(content);
    const root = this.#root(rootId);
    const now = this.#parts.clock.now();
    if (!root.mayStart(version.overlapPolicy)) {
      const { group, replaced } = this.#pending.put(
        rootId,
        { version, config: request.config, by: request.by, at: now },
        (undo) => {
          this.#requireWritten(undo);
        },
      );
      this.#waiters.release(replaced);
      return this.#waiters.end(group);
    }
    const config = mergeConfig(version.config, request.config);
    const start = { group: this.#parts.ids.uuid(), at: now, from: 'EXECUTE TASK', by: request.by, config } as const;
    return this.#startLagged(root, this.#attempts.first(version, root.lastSuccess, start));
  }

  /** EXECUTE TASK … RETRY LAST, or RETRY GRAPH RUN GROUP. @throws SnowflakeError `taskRetry…` */
  retry(rootId: string, group: string | undefined, by: string | null): Promise<void> {
    const content = this.#parts.catalog.graph(rootId);
    if (content === undefined) throw SnowflakeError.of('objectOrOperation', {});
    const firstOf = (run: GraphRun): GraphRun => this.history.attempts(run.group)[0] ?? run;
    const failed = retriableRun(content, this.history.graphRunsOf(rootId), group, firstOf, this.#parts.clock.now());
    const root = this.#root(rootId);
    const [active] = root.active;
    if (active !== undefined && !root.mayStart(failed.version.overlapPolicy)) {
      throw SnowflakeError.of('taskRetryRunning', { group: active.run.group, root: displayIdentifier(rootSpec(content).name) });
    }
    return this.#startLagged(root, this.#attempts.retry(failed, by));
  }

  /** Stops the runs of one task. @returns the query ids of the bodies that were told to stop */
  cancel(taskId: string): string[] {
    return [...this.#roots.values()].flatMap((root) => [...root.active].flatMap((runner) => runner.cancel(taskId)));
  }

  // Runs

  #root(rootId: string): RootState {
    const found = this.#roots.get(rootId);
    if (found !== undefined) return found;
    const created = new RootState(rootId);
    this.#roots.set(rootId, created);
    return created;
  }

  #startLagged(root: RootState, run: GraphRun): Promise<void> {
    this.#requireWritten(() => this.#ledger.graphWithdrawn(run));
    const runner = this.#attach(root, run);
    const ended = this.#waiters.end(run.group);
    const lag = this.#parts.executeLag ?? 0;
    if (lag === 0) runner.begin();
    else {
      this.#alarms.add(this.#parts.clock.now() + lag, () => {
        runner.begin();
      });
    }
    return ended;
  }

  #startScheduled(
    root: RootState,
    start: { readonly at: number; readonly group: string; readonly from: 'SCHEDULE' | 'TRIGGER' },
  ): void {
    const version = this.#ledger.current(root.id);
    // Instants that come while a run is under way are skipped, not queued.
    if (version === undefined || !root.mayStart(version.overlapPolicy)) return;
    const run = this.#attempts.first(version, root.lastSuccess, { ...start, by: null, config: version.config });
    this.#attach(root, run).begin();
  }

  #attach(root: RootState, run: GraphRun, known?: ReadonlyMap<number, Outcome>): GraphRunner {
    const outcomes = known ?? new Map([...run.carried].map(([position, { outcome }]) => [position, outcome] as const));
    const runner = new GraphRunner(run, this.#runnerParts, outcomes);
    root.active.add(runner);
    return runner;
  }

  #graphEnded(runner: GraphRunner, state: GraphRunState): void {
    const { run } = runner;
    const root = this.#root(run.version.rootId);
    const retries = state === 'FAILED' && run.retriesLeft > 0;
    // Failures count once the attempts are used up.
    const suspends = !retries && this.#failures.count(run);
    this.#ledger.graphEnded(run, state);
    root.active.delete(runner);
    if (retries) {
      // Its start is written down together with this end.
      this.#attach(root, this.#attempts.retryAutomatically(run)).begin();
      return;
    }
    if (state === 'SUCCEEDED') {
      root.lastSuccess = { group: run.group, runId: run.runId };
      // A standalone task is no graph. https://docs.snowflake.com/en/user-guide/tasks-success-integrate
      if (!isStandalone(run.version)) this.#parts.notifications.graphSucceeded(run);
    }
    if (suspends) {
      root.disarm();
      void this.#parts.catalog.suspendForErrors(root.id);
    }
    this.#ledger.flush();
    this.#waiters.release(run.group);
    this.#startPending(root);
    // A skipped run leaves its streams as they are: looking again would go round in circles.
    if (state !== 'SKIPPED') this.#arms.look(root);
  }

  #startPending(root: RootState): void {
    if (this.#stopped) return;
    const pending = this.#pending.take(root.id, ({ version }) => root.mayStart(version.overlapPolicy));
    if (pending === undefined) return;
    const { version, group, by } = pending;
    const config = mergeConfig(version.config, pending.config);
    const start = { group, at: this.#parts.clock.now(), from: 'EXECUTE TASK', by, config } as const;
    this.#attach(root, this.#attempts.first(version, root.lastSuccess, start)).begin();
  }

  /** Goes on with a run that a stop cut short. */
  #recover(run: GraphRun): void {
    const known = endInterrupted(run, this.#parts.clock.now(), (task) => {
      this.#ledger.taskChanged(task);
      this.#parts.notifications.taskFailed(task);
    });
    this.#attach(this.#root(run.version.rootId), run, known).begin();
  }

  /** Arms a root that was started before: an instant that has had its run does not come again. */
  #armAgain(version: GraphVersion, { rootId, scheduleBase }: GraphContent): void {
    const runs = this.history.graphRunsOf(rootId);
    const last = runs.findLast((run) => run.scheduledFrom === 'SCHEDULE' || run.scheduledFrom === 'TRIGGER')?.scheduledTime ?? 0;
    this.#arms.arm(this.#root(rootId), { ...version, scheduleBase }, last, false);
  }

  /** `undo`: takes back what a statement asked for. @throws SnowflakeError `taskNotRecorded` when it cannot be written down */
  #requireWritten(undo: () => void): void {
    const fault = this.#ledger.flush();
    if (fault === undefined) return;
    undo();
    throw SnowflakeError.of('taskNotRecorded', { reason: fault.message });
  }
}
