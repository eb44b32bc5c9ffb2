import type { ObjectName } from '../../../sql/identifier.ts';
import type { JsonObject } from '../../fields.ts';

/** How a value travels: as SQL prints it (`text`, `number`), as `Y`/`N`, as the texts `true` and `false` on both sides, or quoted where it must be. */
export type FieldType = 'text' | 'number' | 'yesNo' | 'flagText' | 'flag' | 'identifier';
export type SettingType = Exclude<FieldType, 'yesNo' | 'identifier'>;

/** A kind of object whose REST operations are CREATE, SHOW, SHOW PARAMETERS and DROP of it. */
export interface ObjectResource {
  /** `DATABASE`, as SQL names it. */
  readonly kind: string;
  readonly plural: string;
  /** Path of the collection, behind `/api/v2`. */
  readonly path: string;
  /** What contains it; the names of containers are `:database` and `:schema` of the path. */
  readonly within: 'ACCOUNT' | 'DATABASE' | 'SCHEMA';
  /** What is asked for a single object besides its row of SHOW. */
  readonly details: 'PARAMETERS' | 'DESCRIBE' | 'NONE';
  /** PUT: a CREATE OR ALTER statement, or where SQL has none CREATE or ALTER … SET; without it there is no PUT. */
  readonly put?: 'OR ALTER' | 'SET';
  /** Fields of a request that are properties of CREATE under the same name, and parameters that answers hold when set. */
  readonly settings: Readonly<Record<string, SettingType>>;
  /** Whether there is a POST of the collection; true unless said otherwise. */
  readonly creatable?: boolean;
  /** What stands between name and properties in CREATE, from these fields of a request for an object in `container`. */
  readonly source?: {
    readonly fields: readonly string[];
    readonly clause: (body: JsonObject, container: ObjectName) => string;
  };
  /** Query parameters of a creation that are a boolean property. */
  readonly switches?: Readonly<Record<string, string>>;
  /** Settings that a request must have where no CREATE asks for them (PUT of `SET`). */
  readonly required?: readonly string[];
  /** Fields of a request that name an object, as the property of the same name does. */
  readonly references: readonly string[];
  /** Columns of SHOW that answers hold under the same name. */
  readonly shown: Readonly<Record<string, FieldType>>;
  /** What answers hold besides, from a row of SHOW. */
  readonly derived: (row: JsonObject) => JsonObject;
  /** `:suspend` and the like → what stands behind ALTER <kind> <name>. */
  readonly actions: Readonly<Record<string, string>>;
  /** Actions that are statements of their own, with the quoted name. They wait for their end: `asyncExec` is refused. */
  readonly statements?: Readonly<Record<string, (name: string) => string>>;
  /** Documented operations that are refused by name. */
  readonly refused: readonly string[];
  /** Whether `:rename` and `:use` are among its operations. */
  readonly renamable: boolean;
  readonly usable: boolean;
  /** Whether `:get-tags`, `:set-tags` and `:unset-tags` are among them; otherwise they are refused by name. */
  readonly tagged: boolean;
  /** Whether `:clone` and `:undrop` are among them, and `history` of listings. */
  readonly restorable: boolean;
  /** Whether it may be TRANSIENT (`kind` of the request), and stand WITH MANAGED ACCESS (`managed_access`). */
  readonly transient: boolean;
  readonly managedAccess: boolean;
}

const containerSettings = {
  comment: 'text',
  data_retention_time_in_days: 'number',
  default_ddl_collation: 'text',
  log_level: 'text',
  max_data_extension_time_in_days: 'number',
  suspend_task_after_num_failures: 'number',
  trace_level: 'text',
  user_task_managed_initial_warehouse_size: 'text',
  user_task_timeout_ms: 'number',
  serverless_task_min_statement_size: 'text',
  serverless_task_max_statement_size: 'text',
} as const;
const containerShown = {
  created_on: 'text',
  dropped_on: 'text',
  is_default: 'yesNo',
  is_current: 'yesNo',
  owner: 'text',
  comment: 'text',
  options: 'text',
  retention_time: 'number',
  owner_role_type: 'text',
  budget: 'text',
} satisfies Record<string, FieldType>;

