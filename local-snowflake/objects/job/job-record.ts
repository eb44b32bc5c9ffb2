/** https://docs.snowflake.com/en/sql-reference/sql/show-services */
export type JobStatus = 'PENDING' | 'RUNNING' | 'DONE' | 'FAILED' | 'CANCELLING' | 'CANCELLED' | 'INTERNAL_ERROR' | 'DELETED';

/** https://docs.snowflake.com/en/sql-reference/sql/show-service-instances-in-service */
export type InstanceStatus = 'PENDING' | 'READY' | 'TERMINATING' | 'SUCCEEDED' | 'FAILED';

/** A job service, as it is kept: JSON only. Its name and owner are those of the catalog object of the same id. */
export interface JobRecord {
  readonly id: string;
  readonly database: string;
  readonly schema: string;
  readonly name: string;
  /** Name of the compute pool. */
  readonly pool: string;
  /** Query that started it. */
  readonly queryId: string;
  /** Whose privileges the job has. */
  readonly identity: JobIdentity;
  /** Specification as DESCRIBE SERVICE shows it, YAML. */
  readonly spec: string;
  readonly plan: LaunchPlan;
  readonly targetInstances: number;
  readonly minInstances: number;
  readonly async: boolean;
  readonly comment: string | null;
  readonly status: JobStatus;
  /** Why the job is in its status. */
  readonly message: string;
  /** Epoch milliseconds, as all times here. */
  readonly createdOn: number;
  readonly updatedOn: number;
  readonly startedOn: number | null;
  readonly completedOn: number | null;
  readonly deletedOn: number | null;
  readonly instances: readonly InstanceRecord[];
}

export interface InstanceRecord {
  readonly index: number;
  readonly status: InstanceStatus;
  readonly message: string;
  readonly address: string;
  readonly startedOn: number | null;
  readonly exitCode: number | null;
}

export interface JobIdentity {
  readonly user: string;
  readonly role: string;
  readonly warehouse: string | null;
}

/** How an instance is started. Paths are of this machine, and nothing here is secret in clear. */
export interface LaunchPlan {
  /** Container's name and image, as the specification names them. */
  readonly container: string;
  readonly image: string;
  readonly run:
    | { readonly kind: 'command'; readonly command: readonly string[] }
    /** Arguments of the launcher of ML jobs; on every instance, or on the first alone. */
    | { readonly kind: 'ml-job'; readonly arguments: readonly string[]; readonly everyInstance: boolean }
    | { readonly kind: 'inference'; readonly inference: BatchInference };
  readonly environment: Readonly<Record<string, string>>;
  /** Environment variables with values of secrets, as the vault keeps them. */
  readonly sealed?: Readonly<Record<string, string>>;
}

/** A model's method over the rows of Parquet files. Folders are absolute. */
export interface BatchInference {
  /** How messages name the model. */
  readonly model: string;
  /** Folder of the model's files. */
  readonly folder: string;
  /** Name of the method in the model's own spelling. */
  readonly method: string;
  /** Whether it works on groups of rows. */
  readonly partitioned: boolean;
  /** Column that says which rows are a group; null when all are. */
  readonly partitionColumn: string | null;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** For columns whose values are stage paths of files: how the method wants the files. */
  readonly files: Readonly<Record<string, 'raw_bytes' | 'base64' | 'base64_data_url'>>;
  readonly input: string;
  /** Whether the input was written for this job alone and goes with its end. */
  readonly inputIsOwn: boolean;
  readonly output: string;
  /** Rows of a call. */
  readonly batchRows: number;
  readonly packages: readonly string[];
}

export const finalStatuses: ReadonlySet<JobStatus> = new Set<JobStatus>([
  'DONE',
  'FAILED',
  'CANCELLED',
  'INTERNAL_ERROR',
  'DELETED',
]);

export function isFinal(job: JobRecord): boolean {
  return finalStatuses.has(job.status);
}

export function displayJob(job: JobRecord): string {
  return `${job.database}.${job.schema}.${job.name}`;
}

/** A job that is to be run; the rest of its record follows from it. */
export type JobDraft = Pick<
  JobRecord,
  | 'id'
  | 'database'
  | 'schema'
  | 'name'
  | 'pool'
  | 'queryId'
  | 'identity'
  | 'spec'
  | 'plan'
  | 'targetInstances'
  | 'minInstances'
  | 'async'
  | 'comment'
>;
