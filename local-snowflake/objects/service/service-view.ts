import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { type JobRecord, isFinal } from '../job/job-record.ts';
import type { ObjectScope } from '../object-scope.ts';
import { type ServiceDefinition, definitionOf, settingsOf } from './service-definition.ts';
import type { ServiceInstanceFacts } from './service-effects.ts';

/** What SHOW, DESCRIBE and the system functions say of a service, be it a job or one that runs until it is stopped. */
export interface ServiceView {
  readonly database: string;
  readonly schema: string;
  readonly name: string;
  readonly status: string;
  readonly pool: string;
  readonly spec: string;
  readonly container: string;
  readonly image: string;
  readonly instances: readonly ServiceInstanceFacts[];
  readonly readyInstances: number;
  readonly targetInstances: number;
  readonly minReady: number;
  readonly minInstances: number;
  readonly maxInstances: number;
  readonly autoResume: boolean;
  readonly autoSuspendSeconds: number;
  readonly warehouse: string | null;
  readonly createdOn: number;
  readonly updatedOn: number;
  readonly resumedOn: number | null;
  readonly suspendedOn: number | null;
  readonly job: { readonly async: boolean } | undefined;
}

export function viewOf(object: CatalogObject, scope: ObjectScope): ServiceView {
  const definition = definitionOf(object);
  return definition === undefined ? ofJob(jobOf(object, scope)) : ofService(object, definition, scope);
}

/** What is known of the job behind a service object. @throws SnowflakeError `unsupported` for a service that is none */
export function jobOf(object: CatalogObject, scope: ObjectScope): JobRecord {
  if (definitionOf(object) !== undefined) {
    throw SnowflakeError.of('execution', { message: `Service ${scope.catalog.displayOf(object)} is not a job service.` });
  }
  const job = scope.effects.jobs.find(object.id);
  if (job === undefined) throw SnowflakeError.of('objectDoesNotExist', { kind: 'Service', name: scope.catalog.displayOf(object) });
  return job;
}

function ofJob(job: JobRecord): ServiceView {
  return {
    database: job.database,
    schema: job.schema,
    name: job.name,
    status: job.status,
    pool: job.pool,
    spec: job.spec,
    container: job.plan.container,
    image: job.plan.image,
    instances: job.instances.map((each) => ({ ...each, restarts: 0, restartedOn: null })),
    readyInstances: isFinal(job) ? 0 : job.instances.filter((each) => each.status === 'READY').length,
    targetInstances: job.targetInstances,
    minReady: job.minInstances,
    minInstances: job.targetInstances,
    maxInstances: job.targetInstances,
    autoResume: false,
    autoSuspendSeconds: 0,
    warehouse: job.identity.warehouse,
    createdOn: job.createdOn,
    updatedOn: job.updatedOn,
    resumedOn: null,
    suspendedOn: null,
    job: { async: job.async },
  };
}

function ofService(object: CatalogObject, definition: ServiceDefinition, scope: ObjectScope): ServiceView {
  const facts = scope.effects.services.facts(object.id);
  const settings = settingsOf(object, scope.catalog);
  const [database = '', schema = '', name = ''] = scope.catalog.pathOf(object);
  return {
    ...definition,
    ...facts,
    ...settings,
    database,
    schema,
    name,
    readyInstances: facts.instances.filter((each) => each.status === 'READY').length,
    createdOn: object.createdOn,
    updatedOn: object.alteredOn,
    job: undefined,
  };
}
