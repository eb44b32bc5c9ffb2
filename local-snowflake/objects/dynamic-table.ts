import { type CatalogObject, propertyText } from '../catalog/catalog-object.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import { displayIdentifier } from '../sql/identifier.ts';
import { cell } from '../sql/result-set.ts';
import { renderType, type TypeKind, types } from '../sql/types.ts';
import { dynamicTableDdl } from './ddl/relation-ddl.ts';
import { checkLag, creationRefresh, refreshed, withDeclared } from './dynamic-table-refresh.ts';
import type { CloneOptions } from './cloning.ts';
import type { CreateRequest, Draft, Kind } from './kind.ts';
import type { ObjectScope } from './object-scope.ts';
import { alterProtection, applyPrivilege } from './policy/alter-protection.ts';
import { protectedColumns, withDeclarations } from './policy/declared-protection.ts';
import { readFilter } from './policy/row-protection.ts';
import {
  comment,
  constant,
  createdOn,
  databaseName,
  objectName,
  owner,
  ownerRoleType,
  property,
  schemaName,
  text,
  timestamp,
  typed,
} from './show-columns.ts';
import { columnsOf, describeColumns, physicalOf } from './table.ts';
import { cloneRows } from './table-clone.ts';
import { type DeclaredColumn, readColumns } from './table-columns.ts';

// https://docs.snowflake.com/en/sql-reference/sql/create-dynamic-table
export const dynamicTable: Kind = {
  name: 'DYNAMIC TABLE',
  plural: 'DYNAMIC TABLES',
  scope: 'schema',
  page: 'create-dynamic-table',
  createPrivilege: 'CREATE DYNAMIC TABLE',
  restorable: 'alone',
  cloning: { privilege: 'SELECT', alone: true, historical: true, copy: cloneDynamicTable },
  privileges: ['SELECT', 'MONITOR', 'OPERATE'],
  modifiers: ['TRANSIENT'],
  properties: {
    // Snowpark still writes the name that the property once had.
    TARGET_LAG: { type: 'text', alias: 'LAG' },
    WAREHOUSE: { type: 'reference', kind: 'WAREHOUSE', privilege: 'USAGE' },
    INITIALIZATION_WAREHOUSE: { type: 'reference', kind: 'WAREHOUSE', privilege: 'USAGE' },
    REFRESH_MODE: { type: 'choice', values: ['AUTO', 'FULL', 'INCREMENTAL'], default: 'AUTO', settable: false },
    INITIALIZE: { type: 'choice', values: ['ON_CREATE', 'ON_SCHEDULE'], default: 'ON_CREATE', settable: false },
    SCHEDULER: { type: 'choice', values: ['ENABLE', 'DISABLE'], default: 'ENABLE' },
  },
  alterPrivilege: 'OPERATE',
  readCreate: (stream, request) => {
    const declared = stream.isSymbol('(') ? { DECLARED: readColumns(stream) } : {};
    return { properties: { ...declared, TEXT: request.statement } };
  },
  clauses: {
    'CLUSTER BY': (stream) => ({ CLUSTER_BY: `LINEAR(${stream.parenthesised()})` }),
    'WITH ROW ACCESS POLICY': (stream) => ({ FILTER: readFilter(stream) }),
    'ROW ACCESS POLICY': (stream) => ({ FILTER: readFilter(stream) }),
    AS: (stream) => ({ QUERY: stream.restText() }),
  },
  creating: fill,
  accountPrivilege: applyPrivilege,
  readAlter: alterProtection,
  created: (object, scope) => scope.lineage.made(object, undefined, 'OBJECT_DEPENDENCY'),
  actions: {
    SUSPEND: { privileges: ['OPERATE'], run: (object, _stream, scope) => ({ object: scheduling(object, 'SUSPENDED', scope) }) },
    RESUME: { privileges: ['OPERATE'], run: (object, _stream, scope) => ({ object: scheduling(object, 'ACTIVE', scope) }) },
    REFRESH: {
      privileges: ['OPERATE'],
      run: async (object, _stream, scope) => ({ object: await refreshed(object, scope, 'MANUAL') }),
    },
  },
  changing: (after) => {
    checkLag(String(after.properties['TARGET_LAG']));
    return after;
  },
  altered: async (before, after, scope) => {
    if (physicalOf(before) !== physicalOf(after)) await scope.effects.tables.drop(physicalOf(before));
  },
  dropped: (object, scope) => scope.effects.tables.drop(physicalOf(object)),
  ddl: dynamicTableDdl,
  createdMessage: (object) => `Dynamic table ${displayIdentifier(object.name)} successfully created.`,
  show: [
    createdOn,
    objectName,
    databaseName,
    schemaName,
    text('cluster_by', (object) => (object.properties['CLUSTER_BY'] as string | undefined) ?? ''),
    typed('rows', types.number(38, 0), async (object, scope) =>
      cell.number(await scope.effects.tables.rowCount(physicalOf(object))),
    ),
    typed('bytes', types.number(38, 0), async (object, scope) => cell.number(await scope.effects.tables.bytes(physicalOf(object)))),
    owner,
    property('target_lag', 'TARGET_LAG'),
    property('scheduler', 'SCHEDULER'),
    text('refresh_mode', (object) =>
      object.properties['REFRESH_MODE'] === 'AUTO' ? 'FULL' : String(object.properties['REFRESH_MODE']),
    ),
    text('refresh_mode_reason', (object) =>
      object.properties['REFRESH_MODE'] === 'AUTO' ? 'The local Snowflake refreshes dynamic tables in full.' : null,
    ),
    text('warehouse', (object, scope) => scope.nameOf(propertyText(object, 'WAREHOUSE'))),
    comment,
    text('text', (object) => String(object.properties['TEXT'])),
    constant('automatic_clustering', 'OFF'),
    text('scheduling_state', (object) => String(object.properties['SCHEDULING'])),
    timestamp('last_suspended_on', (object) => object.properties['SUSPENDED_ON'] as number | undefined),
    text('is_clone', (object) => String(object.properties['IS_CLONE'] === true)),
    constant('is_replica', 'false'),
    constant('is_iceberg', 'false'),
    timestamp('data_timestamp', (object) => object.properties['DATA_TIMESTAMP'] as number | undefined),
    ownerRoleType,
    constant('immutable_where', null),
    constant('execute_as_user', null),
    text('initialization_warehouse', (object, scope) => scope.nameOf(propertyText(object, 'INITIALIZATION_WAREHOUSE'))),
  ],
  describe: (object, scope) => describeColumns(object, scope),
};

