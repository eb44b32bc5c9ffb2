import type { CatalogObject } from '../catalog/catalog-object.ts';
import type { GraphContent } from '../scheduler/graph-version.ts';
import type { Account } from './account.ts';

/** The role that a graph runs as, also when it was dropped while the graph runs. */
export function ownerOf({ owner }: GraphContent, { catalog, formerRoles }: Account): CatalogObject | undefined {
  return owner === null ? undefined : (catalog.byId(owner) ?? formerRoles.find(owner)?.role);
}
