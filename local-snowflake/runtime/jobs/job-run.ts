import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import { Mutex } from '../../platform/mutex.ts';
import { describeEnd } from '../worker-failure.ts';
import type { WorkerHost } from '../worker-host.ts';
import type { TaskEnd } from '../worker-task.ts';
import type { NodeLease } from './compute-pool.ts';
import { freePort } from './instance-address.ts';
import { JobInstance, type Topology, runsCode } from './job-instance.ts';
import type { JobAccess, JobPorts } from './job-ports.ts';
import { type InstanceRecord, type JobRecord, isFinal } from '../../objects/job/job-record.ts';
import type { TaskRunContext } from '../../objects/task-run-context.ts';
import type { PoolScheduler } from './pool-scheduler.ts';

export interface JobRunOptions {
  readonly host: WorkerHost;
  readonly pools: PoolScheduler;
  readonly clock: Clock;
  readonly ports: JobPorts;
  readonly logger: Logger;
  /** Folder of this job's logs. */
  readonly folder: string;
  /** The run of the task that started the job; gone after a restart of the server. */
  readonly taskRun: TaskRunContext | undefined;
}

/** A job on its way from the queue to its end. */
export class JobRun {
  readonly #options: JobRunOptions;
  readonly #saving = new Mutex();
  readonly #listeners = new Set<() => void>();
  readonly #instances = new Map<number, JobInstance>();
  #record: JobRecord;
  #lease: NodeLease | undefined;
  #access: JobAccess | undefined;
  #topology: Promise<Topology> | undefined;
  /** Nodes that were granted and have no instance yet. */
  #granted = 0;
  #nextIndex = 0;
  #running = 0;
  #interrupted: { readonly status: 'CANCELLED' | 'INTERNAL_ERROR'; readonly message: string } | undefined;

  constructor(record: JobRecord, options: JobRunOptions) {
    this.#record = record;
    this.#options = options;
  }

  get record(): JobRecord {
    return this.#record;
  }

  /** Calls `listener` after each change of the record; returns how to stop that. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when every change so far is kept. */
  saved(): Promise<void> {
    return this.#saving.run(() => Promise.resolve());
  }