/** Structured types are not for dynamic tables. https://docs.snowflake.com/en/sql-reference/data-types-structured */
const nestedKinds: readonly TypeKind[] = ['STRUCTURED_ARRAY', 'STRUCTURED_OBJECT', 'MAP'];

async function fill(draft: Draft, request: CreateRequest, scope: ObjectScope): Promise<Draft> {
  const { DECLARED: declared, FILTER: filter, ...properties } = draft.properties;
  for (const needed of ['TARGET_LAG', 'WAREHOUSE', 'QUERY']) {
    if (properties[needed] === undefined) throw SnowflakeError.of('missingProperty', { property: needed });
  }
  checkLag(String(properties['TARGET_LAG']));
  const physical = `t_${scope.ids.uuid()}`;
  const named = declared as readonly DeclaredColumn[] | undefined;
  const columns = await scope.effects.queries.createTableAs(
    physical,
    String(properties['QUERY']),
    scope.on(String(properties['INITIALIZATION_WAREHOUSE'] ?? properties['WAREHOUSE'])),
    named,
  );
  const structured = columns.find(({ type }) => nestedKinds.includes(type.kind));
  if (structured !== undefined) {
    await scope.effects.tables.drop(physical);
    throw SnowflakeError.of('unsupportedDataType', { type: renderType(structured.type) });
  }
  const inserted = await scope.effects.tables.rowCount(physical);
  return {
    ...draft,
    properties: {
      ...properties,
      DECLARED_COLUMNS: declared,
      PHYSICAL: physical,
      ...protectedColumns(withDeclarations(withDeclared(columns, named), named ?? []), filter, request.name, scope),
      SCHEDULING: 'ACTIVE',
      DATA_TIMESTAMP: scope.now,
      REFRESHES: [creationRefresh({ properties }, inserted, scope)],
    },
  };
}

/** A clone is suspended and has no refreshes of its own. https://docs.snowflake.com/en/user-guide/dynamic-tables/cloning */
async function cloneDynamicTable(
  copy: CatalogObject,
  source: CatalogObject,
  scope: ObjectScope,
  options: CloneOptions,
): Promise<CatalogObject> {
  checkLag(String(copy.properties['TARGET_LAG']));
  const physical = await cloneRows(source, scope, options);
  if (source.properties['CHANGE_TRACKING'] === true)
    await scope.effects.streams.track(
      physical,
      scope.signal,
      columnsOf(source).map((each) => each.physical),
    );
  const own = { PHYSICAL: physical, SCHEDULING: 'SUSPENDED', SUSPENDED_ON: scope.now, REFRESHES: [], IS_CLONE: true };
  return { ...copy, properties: { ...copy.properties, ...own } };
}

function scheduling(object: CatalogObject, state: 'ACTIVE' | 'SUSPENDED', scope: ObjectScope): CatalogObject {
  const suspended = state === 'SUSPENDED' ? { SUSPENDED_ON: scope.now } : {};
  return { ...object, properties: { ...object.properties, SCHEDULING: state, ...suspended } };
}
