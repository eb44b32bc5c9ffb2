import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { Kind } from '../../objects/kind.ts';
import { displayName, type ObjectName } from '../../sql/identifier.ts';
import type { Statement } from '../statement.ts';

/** The object of a kind, overloads by their signature. @throws SnowflakeError `objectDoesNotExist` */
export function findObject(kind: Kind, name: ObjectName, signature: string, statement: Statement): CatalogObject {
  const { scope } = statement;
  if (kind.overloaded !== true) return scope.find(kind.name, name);
  const path = scope.qualify(kind.scope, name);
  const parent = scope.containerOf(path);
  const found = scope.catalog.find(kind.name, parent?.id ?? null, path.at(-1) ?? '', signature, scope.sessionId);
  if (found !== undefined && scope.visible(found)) return found;
  const title = kind.name.charAt(0) + kind.name.slice(1).toLowerCase();
  throw SnowflakeError.of('objectDoesNotExist', { kind: title, name: `${displayName(path)}(${signature})` });
}
