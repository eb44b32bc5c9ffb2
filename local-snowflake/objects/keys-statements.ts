import { createHash } from 'node:crypto';
import type { CatalogObject } from '../catalog/catalog-object.ts';
import { cell, column, type ResultSet, type Row } from '../sql/result-set.ts';
import type { TokenStream } from '../sql/token-stream.ts';
import { types } from '../sql/types.ts';
import type { Extension } from './extensions.ts';
import type { ObjectScope } from './object-scope.ts';
import { readRelations } from './relation-range.ts';
import { columnsOf, physicalOf } from './table.ts';
import type { TableColumnRecord } from './table-columns.ts';
import type { ForeignKeyPlace, KeyPlace } from './table-keys.ts';

const keyColumns = [
  column('created_on', types.timestampLtz(6)),
  column('database_name'),
  column('schema_name'),
  column('table_name'),
  column('column_name'),
  column('key_sequence', types.number(38, 0)),
  column('comment'),
  column('constraint_name'),
  column('rely'),
];

const importedColumns = [
  column('created_on', types.timestampLtz(6)),
  ...['pk_database_name', 'pk_schema_name', 'pk_table_name', 'pk_column_name'].map((name) => column(name)),
  ...['fk_database_name', 'fk_schema_name', 'fk_table_name', 'fk_column_name'].map((name) => column(name)),
  column('key_sequence', types.number(38, 0)),
  ...['update_rule', 'delete_rule', 'fk_name', 'pk_name', 'deferrability', 'rely', 'comment'].map((name) => column(name)),
];

interface PlacedColumn<P extends KeyPlace> {
  readonly name: string;
  readonly place: P;
}

/** Columns of a table's keys of one kind, key by key and in the order of each. */
function placed<P extends KeyPlace>(
  table: CatalogObject,
  placesOf: (column: TableColumnRecord, index: number) => readonly P[],
): PlacedColumn<P>[] {
  return columnsOf(table)
    .flatMap((each, index) => placesOf(each, index).map((place) => ({ name: each.name, place })))
    .sort((a, b) => (a.place.key ?? 0) - (b.place.key ?? 0) || a.place.position - b.place.position);
}

/** A key without a name has one from the system, which stays the same for the table. */
function nameOf(table: CatalogObject, kind: string, column_: PlacedColumn<KeyPlace>): string {
  const { constraint, key = 0 } = column_.place;
  if (constraint !== undefined) return constraint;
  const own = physicalOf(table).replace(/^t_/u, '');
  if (kind === 'PRIMARY') return `SYS_CONSTRAINT_${own}`;
  // Keys beside the columns are numbered, those behind a column are alone.
  const digits = createHash('md5')
    .update(JSON.stringify([own, kind, key === 0 ? column_.name : key]))
    .digest('hex');
  return `SYS_CONSTRAINT_${digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, '$1-$2-$3-$4-$5')}`;
}

function keyRow(table: CatalogObject, kind: string, each: PlacedColumn<KeyPlace>, scope: ObjectScope): Row {
  const [database = '', schema = ''] = scope.catalog.pathOf(table);
  return [
    cell.timestamp(table.createdOn),
    database,
    schema,
    table.name,
    each.name,
    String(each.place.position),
    null,
    nameOf(table, kind, each),
    String(each.place.rely === true),
  ];
}

function primaryPlace({ primaryKey, primaryKeyPlace }: TableColumnRecord, index: number): readonly KeyPlace[] {
  return primaryKey === true ? [primaryKeyPlace ?? { position: index + 1 }] : [];
}

function uniquePlaces({ unique, uniqueKeys }: TableColumnRecord): readonly KeyPlace[] {
  return unique === true ? (uniqueKeys ?? [{ position: 1 }]) : [];
}

/** SHOW PRIMARY KEYS [IN …]. https://docs.snowflake.com/en/sql-reference/sql/show-primary-keys */
function showPrimaryKeys(stream: TokenStream, scope: ObjectScope): ResultSet {
  const tables = readRelations(stream, scope, ['TABLE']);
  stream.expectEnd();
  const rows = tables.flatMap((table) => placed(table, primaryPlace).map((each) => keyRow(table, 'PRIMARY', each, scope)));
  return { columns: keyColumns, rows };
}

