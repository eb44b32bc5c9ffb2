import type { CatalogObject } from '../catalog/catalog-object.ts';
import { likeMatcher } from '../sql/literal.ts';
import { column, type Row, type ResultSet } from '../sql/result-set.ts';
import type { TokenStream } from '../sql/token-stream.ts';
import { type InnerType, maxVarcharLength } from '../sql/types.ts';
import type { Extension } from './extensions.ts';
import type { ObjectScope } from './object-scope.ts';
import { readRelations } from './relation-range.ts';
import { columnsOf } from './table.ts';
import type { TableColumnRecord } from './table-columns.ts';

const outputColumns = [
  'table_name',
  'schema_name',
  'column_name',
  'data_type',
  'null?',
  'default',
  'kind',
  'expression',
  'comment',
  'database_name',
  'autoincrement',
  'schema_evolution_record',
].map((name) => column(name));

/** "The command returns a maximum of ten thousand records", also with a filter. */
const mostRows = 10_000;

/** SHOW COLUMNS [LIKE …] [IN …]. https://docs.snowflake.com/en/sql-reference/sql/show-columns */
function showColumns(stream: TokenStream, scope: ObjectScope): ResultSet {
  const like = stream.accept('LIKE') ? likeMatcher(stream.string()) : () => true;
  const relations = readRelations(stream, scope, ['TABLE', 'VIEW', 'DYNAMIC TABLE']);
  stream.expectEnd();
  const rows = relations.flatMap((object) =>
    columnsOf(object)
      .filter((each) => like(each.name))
      .map((each) => shown(object, each, scope)),
  );
  return { columns: outputColumns, rows: rows.slice(0, mostRows) };
}

function shown(object: CatalogObject, each: TableColumnRecord, scope: ObjectScope): Row {
  const [database = '', schema = ''] = scope.catalog.pathOf(object);
  const { identity } = each;
  return [
    object.name,
    schema,
    each.name,
    dataType(each),
    each.nullable ? 'true' : 'NOT_NULL',
    identity === undefined ? (each.defaultText ?? '') : '',
    'COLUMN',
    '',
    each.comment ?? '',
    database,
    identity === undefined ? '' : `IDENTITY START ${String(identity.start)} INCREMENT ${String(identity.step)} NOORDER`,
    null,
  ];
}

/** The type as a JSON object; UTF-8 takes up to four bytes for a character, up to the longest text there is. */
function dataType(column: InnerType): string {
  return JSON.stringify(typeFacts(column));
}

function typeFacts({ type, nullable }: InnerType): object {
  switch (type.kind) {
    case 'NUMBER':
      return { type: 'FIXED', precision: type.precision, scale: type.scale, nullable };
    case 'FLOAT':
      return { type: 'REAL', nullable };
    case 'VARCHAR': {
      const byteLength = Math.max(type.length, Math.min(4 * type.length, maxVarcharLength));
      return { type: 'TEXT', length: type.length, byteLength, nullable, fixed: false };
    }
    case 'BINARY':
      return { type: 'BINARY', length: type.length, byteLength: type.length, nullable, fixed: true };
    case 'TIME':
    case 'TIMESTAMP_NTZ':
    case 'TIMESTAMP_LTZ':
    case 'TIMESTAMP_TZ':
      return { type: type.kind, precision: 0, scale: type.precision, nullable };
    case 'STRUCTURED_ARRAY':
      return { type: 'ARRAY', elementType: typeFacts(type.element), nullable };
    case 'STRUCTURED_OBJECT':
      return {
        type: 'OBJECT',
        fields: type.fields.map((field) => ({ fieldName: field.name, fieldType: typeFacts(field) })),
        nullable,
      };
    case 'MAP':
      return { type: 'MAP', keyType: typeFacts({ type: type.key, nullable: false }), valueType: typeFacts(type.value), nullable };
    case 'VECTOR':
      return {
        type: 'VECTOR',
        vectorElementType: { type: type.element === 'INT' ? 'FIXED' : 'REAL' },
        dimension: type.dimension,
        nullable,
      };
    default:
      return { type: type.kind, nullable };
  }
}

export const columnsStatement: Extension = {
  statements: [{ words: 'SHOW COLUMNS', page: 'show-columns', run: showColumns }],
};
