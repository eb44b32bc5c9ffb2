import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { displayName } from '../../sql/identifier.ts';
import { quoteString } from '../../sql/literal.ts';
import type { ObjectScope } from '../object-scope.ts';
import { parameters } from '../parameters.ts';

/** `COMMENT='…'` behind a blank; empty when there is none. */
export function commentClause(text: string | undefined): string {
  return text === undefined || text === '' ? '' : ` COMMENT=${quoteString(text)}`;
}

/** ` WITH TAG (DB.SCHEMA.NAME='…', …)`, sorted by name, as GET_DDL prints the tags of tables and views. */
export function tagClause(object: CatalogObject, scope: ObjectScope): string {
  const set = Object.entries(object.tags).flatMap(([id, value]) => {
    const tag = scope.catalog.byId(id);
    return tag === undefined ? [] : [`${displayName(scope.catalog.pathOf(tag))}=${quoteString(value)}`];
  });
  return set.length === 0 ? '' : ` WITH TAG (${set.toSorted().join(', ')})`;
}

/** `name=value` of each parameter that is set on the object itself, by name. */
export function parameterClauses(object: CatalogObject): string[] {
  return Object.entries(object.parameters)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${parameters[name]?.type === 'STRING' ? quoteString(value) : value}`);
}