/** SHOW UNIQUE KEYS [IN …]. https://docs.snowflake.com/en/sql-reference/sql/show-unique-keys */
function showUniqueKeys(stream: TokenStream, scope: ObjectScope): ResultSet {
  const tables = readRelations(stream, scope, ['TABLE']);
  stream.expectEnd();
  const rows = tables.flatMap((table) => placed(table, uniquePlaces).map((each) => keyRow(table, 'UNIQUE', each, scope)));
  return { columns: keyColumns, rows };
}

/** SHOW IMPORTED KEYS [IN …]: the keys of other tables that those of the range refer to. https://docs.snowflake.com/en/sql-reference/sql/show-imported-keys */
function showImportedKeys(stream: TokenStream, scope: ObjectScope): ResultSet {
  const tables = readRelations(stream, scope, ['TABLE']);
  stream.expectEnd();
  return { columns: importedColumns, rows: tables.flatMap((table) => foreignRows(table, scope)) };
}

/** SHOW EXPORTED KEYS [IN …]: the same of the tables that are referred to. https://docs.snowflake.com/en/sql-reference/sql/show-exported-keys */
function showExportedKeys(stream: TokenStream, scope: ObjectScope): ResultSet {
  const wanted = new Set(readRelations(stream, scope, ['TABLE']).map((table) => scope.catalog.pathOf(table).join('\0')));
  stream.expectEnd();
  const all = scope.catalog.ofKind('TABLE', scope.sessionId).filter((table) => scope.authorizer.lists(scope.roles, table));
  const rows = all.flatMap((table) => foreignRows(table, scope)).filter((row) => wanted.has(row.slice(1, 4).join('\0')));
  return { columns: importedColumns, rows };
}

function foreignRows(table: CatalogObject, scope: ObjectScope): Row[] {
  const [database = '', schema = ''] = scope.catalog.pathOf(table);
  return placed(table, (each) => each.foreignKeys ?? []).map((each) => {
    const path = [database, schema].slice(0, Math.max(0, 3 - each.place.table.length)).concat(each.place.table);
    const referred = scope.catalog.ofKind('TABLE', scope.sessionId).find((other) => samePath(scope.catalog.pathOf(other), path));
    return [
      cell.timestamp(table.createdOn),
      ...path,
      referredColumn(each.place, referred),
      database,
      schema,
      table.name,
      each.name,
      String(each.place.position),
      'NO ACTION',
      'NO ACTION',
      nameOf(table, 'FOREIGN', each),
      referredKey(referred),
      'NOT DEFERRABLE',
      String(each.place.rely === true),
      null,
    ];
  });
}

function samePath(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((part, index) => part === b[index]);
}

function referredColumn(place: ForeignKeyPlace, referred: CatalogObject | undefined): string | null {
  if (place.column !== undefined || referred === undefined) return place.column ?? null;
  return placed(referred, primaryPlace)[place.position - 1]?.name ?? null;
}

function referredKey(referred: CatalogObject | undefined): string | null {
  const [first] = referred === undefined ? [] : placed(referred, primaryPlace);
  return referred === undefined || first === undefined ? null : nameOf(referred, 'PRIMARY', first);
}

const shows = [
  { words: 'PRIMARY KEYS', page: 'show-primary-keys', run: showPrimaryKeys },
  { words: 'UNIQUE KEYS', page: 'show-unique-keys', run: showUniqueKeys },
  { words: 'IMPORTED KEYS', page: 'show-imported-keys', run: showImportedKeys },
  { words: 'EXPORTED KEYS', page: 'show-exported-keys', run: showExportedKeys },
];

export const keysStatements: Extension = {
  // TERSE "has no effect on the output".
  statements: shows.flatMap((show) => [
    { ...show, words: `SHOW ${show.words}` },
    { ...show, words: `SHOW TERSE ${show.words}` },
  ]),
};
