import type { TaskRunContext } from '../task-run-context.ts';
import type { JobDraft, JobRecord, JobStatus } from './job-record.ts';

/** Jobs as they run: implemented by the runtime. */
export interface JobEffects {
  /**
   * Queues a job; resolves when its record is kept. The job's sessions belong to `taskRun`, the run of the task that starts it.
   * @throws SnowflakeError when its pool can never hold it
   */
  submit(draft: JobDraft, taskRun?: TaskRunContext): Promise<JobRecord>;
  find(id: string): JobRecord | undefined;
  /** Every job that is remembered, dropped ones included; oldest first. */
  all(): readonly JobRecord[];
  /** The job in its final status. @throws SnowflakeError `queryCancelled` when the wait is given up */
  ended(id: string, signal?: AbortSignal): Promise<JobRecord>;
  /** @throws SnowflakeError `execution` when the status is not reached in time or can never be, `queryCancelled` */
  waitFor(id: string, status: JobStatus, seconds: number, signal?: AbortSignal): Promise<JobRecord>;
  /** Ends a job; false when it had ended already. */
  cancel(id: string): Promise<boolean>;
  /** Ends a job and forgets its logs; it stays in the history. */
  drop(id: string): Promise<void>;
  /** An instance's output, oldest first; undefined when it never started. */
  log(id: string, instance: number): Promise<readonly LogLine[] | undefined>;
}

export interface LogLine {
  /** Epoch milliseconds. */
  readonly time: number;
  readonly text: string;
}
