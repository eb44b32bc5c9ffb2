import type { JobIdentity, JobRecord } from '../../objects/job/job-record.ts';

/** What jobs need of the rest of the local Snowflake. */
export interface JobPorts {
  /** Keeps a job's record; resolves when it is durable. */
  save(job: JobRecord): Promise<void>;
  /** Removes what `save` kept. */
  forget(id: string): Promise<void>;
  /** Opens the account to a job: an OAuth token that logs in as the identity, until it is closed. */
  openAccess(identity: JobIdentity, database: string, schema: string): Promise<JobAccess>;
}

export interface JobAccess {
  readonly token: string;
  /** Where the server listens, and the account's name. */
  readonly account: string;
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}
