import { SnowflakeError } from '../errors/snowflake-error.ts';
import { displayIdentifier } from '../sql/identifier.ts';
import { quoteString } from '../sql/literal.ts';
import { cell, column } from '../sql/result-set.ts';
import { types } from '../sql/types.ts';
import { type CatalogObject, propertyText } from '../catalog/catalog-object.ts';
import type { Kind } from './kind.ts';
import type { ObjectScope } from './object-scope.ts';
import { parameters, warehouseParameters } from './parameters.ts';
import { comment, constant, createdOn, number, objectName, owner, ownerRoleType, text, timestamp, yesNo } from './show-columns.ts';

const sizes = ['X-Small', 'Small', 'Medium', 'Large', 'X-Large', '2X-Large', '3X-Large', '4X-Large', '5X-Large', '6X-Large'];

/** Every spelling that the documentation gives for a size, upper case → as SHOW prints it. */
const sizeSpellings: Readonly<Record<string, string>> = {
  ...Object.fromEntries(sizes.map((size) => [size.toUpperCase(), size])),
  ...Object.fromEntries(sizes.map((size) => [size.toUpperCase().replace('-', ''), size])),
  XXLARGE: '2X-Large',
  X2LARGE: '2X-Large',
  XXXLARGE: '3X-Large',
  X3LARGE: '3X-Large',
  X4LARGE: '4X-Large',
  X5LARGE: '5X-Large',
  X6LARGE: '6X-Large',
};

// https://docs.snowflake.com/en/sql-reference/sql/create-warehouse
export const warehouse: Kind = {
  name: 'WAREHOUSE',
  plural: 'WAREHOUSES',
  scope: 'account',
  page: 'create-warehouse',
  createPrivilege: 'CREATE WAREHOUSE',
  orAlter: 'PROPERTIES',
  privileges: ['APPLYBUDGET', 'MODIFY', 'MONITOR', 'OPERATE', 'USAGE'],
  properties: {
    WAREHOUSE_TYPE: { type: 'choice', values: ['STANDARD', 'SNOWPARK-OPTIMIZED'], default: 'STANDARD' },
    WAREHOUSE_SIZE: { type: 'choice', values: sizes, aliases: sizeSpellings, default: 'X-Small' },
    MAX_CLUSTER_COUNT: { type: 'integer', min: 1, max: 300, default: 1 },
    MIN_CLUSTER_COUNT: { type: 'integer', min: 1, max: 300, default: 1 },
    SCALING_POLICY: { type: 'choice', values: ['STANDARD', 'ECONOMY'], default: 'STANDARD' },
    AUTO_SUSPEND: { type: 'integer', min: 0, default: 600 },
    AUTO_RESUME: { type: 'boolean', default: true },
    INITIALLY_SUSPENDED: { type: 'boolean', settable: false },
    // Sizes change at once here: there is nothing to wait for.
    WAIT_FOR_COMPLETION: { type: 'boolean' },
    RESOURCE_MONITOR: { type: 'name' },
    ENABLE_QUERY_ACCELERATION: { type: 'boolean', default: false },
    QUERY_ACCELERATION_MAX_SCALE_FACTOR: { type: 'integer', min: 0, max: 100, default: 8 },
    RESOURCE_CONSTRAINT: { type: 'text' },
    GENERATION: { type: 'text' },
  },
  parameters: warehouseParameters,
  alterPrivilege: 'MODIFY',
  creating: (draft, _request, scope) => {
    const { INITIALLY_SUSPENDED: suspended, ...properties } = draft.properties;
    return { ...draft, properties: { ...properties, STATE: suspended === true ? 'SUSPENDED' : 'STARTED', RESUMED_ON: scope.now } };
  },
  changing: (after) => {
    const { WAIT_FOR_COMPLETION: _waited, ...properties } = after.properties;
    return { ...after, properties };
  },
  actions: {
    SUSPEND: {
      privileges: ['OPERATE'],
      run: (object, _stream, scope) => {
        if (!isStarted(object)) {
          throw SnowflakeError.of('invalidWarehouseState', { name: displayIdentifier(object.name), verb: 'suspended' });
        }
        return { object: inState(object, 'SUSPENDED', scope.now) };
      },
    },
    RESUME: {
      privileges: ['OPERATE', 'USAGE'],
      run: (object, stream, scope) => {
        const lenient = stream.accept('IF SUSPENDED');
        if (!isStarted(object)) return { object: inState(object, 'STARTED', scope.now) };
        if (!lenient) throw SnowflakeError.of('invalidWarehouseState', { name: displayIdentifier(object.name), verb: 'resumed' });
        return { object };
      },
    },
    'ABORT ALL QUERIES': {
      privileges: ['OPERATE'],
      run: (object, _stream, scope) => {
        scope.effects.warehouses.abortAll(object.id);
        return { object };
      },
    },
  },
  ddl: warehouseDdl,
  show: [
    objectName,
    text('state', (object) => String(object.properties['STATE'])),
    text('type', (object) => String(object.properties['WAREHOUSE_TYPE'])),
    text('size', (object) => String(object.properties['WAREHOUSE_SIZE'])),
    number('min_cluster_count', (object) => Number(object.properties['MIN_CLUSTER_COUNT'])),
    number('max_cluster_count', (object) => Number(object.properties['MAX_CLUSTER_COUNT'])),
    number('started_clusters', (object) => (isStarted(object) ? 1 : 0)),
    number('running', (object, scope) => scope.effects.warehouses.running(object.id)),
    number('queued', () => 0),
    text('is_default', (object, scope) => yesNo(isDefault(object, scope))),
    text('is_current', (object, scope) => yesNo(scope.currentWarehouse?.id === object.id)),
    number('auto_suspend', (object) => autoSuspendSeconds(object)),
    text('auto_resume', (object) => String(object.properties['AUTO_RESUME'])),
    constant('available', '100'),
    constant('provisioning', '0'),
    constant('quiescing', '0'),
    constant('other', '0'),
    createdOn,
    timestamp('resumed_on', (object) => Number(object.properties['RESUMED_ON'] ?? object.createdOn)),
    timestamp('updated_on', (object) => object.alteredOn),
    owner,
    comment,
    text('enable_query_acceleration', (object) => String(object.properties['ENABLE_QUERY_ACCELERATION'])),
    number('query_acceleration_max_scale_factor', (object) => Number(object.properties['QUERY_ACCELERATION_MAX_SCALE_FACTOR'])),
    text('resource_monitor', (object) => (object.properties['RESOURCE_MONITOR'] as string | undefined) ?? 'null'),
    constant('actives', '0'),
    constant('pendings', '0'),
    constant('failed', '0'),
    constant('suspended', '0'),
    text('uuid', (object) => object.id),
    text('scaling_policy', (object) => String(object.properties['SCALING_POLICY'])),
    constant('budget', null),
    ownerRoleType,
    text('resource_constraint', (object) => (object.properties['RESOURCE_CONSTRAINT'] as string | undefined) ?? null),
  ],
  describe: (object) => ({
    columns: [column('created_on', types.timestampLtz(6)), column('name'), column('kind')],
    rows: [[cell.timestamp(object.createdOn), object.name, 'WAREHOUSE']],
  }),
};

