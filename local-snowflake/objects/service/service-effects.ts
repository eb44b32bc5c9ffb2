import type { LogLine } from '../job/job-effects.ts';
import type { InstanceStatus } from '../job/job-record.ts';
import type { ServiceOrder } from './service-definition.ts';

/** https://docs.snowflake.com/en/sql-reference/sql/show-services */
export type ServiceStatus = 'PENDING' | 'RUNNING' | 'SUSPENDING' | 'SUSPENDED' | 'FAILED';

export interface ServiceInstanceFacts {
  readonly index: number;
  readonly status: InstanceStatus;
  /** Why it is in its status. */
  readonly message: string;
  readonly address: string;
  /** Epoch milliseconds. */
  readonly startedOn: number | null;
  readonly exitCode: number | null;
  readonly restarts: number;
  /** Epoch milliseconds. */
  readonly restartedOn: number | null;
}

export interface ServiceFacts {
  readonly status: ServiceStatus;
  readonly message: string;
  /** Instances that are wanted now, between the smallest and the largest number. */
  readonly targetInstances: number;
  readonly resumedOn: number | null;
  readonly suspendedOn: number | null;
  readonly instances: readonly ServiceInstanceFacts[];
}

/** Services as they run: implemented by the runtime. */
export interface ServiceEffects {
  /** @throws SnowflakeError when the pool can never hold the smallest number of instances */
  check(pool: string, minInstances: number): void;
  /** Starts a service that is new, or brings one in line with its changed order. */
  define(order: ServiceOrder): void;
  facts(id: string): ServiceFacts;
  /** Resolves when it is ready for requests. @throws SnowflakeError `serviceFailed` when an instance fails before, `queryCancelled` */
  ready(id: string, signal: AbortSignal): Promise<void>;
  /** Ends its processes and forgets its logs. */
  drop(id: string): Promise<void>;
  /** An instance's output, oldest first; undefined when it never started. */
  log(id: string, instance: number): Promise<readonly LogLine[] | undefined>;
  /** URL of a public endpoint without its scheme, by the endpoint's host. */
  url(host: string): string;
}
