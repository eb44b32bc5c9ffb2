import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayIdentifier, type ObjectName } from '../../sql/identifier.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { renderType } from '../../sql/types.ts';
import type { ObjectScope } from '../object-scope.ts';
import type { TableColumnRecord } from '../table-columns.ts';
import type { FilteredBy } from './attachments.ts';
import { applicablePolicy, refuseMasked, requireCount } from './column-protection.ts';
import { policyOf } from './policy.ts';

/** A row access policy as a statement names it. */
export interface DeclaredFilter {
  readonly policy: ObjectName;
  readonly on: readonly string[];
}

/** `[WITH] ROW ACCESS POLICY p ON (…)`; undefined when something else comes. */
export function readRowProtection(stream: TokenStream): DeclaredFilter | undefined {
  if (!stream.accept('WITH ROW ACCESS POLICY') && !stream.accept('ROW ACCESS POLICY')) return undefined;
  return readFilter(stream);
}

/** `p ON (…)` */
export function readFilter(stream: TokenStream): DeclaredFilter {
  const policy = stream.name();
  stream.expect('ON');
  return { policy, on: stream.identifiers() };
}

/**
 * The policy for an object of these columns. https://docs.snowflake.com/en/sql-reference/sql/alter-table (ADD ROW ACCESS POLICY)
 * @throws SnowflakeError for a policy that is not there, may not be applied, or does not fit
 */
export function filtered(
  { policy: name, on }: DeclaredFilter,
  object: Pick<CatalogObject, 'name'>,
  columns: readonly TableColumnRecord[],
  scope: ObjectScope,
): FilteredBy {
  const policy = applicablePolicy('ROW ACCESS POLICY', name, scope);
  const { parameters } = policyOf(policy);
  const named = on.map((each) => {
    const found = columns.find((column) => column.name === each);
    if (found === undefined) throw SnowflakeError.of('invalidIdentifier', { name: displayIdentifier(each) });
    return found;
  });
  requireCount(policy, object.name, parameters.length, on.length);
  for (const [index, column] of named.entries()) {
    const type = parameters[index]?.type ?? column.type;
    if (type.kind !== column.type.kind) {
      throw SnowflakeError.of('rowPolicyColumnType', {
        column: displayIdentifier(column.name),
        type: renderType(column.type),
        policy: renderType(type),
      });
    }
    refuseMasked(column, scope);
  }
  return { policy: policy.id, on };
}
