import type { ServiceOrder } from '../../objects/service/service-definition.ts';
import type { JobAccess } from '../jobs/job-ports.ts';

/** What services need of the rest of the local Snowflake. */
export interface ServicePorts {
  /** Opens the account to a service's code: a token that logs in as its owner role, until it is closed. */
  openAccess(order: ServiceOrder): Promise<JobAccess>;
  /** Keeps that a service suspended itself, or was resumed by a request. */
  keepSuspended(id: string, suspended: boolean): Promise<void>;
  /** `127.0.0.1:<port>`, where requests to public endpoints come in. */
  origin(): string;
  /** Folder of a model version's files. */
  versionFolder(model: string, version: string): string;
}
