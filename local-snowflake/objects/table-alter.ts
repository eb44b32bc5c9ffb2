import type { CatalogObject } from '../catalog/catalog-object.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import { displayIdentifier } from '../sql/identifier.ts';
import { TokenStream } from '../sql/token-stream.ts';
import { addedDefault } from './added-default.ts';
import type { Alteration } from './kind.ts';
import type { ObjectScope } from './object-scope.ts';
import { readType } from '../sql/read-type.ts';
import { rowAccessOf } from './policy/attachments.ts';
import { isArgument, withProtection } from './policy/column-protection.ts';
import { withRenamedArgument } from './policy/renamed-argument.ts';
import { readColumn, type TableColumnRecord, withPhysicalNames } from './table-columns.ts';

/** ALTER TABLE forms that work on columns and contents. https://docs.snowflake.com/en/sql-reference/sql/alter-table */
export async function alterTable(object: CatalogObject, stream: TokenStream, scope: ObjectScope): Promise<Alteration | undefined> {
  if (stream.accept('ADD COLUMN') || (stream.is('ADD') && !isConstraint(stream) && stream.accept('ADD')))
    return addColumns(object, stream, scope);
  if (stream.accept('DROP COLUMN') || (stream.is('DROP') && !isConstraint(stream) && stream.accept('DROP')))
    return dropColumns(object, stream, scope);
  if (stream.accept('RENAME COLUMN')) return renameColumn(object, stream);
  if (stream.accept('ALTER COLUMN') || stream.accept('MODIFY COLUMN') || stream.accept('ALTER') || stream.accept('MODIFY')) {
    return alterColumns(object, stream, scope);
  }
  if (stream.accept('SWAP WITH')) return swap(object, stream, scope);
  if (stream.accept('CLUSTER BY')) return { object: withProperty(object, 'CLUSTER_BY', `LINEAR(${stream.parenthesised()})`) };
  if (stream.accept('DROP CLUSTERING KEY')) return { object: withProperty(object, 'CLUSTER_BY', '') };
  if (stream.is('ADD') || stream.is('DROP'))
    throw SnowflakeError.of('unsupported', { feature: `ALTER TABLE … ${stream.peek().value} ${stream.peek(1).value}` });
  return undefined;
}

function isConstraint(stream: TokenStream): boolean {
  return ['CONSTRAINT', 'PRIMARY', 'UNIQUE', 'FOREIGN', 'SEARCH', 'ROW', 'CLUSTERING'].includes(stream.peek(1).value);
}

function columnsOf(object: CatalogObject): readonly TableColumnRecord[] {
  return object.properties['COLUMNS'] as readonly TableColumnRecord[];
}

function withProperty(object: CatalogObject, name: string, value: unknown): CatalogObject {
  return { ...object, properties: { ...object.properties, [name]: value } };
}

function withColumns(object: CatalogObject, columns: readonly TableColumnRecord[]): CatalogObject {
  return withProperty(object, 'COLUMNS', columns);
}

export interface AddedColumn {
  readonly column: TableColumnRecord;
  /** What the rows that are there get, as a literal's text; undefined is NULL. */
  readonly fill: string | undefined;
}

/** All columns are read and looked at before the first is added. */
async function addColumns(object: CatalogObject, stream: TokenStream, scope: ObjectScope): Promise<Alteration> {
  const columns = [...columnsOf(object)];
  const additions: AddedColumn[] = [];
  do {
    const lenient = stream.accept('IF NOT EXISTS');
    const start = stream.position;
    const declared = readColumn(stream);
    if (lenient) refuseWithIfNotExists(stream.textSince(start));
    const { type } = declared;
    if (type === undefined) throw stream.unexpected();
    if (columns.some((each) => each.name === declared.name)) {
      if (lenient) continue;
      throw SnowflakeError.of('columnExists', { name: displayIdentifier(declared.name) });
    }
    const [column] = withPhysicalNames(
      [{ ...declared, type }],
      columns.map((each) => each.physical),
    );
    if (column === undefined) throw stream.unexpected();
    columns.push(column);
    additions.push({
      column,
      fill: column.defaultText === undefined ? undefined : addedDefault(column.name, type, column.defaultText),
    });
  } while (stream.acceptSymbol(','));
  stream.expectEnd();
  const guarded = withProtection(columns, rowAccessOf(object), scope);
  const physical = String(object.properties['PHYSICAL']);
  if ((await scope.effects.tables.rowCount(physical)) > 0) for (const each of additions) refuseForRows(object.name, each);
  for (const { column, fill } of additions) await scope.effects.tables.addColumn(physical, column, fill);
  return { object: withColumns(object, guarded) };
}

/** "If the table is not empty (that is, if the table contains any rows), only DEFAULT can be altered." */
export function refuseForRows(table: string, { column, fill }: AddedColumn): void {
  if (!column.nullable && fill === undefined) throw SnowflakeError.of('requiredColumnAdded', { column: column.name, table });
  if (column.identity !== undefined) throw SnowflakeError.of('identityAdded', { column: column.name, table });
}

