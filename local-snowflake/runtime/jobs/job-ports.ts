import type { JobRecord } from '../../objects/job/job-record.ts';
import type { TaskRunContext } from '../../objects/task-run-context.ts';

/** What jobs need of the rest of the local Snowflake. */
export interface JobPorts {
  /** Keeps a job's record; resolves when it is durable. */
  save(job: JobRecord): Promise<void>;
  /** Removes what `save` kept. */
  forget(id: string): Promise<void>;
  /** Opens the account to a job: an OAuth token that logs in as the job's identity, within the task run, until it is closed. */
  openAccess(job: JobRecord, taskRun: TaskRunContext | undefined): Promise<JobAccess>;
}

export interface JobAccess {
  readonly token: string;
  /** Where the server listens, and the account's name. */
  readonly account: string;
  readonly host: string;
  readonly port: number;
  /** Environment variables with values of secrets. */
  readonly secrets?: Readonly<Record<string, string>>;
  close(): Promise<void>;
}
