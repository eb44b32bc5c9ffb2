import { type CatalogObject, propertyText } from '../catalog/catalog-object.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import { displayIdentifier, displayName, type ObjectName, parseName, quoteIdentifier } from '../sql/identifier.ts';
import { cell } from '../sql/result-set.ts';
import type { TokenStream } from '../sql/token-stream.ts';
import { types } from '../sql/types.ts';
import { creationRefresh, lagMilliseconds, refreshed } from './dynamic-table-refresh.ts';
import type { CreateRequest, Draft, Kind } from './kind.ts';
import type { ObjectScope } from './object-scope.ts';
import { comment, createdOn, databaseName, objectName, owner, property, schemaName, text, typed } from './show-columns.ts';
import { columnsOf, describeColumns, physicalOf } from './table.ts';

/**
 * The latest row of each key of a feature view. The rows are a table of their own, refreshed as dynamic tables are: in full.
 * https://docs.snowflake.com/en/sql-reference/sql/create-online-feature-table
 */
export const onlineFeatureTable: Kind = {
  name: 'ONLINE FEATURE TABLE',
  plural: 'ONLINE FEATURE TABLES',
  scope: 'schema',
  page: 'create-online-feature-table',
  createPrivilege: 'CREATE ONLINE FEATURE TABLE',
  restorable: 'within',
  privileges: ['SELECT', 'MONITOR', 'OPERATE'],
  properties: {
    TARGET_LAG: { type: 'text', required: true },
    WAREHOUSE: { type: 'reference', kind: 'WAREHOUSE', privilege: 'USAGE', required: true },
    REFRESH_MODE: { type: 'choice', values: ['AUTO', 'FULL', 'INCREMENTAL'], default: 'AUTO', settable: false },
    TIMESTAMP_COLUMN: { type: 'name', settable: false },
  },
  clauses: { 'PRIMARY KEY': readKeys, FROM: readSource },
  creating: fill,
  actions: {
    SUSPEND: { privileges: ['OPERATE'], run: (object) => ({ object: scheduled(object, 'SUSPENDED') }) },
    RESUME: { privileges: ['OPERATE'], run: (object) => ({ object: scheduled(object, 'ACTIVE') }) },
    REFRESH: {
      privileges: ['OPERATE'],
      run: async (object, _stream, scope) => ({ object: await refreshed(object, scope, 'MANUAL') }),
    },
  },
  changing: (after) => {
    checkOnlineLag(String(after.properties['TARGET_LAG']));
    return after;
  },
  altered: async (before, after, scope) => {
    if (physicalOf(before) !== physicalOf(after)) await scope.effects.tables.drop(physicalOf(before));
  },
  dropped: (object, scope) => scope.effects.tables.drop(physicalOf(object)),
  createdMessage: (object) => `Online feature table ${displayIdentifier(object.name)} successfully created.`,
  show: [
    createdOn,
    objectName,
    databaseName,
    schemaName,
    typed('rows', types.number(38, 0), async (object, scope) =>
      cell.number(await scope.effects.tables.rowCount(physicalOf(object))),
    ),
    typed('bytes', types.number(38, 0), async (object, scope) => cell.number(await scope.effects.tables.bytes(physicalOf(object)))),
    owner,
    property('source', 'SOURCE'),
    property('target_lag', 'TARGET_LAG'),
    text('warehouse', (object, scope) => scope.nameOf(propertyText(object, 'WAREHOUSE'))),
    text('timestamp_column', (object) => (object.properties['TIMESTAMP_COLUMN'] as string | undefined) ?? null),
    text('refresh_mode', (object) =>
      object.properties['REFRESH_MODE'] === 'AUTO' ? 'FULL' : String(object.properties['REFRESH_MODE']),
    ),
    text('refresh_mode_reason', (object) =>
      object.properties['REFRESH_MODE'] === 'AUTO' ? 'The local Snowflake refreshes online feature tables in full.' : null,
    ),
    text('scheduling_state', (object) => (object.properties['SCHEDULING'] === 'ACTIVE' ? 'RUNNING' : 'SUSPENDED')),
    comment,
  ],
  describe: (object, scope) => describeColumns(withKeys(object), scope),
};

