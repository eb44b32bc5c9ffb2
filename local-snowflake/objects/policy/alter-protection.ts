import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayIdentifier } from '../../sql/identifier.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import type { Alteration } from '../kind.ts';
import type { ObjectScope } from '../object-scope.ts';
import type { TableColumnRecord } from '../table-columns.ts';
import { rowAccessOf } from './attachments.ts';
import { applicablePolicy, masked, readMasking, requireApplicable } from './column-protection.ts';
import { readTagNames, readTagValues } from './column-tags.ts';
import { filtered, readRowProtection } from './row-protection.ts';

/**
 * ALTER TABLE | VIEW forms that work on policies, and on tags of columns; undefined when another comes.
 * https://docs.snowflake.com/en/sql-reference/sql/alter-view (dataGovnPolicyTagAction)
 */
export function alterProtection(object: CatalogObject, stream: TokenStream, scope: ObjectScope): Alteration | undefined {
  if (stream.accept('DROP ALL ROW ACCESS')) {
    stream.expect('POLICIES');
    const attached = rowAccessOf(object);
    const policy = attached === undefined ? undefined : scope.catalog.byId(attached.policy);
    if (policy !== undefined) requireApplicable(policy, scope);
    return { object: unfiltered(object) };
  }
  if (stream.is('DROP ROW ACCESS POLICY')) return { object: replaceFilter(object, stream, scope) };
  if (stream.is('ADD ROW ACCESS POLICY')) return { object: addFilter(object, stream, scope) };
  return atColumnProtection(stream) ? { object: alterColumns(object, stream, scope) } : undefined;
}

/** The privilege of the account that stands for OWNERSHIP of the table or view in what comes; undefined when none does. */
export function applyPrivilege(stream: TokenStream): string | undefined {
  if (['ADD ROW ACCESS POLICY', 'DROP ROW ACCESS POLICY', 'DROP ALL ROW ACCESS POLICIES'].some((words) => stream.is(words)))
    return 'APPLY ROW ACCESS POLICY';
  const words = atColumnProtection(stream);
  if (words === undefined) return undefined;
  return words.endsWith('TAG') ? 'APPLY TAG' : 'APPLY MASKING POLICY';
}

const columnForms = ['SET MASKING POLICY', 'UNSET MASKING POLICY', 'SET TAG', 'UNSET TAG'] as const;

/** Which form comes behind `{ALTER | MODIFY} [COLUMN] name`. */
function atColumnProtection(stream: TokenStream): (typeof columnForms)[number] | undefined {
  const start = stream.position;
  try {
    if (!stream.accept('ALTER') && !stream.accept('MODIFY')) return undefined;
    stream.acceptSymbol('(');
    stream.accept('COLUMN');
    if (stream.peek().kind !== 'word' && stream.peek().kind !== 'quoted') return undefined;
    stream.next();
    return columnForms.find((words) => stream.is(words));
  } finally {
    stream.rewind(start);
  }
}

function alterColumns(object: CatalogObject, stream: TokenStream, scope: ObjectScope): CatalogObject {
  if (!stream.accept('ALTER')) stream.expect('MODIFY');
  const parenthesised = stream.acceptSymbol('(');
  let columns = object.properties['COLUMNS'] as readonly TableColumnRecord[];
  do {
    stream.accept('COLUMN');
    const name = stream.identifier();
    const column = columns.find((each) => each.name === name);
    if (column === undefined) throw SnowflakeError.of('invalidIdentifier', { name: displayIdentifier(name) });
    const altered = alterColumn(column, columns, object, stream, scope);
    columns = columns.map((each) => (each === column ? altered : each));
  } while (stream.acceptSymbol(','));
  if (parenthesised) stream.expectSymbol(')');
  return { ...object, properties: { ...object.properties, COLUMNS: columns } };
}

function alterColumn(
  column: TableColumnRecord,
  columns: readonly TableColumnRecord[],
  object: CatalogObject,
  stream: TokenStream,
  scope: ObjectScope,
): TableColumnRecord {
  if (stream.accept('SET MASKING POLICY')) {
    const masking = readMasking(stream);
    return masked(column, masking, { columns, filter: rowAccessOf(object), force: stream.accept('FORCE') }, scope);
  }
  if (stream.accept('UNSET MASKING POLICY')) {
    const { maskedBy, ...rest } = column;
    const policy = maskedBy === undefined ? undefined : scope.catalog.byId(maskedBy.policy);
    if (policy !== undefined) requireApplicable(policy, scope);
    return rest;
  }
  if (stream.accept('SET TAG')) return { ...column, tags: { ...column.tags, ...readTagValues(stream, scope) } };
  stream.expect('UNSET TAG');
  const gone = readTagNames(stream, scope);
  return { ...column, tags: Object.fromEntries(Object.entries(column.tags ?? {}).filter(([id]) => !gone.has(id))) };
}

function addFilter(object: CatalogObject, stream: TokenStream, scope: ObjectScope): CatalogObject {
  stream.expect('ADD');
  const declared = readRowProtection(stream);
  if (declared === undefined) throw stream.unexpected();
  const columns = object.properties['COLUMNS'] as readonly TableColumnRecord[];
  const filter = filtered(declared, object, columns, scope);
  if (rowAccessOf(object) !== undefined) throw SnowflakeError.of('rowPolicyTwice', { name: displayIdentifier(object.name) });
  return { ...object, properties: { ...object.properties, ROW_ACCESS: filter } };
}

/** `DROP ROW ACCESS POLICY p [, ADD ROW ACCESS POLICY q ON (…)]`: no moment without a policy. */
function replaceFilter(object: CatalogObject, stream: TokenStream, scope: ObjectScope): CatalogObject {
  stream.expect('DROP ROW ACCESS POLICY');
  const policy = applicablePolicy('ROW ACCESS POLICY', stream.name(), scope);
  if (rowAccessOf(object)?.policy !== policy.id)
    throw SnowflakeError.of('rowPolicyNotAttached', { policy: policy.name, name: displayIdentifier(object.name) });
  const bare = unfiltered(object);
  return stream.acceptSymbol(',') ? addFilter(bare, stream, scope) : bare;
}

function unfiltered(object: CatalogObject): CatalogObject {
  const { ROW_ACCESS: _gone, ...properties } = object.properties;
  return { ...object, properties };
}
