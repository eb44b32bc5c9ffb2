import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayName } from '../../sql/identifier.ts';
import type { ObjectScope } from '../object-scope.ts';

/**
 * A source or baseline: by its id, or by its name when it was made anew, which gives it another id. Undefined when it is gone, or
 * made anew and hidden from the roles.
 */
export function tryRelation(id: string, name: readonly string[], scope: ObjectScope): CatalogObject | undefined {
  const known = scope.catalog.byId(id);
  if (known !== undefined) return known;
  for (const kind of ['TABLE', 'VIEW', 'DYNAMIC TABLE']) {
    const found = scope.tryFind(kind, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** @throws SnowflakeError `tableDoesNotExist` */
export function relation(id: string, name: readonly string[], scope: ObjectScope): CatalogObject {
  const found = tryRelation(id, name, scope);
  if (found === undefined) throw SnowflakeError.of('tableDoesNotExist', { name: displayName(name) });
  return found;
}
