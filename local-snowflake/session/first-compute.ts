import { accountTarget, type Grant } from '../access/grants.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { type CatalogObject, propertyText } from '../catalog/catalog-object.ts';
import type { Records, StoredRecord } from '../catalog/records.ts';
import type { Kind } from '../objects/kind.ts';
import { computePool } from '../objects/compute-pool.ts';
import { withDefaults } from '../objects/property-grammar.ts';
import { warehouse } from '../objects/warehouse.ts';
import type { IdSource } from '../platform/ids.ts';
import { systemObject } from './system-object.ts';

interface FirstObject {
  readonly kind: Kind;
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** Whether PUBLIC, and with it every role, has USAGE on it from the start. */
  readonly isPublic: boolean;
}

/** The warehouse that the first user of a new account works on. */
const firstWarehouse = 'COMPUTE_WH';

const pool = { MIN_NODES: 1, AUTO_RESUME: true, SUSPENDED: true };

/**
 * The compute of a new account, all of it ACCOUNTADMIN's.
 * https://docs.snowflake.com/en/user-guide/warehouses-overview#default-warehouse-for-notebooks
 * https://docs.snowflake.com/en/developer-guide/snowpark-container-services/working-with-compute-pool#system-compute-pools
 */
const firstObjects: readonly FirstObject[] = [
  { kind: warehouse, name: firstWarehouse, properties: { STATE: 'STARTED' }, isPublic: false },
  {
    kind: warehouse,
    name: 'SYSTEM$STREAMLIT_NOTEBOOK_WH',
    properties: { STATE: 'SUSPENDED', MAX_CLUSTER_COUNT: 10, AUTO_SUSPEND: 60 },
    isPublic: true,
  },
  {
    kind: computePool,
    name: 'SYSTEM_COMPUTE_POOL_CPU',
    properties: { ...pool, MAX_NODES: 150, INSTANCE_FAMILY: 'CPU_X64_S', AUTO_SUSPEND_SECS: 259_200 },
    isPublic: true,
  },
  {
    kind: computePool,
    name: 'SYSTEM_COMPUTE_POOL_GPU',
    properties: { ...pool, MAX_NODES: 50, INSTANCE_FAMILY: 'GPU_NV_S', AUTO_SUSPEND_SECS: 600 },
    isPublic: true,
  },
];

/** Says that the account has had its first compute, whatever became of it. */
const had: StoredRecord = { collection: 'first-compute', id: 'first-compute' };

/**
 * Gives an account the compute that new accounts have, once; also an older account, when it is opened. Its first user gets the warehouse
 * as the default, unless there is another already.
 */
export async function giveFirstCompute(
  records: Records,
  catalog: Catalog,
  admin: string,
  now: number,
  ids: IdSource,
): Promise<void> {
  if (records.get(had.id) !== undefined) return;
  const owner = catalog.find('ROLE', null, 'ACCOUNTADMIN')?.id ?? null;
  const everyone = catalog.find('ROLE', null, 'PUBLIC')?.id ?? accountTarget;
  const user = catalog.find('USER', null, admin);
  await catalog.change((change) => {
    change.put(had);
    for (const first of firstObjects) {
      if (catalog.find(first.kind.name, null, first.name) !== undefined) continue;
      const object = objectOf(first, ids.uuid(), owner, now);
      catalog.create(object, change);
      if (first.isPublic) change.put(usageOf(object, everyone, owner, ids.uuid()));
    }
    if (user !== undefined && propertyText(user, 'DEFAULT_WAREHOUSE') === '')
      catalog.update({ ...user, properties: { ...user.properties, DEFAULT_WAREHOUSE: firstWarehouse } }, change);
  });
}

function objectOf({ kind, name, properties }: FirstObject, id: string, owner: string | null, now: number): CatalogObject {
  const times = kind === warehouse ? { RESUMED_ON: now } : {};
  const settings = { ...withDefaults(properties, kind.properties ?? {}, true), ...times };
  return systemObject({ kind: kind.name, name, id, owner, createdOn: now, properties: settings });
}

function usageOf(object: CatalogObject, to: string, grantedBy: string | null, id: string): Grant {
  const { createdOn } = object;
  return { collection: 'grant', id, privilege: 'USAGE', on: object.id, to, grantOption: false, grantedBy, createdOn };
}
