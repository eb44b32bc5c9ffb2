import type { CatalogObject } from '../catalog/catalog-object.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import { displayIdentifier } from '../sql/identifier.ts';
import { column } from '../sql/result-set.ts';
import { types } from '../sql/types.ts';
import { instanceFamilies } from './instance-families.ts';
import type { Kind, ShowColumn } from './kind.ts';
import type { ObjectScope } from './object-scope.ts';
import type { PoolSettings } from './pool-effects.ts';
import { servicesOfPool } from './service/service-definition.ts';
import { constant, createdOn, number, objectName, owner, text, timestamp } from './show-columns.ts';

const systemPools: readonly string[] = ['SYSTEM_COMPUTE_POOL_CPU', 'SYSTEM_COMPUTE_POOL_GPU'];

/**
 * The system's pools are for the workloads of Snowflake's own alone: no service, and no job service, of a user's own images.
 * https://docs.snowflake.com/en/developer-guide/snowpark-container-services/working-with-compute-pool#system-compute-pools
 * @throws SnowflakeError `systemComputePool`
 */
export function requireOwnPool(pool: CatalogObject): void {
  if (systemPools.includes(pool.name)) throw SnowflakeError.of('systemComputePool', { name: displayIdentifier(pool.name) });
}

const families = instanceFamilies.map((family) => family.name);

const show: readonly ShowColumn[] = [
  objectName,
  text('state', (object, scope) => scope.effects.pools.facts(object.name).state),
  number('min_nodes', (object) => poolSettings(object).minNodes),
  number('max_nodes', (object) => poolSettings(object).maxNodes),
  text('instance_family', (object) => String(object.properties['INSTANCE_FAMILY'])),
  number('num_services', (object, scope) => scope.effects.pools.facts(object.name).services),
  number('num_jobs', (object, scope) => scope.effects.pools.facts(object.name).jobs),
  number('auto_suspend_secs', (object) => poolSettings(object).autoSuspendSeconds),
  text('auto_resume', (object) => String(poolSettings(object).autoResume)),
  number('active_nodes', (object, scope) => scope.effects.pools.facts(object.name).activeNodes),
  number('idle_nodes', (object, scope) => scope.effects.pools.facts(object.name).idleNodes),
  number('target_nodes', (object, scope) => scope.effects.pools.facts(object.name).targetNodes),
  createdOn,
  timestamp('resumed_on', (object, scope) => scope.effects.pools.facts(object.name).resumedOn),
  timestamp('updated_on', (object) => object.alteredOn),
  owner,
  text('comment', (object) => (object.comment === '' ? null : object.comment)),
  constant('is_exclusive', 'false'),
  constant('application', null),
  text('placement_group', (object) => (object.properties['PLACEMENT_GROUP'] as string | undefined) ?? null),
  text('backup_instance_families', (object) => backups(object)?.join(',') ?? null),
];

/** What DESCRIBE has besides, behind `application`. https://docs.snowflake.com/en/sql-reference/sql/desc-compute-pool */
const described: readonly ShowColumn[] = [
  constant('budget', null),
  text('error_code', (object, scope) => (waitsInVain(object, scope) ? '392508' : '')),
  text('status_message', statusMessage),
];

