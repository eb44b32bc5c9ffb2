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
import { checkInstances, readCreateService } from '../service/create-service.ts';
import { definitionOf, orderOf, settingsOf, withServiceSuspended } from '../service/service-definition.ts';
import { type ServiceView, viewOf } from '../service/service-view.ts';

export function specDigest(view: ServiceView): string {
  return createHash('sha256').update(view.spec).digest('hex');
}

function ofView(name: string, value: (view: ServiceView) => string | null): ShowColumn {
  return text(name, (object, scope) => value(viewOf(object, scope)));
}

function count(name: string, value: (view: ServiceView) => number): ShowColumn {
  return number(name, (object, scope) => value(viewOf(object, scope)));
}

function isJob(object: CatalogObject, scope: ObjectScope): boolean {
  return viewOf(object, scope).job !== undefined;
}

const show: readonly ShowColumn[] = [
  objectName,
  ofView('status', (view) => view.status),
  databaseName,
  schemaName,
  owner,
  ofView('compute_pool', (view) => view.pool),
  text('dns_name', (object) => `${object.name.toLowerCase().replaceAll('_', '-')}.${object.id.slice(0, 4)}.svc.spcs.internal`),
  count('current_instances', (view) => view.readyInstances),
  count('target_instances', (view) => view.targetInstances),
  count('min_ready_instances', (view) => view.minReady),
  count('min_instances', (view) => view.minInstances),
  count('max_instances', (view) => view.maxInstances),
  ofView('auto_resume', (view) => String(view.autoResume)),
  constant('external_access_integrations', null),
  createdOn,
  timestamp('updated_on', (object, scope) => viewOf(object, scope).updatedOn),
  timestamp('resumed_on', (object, scope) => viewOf(object, scope).resumedOn),
  timestamp('suspended_on', (object, scope) => viewOf(object, scope).suspendedOn),
  count('auto_suspend_secs', (view) => view.autoSuspendSeconds),
  text('comment', (object) => (object.comment === '' ? null : object.comment)),
  ownerRoleType,
  ofView('query_warehouse', (view) => view.warehouse),
  ofView('is_job', (view) => String(view.job !== undefined)),
  ofView('is_async_job', (view) => String(view.job?.async === true)),
  ofView('spec_digest', specDigest),
  constant('is_upgrading', 'false'),
  text('managing_object_domain', (object) => (definitionOf(object)?.program.kind === 'model' ? 'Model' : null)),
  text('managing_object_name', (object, scope) => managingModel(object, scope)),
];

/**
 * Jobs, services of models, and services whose container has a command that this machine can run.
 * https://docs.snowflake.com/en/sql-reference/sql/create-service
 */
export const service: Kind = {
  name: 'SERVICE',
  plural: 'SERVICES',
  listings: {
    'JOB SERVICES': { page: 'show-services', lists: isJob, without: ['is_job'] },
    'SERVICES EXCLUDE JOBS': {
      page: 'show-services',
      lists: (object, scope) => !isJob(object, scope),
      without: ['is_job', 'is_async_job'],
    },
  },
  scope: 'schema',
  page: 'create-service',
  createPrivilege: 'CREATE SERVICE',
  privileges: ['MONITOR', 'OPERATE', 'USAGE'],
  orReplace: false,
  renamable: false,
  properties: {
    MIN_INSTANCES: { type: 'integer', min: 0 },
    MAX_INSTANCES: { type: 'integer', min: 1 },
    MIN_READY_INSTANCES: { type: 'integer', min: 0 },
    AUTO_SUSPEND_SECS: { type: 'integer', min: 0, default: 0 },
    AUTO_RESUME: { type: 'boolean', default: true },
    QUERY_WAREHOUSE: { type: 'reference', kind: 'WAREHOUSE', privilege: 'USAGE' },
  },
  readCreate: readCreateService,
  creating: (draft, _, scope) => {
    check(draft.properties);
    const definition = definitionOf(draft);
    if (definition !== undefined) scope.effects.services.check(definition.pool, settingsOf(draft, scope.catalog).minInstances);
    return draft;
  },
  created: (object, scope) => {
    scope.effects.services.define(orderOf(object, scope.catalog));
  },
  changing: (after, before, scope) => {
    const definition = definitionOf(before);
    if (definition === undefined) throw SnowflakeError.of('unsupported', { feature: 'ALTER SERVICE of a service that is a job' });
    check(after.properties);
    scope.effects.services.check(definition.pool, settingsOf(after, scope.catalog).minInstances);
    return after;
  },
  altered: (_, after, scope) => {
    scope.effects.services.define(orderOf(after, scope.catalog));
  },
  actions: {
    SUSPEND: { privileges: ['OPERATE'], run: (object) => ({ object: withServiceSuspended(object, true) }) },
    RESUME: { privileges: ['OPERATE'], run: (object) => ({ object: withServiceSuspended(object, false) }) },
  },
  readAlter: (_, stream) => {
    if (!stream.is('FROM')) return undefined;
    throw SnowflakeError.of('unsupported', { feature: 'ALTER SERVICE … FROM (drop the service and create it again)' });
  },
  showIn: (stream, scope) => {
    if (!stream.accept('COMPUTE POOL')) return undefined;
    const pool = scope.find('COMPUTE POOL', stream.name());
    return (object) => viewOf(object, scope).pool === pool.name;
  },
  dropped: (object, scope) =>
    definitionOf(object) === undefined ? scope.effects.jobs.drop(object.id) : scope.effects.services.drop(object.id),
  show,
  describe,
};

function check(properties: CatalogObject['properties']): void {
  const definition = definitionOf({ properties });
  checkInstances(properties, definition?.endpoints.length ?? 0, definition?.program.kind === 'command');
}

function managingModel(object: CatalogObject, scope: ObjectScope): string | null {
  const program = definitionOf(object)?.program;
  const model = program?.kind === 'model' ? scope.catalog.byId(program.model) : undefined;
  return model === undefined ? null : scope.catalog.displayOf(model);
}

/** The specification is for the owner. https://docs.snowflake.com/en/sql-reference/sql/desc-service */
function describe(object: CatalogObject, scope: ObjectScope): ResultSet {
  const at = show.findIndex((each) => each.name === 'dns_name');
  const spec = text('spec', () => (scope.authorizer.owns(scope.roles, object) ? viewOf(object, scope).spec : null));
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