export function isStarted(object: CatalogObject): boolean {
  return object.properties['STATE'] === 'STARTED';
}

/** `now`: epoch milliseconds. */
export function inState(object: CatalogObject, state: 'STARTED' | 'SUSPENDED', now: number): CatalogObject {
  const resumed = state === 'STARTED' ? { RESUMED_ON: now } : {};
  return { ...object, alteredOn: now, properties: { ...object.properties, STATE: state, ...resumed } };
}

function isDefault(object: CatalogObject, scope: ObjectScope): boolean {
  const name = propertyText(scope.catalog.find('USER', null, scope.user), 'DEFAULT_WAREHOUSE');
  return name === object.name || name === displayIdentifier(object.name);
}

/** 0 for never. */
export function autoSuspendSeconds(object: CatalogObject): number {
  const seconds = object.properties['AUTO_SUSPEND'];
  return typeof seconds === 'number' ? seconds : 0;
}

/** Every property with its value, as GET_DDL's page shows a warehouse. */
function warehouseDdl(object: CatalogObject, _scope: unknown, name: string): string {
  const { properties } = object;
  const plain = ['MAX_CLUSTER_COUNT', 'MIN_CLUSTER_COUNT', 'SCALING_POLICY', 'AUTO_SUSPEND', 'AUTO_RESUME'];
  const acceleration = ['ENABLE_QUERY_ACCELERATION', 'QUERY_ACCELERATION_MAX_SCALE_FACTOR'];
  const line = (key: string, value: unknown): string => `    ${key.toLowerCase()}=${String(value).toUpperCase()}`;
  const lines = [
    `    warehouse_type=${quoteString(String(properties['WAREHOUSE_TYPE']))}`,
    `    warehouse_size=${quoteString(String(properties['WAREHOUSE_SIZE']))}`,
    ...plain.map((key) => line(key, properties[key])),
    line('INITIALLY_SUSPENDED', !isStarted(object)),
    ...acceleration.map((key) => line(key, properties[key])),
    ...warehouseParameters.map((key) => line(key, object.parameters[key] ?? parameters[key]?.default)),
    ...(object.comment === '' ? [] : [`    comment=${quoteString(object.comment)}`]),
  ];
  return `create or replace warehouse ${name}\nwith\n${lines.join('\n')}\n;`;
}
