import { asSnowflakeError, SnowflakeError } from '../errors/snowflake-error.ts';
import { type Condition, parseCondition, streamsIn } from '../objects/task/condition.ts';
import type { Clock } from '../platform/clock.ts';
import type { DueQueue } from '../platform/due-queue.ts';
import type { BodyPool } from './body-pool.ts';
import { isMet } from './condition.ts';
import { GraphProgress, type Step } from './graph-progress.ts';
import { type GraphRun, type GraphRunState, type Outcome, specOf, type TaskRun } from './graph-run.ts';
import type { BodyRunner, PrivilegeCheck, StreamProbe } from './ports.ts';
import { RunContext } from './run-context.ts';
import type { RunLedger } from './run-ledger.ts';
import { newTaskRun } from './run-records.ts';
import type { TaskLimits } from './task-limits.ts';

/** A body that was told to stop has this long to do so; then its run ends without it. */
const graceMilliseconds = 10_000;

export interface GraphRunnerParts {
  readonly clock: Clock;
  readonly ledger: RunLedger;
  readonly bodies: BodyRunner;
  readonly pool: BodyPool;
  readonly alarms: DueQueue<() => void>;
  readonly privileges: PrivilegeCheck;
  readonly streams: StreamProbe;
  readonly limits: TaskLimits;
  /** A task failed; told before what follows from it happens. */
  readonly failed: (run: TaskRun) => void;
  /** The root ended, so that runs that may overlap its children can start. */
  readonly rootEnded: (runner: GraphRunner) => void;
  /** Nothing runs any more. The end is not written down yet. */
  readonly ended: (runner: GraphRunner, state: GraphRunState) => void;
}

interface RunningBody {
  readonly run: TaskRun;
  readonly abort: AbortController;
  /** Set once the body was told to stop: how its run ends if it does. */
  stopping: { readonly outcome: 'FAILED' | 'CANCELLED'; readonly error: SnowflakeError } | undefined;
  /** Takes the timeout off. */
  watch: () => void;
}

/** Drives one graph run: asks the rules what comes next, writes it down, does it. */
export class GraphRunner {
  readonly run: GraphRun;
  readonly #parts: GraphRunnerParts;
  readonly #progress: GraphProgress;
  readonly #bodies = new Map<number, RunningBody>();
  /** Written down as executing in this turn; they start once that is durable. */
  #starting: TaskRun[] = [];
  readonly #work: (() => void)[] = [];
  #turning = false;
  #stopped = false;
  #deadline: number | undefined;
  #deadlineWatch: (() => void) | undefined;

  constructor(run: GraphRun, parts: GraphRunnerParts, known: ReadonlyMap<number, Outcome>) {
    this.run = run;
    this.#parts = parts;
    this.#progress = new GraphProgress(run.version, known);
  }

  /** Whether the root is still to end in this run. */
  get rootRunning(): boolean {
    const standing = this.#progress.standing(0);
    return standing === 'WAITING' || standing === 'ACTIVE';
  }

