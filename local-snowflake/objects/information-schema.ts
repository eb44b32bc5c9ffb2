import { type CatalogObject, propertyText } from '../catalog/catalog-object.ts';
import { cell, column, type ResultColumn, type Row } from '../sql/result-set.ts';
import { type SnowflakeType, types } from '../sql/types.ts';
import type { Extension, SystemViewDefinition } from './extensions.ts';
import type { ObjectScope } from './object-scope.ts';
import { retentionDays } from './retention.ts';
import { columnsOf, physicalOf } from './table.ts';
import type { TableColumnRecord } from './table-columns.ts';

/** A column of a view, with where its value comes from. */
interface ViewColumn<T> {
  readonly column: ResultColumn;
  readonly value: (row: T, scope: ObjectScope) => Promise<string | null> | string | null;
}

const text = <T>(name: string, value: ViewColumn<T>['value']): ViewColumn<T> => ({ column: column(name), value });
const typed = <T>(name: string, type: SnowflakeType, value: ViewColumn<T>['value']): ViewColumn<T> => ({
  column: column(name, type),
  value,
});

function view<T>(
  schema: SystemViewDefinition['schema'],
  name: string,
  page: string,
  columns: readonly ViewColumn<T>[],
  list: (scope: ObjectScope, database: string | undefined) => readonly T[] | Promise<readonly T[]>,
): SystemViewDefinition {
  return {
    schema,
    name,
    page,
    columns: columns.map((each) => each.column),
    rows: async (scope, database) => {
      const items = await list(scope, database);
      return Promise.all(items.map((item): Promise<Row> => Promise.all(columns.map(async (each) => each.value(item, scope)))));
    },
  };
}

function visibleIn(kinds: readonly string[], scope: ObjectScope, database: string | undefined): CatalogObject[] {
  return kinds
    .flatMap((kind) => scope.catalog.ofKind(kind, scope.sessionId))
    .filter(
      (object) =>
        scope.catalog.pathOf(object)[0] === database &&
        (object.session !== undefined || scope.authorizer.lists(scope.roles, object)),
    )
    .sort((a, b) => (scope.catalog.displayOf(a) < scope.catalog.displayOf(b) ? -1 : 1));
}

const part =
  (index: number) =>
  (object: CatalogObject, scope: ObjectScope): string | null =>
    scope.catalog.pathOf(object)[index] ?? null;
const ownerName = (object: CatalogObject, scope: ObjectScope): string | null => scope.nameOf(object.owner);
const commentOf = (object: CatalogObject): string | null => (object.comment === '' ? null : object.comment);

const tableTypes: Readonly<Record<string, string>> = { TABLE: 'BASE TABLE', VIEW: 'VIEW', 'DYNAMIC TABLE': 'BASE TABLE' };

// https://docs.snowflake.com/en/sql-reference/info-schema/tables
const tables = view<CatalogObject>(
  'INFORMATION_SCHEMA',
  'TABLES',
  'info-schema/tables',
  [
    text('TABLE_CATALOG', part(0)),
    text('TABLE_SCHEMA', part(1)),
    text('TABLE_NAME', part(2)),
    text('TABLE_OWNER', ownerName),
    text('TABLE_TYPE', (object) => (object.session === undefined ? (tableTypes[object.kind] ?? object.kind) : 'LOCAL TEMPORARY')),
    text('IS_TRANSIENT', (object) => (object.properties['TRANSIENT'] === true ? 'YES' : 'NO')),
    text('CLUSTERING_KEY', (object) => (object.properties['CLUSTER_BY'] as string | undefined) ?? null),
    typed('ROW_COUNT', types.number(38, 0), async (object, scope) =>
      object.kind === 'VIEW' ? null : cell.number(await scope.effects.tables.rowCount(physicalOf(object))),
    ),
    typed('BYTES', types.number(38, 0), async (object, scope) =>
      object.kind === 'VIEW' ? null : cell.number(await scope.effects.tables.bytes(physicalOf(object))),
    ),
    typed('RETENTION_TIME', types.number(38, 0), (object, scope) => String(retentionDays(object, scope))),
    typed('CREATED', types.timestampLtz(), (object) => cell.timestamp(object.createdOn)),
    typed('LAST_ALTERED', types.timestampLtz(), (object) => cell.timestamp(object.alteredOn)),
    text('COMMENT', commentOf),
    text('IS_DYNAMIC', (object) => (object.kind === 'DYNAMIC TABLE' ? 'YES' : 'NO')),
  ],
  (scope, database) => visibleIn(['TABLE', 'VIEW', 'DYNAMIC TABLE'], scope, database),
);

interface ColumnRow {
  readonly object: CatalogObject;
  readonly column: TableColumnRecord;
  readonly position: number;
}

/** Of structured types the basic one alone. */
const dataTypes: Partial<Record<SnowflakeType['kind'], string>> = {
  VARCHAR: 'TEXT',
  STRUCTURED_ARRAY: 'ARRAY',
  STRUCTURED_OBJECT: 'OBJECT',
};
const timePrecision = ({ type }: TableColumnRecord): string | null =>
  type.kind === 'TIME' || type.kind.startsWith('TIMESTAMP') ? String('precision' in type ? type.precision : '') : null;