  /** Queues the job for its nodes. @throws SnowflakeError when its pool is too small for it or gone */
  queue(): void {
    this.#lease = this.#options.pools.request(this.#record.pool, {
      minimum: this.#record.minInstances,
      target: this.#record.targetInstances,
      granted: (count) => {
        this.#granted += count;
        this.#startGranted();
      },
    });
  }

  /** Whether instances run or are being started. */
  get active(): boolean {
    return this.#running > 0;
  }

  /** Takes a job that waits out of the queue; what is kept of it stays as it is. */
  withdraw(): void {
    this.#lease?.end();
  }

  /** Ends the job early; resolves when its processes are gone. */
  async interrupt(status: 'CANCELLED' | 'INTERNAL_ERROR', message: string): Promise<void> {
    if (isFinal(this.#record)) return;
    this.#interrupted ??= { status, message };
    if (status === 'CANCELLED') this.#change({ status: 'CANCELLING', message: 'The job is being cancelled.' });
    for (const instance of this.#instances.values()) instance.kill();
    this.#finishIfOver();
    await this.#until(() => isFinal(this.#record));
    await this.saved();
  }

  #startGranted(): void {
    while (this.#granted > 0 && this.#interrupted === undefined) {
      this.#granted -= 1;
      this.#running += 1;
      void this.#runInstance(this.#nextIndex);
      this.#nextIndex += 1;
    }
  }

  async #runInstance(index: number): Promise<void> {
    let ending: { readonly code: number | null; readonly how: string };
    try {
      const end = await this.#watchInstance(index);
      ending = { code: end.code ?? null, how: describeEnd(end) };
    } catch (error) {
      this.#options.logger.error({ job: this.#record.id, error }, 'a job instance could not be started');
      ending = { code: null, how: error instanceof Error ? error.message : String(error) };
    }
    this.#instances.delete(index);
    this.#running -= 1;
    const done = ending.code === 0;
    this.#changeInstance(index, {
      status: done ? 'SUCCEEDED' : 'FAILED',
      message: done ? 'Completed successfully' : `Encountered fatal error: ${ending.how}`,
      exitCode: ending.code,
    });
    this.#lease?.release();
    this.#finishIfOver();
  }

  async #watchInstance(index: number): Promise<TaskEnd> {
    const { host, clock, folder } = this.#options;
    const topology = await this.#prepare();
    const instance = await JobInstance.start(
      host,
      this.#record,
      index,
      this.#access as JobAccess,
      topology,
      join(folder, `instance-${String(index)}.log`),
    );
    this.#instances.set(index, instance);
    if (this.#interrupted !== undefined) instance.kill();
    else {
      const now = clock.now();
      this.#changeInstance(index, { status: 'READY', message: 'Running', startedOn: now });
      this.#change({ status: 'RUNNING', message: 'Running', startedOn: this.#record.startedOn ?? now });
      if (this.#headHasEnded) instance.dismiss();
    }
    return instance.ended;
  }

  /** Once for all instances: the log folder, the account's door, the place to meet. */
  #prepare(): Promise<Topology> {
    this.#topology ??= (async (): Promise<Topology> => {
      const { ports, folder, taskRun } = this.#options;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      this.#access = await ports.openAccess(this.#record, taskRun);
      const addresses = this.#record.instances.map((each) => each.address);
      return { addresses, port: await freePort(addresses[0] ?? '127.0.0.1') };
    })();
    return this.#topology;
  }

  /** A job whose first instance alone runs code is over when that has ended. */
  get #headHasEnded(): boolean {
    if (runsCode(this.#record, 1)) return false;
    const head = this.#record.instances[0];
    return head?.status === 'SUCCEEDED' || head?.status === 'FAILED';
  }

  #finishIfOver(): void {
    if (isFinal(this.#record)) return;
    if (this.#headHasEnded) for (const instance of this.#instances.values()) instance.dismiss();
    if (this.#running > 0) return;
    const waiting = this.#nextIndex < this.#record.targetInstances;
    if (waiting && this.#interrupted === undefined && !this.#headHasEnded) return;
    this.#lease?.end();
    void this.#access?.close().catch((error: unknown) => {
      this.#options.logger.error({ job: this.#record.id, error }, "a job's access could not be closed");
    });
    this.#change({ ...this.#outcome(), completedOn: this.#options.clock.now() });
  }

  #outcome(): Pick<JobRecord, 'status' | 'message'> {
    if (this.#interrupted !== undefined) return this.#interrupted;
    const failed = this.#record.instances.find((each) => each.status === 'FAILED');
    if (failed === undefined) return { status: 'DONE', message: 'Job completed successfully.' };
    return { status: 'FAILED', message: `Job failed: instance ${String(failed.index)}: ${failed.message}` };
  }

  #changeInstance(index: number, change: Partial<InstanceRecord>): void {
    this.#change({ instances: this.#record.instances.map((each) => (each.index === index ? { ...each, ...change } : each)) });
  }

  #change(change: Partial<JobRecord>): void {
    const record = { ...this.#record, ...change, updatedOn: this.#options.clock.now() };
    this.#record = record;
    // In order, each whole; a fault of the store must not end the job.
    void this.#saving
      .run(() => this.#options.ports.save(record))
      .catch((error: unknown) => {
        this.#options.logger.error({ job: record.id, error }, "a job's state could not be kept");
      });
    for (const listener of [...this.#listeners]) listener();
  }

  #until(condition: () => boolean): Promise<void> {
    if (condition()) return Promise.resolve();
    return new Promise((resolve) => {
      const stop = this.listen(() => {
        if (!condition()) return;
        stop();
        resolve();
      });
    });
  }
}
