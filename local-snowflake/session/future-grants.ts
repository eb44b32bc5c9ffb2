import type { FutureGrant } from '../access/grants.ts';
import type { CatalogObject } from '../catalog/catalog-object.ts';
import type { Change } from '../catalog/records.ts';
import type { StatementScope } from './statement-scope.ts';

/**
 * Future grants that fit a new object. Those of the schema, where there are any for the kind, hide those of the database.
 * https://docs.snowflake.com/en/user-guide/security-access-control-configure#future-grants
 */
function fitting(kind: string, parent: CatalogObject | null, scope: StatementScope): FutureGrant[] {
  if (parent === null) return [];
  const grants = scope.grants.future().filter((grant) => grant.onKind === kind);
  const own = grants.filter((grant) => grant.within === parent.id);
  return own.length > 0 ? own : grants.filter((grant) => grant.within === parent.parent);
}

/** Role that a future OWNERSHIP grant names for a new object. */
export function futureOwner(kind: string, parent: CatalogObject | null, scope: StatementScope): string | undefined {
  return fitting(kind, parent, scope).find((grant) => grant.privilege === 'OWNERSHIP')?.to;
}

export function applyFutureGrants(object: CatalogObject, scope: StatementScope, change: Change): void {
  if (object.session !== undefined) return;
  const parent = object.parent === null ? undefined : scope.catalog.byId(object.parent);
  for (const grant of fitting(object.kind, parent ?? null, scope)) {
    if (grant.privilege === 'OWNERSHIP') continue;
    change.put({
      collection: 'grant',
      id: scope.ids.uuid(),
      privilege: grant.privilege,
      on: object.id,
      to: grant.to,
      grantOption: grant.grantOption,
      grantedBy: grant.grantedBy,
      createdOn: scope.now,
    } as Parameters<Change['put']>[0]);
  }
}
