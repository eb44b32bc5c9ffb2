import { createHash } from 'node:crypto';
import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { cell, column, type ResultSet } from '../../sql/result-set.ts';
import { types } from '../../sql/types.ts';
import type { Kind, ShowColumn } from '../kind.ts';
import type { ObjectScope } from '../object-scope.ts';
import {
  constant,
  createdOn,
  databaseName,
  number,
  objectName,
  owner,
  ownerRoleType,
  schemaName,
  text,
  timestamp,
} from '../show-columns.ts';
import { type JobRecord, isFinal } from './job-record.ts';

/** What is known of the job behind a service object. */
export function jobOf(object: CatalogObject, scope: ObjectScope): JobRecord {
  const job = scope.effects.jobs.find(object.id);
  if (job === undefined) throw SnowflakeError.of('objectDoesNotExist', { kind: 'Service', name: scope.catalog.displayOf(object) });
  return job;
}

export function specDigest(job: JobRecord): string {
  return createHash('sha256').update(job.spec).digest('hex');
}

function ofJob(name: string, value: (job: JobRecord) => string | null): ShowColumn {
  return text(name, (object, scope) => value(jobOf(object, scope)));
}

const show: readonly ShowColumn[] = [
  objectName,
  ofJob('status', (job) => job.status),
  databaseName,
  schemaName,
  owner,
  ofJob('compute_pool', (job) => job.pool),
  ofJob('dns_name', (job) => `${job.name.toLowerCase().replaceAll('_', '-')}.${job.id.slice(0, 4)}.svc.spcs.internal`),
  number('current_instances', (object, scope) => running(jobOf(object, scope))),
  number('target_instances', (object, scope) => jobOf(object, scope).targetInstances),
  number('min_ready_instances', (object, scope) => jobOf(object, scope).minInstances),
  number('min_instances', (object, scope) => jobOf(object, scope).targetInstances),
  number('max_instances', (object, scope) => jobOf(object, scope).targetInstances),
  constant('auto_resume', 'false'),
  constant('external_access_integrations', null),
  createdOn,
  timestamp('updated_on', (object, scope) => jobOf(object, scope).updatedOn),
  timestamp('resumed_on', () => null),
  timestamp('suspended_on', () => null),
  number('auto_suspend_secs', () => 0),
  text('comment', (object) => (object.comment === '' ? null : object.comment)),
  ownerRoleType,
  ofJob('query_warehouse', (job) => job.identity.warehouse),
  constant('is_job', 'true'),
  ofJob('is_async_job', (job) => String(job.async)),
  ofJob('spec_digest', specDigest),
  constant('is_upgrading', 'false'),
  constant('managing_object_domain', null),
  constant('managing_object_name', null),
];

/**
 * A service that runs as a job. Services that run for ever need images, which are not run here.
 * https://docs.snowflake.com/en/sql-reference/sql/execute-job-service
 */
export const service: Kind = {
  name: 'SERVICE',
  plural: 'SERVICES',
  pluralAliases: ['JOB SERVICES'],
  scope: 'schema',
  page: 'execute-job-service',
  createPrivilege: 'CREATE SERVICE',
  privileges: ['MONITOR', 'OPERATE', 'USAGE'],
  orReplace: false,
  renamable: false,
  properties: {},
  readCreate: () => {
    throw SnowflakeError.of('unsupported', {
      feature: 'CREATE SERVICE (jobs run here, by EXECUTE JOB SERVICE and the ML Jobs client; long-running services do not)',
    });
  },
  showIn: (stream, scope) => {
    if (!stream.accept('COMPUTE POOL')) return undefined;
    const pool = scope.find('COMPUTE POOL', stream.name());
    return (object) => jobOf(object, scope).pool === pool.name;
  },
  dropped: (object, scope) => scope.effects.jobs.drop(object.id),
  show,
  describe,
};

function running(job: JobRecord): number {
  return isFinal(job) ? 0 : job.instances.filter((each) => each.status === 'READY').length;
}

/** The specification is for the owner. https://docs.snowflake.com/en/sql-reference/sql/desc-service */
function describe(object: CatalogObject, scope: ObjectScope): ResultSet {
  const at = show.findIndex((each) => each.name === 'dns_name');
  const spec = text('spec', () => (scope.authorizer.owns(scope.roles, object) ? jobOf(object, scope).spec : null));
  const columns = [...show.slice(0, at), spec, ...show.slice(at)];
  return {
    columns: columns.map((each) => column(each.name, each.type ?? types.varchar())),
    rows: [columns.map((each) => each.value(object, scope) as string | null)],
  };
}

/** Time as SHOW SERVICE INSTANCES writes it, `2025-08-07T00:44:49Z`. */
export function isoSeconds(milliseconds: number | null): string | null {
  return milliseconds === null ? null : cell.text(`${new Date(milliseconds).toISOString().slice(0, 19)}Z`);
}