  begin(): void {
    const limit = this.#parts.limits.graphLimit(this.run.version);
    if (limit !== undefined) {
      this.#deadline = this.#parts.clock.now() + limit;
      this.#deadlineWatch = this.#parts.alarms.add(this.#deadline, () => {
        this.#graphTimedOut(limit);
      });
    }
    this.#turn(() => {
      this.#take(this.#progress.begin());
    });
  }

  /** Stops the bodies that a task of this graph is running. @returns their query ids */
  cancel(taskId: string): string[] {
    const running = [...this.#bodies.values()].filter(({ run, stopping }) => specOf(run).id === taskId && stopping === undefined);
    for (const body of running) this.#stop(body, 'CANCELLED', SnowflakeError.of('queryCancelled', {}));
    return running.flatMap(({ run }) => run.queryId ?? []);
  }

  /** Lets go of everything without ending anything: the server stops, and the run is recovered at its next start. */
  abandon(): void {
    this.#stopped = true;
    this.#deadlineWatch?.();
    for (const body of this.#bodies.values()) {
      body.watch();
      body.abort.abort(SnowflakeError.of('queryCancelled', {}));
    }
  }

  /**
   * One turn: does `work` and all that follows from it at once, writes it down, then starts the bodies that are to start.
   * Work that comes up meanwhile is done in the same turn.
   */
  #turn(work: () => void): void {
    this.#work.push(work);
    if (this.#turning) return;
    this.#turning = true;
    try {
      while (this.#work.length > 0) {
        for (let next = this.#work.shift(); next !== undefined; next = this.#work.shift()) next();
        this.#writeAndLaunch();
      }
    } finally {
      this.#turning = false;
    }
  }

  #writeAndLaunch(): void {
    const fault = this.#parts.ledger.flush();
    const starting = this.#starting;
    this.#starting = [];
    for (const run of starting) {
      if (fault === undefined) this.#launch(run);
      // What is not written down must not start: it would be run again after a restart.
      else this.#end(run, 'FAILED', SnowflakeError.of('taskNotRecorded', { reason: fault.message }));
    }
  }

  #take(steps: readonly Step[]): void {
    for (const step of steps) {
      if (step.kind === 'run') this.#queue(step.position);
      else {
        this.#deadlineWatch?.();
        this.#parts.ended(this, step.state);
      }
    }
  }

  #queue(position: number): void {
    const now = this.#parts.clock.now();
    const run = newTaskRun(this.run, position, position === 0 && this.run.attempt === 1 ? this.run.scheduledTime : now);
    this.#parts.ledger.taskQueued(run);
    this.#parts.pool.enter(() => {
      if (this.#stopped) return;
      this.#turn(() => {
        this.#admit(run);
      });
    });
  }

  /** There is room for the task: its condition decides whether it runs. */
  #admit(run: TaskRun): void {
    const { condition } = specOf(run);
    if (condition === null) {
      this.#decide(run, true);
      return;
    }
    let parsed: Condition;
    try {
      parsed = parseCondition(condition);
    } catch (error) {
      this.#decide(run, asSnowflakeError(error));
      return;
    }
    const streams = [...new Set(streamsIn(parsed))];
    if (streams.length === 0) this.#decide(run, this.#met(run, parsed, new Map()));
    else void this.#probe(run, parsed, streams);
  }

  async #probe(run: TaskRun, condition: Condition, streams: readonly string[]): Promise<void> {
    let verdict: boolean | SnowflakeError;
    try {
      const found = await Promise.all(
        streams.map(async (stream) => [stream, await this.#parts.streams.hasData(stream, this.run.version)] as const),
      );
      verdict = this.#met(run, condition, new Map(found));
    } catch (error) {
      verdict = asSnowflakeError(error);
    }
    if (this.#stopped) return;
    this.#turn(() => {
      this.#decide(run, verdict);
    });
  }

  #met(run: TaskRun, condition: Condition, streams: ReadonlyMap<string, boolean>): boolean | SnowflakeError {
    const context = new RunContext(run);
    try {
      return isMet(condition, {
        streamHasData: (stream) => streams.get(stream) === true,
        predecessorReturnValue: (name) => context.predecessorReturnValue(name),
        predecessorsState: (wanted) => context.predecessorsState(wanted),
        taskCompletionState: (name) => context.taskCompletionState(name),
      });
    } catch (error) {
      return asSnowflakeError(error);
    }
  }

  /** `verdict`: whether the condition is met, or why that cannot be said. */
  #decide(run: TaskRun, verdict: boolean | SnowflakeError): void {
    if (verdict === false) this.#settle(run, 'SKIPPED', undefined);
    else if (verdict !== true) this.#settle(run, 'FAILED', verdict);
    else if (this.#overdue(run)) this.#settle(run, 'FAILED', this.#timeoutOf(this.#parts.limits.graphLimit(this.run.version) ?? 0));
    else this.#start(run);
  }

  #start(run: TaskRun): void {
    try {
      this.#parts.privileges.requireRunnable(specOf(run), this.run.version);
    } catch (error) {
      this.#settle(run, 'FAILED', asSnowflakeError(error));
      return;
    }
    run.state = 'EXECUTING';
    run.queryId = this.#parts.bodies.newQueryId();
    run.queryStartTime = this.#parts.clock.now();
    this.#parts.ledger.taskChanged(run);
    this.#starting.push(run);
  }

  #launch(run: TaskRun): void {
    const task = specOf(run);
    const abort = new AbortController();
    const body: RunningBody = { run, abort, stopping: undefined, watch: () => undefined };
    this.#bodies.set(run.position, body);
    const limit = this.#parts.limits.taskLimit(task, this.run.version);
    if (limit !== undefined) {
      body.watch = this.#parts.alarms.add(this.#parts.clock.now() + limit, () => {
        this.#stop(body, 'FAILED', this.#timeoutOf(limit));
      });
    }
    const request = {
      task,
      graph: this.run.version,
      queryId: run.queryId ?? '',
      context: new RunContext(run),
      signal: abort.signal,
    };
    this.#parts.bodies.run(request).then(
      () => {
        this.#bodyEnded(body, undefined);
      },
      (error: unknown) => {
        this.#bodyEnded(body, asSnowflakeError(error));
      },
    );
  }

  #bodyEnded(body: RunningBody, error: SnowflakeError | undefined): void {
    // A body that ends after its run was ended without it has nothing to say any more.
    if (this.#stopped || this.#bodies.get(body.run.position) !== body) return;
    this.#bodies.delete(body.run.position);
    body.watch();
    if (error === undefined) this.#end(body.run, 'SUCCEEDED', undefined);
    else if (body.stopping !== undefined) this.#end(body.run, body.stopping.outcome, body.stopping.error);
    else this.#end(body.run, error.symbol === 'queryCancelled' ? 'CANCELLED' : 'FAILED', error);
  }

  #stop(body: RunningBody, outcome: 'FAILED' | 'CANCELLED', error: SnowflakeError): void {
    if (body.stopping !== undefined || this.#bodies.get(body.run.position) !== body) return;
    body.stopping = { outcome, error };
    body.watch();
    body.watch = this.#parts.alarms.add(this.#parts.clock.now() + graceMilliseconds, () => {
      this.#bodyEnded(body, error);
    });
    body.abort.abort(error);
  }

  #graphTimedOut(limit: number): void {
    for (const body of this.#bodies.values()) {
      if (this.#boundByGraph(body.run)) this.#stop(body, 'FAILED', this.#timeoutOf(limit));
    }
  }

  #boundByGraph(run: TaskRun): boolean {
    const task = specOf(run);
    return task.role !== 'finalizer' && (task.role === 'root' || !this.#parts.limits.hasOwnLimit(task));
  }

  #overdue(run: TaskRun): boolean {
    return this.#deadline !== undefined && this.#parts.clock.now() >= this.#deadline && this.#boundByGraph(run);
  }

  #timeoutOf(limit: number): SnowflakeError {
    return SnowflakeError.of('statementTimeout', { seconds: Math.ceil(limit / 1000) });
  }

  /** Ends a task run in a turn of its own. */
  #end(run: TaskRun, outcome: Outcome, error: SnowflakeError | undefined): void {
    this.#turn(() => {
      this.#settle(run, outcome, error);
    });
  }

  /** Ends a task run within the present turn and takes what follows from it. */
  #settle(run: TaskRun, outcome: Outcome, error: SnowflakeError | undefined): void {
    run.state = outcome;
    run.completedTime = this.#parts.clock.now();
    if (error !== undefined) {
      run.errorCode = error.code;
      run.errorMessage = error.message;
      run.systemError = error.symbol === 'internal' || error.symbol === 'taskInterrupted' || error.symbol === 'taskNotRecorded';
    }
    this.#parts.ledger.taskChanged(run);
    if (outcome === 'FAILED') this.#parts.failed(run);
    this.#parts.pool.release();
    const steps = this.#progress.ended(run.position, outcome);
    this.#turn(() => {
      if (run.position === 0) this.#parts.rootEnded(this);
      this.#take(steps);
    });
  }
}