function readKeys(stream: TokenStream): Readonly<Record<string, unknown>> {
  return { KEYS: stream.identifiers() };
}

function readSource(stream: TokenStream): Readonly<Record<string, unknown>> {
  if (stream.accept('SPECIFICATION'))
    throw SnowflakeError.of('unsupported', { feature: 'online feature table from a specification (a Postgres online store)' });
  return { FROM: stream.name() };
}

/** TARGET_LAG is between 10 seconds and 8 days. @throws SnowflakeError `invalidPropertyValue` */
function checkOnlineLag(lag: string): void {
  const milliseconds = lagMilliseconds(lag);
  if (milliseconds === undefined || milliseconds < 10_000 || milliseconds > 8 * 86_400_000)
    throw SnowflakeError.of('invalidPropertyValue', { property: 'TARGET_LAG', value: lag });
}

async function fill(draft: Draft, _request: CreateRequest, scope: ObjectScope): Promise<Draft> {
  const { KEYS: keys, FROM: from, ...properties } = draft.properties;
  if (keys === undefined) throw SnowflakeError.of('missingProperty', { property: 'PRIMARY KEY' });
  if (from === undefined) throw SnowflakeError.of('missingProperty', { property: 'FROM' });
  checkOnlineLag(String(properties['TARGET_LAG']));
  const found = findSource(from as ObjectName, scope);
  const source = scope.catalog.displayOf(found);
  const timestamp = properties['TIMESTAMP_COLUMN'] as string | undefined;
  const filled = {
    ...properties,
    SOURCE: source,
    SOURCE_ID: found.id,
    QUERY: latestRows(source, keys as readonly string[], timestamp),
  };
  const physical = `t_${scope.ids.uuid()}`;
  const columns = await scope.effects.queries.createTableAs(
    physical,
    filled.QUERY,
    scope.on(String(properties['WAREHOUSE'])),
    undefined,
  );
  return {
    ...draft,
    properties: {
      ...filled,
      KEYS: keys,
      PHYSICAL: physical,
      COLUMNS: columns,
      SCHEDULING: 'ACTIVE',
      DATA_TIMESTAMP: scope.now,
      REFRESHES: [creationRefresh({ properties: filled }, await scope.effects.tables.rowCount(physical), scope)],
    },
  };
}

function findSource(name: ObjectName, scope: ObjectScope): CatalogObject {
  const found = scope.tryFind('DYNAMIC TABLE', name) ?? scope.tryFind('VIEW', name);
  if (found !== undefined) return found;
  if (scope.tryFind('TABLE', name) !== undefined)
    throw SnowflakeError.of('unsupported', {
      feature: `online feature table on table ${displayName(name)}, which is neither a view nor a dynamic table`,
    });
  return scope.find('VIEW', name);
}

/** One row for each key: the latest where there is a timestamp. */
function latestRows(source: string, keys: readonly string[], timestamp: string | undefined): string {
  const by = keys.map(quoteIdentifier).join(', ');
  const order = timestamp === undefined ? by : `${parseName(timestamp).map(quoteIdentifier).join('.')} DESC NULLS LAST`;
  return `SELECT * FROM ${source} QUALIFY ROW_NUMBER() OVER (PARTITION BY ${by} ORDER BY ${order}) = 1`;
}

function scheduled(object: CatalogObject, state: 'ACTIVE' | 'SUSPENDED'): CatalogObject {
  return { ...object, properties: { ...object.properties, SCHEDULING: state } };
}

/** Its columns with the primary key marked. */
function withKeys(object: CatalogObject): CatalogObject {
  const keys = object.properties['KEYS'] as readonly string[];
  const columns = columnsOf(object).map((column) => (keys.includes(column.name) ? { ...column, primaryKey: true } : column));
  return { ...object, properties: { ...object.properties, COLUMNS: columns } };
}
