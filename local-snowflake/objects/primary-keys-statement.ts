import { cell, column, type ResultSet, type Row } from '../sql/result-set.ts';
import type { TokenStream } from '../sql/token-stream.ts';
import { types } from '../sql/types.ts';
import type { CatalogObject } from '../catalog/catalog-object.ts';
import type { Extension } from './extensions.ts';
import type { ObjectScope } from './object-scope.ts';
import { readRelations } from './relation-range.ts';
import { columnsOf, physicalOf } from './table.ts';

const outputColumns = [
  column('created_on', types.timestampLtz(6)),
  column('database_name'),
  column('schema_name'),
  column('table_name'),
  column('column_name'),
  column('key_sequence', types.number(38, 0)),
  column('comment'),
  column('constraint_name'),
];

/** SHOW PRIMARY KEYS [IN …]. https://docs.snowflake.com/en/sql-reference/sql/show-primary-keys */
function showPrimaryKeys(stream: TokenStream, scope: ObjectScope): ResultSet {
  const tables = readRelations(stream, scope, ['TABLE']);
  stream.expectEnd();
  return { columns: outputColumns, rows: tables.flatMap((table) => keyRows(table, scope)) };
}

/** A key without a name has one from the system, which stays the same for the table. */
function keyRows(table: CatalogObject, scope: ObjectScope): Row[] {
  const [database = '', schema = ''] = scope.catalog.pathOf(table);
  return columnsOf(table)
    .filter((each) => each.primaryKey === true)
    .map(({ name, primaryKeyPlace }, index) => ({
      name,
      position: primaryKeyPlace?.position ?? index + 1,
      constraint: primaryKeyPlace?.constraint ?? `SYS_CONSTRAINT_${physicalOf(table).replace(/^t_/u, '')}`,
    }))
    .sort((a, b) => a.position - b.position)
    .map(({ name, position, constraint }) => [
      cell.timestamp(table.createdOn),
      database,
      schema,
      table.name,
      name,
      String(position),
      null,
      constraint,
    ]);
}

export const primaryKeysStatement: Extension = {
  statements: [
    { words: 'SHOW PRIMARY KEYS', page: 'show-primary-keys', run: showPrimaryKeys },
    // TERSE "has no effect on the output".
    { words: 'SHOW TERSE PRIMARY KEYS', page: 'show-primary-keys', run: showPrimaryKeys },
  ],
};
