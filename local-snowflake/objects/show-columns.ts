import type { CatalogObject } from '../catalog/catalog-object.ts';
import { cell } from '../sql/result-set.ts';
import { type SnowflakeType, types } from '../sql/types.ts';
import type { ShowColumn } from './kind.ts';
import type { ObjectScope } from './object-scope.ts';

type Value = (object: CatalogObject, scope: ObjectScope) => string | null | undefined;

/** A text column. */
export function text(name: string, value: Value): ShowColumn {
  return { name, value: (object, scope) => cell.text(value(object, scope)) };
}

/** A column that always holds the same text. */
export function constant(name: string, value: string | null): ShowColumn {
  return { name, value: () => value };
}

/** Text of a property, as stored. */
export function property(name: string, key: string): ShowColumn {
  return { name, value: (object) => textOf(object.properties[key]) };
}

export function number(name: string, value: (object: CatalogObject, scope: ObjectScope) => number | null | undefined): ShowColumn {
  return { name, type: types.number(38, 0), value: (object, scope) => cell.number(value(object, scope)) };
}

export function timestamp(
  name: string,
  value: (object: CatalogObject, scope: ObjectScope) => number | null | undefined,
): ShowColumn {
  return { name, type: types.timestampLtz(6), value: (object, scope) => cell.timestamp(value(object, scope)) };
}

export function typed(name: string, type: SnowflakeType, value: ShowColumn['value']): ShowColumn {
  return { name, type, value };
}

export const createdOn = timestamp('created_on', (object) => object.createdOn);
export const objectName = text('name', (object) => object.name);
export const owner = text('owner', (object, scope) => scope.nameOf(object.owner) ?? '');
export const comment = text('comment', (object) => object.comment);
export const ownerRoleType = text('owner_role_type', (object) => (object.owner === null ? '' : 'ROLE'));
export const databaseName = text('database_name', (object, scope) => pathPart(object, scope, 0));
export const schemaName = text('schema_name', (object, scope) => pathPart(object, scope, 1));

function pathPart(object: CatalogObject, scope: ObjectScope, index: number): string | null {
  const path = scope.catalog.pathOf(object);
  return path.length > index + 1 ? (path[index] ?? null) : null;
}

/** A stored property as SHOW prints it. */
export function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return JSON.stringify(value);
}

/** `Y` or `N`, as older SHOW columns print booleans. */
export function yesNo(value: unknown): 'Y' | 'N' {
  return value === true ? 'Y' : 'N';
}
