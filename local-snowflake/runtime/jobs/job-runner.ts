import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { WorkerHost } from '../worker-host.ts';
import type { JobEffects, LogLine } from '../../objects/job/job-effects.ts';
import { InstanceAddresses } from './instance-address.ts';
import { readLog } from './job-log.ts';
import type { TaskRunContext } from '../../objects/task-run-context.ts';
import type { JobPorts } from './job-ports.ts';
import { type JobDraft, type JobRecord, type JobStatus, displayJob, isFinal } from '../../objects/job/job-record.ts';
import { JobRun } from './job-run.ts';
import type { PoolScheduler } from './pool-scheduler.ts';

export interface JobRunnerOptions {
  readonly host: WorkerHost;
  readonly pools: PoolScheduler;
  readonly clock: Clock;
  readonly ports: JobPorts;
  readonly logger: Logger;
  /** Where logs are kept, a folder for each job. */
  readonly folder: string;
}

// https://docs.snowflake.com/en/sql-reference/sql/execute-job-service: metadata is kept for 30 days.
const keptMilliseconds = 30 * 24 * 3600 * 1000;

/** Runs jobs on compute pools and remembers them. */
export class JobRunner implements JobEffects {
  readonly #options: JobRunnerOptions;
  readonly #addresses = new InstanceAddresses();
  readonly #jobs = new Map<string, JobRun>();

  constructor(options: JobRunnerOptions) {
    this.#options = options;
  }

  /**
   * Takes up the records of an earlier server: jobs that ran have lost their processes, jobs that waited wait for `start`.
   */
  async restore(records: readonly JobRecord[]): Promise<void> {
    const { clock, ports } = this.#options;
    for (const record of [...records].sort((a, b) => a.createdOn - b.createdOn)) {
      if (isFinal(record) && clock.now() - (record.completedOn ?? record.updatedOn) > keptMilliseconds) {
        await this.#erase(record);
        continue;
      }
      const restored = isFinal(record) ? record : interrupted(record, clock.now());
      if (restored !== record) await ports.save(restored);
      this.#add(restored);
    }
  }

