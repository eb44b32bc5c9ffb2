import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayIdentifier, type ObjectName } from '../../sql/identifier.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { renderType, type SnowflakeType } from '../../sql/types.ts';
import type { ObjectScope } from '../object-scope.ts';
import { requireAllowedTags } from '../shared-clauses.ts';
import type { TableColumnRecord } from '../table-columns.ts';
import type { FilteredBy, MaskedBy } from './attachments.ts';
import { policyOf } from './policy.ts';

/** What a column's definition says of policies and tags, by names. */
export interface DeclaredProtection {
  readonly masking?: { readonly policy: ObjectName; readonly using: readonly string[] | undefined };
  readonly tagging?: readonly { readonly tag: ObjectName; readonly value: string }[];
}

/** `[WITH] MASKING POLICY p [USING (…)]`, `[WITH] TAG (t = 'v', …)`; undefined when neither comes. */
export function readColumnProtection(stream: TokenStream): DeclaredProtection | undefined {
  if (stream.accept('WITH MASKING POLICY') || stream.accept('MASKING POLICY')) return { masking: readMasking(stream) };
  if (!stream.accept('WITH TAG') && !stream.accept('TAG')) return undefined;
  const tagging: { tag: ObjectName; value: string }[] = [];
  stream.expectSymbol('(');
  do {
    const tag = stream.name();
    stream.expectSymbol('=');
    tagging.push({ tag, value: stream.string() });
  } while (stream.acceptSymbol(','));
  stream.expectSymbol(')');
  return { tagging };
}

export function readMasking(stream: TokenStream): NonNullable<DeclaredProtection['masking']> {
  const policy = stream.name();
  return { policy, using: stream.accept('USING') ? stream.identifiers() : undefined };
}

/**
 * Columns with the policies and tags that their definitions name; checked against each other and the row access policy.
 * @throws SnowflakeError for policies that are not there, may not be applied, or do not fit
 */
export function withProtection(
  columns: readonly (TableColumnRecord & DeclaredProtection)[],
  filter: FilteredBy | undefined,
  scope: ObjectScope,
): TableColumnRecord[] {
  const bare = columns.map(({ masking: _masking, tagging: _tagging, ...column }): TableColumnRecord => column);
  return columns.reduce<TableColumnRecord[]>((done, { name, masking, tagging }) => {
    let column = done.find((each) => each.name === name);
    if (column === undefined) throw new Error('a column of the list');
    if (tagging !== undefined) column = { ...column, tags: { ...column.tags, ...tagsOf(tagging, scope) } };
    if (masking !== undefined) column = masked(column, masking, { columns: done, filter, force: false }, scope);
    const changed = column;
    return done.map((each) => (each.name === name ? changed : each));
  }, bare);
}

function tagsOf(tagging: NonNullable<DeclaredProtection['tagging']>, scope: ObjectScope): Record<string, string> {
  const tags = Object.fromEntries(tagging.map(({ tag, value }) => [scope.find('TAG', tag).id, value]));
  requireAllowedTags(tags, scope.catalog);
  return tags;
}

interface Surroundings {
  readonly columns: readonly TableColumnRecord[];
  readonly filter: FilteredBy | undefined;
  readonly force: boolean;
}

/** https://docs.snowflake.com/en/sql-reference/sql/alter-table-column */
export function masked(
  column: TableColumnRecord,
  { policy: name, using }: NonNullable<DeclaredProtection['masking']>,
  { columns, filter, force }: Surroundings,
  scope: ObjectScope,
): TableColumnRecord {
  const policy = applicablePolicy('MASKING POLICY', name, scope);
  if (column.maskedBy !== undefined && column.maskedBy.policy !== policy.id && !force) throw SnowflakeError.of('columnMasked', {});
  const { parameters } = policyOf(policy);
  const args = using ?? [column.name];
  requireCount(policy, column.name, parameters.length, args.length);
  if (args[0] !== column.name) throw SnowflakeError.of('invalidIdentifier', { name: displayIdentifier(args[0] ?? '') });
  for (const [index, arg] of args.entries()) {
    const found = index === 0 ? column : columns.find((each) => each.name === arg);
    if (found === undefined) throw SnowflakeError.of('invalidIdentifier', { name: displayIdentifier(arg) });
    const type = parameters[index]?.type;
    if (type?.kind !== found.type.kind)
      throw SnowflakeError.of('maskingPolicyColumnType', { column: renderType(found.type), policy: internalName(type) });
    if (index > 0) refuseMasked(found, scope);
  }
  if (!isExempt(policy) && isArgument(column.name, columns, filter))
    throw SnowflakeError.of('columnInPolicy', { column: displayIdentifier(column.name) });
  return { ...column, maskedBy: { policy: policy.id, using: args } satisfies MaskedBy };
}

/** Whether a policy other than the column's own masking policy works with it. */
export function isArgument(name: string, columns: readonly TableColumnRecord[], filter: FilteredBy | undefined): boolean {
  if (filter?.on.includes(name) === true) return true;
  return columns.some((each) => each.name !== name && each.maskedBy?.using.includes(name) === true);
}

/**
 * A masked column is no argument of other policies, unless its policy is EXEMPT_OTHER_POLICIES.
 * https://docs.snowflake.com/en/sql-reference/sql/create-masking-policy (EXEMPT_OTHER_POLICIES)
 */
export function refuseMasked(column: TableColumnRecord, scope: ObjectScope): void {
  if (column.maskedBy === undefined) return;
  const policy = scope.catalog.byId(column.maskedBy.policy);
  if (policy === undefined || !isExempt(policy))
    throw SnowflakeError.of('maskedPolicyArgument', { column: displayIdentifier(column.name) });
}

function isExempt(policy: CatalogObject): boolean {
  return policy.properties['EXEMPT_OTHER_POLICIES'] === true;
}

export function requireCount(policy: CatalogObject, object: string, expected: number, got: number): void {
  if (expected !== got) throw SnowflakeError.of('policyArgumentCount', { policy: policy.name, object, expected, got });
}

/** A policy that the roles may set and unset. https://docs.snowflake.com/en/user-guide/security-column-intro#privileges */
export function applicablePolicy(
  kind: 'MASKING POLICY' | 'ROW ACCESS POLICY',
  name: ObjectName,
  scope: ObjectScope,
): CatalogObject {
  const policy = scope.find(kind, name);
  requireApplicable(policy, scope);
  return policy;
}

export function requireApplicable(policy: CatalogObject, scope: ObjectScope): void {
  if (!scope.authorizer.holdsGlobal(scope.roles, `APPLY ${policy.kind}`)) scope.authorizer.require(scope.roles, policy, 'APPLY');
}

/** Types as messages of masking policies name them. */
function internalName(type: SnowflakeType | undefined): string {
  const names: Partial<Record<SnowflakeType['kind'], string>> = { VARCHAR: 'TEXT', NUMBER: 'FIXED', FLOAT: 'REAL' };
  return type === undefined ? '' : (names[type.kind] ?? type.kind);
}
