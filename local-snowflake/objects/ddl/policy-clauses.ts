import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { displayIdentifier, displayName } from '../../sql/identifier.ts';
import type { ObjectScope } from '../object-scope.ts';
import { rowAccessOf } from '../policy/attachments.ts';
import { policyName } from '../policy/declared-protection.ts';
import type { TableColumnRecord } from '../table-columns.ts';

/** ` WITH MASKING POLICY DB.SCHEMA.NAME [USING (…)]` of a column; empty when there is none. */
export function maskingClause(column: TableColumnRecord, scope: ObjectScope): string {
  const name = policyName(column, scope);
  const using = column.maskedBy?.using ?? [];
  return name === null ? '' : ` WITH MASKING POLICY ${name}${using.length < 2 ? '' : ` USING (${listed(using)})`}`;
}

export function rowAccessClause(object: CatalogObject, scope: ObjectScope): string {
  const filter = rowAccessOf(object);
  const policy = filter === undefined ? undefined : scope.catalog.byId(filter.policy);
  if (filter === undefined || policy === undefined) return '';
  return ` WITH ROW ACCESS POLICY ${displayName(scope.catalog.pathOf(policy))} ON (${listed(filter.on)})`;
}

function listed(names: readonly string[]): string {
  return names.map(displayIdentifier).join(', ');
}
