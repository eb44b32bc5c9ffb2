import type { Authorizer } from '../access/authorizer.ts';
import type { FormerRoles } from '../access/former-roles.ts';
import type { Grants } from '../access/grants.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { DroppedObjects } from '../catalog/dropped-objects.ts';
import type { Records } from '../catalog/records.ts';
import type { DataEngine } from '../data/data-engine.ts';
import type { Effects } from '../objects/effects.ts';
import type { LineageGraph } from '../objects/lineage/lineage-graph.ts';
import type { ObjectRegistry } from '../objects/object-registry.ts';
import type { Clock } from '../platform/clock.ts';
import type { IdSource } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import type { EndpointTokens } from './endpoint-tokens.ts';
import type { ObjectQueues } from './object-queues.ts';
import type { PythonService } from './python-service.ts';
import type { QueryLog } from './query-log.ts';
import type { ResultCache } from './result-cache.ts';
import type { AccountFacts } from './service.ts';
import type { Services } from './services.ts';
import type { SessionRegistry } from './session-registry.ts';
import type { Transfers } from './transfers.ts';
import type { Warehouses } from './warehouses.ts';
import type { WorkerTokens } from './worker-tokens.ts';

/** Everything that the sessions of the account share. Built once, by `openLocalSnowflake`. */
export interface Account {
  readonly facts: AccountFacts;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  /** Folder of the account's files: stages, logs, keys. */
  readonly folder: string;
  readonly records: Records;
  readonly catalog: Catalog;
  /** What UNDROP can bring back. */
  readonly dropped: DroppedObjects;
  readonly grants: Grants;
  /** Roles that were dropped while runs of their tasks were under way. */
  readonly formerRoles: FormerRoles;
  readonly authorizer: Authorizer;
  readonly lineage: LineageGraph;
  /** ALTERs that wait for one another. */
  readonly alterations: ObjectQueues;
  readonly registry: ObjectRegistry;
  readonly effects: Effects;
  readonly data: DataEngine;
  readonly queries: QueryLog;
  readonly results: ResultCache;
  readonly transfers: Transfers;
  readonly warehouses: Warehouses;
  readonly workerTokens: WorkerTokens;
  readonly python: PythonService;
  /** Compute pools, and the jobs and services on them. */
  readonly services: Services;
  readonly endpointTokens: EndpointTokens;
  readonly sessions: SessionRegistry;
  /** Parameters set with ALTER ACCOUNT. */
  readonly accountParameters: ReadonlyMap<string, string>;
}
