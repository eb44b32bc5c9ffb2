import { displayName } from '../../sql/identifier.ts';
import type { ObjectScope } from '../object-scope.ts';
import type { TableColumnRecord } from '../table-columns.ts';
import { type DeclaredProtection, withProtection } from './column-protection.ts';
import { type DeclaredFilter, filtered } from './row-protection.ts';

/** Columns of a query, with the policies and tags of the definitions beside it, by position. */
export function withDeclarations(
  columns: readonly TableColumnRecord[],
  declared: readonly DeclaredProtection[],
): (TableColumnRecord & DeclaredProtection)[] {
  return columns.map((column, index) => {
    const { masking, tagging } = declared[index] ?? {};
    return { ...column, ...(masking === undefined ? {} : { masking }), ...(tagging === undefined ? {} : { tagging }) };
  });
}

/**
 * The properties COLUMNS and ROW_ACCESS of a new table or view.
 * https://docs.snowflake.com/en/sql-reference/sql/create-table (MASKING POLICY, ROW ACCESS POLICY)
 * @throws SnowflakeError for policies that are not there, may not be applied, or do not fit
 */
export function protectedColumns(
  columns: readonly (TableColumnRecord & DeclaredProtection)[],
  filter: unknown,
  name: string,
  scope: ObjectScope,
): { COLUMNS: readonly TableColumnRecord[]; ROW_ACCESS?: unknown } {
  const declared = filter as DeclaredFilter | undefined;
  const masked = withProtection(columns, undefined, scope);
  if (declared === undefined) return { COLUMNS: masked };
  return { COLUMNS: masked, ROW_ACCESS: filtered(declared, { name }, masked, scope) };
}

/** The column's masking policy as DESCRIBE TABLE and GET_DDL print it. */
export function policyName(column: TableColumnRecord, scope: ObjectScope): string | null {
  const policy = column.maskedBy === undefined ? undefined : scope.catalog.byId(column.maskedBy.policy);
  return policy === undefined ? null : displayName(scope.catalog.pathOf(policy));
}