  /** Queues what `restore` took up; its pools must be defined, and the server must listen, since jobs log in to it. */
  start(): void {
    for (const run of this.#jobs.values()) if (!isFinal(run.record)) this.#queue(run);
  }

  /**
   * Queues a job; resolves when its record is kept.
   * @throws SnowflakeError `execution` when its pool can never hold it
   */
  async submit(draft: JobDraft, taskRun?: TaskRunContext): Promise<JobRecord> {
    const now = this.#options.clock.now();
    const addresses = this.#addresses.take(draft.targetInstances);
    const record: JobRecord = {
      ...draft,
      status: 'PENDING',
      message: 'Waiting for nodes.',
      createdOn: now,
      updatedOn: now,
      startedOn: null,
      completedOn: null,
      deletedOn: null,
      instances: addresses.map((address, index) => ({
        index,
        status: 'PENDING',
        message: 'Scheduling',
        address,
        startedOn: null,
        exitCode: null,
      })),
    };
    const run = this.#add(record, taskRun);
    try {
      await this.#options.ports.save(record);
      run.queue();
    } catch (error) {
      this.#jobs.delete(record.id);
      await this.#options.ports.forget(record.id);
      throw error;
    }
    return run.record;
  }

  find(id: string): JobRecord | undefined {
    return this.#jobs.get(id)?.record;
  }

  /** Every job that is remembered, dropped ones included; oldest first. */
  all(): JobRecord[] {
    return [...this.#jobs.values()].map((run) => run.record);
  }

  async log(id: string, instance: number): Promise<readonly LogLine[] | undefined> {
    return readLog(join(this.#folderOf(id), `instance-${String(instance)}.log`));
  }

  /** The job in its final status. @throws SnowflakeError `queryCancelled` when the wait is given up */
  async ended(id: string, signal?: AbortSignal): Promise<JobRecord> {
    return this.#wait(this.#run(id), isFinal, undefined, signal);
  }

  /**
   * Waits for a status as `<job>!SPCS_WAIT_FOR` does.
   * https://docs.snowflake.com/en/sql-reference/functions/spcs_wait_for
   * @throws SnowflakeError `execution` when it is not reached in time or can never be, `queryCancelled`
   */
  async waitFor(id: string, status: JobStatus, seconds: number, signal?: AbortSignal): Promise<JobRecord> {
    const job = await this.#wait(this.#run(id), (each) => each.status === status || isFinal(each), seconds, signal);
    if (job.status === status) return job;
    const why = isFinal(job)
      ? `can no longer reach status ${status}`
      : `did not reach status ${status} within ${String(seconds)} seconds`;
    throw SnowflakeError.of('execution', {
      message: `Service ${displayJob(job)} ${why}. Current status: ${job.status}. ${job.message}`,
    });
  }

  /** Ends a job; false when it had ended already. Resolves when its processes are gone. */
  async cancel(id: string): Promise<boolean> {
    const run = this.#run(id);
    if (isFinal(run.record)) return false;
    await run.interrupt('CANCELLED', 'The job was cancelled.');
    return true;
  }

  /** DROP SERVICE: ends it, forgets its logs, remembers that it was. */
  async drop(id: string): Promise<void> {
    const run = this.#run(id);
    await run.interrupt('CANCELLED', 'The job was dropped.');
    await run.saved();
    const record: JobRecord = { ...run.record, deletedOn: this.#options.clock.now() };
    this.#add(record);
    await this.#options.ports.save(record);
    await this.#removeLogs(id);
  }

  /** Ends every job of a pool (ALTER COMPUTE POOL … STOP ALL). */
  async stopAll(pool: string): Promise<void> {
    const runs = [...this.#jobs.values()].filter((run) => run.record.pool === pool);
    await Promise.all(runs.map((run) => run.interrupt('CANCELLED', 'The compute pool was told to stop all its jobs.')));
  }

  /** Ends what runs, since the server stops; jobs that wait will wait again after the next start. */
  async close(): Promise<void> {
    const unfinished = [...this.#jobs.values()].filter((run) => !isFinal(run.record));
    // First these, so that none gets the nodes that the others leave.
    for (const run of unfinished) if (!run.active) run.withdraw();
    await Promise.all(
      unfinished
        .filter((run) => run.active)
        .map((run) => run.interrupt('INTERNAL_ERROR', 'The local Snowflake was stopped while the job was running.')),
    );
  }

  #add(record: JobRecord, taskRun?: TaskRunContext): JobRun {
    const run = new JobRun(record, { ...this.#options, folder: this.#folderOf(record.id), taskRun });
    this.#jobs.set(record.id, run);
    return run;
  }

  /** After a restart a pool may be gone or too small: that is the job's failure, not the server's. */
  #queue(run: JobRun): void {
    try {
      run.queue();
    } catch (error) {
      void run.interrupt('INTERNAL_ERROR', error instanceof Error ? error.message : String(error));
    }
  }

  #run(id: string): JobRun {
    const run = this.#jobs.get(id);
    if (run === undefined) throw SnowflakeError.of('objectDoesNotExist', { kind: 'Service', name: id });
    return run;
  }

  #folderOf(id: string): string {
    return join(this.#options.folder, id);
  }

  async #erase(record: JobRecord): Promise<void> {
    await this.#options.ports.forget(record.id);
    await this.#removeLogs(record.id);
  }

  async #removeLogs(id: string): Promise<void> {
    await rm(this.#folderOf(id), { recursive: true, force: true });
  }

  /** Resolves with a record that is kept: what a client is told is true after a restart too. */
  async #wait(
    run: JobRun,
    condition: (job: JobRecord) => boolean,
    seconds: number | undefined,
    signal: AbortSignal | undefined,
  ): Promise<JobRecord> {
    if (!condition(run.record)) await this.#changed(run, condition, seconds, signal);
    await run.saved();
    return run.record;
  }

  /** Resolves when the condition holds or the time is over. */
  #changed(
    run: JobRun,
    condition: (job: JobRecord) => boolean,
    seconds: number | undefined,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { clock } = this.#options;
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        stopListening();
        cancelTimer?.();
        signal?.removeEventListener('abort', abort);
      };
      const finish = (): void => {
        stop();
        resolve();
      };
      const abort = (): void => {
        stop();
        reject(SnowflakeError.of('queryCancelled', {}));
      };
      const stopListening = run.listen(() => {
        if (condition(run.record)) finish();
      });
      const cancelTimer = seconds === undefined ? undefined : clock.at(clock.now() + seconds * 1000, finish);
      if (signal?.aborted === true) abort();
      else signal?.addEventListener('abort', abort, { once: true });
    });
  }
}

/** What became of a job whose server ended while it had not. */
function interrupted(record: JobRecord, now: number): JobRecord {
  if (record.startedOn === null && record.status === 'PENDING') return record;
  const cancelled = record.status === 'CANCELLING';
  return {
    ...record,
    status: cancelled ? 'CANCELLED' : 'INTERNAL_ERROR',
    message: cancelled ? 'The job was cancelled.' : 'The local Snowflake ended while the job was running.',
    instances: record.instances.map((each) =>
      each.status === 'SUCCEEDED' || each.status === 'FAILED'
        ? each
        : { ...each, status: 'FAILED', message: 'Lost with the server' },
    ),
    updatedOn: now,
    completedOn: now,
  };
}
