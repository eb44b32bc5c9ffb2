import type { CatalogObject } from '../../catalog/catalog-object.ts';
import type { Change } from '../../catalog/records.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { readSignature } from '../../objects/signature.ts';
import { displayIdentifier } from '../../sql/identifier.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { ddl, type Statement, type StatementResult } from '../statement.ts';
import { passOnOwned } from './drop-role.ts';
import { findObject } from './find-object.ts';
import { keepDropped, restorable } from './keep-dropped.ts';

/** DROP <kind> [IF EXISTS] <name> [CASCADE | RESTRICT] */
export async function dropStatement(stream: TokenStream, statement: Statement): Promise<StatementResult> {
  const kind = statement.state.account.registry.takeKind(stream);
  if (kind === undefined) throw SnowflakeError.of('unsupported', { feature: `DROP ${stream.peek().text}` });
  const lenient = stream.accept('IF EXISTS');
  const name = stream.name();
  const signature = kind.overloaded === true ? readSignature(stream) : '';
  if (!stream.accept('CASCADE')) stream.accept('RESTRICT');
  stream.expectEnd();
  let object: CatalogObject;
  try {
    object = findObject(kind, name, signature, statement);
  } catch (error) {
    const missing = error instanceof SnowflakeError && ['objectDoesNotExist', 'tableDoesNotExist'].includes(error.symbol ?? '');
    if (!lenient || !missing) throw error;
    return ddl(`Drop statement executed successfully (${displayIdentifier(name.at(-1) ?? '')} already dropped).`);
  }
  statement.scope.authorizer.require(statement.scope.roles, object, 'OWNERSHIP', ...(kind.dropPrivileges ?? []));
  await dropObject(object, statement);
  return ddl(`${displayIdentifier(object.name)} successfully dropped.`);
}

/**
 * Takes an object and all in it away, then clears what it left outside the catalog. `replace` puts in the same step what comes in
 * its place, so that no crash leaves neither.
 */
export async function dropObject(object: CatalogObject, statement: Statement, replace?: (change: Change) => void): Promise<void> {
  const { scope, state } = statement;
  const registry = state.account.registry;
  const all = withContents(object, scope);
  for (const each of all) await registry.tryKind(each.kind)?.dropping?.(each, scope, { within: each !== object, root: object });
  if (object.kind === 'ROLE') await passOnOwned(object, statement);
  const kept = await restorable(object, all, statement);
  await scope.catalog.change((change) => {
    if (kept === undefined) scope.catalog.drop(object, change);
    else keepDropped(object, kept, change, statement);
    replace?.(change);
  });
  for (const each of all) {
    const kind = registry.tryKind(each.kind);
    if (kept?.restorable.has(each.id) === true) kind?.retired?.(each, scope);
    else await kind?.dropped?.(each, scope);
  }
}

function withContents(object: CatalogObject, scope: Statement['scope']): CatalogObject[] {
  return [...scope.catalog.childrenOf(object.id).flatMap((child) => withContents(child, scope)), object];
}