const notWithIfNotExists = ['DEFAULT', 'AUTOINCREMENT', 'IDENTITY', 'UNIQUE', 'PRIMARY KEY', 'FOREIGN KEY', 'REFERENCES'];

/** "You cannot specify IF NOT EXISTS if you are also specifying any of the following for the new column". */
function refuseWithIfNotExists(definition: string): void {
  const stream = new TokenStream(definition);
  for (stream.next(); !stream.atEnd; stream.next()) {
    const second = notWithIfNotExists.find((words) => stream.is(words));
    if (second !== undefined) throw SnowflakeError.of('conflictingOptions', { first: 'IF NOT EXISTS', second });
  }
}

async function dropColumns(object: CatalogObject, stream: TokenStream, scope: ObjectScope): Promise<Alteration> {
  let columns = columnsOf(object);
  const lenient = stream.accept('IF EXISTS');
  do {
    const name = stream.identifier();
    const found = columns.find((each) => each.name === name);
    if (found === undefined) {
      if (lenient) continue;
      throw SnowflakeError.of('columnNotFound', { name: displayIdentifier(name) });
    }
    if (isArgument(name, columns, rowAccessOf(object)))
      throw SnowflakeError.of('columnInPolicy', { column: displayIdentifier(name) });
    await scope.effects.tables.dropColumn(String(object.properties['PHYSICAL']), found.physical);
    columns = columns.filter((each) => each !== found);
  } while (stream.acceptSymbol(','));
  return { object: withColumns(object, columns) };
}

/** Only the catalog's name changes; DuckDB's stays. */
function renameColumn(object: CatalogObject, stream: TokenStream): Alteration {
  const from = stream.identifier();
  stream.expect('TO');
  const to = stream.identifier();
  const columns = columnsOf(object);
  if (!columns.some((each) => each.name === from)) throw SnowflakeError.of('columnNotFound', { name: displayIdentifier(from) });
  if (columns.some((each) => each.name === to)) throw SnowflakeError.of('columnExists', { name: displayIdentifier(to) });
  return {
    object: withRenamedArgument(
      withColumns(
        object,
        columns.map((each) => (each.name === from ? { ...each, name: to } : each)),
      ),
      from,
      to,
    ),
  };
}

async function alterColumns(object: CatalogObject, stream: TokenStream, scope: ObjectScope): Promise<Alteration> {
  const physicalTable = String(object.properties['PHYSICAL']);
  const parenthesised = stream.acceptSymbol('(');
  let columns = columnsOf(object);
  do {
    stream.accept('COLUMN');
    const name = stream.identifier();
    const found = columns.find((each) => each.name === name);
    if (found === undefined) throw SnowflakeError.of('columnNotFound', { name: displayIdentifier(name) });
    const next = await alterColumn(physicalTable, found, stream, scope);
    columns = columns.map((each) => (each === found ? next : each));
  } while (stream.acceptSymbol(','));
  if (parenthesised) stream.expectSymbol(')');
  return { object: withColumns(object, columns) };
}

async function alterColumn(
  table: string,
  column: TableColumnRecord,
  stream: TokenStream,
  scope: ObjectScope,
): Promise<TableColumnRecord> {
  if (stream.accept('DROP DEFAULT')) {
    const { defaultText: _gone, ...rest } = column;
    return rest;
  }
  if (stream.accept('DROP NOT NULL')) {
    await scope.effects.tables.setNullable(table, column.physical, true);
    return { ...column, nullable: true };
  }
  if (stream.accept('SET NOT NULL') || stream.accept('NOT NULL')) {
    await scope.effects.tables.setNullable(table, column.physical, false);
    return { ...column, nullable: false };
  }
  if (stream.accept('COMMENT')) return { ...column, comment: stream.string() };
  if (stream.accept('UNSET COMMENT')) return { ...column, comment: '' };
  if (stream.is('SET DEFAULT')) throw SnowflakeError.of('unsupported', { feature: 'ALTER COLUMN … SET DEFAULT' });
  if (!stream.accept('SET DATA TYPE')) stream.accept('TYPE');
  const type = readType(stream);
  await scope.effects.tables.setType(table, column.physical, type);
  return { ...column, type };
}

/** Both tables keep their grants and ids; what they hold changes places. */
async function swap(object: CatalogObject, stream: TokenStream, scope: ObjectScope): Promise<Alteration> {
  const other = scope.find('TABLE', stream.name(), 'OWNERSHIP');
  const contents = (from: CatalogObject): Record<string, unknown> => ({
    PHYSICAL: from.properties['PHYSICAL'],
    COLUMNS: from.properties['COLUMNS'],
    CHANGE_TRACKING: from.properties['CHANGE_TRACKING'],
    ROW_ACCESS: from.properties['ROW_ACCESS'],
  });
  await scope.catalog.change((change) => {
    scope.catalog.update({ ...other, properties: { ...other.properties, ...contents(object) } }, change);
    scope.catalog.update({ ...object, properties: { ...object.properties, ...contents(other) } }, change);
  });
  return { object: { ...object, properties: { ...object.properties, ...contents(other) } } };
}