// https://docs.snowflake.com/en/sql-reference/info-schema/columns
const columns = view<ColumnRow>(
  'INFORMATION_SCHEMA',
  'COLUMNS',
  'info-schema/columns',
  [
    text('TABLE_CATALOG', (row, scope) => part(0)(row.object, scope)),
    text('TABLE_SCHEMA', (row, scope) => part(1)(row.object, scope)),
    text('TABLE_NAME', (row, scope) => part(2)(row.object, scope)),
    text('COLUMN_NAME', (row) => row.column.name),
    typed('ORDINAL_POSITION', types.number(38, 0), (row) => String(row.position)),
    text('COLUMN_DEFAULT', (row) => row.column.defaultText ?? null),
    text('IS_NULLABLE', (row) => (row.column.nullable ? 'YES' : 'NO')),
    text('DATA_TYPE', (row) => dataTypes[row.column.type.kind] ?? row.column.type.kind),
    typed('CHARACTER_MAXIMUM_LENGTH', types.number(38, 0), ({ column: { type } }) =>
      type.kind === 'VARCHAR' ? String(type.length) : null,
    ),
    typed('NUMERIC_PRECISION', types.number(38, 0), ({ column: { type } }) =>
      type.kind === 'NUMBER' ? String(type.precision) : null,
    ),
    typed('NUMERIC_SCALE', types.number(38, 0), ({ column: { type } }) => (type.kind === 'NUMBER' ? String(type.scale) : null)),
    typed('DATETIME_PRECISION', types.number(38, 0), (row) => timePrecision(row.column)),
    text('IS_IDENTITY', (row) => (row.column.identity === undefined ? 'NO' : 'YES')),
    text('COMMENT', (row) => row.column.comment ?? null),
  ],
  (scope, database) =>
    visibleIn(['TABLE', 'VIEW', 'DYNAMIC TABLE'], scope, database).flatMap((object) =>
      columnsOf(object).map((each, index) => ({ object, column: each, position: index + 1 })),
    ),
);

// https://docs.snowflake.com/en/sql-reference/info-schema/schemata
const schemata = view<CatalogObject>(
  'INFORMATION_SCHEMA',
  'SCHEMATA',
  'info-schema/schemata',
  [
    text('CATALOG_NAME', part(0)),
    text('SCHEMA_NAME', part(1)),
    text('SCHEMA_OWNER', ownerName),
    text('IS_TRANSIENT', (object) => (object.properties['TRANSIENT'] === true ? 'YES' : 'NO')),
    text('IS_MANAGED_ACCESS', (object) => (object.properties['MANAGED ACCESS'] === true ? 'YES' : 'NO')),
    typed('CREATED', types.timestampLtz(), (object) => cell.timestamp(object.createdOn)),
    typed('LAST_ALTERED', types.timestampLtz(), (object) => cell.timestamp(object.alteredOn)),
    text('COMMENT', commentOf),
  ],
  (scope, database) => visibleIn(['SCHEMA'], scope, database),
);

// https://docs.snowflake.com/en/sql-reference/info-schema/databases
const databases = view<CatalogObject>(
  'INFORMATION_SCHEMA',
  'DATABASES',
  'info-schema/databases',
  [
    text('DATABASE_NAME', part(0)),
    text('DATABASE_OWNER', ownerName),
    text('IS_TRANSIENT', (object) => (object.properties['TRANSIENT'] === true ? 'YES' : 'NO')),
    text('COMMENT', commentOf),
    typed('CREATED', types.timestampLtz(), (object) => cell.timestamp(object.createdOn)),
    typed('LAST_ALTERED', types.timestampLtz(), (object) => cell.timestamp(object.alteredOn)),
    text('TYPE', () => 'STANDARD'),
  ],
  (scope) => scope.catalog.ofKind('DATABASE').filter((object) => scope.authorizer.lists(scope.roles, object)),
);

// https://docs.snowflake.com/en/sql-reference/info-schema/packages
const packages = view<{ readonly name: string; readonly version: string }>(
  'INFORMATION_SCHEMA',
  'PACKAGES',
  'info-schema/packages',
  [
    text('PACKAGE_NAME', (each) => each.name),
    text('VERSION', (each) => each.version),
    text('LANGUAGE', () => 'python'),
    text('RUNTIME_VERSION', () => '3.11'),
  ],
  (scope) => scope.effects.python.packages(),
);

const property =
  (name: string) =>
  (object: CatalogObject): string | null =>
    propertyText(object, name) || null;

// https://docs.snowflake.com/en/sql-reference/account-usage/users
const users = view<CatalogObject>(
  'ACCOUNT_USAGE',
  'USERS',
  'account-usage/users',
  [
    text('NAME', (object) => object.name),
    typed('CREATED_ON', types.timestampLtz(), (object) => cell.timestamp(object.createdOn)),
    text('LOGIN_NAME', property('LOGIN_NAME')),
    text('DISPLAY_NAME', property('DISPLAY_NAME')),
    text('FIRST_NAME', property('FIRST_NAME')),
    text('LAST_NAME', property('LAST_NAME')),
    text('EMAIL', property('EMAIL')),
    text('DEFAULT_WAREHOUSE', property('DEFAULT_WAREHOUSE')),
    text('DEFAULT_NAMESPACE', property('DEFAULT_NAMESPACE')),
    text('DEFAULT_ROLE', property('DEFAULT_ROLE')),
    text('OWNER', ownerName),
    text('TYPE', property('TYPE')),
  ],
  (scope) => scope.catalog.ofKind('USER').filter((object) => scope.authorizer.sees(scope.roles, object)),
);

export const informationSchema: Extension = { systemViews: [tables, columns, schemata, databases, packages, users] };
