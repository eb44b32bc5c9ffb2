import type { CatalogObject } from '../catalog/catalog-object.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { TokenStream } from '../sql/token-stream.ts';
import type { ObjectScope } from './object-scope.ts';

/** Kinds that have columns and share their names in a schema. */
export type RelationKind = 'TABLE' | 'VIEW' | 'DYNAMIC TABLE';

/**
 * The tables and views that `[IN { ACCOUNT | DATABASE [n] | SCHEMA [n] | [TABLE | VIEW] [n] }]` names, sorted by their full names: those
 * that the roles may list. Without IN it is the current database, and the account where there is none.
 * https://docs.snowflake.com/en/sql-reference/sql/show-columns#parameters
 *
 * @throws SnowflakeError `objectDoesNotExist`, `objectOrOperation`, `unsupported` for applications
 */
export function readRelations(stream: TokenStream, scope: ObjectScope, kinds: readonly RelationKind[]): readonly CatalogObject[] {
  if (!stream.accept('IN')) return within(scope.currentDatabase, scope, kinds);
  if (stream.accept('ACCOUNT')) return within(undefined, scope, kinds);
  for (const words of ['APPLICATION PACKAGE', 'APPLICATION'])
    if (stream.is(words)) throw SnowflakeError.of('unsupported', { feature: `SHOW … IN ${words}` });
  if (stream.accept('DATABASE'))
    return within(stream.atEnd ? scope.currentDatabase : scope.find('DATABASE', stream.name()), scope, kinds);
  if (stream.accept('SCHEMA')) {
    if (stream.atEnd) return within(scope.currentSchema ?? scope.currentDatabase, scope, kinds);
    const name = stream.name();
    if (name.length === 1 && scope.currentDatabase === undefined) throw SnowflakeError.of('objectOrOperation', {});
    return within(scope.find('SCHEMA', name), scope, kinds);
  }
  const keyword = stream.accept('TABLE') || (kinds.includes('VIEW') && stream.accept('VIEW'));
  if (keyword && stream.atEnd) return within(scope.currentSchema ?? scope.currentDatabase, scope, kinds);
  const name = stream.name();
  const found = kinds.map((kind) => scope.tryFind(kind, name)).find((each) => each !== undefined);
  return [found ?? scope.find('TABLE', name)];
}

function within(container: CatalogObject | undefined, scope: ObjectScope, kinds: readonly RelationKind[]): CatalogObject[] {
  return kinds
    .flatMap((kind) => scope.catalog.ofKind(kind, scope.sessionId))
    .filter((object) => object.session !== undefined || scope.authorizer.lists(scope.roles, object))
    .map((object) => ({ object, path: scope.catalog.pathOf(object) }))
    .filter(({ path }) => {
      const outer = container === undefined ? [] : scope.catalog.pathOf(container);
      return outer.every((part, index) => path[index] === part);
    })
    .map(({ object, path }) => ({ object, key: path.join('\u0000') }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ object }) => object);
}
