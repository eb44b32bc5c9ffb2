import type { CatalogObject } from '../catalog/catalog-object.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import { displayIdentifier } from '../sql/identifier.ts';
import { TokenStream } from '../sql/token-stream.ts';
import { addedDefault } from './added-default.ts';
import type { CreateRequest, Draft, OrAlter } from './kind.ts';
import type { ObjectScope } from './object-scope.ts';
import { type AddedColumn, refuseForRows } from './table-alter.ts';
import { type DeclaredColumn, type TableColumnRecord, withPhysicalNames } from './table-columns.ts';

/**
 * CREATE OR ALTER TABLE over a table that is there: columns are dropped, changed and added so that they are those of the statement; rows stay.
 * https://docs.snowflake.com/en/sql-reference/sql/create-table#create-or-alter-table
 * @throws SnowflakeError `unsupported` for what ALTER TABLE cannot do either: other orders of columns, other lifetimes
 */
export const tableOrAlter: OrAlter = async (existing, draft, request, scope) => {
  const declared = declaredColumns(draft, request, existing);
  const physical = String(existing.properties['PHYSICAL']);
  const plan = planColumns(existing, declared);
  if ((await scope.effects.tables.rowCount(physical)) > 0) for (const each of plan.added) refuseForRows(existing.name, each);
  for (const column of plan.dropped) await scope.effects.tables.dropColumn(physical, column.physical);
  for (const { before, after } of plan.kept) await changeColumn(physical, before, after, scope);
  for (const { column, fill } of plan.added) await scope.effects.tables.addColumn(physical, column, fill);
  const { DECLARED: _columns, COPY_GRANTS: _grants, CHANGE_TRACKING: tracking, FILTER: filter, ...properties } = draft.properties;
  if (filter !== undefined) throw refuse('ROW ACCESS POLICY');
  return {
    ...properties,
    // https://docs.snowflake.com/en/sql-reference/sql/create-or-alter#general-usage-notes: not unset when it is left out
    CHANGE_TRACKING: names(request.statement, 'CHANGE_TRACKING') ? tracking : existing.properties['CHANGE_TRACKING'],
    PHYSICAL: physical,
    ...(existing.properties['ROW_ACCESS'] === undefined ? {} : { ROW_ACCESS: existing.properties['ROW_ACCESS'] }),
    COLUMNS: [...plan.kept.map(({ after }) => after), ...plan.added.map(({ column }) => column)],
  };
};

type TypedColumn = DeclaredColumn & { readonly type: TableColumnRecord['type'] };

function refuse(what: string): SnowflakeError {
  return SnowflakeError.of('unsupported', { feature: `CREATE OR ALTER TABLE that changes ${what}` });
}

function declaredColumns(draft: Draft, request: CreateRequest, existing: CatalogObject): readonly TypedColumn[] {
  const { DECLARED: declared, QUERY: query, TRANSIENT: transient } = draft.properties;
  if (query !== undefined) throw SnowflakeError.of('unsupported', { feature: 'CREATE OR ALTER TABLE … AS SELECT' });
  if (declared === undefined) throw SnowflakeError.of('unsupported', { feature: 'CREATE OR ALTER TABLE … LIKE' });
  if ((transient === true) !== (existing.properties['TRANSIENT'] === true)) throw refuse('TRANSIENT');
  if (request.modifiers.has('TEMPORARY') !== (existing.session !== undefined)) throw refuse('TEMPORARY');
  return (declared as readonly DeclaredColumn[]).map((column) => {
    if (column.type === undefined) throw SnowflakeError.of('syntaxError', { line: 1, position: 0, near: column.name });
    if (column.masking !== undefined || column.tagging !== undefined) throw refuse('policies and tags of columns');
    return { ...column, type: column.type };
  });
}

interface ColumnPlan {
  readonly dropped: readonly TableColumnRecord[];
  readonly kept: readonly { readonly before: TableColumnRecord; readonly after: TableColumnRecord }[];
  readonly added: readonly AddedColumn[];
}

/** Everything is looked at before anything is changed. */
function planColumns(existing: CatalogObject, declared: readonly TypedColumn[]): ColumnPlan {
  const columns = existing.properties['COLUMNS'] as readonly TableColumnRecord[];
  const known = new Map(columns.map((column) => [column.name, column]));
  const wanted = new Set(declared.map((column) => column.name));
  const remaining = columns.filter((column) => wanted.has(column.name));
  const kept = remaining.map((before, index) => {
    const column = declared[index];
    // Those that stay are the first of the statement, in the order that they have: new ones come behind them.
    if (column?.name !== before.name) throw refuse(`the order of columns: ${displayIdentifier(before.name)}`);
    if (JSON.stringify(column.identity) !== JSON.stringify(before.identity))
      throw refuse(`AUTOINCREMENT of ${displayIdentifier(before.name)}`);
    const { maskedBy, tags } = before;
    const kept = { ...(maskedBy === undefined ? {} : { maskedBy }), ...(tags === undefined ? {} : { tags }) };
    return { before, after: { ...column, physical: before.physical, ...kept } };
  });
  const fresh = withPhysicalNames(
    declared.filter((column) => !known.has(column.name)),
    columns.map((column) => column.physical),
  );
  const added = fresh.map((column): AddedColumn => {
    const fill = column.defaultText === undefined ? undefined : addedDefault(column.name, column.type, column.defaultText);
    return { column, fill };
  });
  return { dropped: columns.filter((column) => !wanted.has(column.name)), kept, added };
}

async function changeColumn(table: string, before: TableColumnRecord, after: TableColumnRecord, scope: ObjectScope): Promise<void> {
  const { tables } = scope.effects;
  if (JSON.stringify(before.type) !== JSON.stringify(after.type)) await tables.setType(table, after.physical, after.type);
  if (before.nullable !== after.nullable) await tables.setNullable(table, after.physical, after.nullable);
}

/** Whether the statement says the property at all: drafts hold defaults. */
function names(statement: string, property: string): boolean {
  const stream = new TokenStream(statement);
  for (; !stream.atEnd; stream.next()) if (stream.is(property) && stream.peek(1).text === '=') return true;
  return false;
}