// https://docs.snowflake.com/en/sql-reference/sql/create-compute-pool
export const computePool: Kind = {
  name: 'COMPUTE POOL',
  plural: 'COMPUTE POOLS',
  scope: 'account',
  page: 'create-compute-pool',
  createPrivilege: 'CREATE COMPUTE POOL',
  privileges: ['MODIFY', 'MONITOR', 'OPERATE', 'USAGE'],
  orReplace: false,
  renamable: false,
  properties: {
    MIN_NODES: { type: 'integer', min: 1, max: 750, required: true },
    MAX_NODES: { type: 'integer', min: 1, max: 750, required: true },
    INSTANCE_FAMILY: { type: 'choice', values: families, required: true },
    AUTO_RESUME: { type: 'boolean', default: true },
    INITIALLY_SUSPENDED: { type: 'boolean', settable: false },
    AUTO_SUSPEND_SECS: { type: 'integer', min: 0, default: 3600 },
    PLACEMENT_GROUP: { type: 'text' },
    BACKUP_INSTANCE_FAMILIES: { type: 'texts' },
  },
  alterPrivilege: 'MODIFY',
  creating: (draft) => {
    const { INITIALLY_SUSPENDED: suspended, ...properties } = draft.properties;
    check(properties);
    return { ...draft, properties: { ...properties, SUSPENDED: suspended === true } };
  },
  created: (object, scope) => {
    scope.effects.pools.define(object.name, poolSettings(object), isSuspended(object));
  },
  changing: (after, before, scope) => {
    check(after.properties);
    const families = ['INSTANCE_FAMILY', 'PLACEMENT_GROUP'].filter((name) => after.properties[name] !== before.properties[name]);
    // https://docs.snowflake.com/en/sql-reference/sql/alter-compute-pool: only when the pool is fully suspended.
    if (families.length > 0 && scope.effects.pools.facts(before.name).state !== 'SUSPENDED') {
      throw SnowflakeError.of('computePoolNotSuspended', { name: displayIdentifier(before.name), property: families.join(', ') });
    }
    return after;
  },
  altered: (before, after, scope) => {
    const { pools } = scope.effects;
    pools.change(after.name, poolSettings(after));
    if (isSuspended(after) && !isSuspended(before)) pools.suspend(after.name);
    if (!isSuspended(after) && isSuspended(before)) pools.resume(after.name);
  },
  actions: {
    SUSPEND: { privileges: ['OPERATE'], run: (object) => ({ object: withSuspended(object, true) }) },
    RESUME: { privileges: ['OPERATE'], run: (object) => ({ object: withSuspended(object, false) }) },
    'STOP ALL': {
      privileges: ['OPERATE'],
      run: async (object, stream, scope) => {
        if (stream.is('OF TYPE')) throw SnowflakeError.of('unsupported', { feature: 'ALTER COMPUTE POOL … STOP ALL OF TYPE' });
        stream.expectEnd();
        await scope.effects.pools.stopAll(object.name);
        await dropServices(object.name, scope);
        return { object };
      },
    },
  },
  dropping: (object, scope) => {
    const { jobs } = scope.effects.pools.facts(object.name);
    if (jobs === 0 && servicesOfPool(scope.catalog, object.name).length === 0) return;
    const name = displayIdentifier(object.name);
    throw SnowflakeError.of('objectInUse', {
      kind: 'compute pool',
      name,
      reason: `it has ${jobs === 0 ? 'services' : 'running jobs'}. Stop them first: ALTER COMPUTE POOL ${name} STOP ALL.`,
    });
  },
  dropped: (object, scope) => {
    scope.effects.pools.drop(object.name);
  },
  show,
  describe: (object, scope) => {
    const at = show.findIndex((each) => each.name === 'placement_group');
    const columns = [...show.slice(0, at), ...described, ...show.slice(at)];
    return {
      columns: columns.map((each) => column(each.name, each.type ?? types.varchar())),
      rows: [columns.map((each) => each.value(object, scope) as string | null)],
    };
  },
};

export function poolSettings(object: CatalogObject): PoolSettings {
  const { MIN_NODES: minNodes, MAX_NODES: maxNodes, AUTO_SUSPEND_SECS: seconds, AUTO_RESUME: autoResume } = object.properties;
  return {
    minNodes: Number(minNodes),
    maxNodes: Number(maxNodes),
    autoSuspendSeconds: Number(seconds ?? 0),
    autoResume: autoResume !== false,
  };
}

export function isSuspended(object: CatalogObject): boolean {
  return object.properties['SUSPENDED'] === true;
}

export function withSuspended(object: CatalogObject, suspended: boolean): CatalogObject {
  return { ...object, properties: { ...object.properties, SUSPENDED: suspended } };
}

/** STOP ALL drops services. https://docs.snowflake.com/en/sql-reference/sql/alter-compute-pool */
async function dropServices(pool: string, scope: ObjectScope): Promise<void> {
  const services = servicesOfPool(scope.catalog, pool);
  await scope.catalog.change((change) => {
    for (const service of services) scope.catalog.drop(service, change);
  });
  await Promise.all(services.map((service) => scope.effects.services.drop(service.id)));
}

function backups(object: { readonly properties: Readonly<Record<string, unknown>> }): readonly string[] | undefined {
  return object.properties['BACKUP_INSTANCE_FAMILIES'] as readonly string[] | undefined;
}

function check(properties: Readonly<Record<string, unknown>>): void {
  const { MIN_NODES: min, MAX_NODES: max, INSTANCE_FAMILY: family } = properties;
  if (typeof min === 'number' && typeof max === 'number' && min > max) {
    throw SnowflakeError.of('invalidPropertyValue', { property: 'MAX_NODES', value: String(max) });
  }
  const list = backups({ properties });
  if (list === undefined) return;
  const wrong = list.find((name, index) => !families.includes(name) || name === family || list.indexOf(name) !== index);
  if (wrong !== undefined || list.length === 0) {
    throw SnowflakeError.of('invalidPropertyValue', { property: 'BACKUP_INSTANCE_FAMILIES', value: wrong ?? '()' });
  }
}

/** Work waits although every node the pool may have is there. */
function waitsInVain(object: CatalogObject, scope: ObjectScope): boolean {
  const facts = scope.effects.pools.facts(object.name);
  return facts.waitingFor === 'nodes' && facts.activeNodes + facts.idleNodes >= poolSettings(object).maxNodes;
}

function statusMessage(object: CatalogObject, scope: ObjectScope): string {
  const { state } = scope.effects.pools.facts(object.name);
  if (waitsInVain(object, scope)) return 'Compute pool is at its maximum of nodes; jobs are waiting.';
  const words = {
    STARTING: 'starting',
    ACTIVE: 'active',
    IDLE: 'idle',
    RESIZING: 'resizing',
    STOPPING: 'stopping',
    SUSPENDED: 'suspended',
  };
  return `Compute pool is ${words[state]}.`;
}
