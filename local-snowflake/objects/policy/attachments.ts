import type { Catalog } from '../../catalog/catalog.ts';
import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { TableColumnRecord } from '../table-columns.ts';

/** A masking policy on a column, kept with the column. */
export interface MaskedBy {
  /** Id of the policy. */
  readonly policy: string;
  /** Names of the columns that its parameters stand for, the column's own first. */
  readonly using: readonly string[];
}

/** A row access policy on a table or a view, kept as its property ROW_ACCESS. */
export interface FilteredBy {
  readonly policy: string;
  /** Names of the columns that its parameters stand for. */
  readonly on: readonly string[];
}

/** Kinds whose objects have columns that policies can be on. */
export const protectedKinds = ['TABLE', 'DYNAMIC TABLE', 'VIEW'] as const;

export function rowAccessOf(object: CatalogObject): FilteredBy | undefined {
  return object.properties['ROW_ACCESS'] as FilteredBy | undefined;
}

/** Ids of the masking policies of a tag. */
export function tagPoliciesOf(tag: CatalogObject): readonly string[] {
  return (tag.properties['MASKING'] as readonly string[] | undefined) ?? [];
}

function columnsOf(object: CatalogObject): readonly TableColumnRecord[] {
  return (object.properties['COLUMNS'] as readonly TableColumnRecord[] | undefined) ?? [];
}

/** Tables, views and tags that a policy is on; sessions' temporary tables too. */
export function attachedTo(policy: CatalogObject, catalog: Catalog): CatalogObject[] {
  const relations = protectedKinds
    .flatMap((kind) => catalog.everyOfKind(kind))
    .filter(
      (object) =>
        rowAccessOf(object)?.policy === policy.id || columnsOf(object).some((each) => each.maskedBy?.policy === policy.id),
    );
  return [...relations, ...catalog.everyOfKind('TAG').filter((tag) => tagPoliciesOf(tag).includes(policy.id))];
}

/**
 * A policy that is in use stays; one that goes with its database or schema may be in use there.
 * https://docs.snowflake.com/en/sql-reference/sql/drop-masking-policy#usage-notes
 * @throws SnowflakeError `policyAttached`
 */
export function refuseWhileAttached(policy: CatalogObject, catalog: Catalog, root: CatalogObject): void {
  const outside = attachedTo(policy, catalog).find((object) => !isWithin(object, root, catalog));
  if (outside !== undefined) throw SnowflakeError.of('policyAttached', { name: policy.name });
}

function isWithin(object: CatalogObject, root: CatalogObject, catalog: Catalog): boolean {
  for (let each: CatalogObject | undefined = object; each !== undefined;) {
    if (each.id === root.id) return true;
    each = each.parent === null ? undefined : catalog.byId(each.parent);
  }
  return false;
}