function has(row: JsonObject, option: string): boolean {
  const { options } = row;
  return typeof options === 'string' && options.split(', ').includes(option);
}

const lifetime = (row: JsonObject): JsonObject => ({ kind: has(row, 'TRANSIENT') ? 'TRANSIENT' : 'PERMANENT' });

/** https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/database */
export const databaseResource: ObjectResource = {
  kind: 'DATABASE',
  plural: 'DATABASES',
  path: '/databases',
  within: 'ACCOUNT',
  details: 'PARAMETERS',
  put: 'OR ALTER',
  references: [],
  settings: containerSettings,
  shown: { ...containerShown, origin: 'text' },
  derived: lifetime,
  actions: {},
  refused: [':from_share'],
  renamable: false,
  usable: false,
  tagged: true,
  restorable: true,
  transient: true,
  managedAccess: false,
};

/** https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/schema */
export const schemaResource: ObjectResource = {
  kind: 'SCHEMA',
  plural: 'SCHEMAS',
  path: '/databases/:database/schemas',
  within: 'DATABASE',
  details: 'PARAMETERS',
  put: 'OR ALTER',
  references: [],
  settings: { ...containerSettings, pipe_execution_paused: 'flag' },
  shown: { ...containerShown, database_name: 'text' },
  derived: (row) => ({ ...lifetime(row), managed_access: has(row, 'MANAGED ACCESS') }),
  actions: {},
  refused: [],
  renamable: false,
  usable: false,
  tagged: true,
  restorable: true,
  transient: true,
  managedAccess: true,
};

/** https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/warehouse */
export const warehouseResource: ObjectResource = {
  kind: 'WAREHOUSE',
  plural: 'WAREHOUSES',
  path: '/warehouses',
  within: 'ACCOUNT',
  details: 'PARAMETERS',
  put: 'OR ALTER',
  references: ['resource_monitor'],
  settings: {
    ...{ warehouse_type: 'text', warehouse_size: 'text', wait_for_completion: 'flagText', max_cluster_count: 'number' },
    ...{ min_cluster_count: 'number', scaling_policy: 'text', auto_suspend: 'number', auto_resume: 'flagText' },
    ...{ initially_suspended: 'flagText', comment: 'text', enable_query_acceleration: 'flagText' },
    ...{ query_acceleration_max_scale_factor: 'number', max_concurrency_level: 'number' },
    ...{ statement_queued_timeout_in_seconds: 'number', statement_timeout_in_seconds: 'number' },
  },
  shown: {
    ...{ state: 'text', type: 'text', size: 'text', min_cluster_count: 'number', max_cluster_count: 'number' },
    ...{ started_clusters: 'number', running: 'number', queued: 'number', is_default: 'yesNo', is_current: 'yesNo' },
    ...{ auto_suspend: 'number', auto_resume: 'text', available: 'text', provisioning: 'text', quiescing: 'text', other: 'text' },
    ...{ created_on: 'text', resumed_on: 'text', updated_on: 'text', owner: 'text', comment: 'text', budget: 'text' },
    ...{ enable_query_acceleration: 'text', query_acceleration_max_scale_factor: 'number', scaling_policy: 'text' },
    ...{ owner_role_type: 'text', resource_monitor: 'text' },
  },
  derived: (row) => ({ warehouse_type: row['type'], warehouse_size: row['size'] }),
  actions: { suspend: 'SUSPEND', resume: 'RESUME', abort: 'ABORT ALL QUERIES' },
  refused: [':enable', ':disable'],
  renamable: true,
  usable: true,
  tagged: true,
  restorable: false,
  transient: false,
  managedAccess: false,
};
