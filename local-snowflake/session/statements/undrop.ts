import type { CatalogObject } from '../../catalog/catalog-object.ts';
import type { DroppedObject } from '../../catalog/dropped-objects.ts';
import type { StoredRecord } from '../../catalog/records.ts';
import type { AnyGrant } from '../../access/grants.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayIdentifier } from '../../sql/identifier.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { ddl, type Statement, type StatementResult } from '../statement.ts';
import { requireCreate, titleOf } from './create-object.ts';

/** UNDROP <kind> <name>: the version that was dropped last. https://docs.snowflake.com/en/sql-reference/sql/undrop */
export async function undrop(stream: TokenStream, statement: Statement): Promise<StatementResult> {
  const { scope, state } = statement;
  const kind = state.account.registry.takeKind(stream);
  if (kind?.restorable !== 'alone')
    throw SnowflakeError.of('unsupported', { feature: `UNDROP ${kind?.name ?? stream.peek().text}` });
  if (stream.is('IDENTIFIER') && stream.peek(2).kind === 'number')
    throw SnowflakeError.of('unsupported', { feature: `UNDROP ${kind.name} IDENTIFIER with a system-generated identifier` });
  const path = scope.qualify(kind.scope, stream.name());
  stream.expectEnd();
  const name = path.at(-1) ?? '';
  const parent = scope.containerOf(path);
  const dropped = state.account.dropped.newest(kind.name, parent?.id ?? null, name, scope.time());
  if (dropped === undefined || !scope.visible(dropped.object))
    throw SnowflakeError.of('objectPurged', { kind: purgedTitle(kind.name), name: displayIdentifier(name) });
  scope.authorizer.requireOwnership(scope.roles, dropped.object);
  requireCreate(kind, parent, statement);
  await scope.catalog.change((change) => {
    const taken = scope.catalog.find(kind.name, parent?.id ?? null, name);
    if (taken !== undefined) throw SnowflakeError.of('objectAlreadyExists', { name: scope.catalog.displayOf(taken) });
    change.delete(dropped.id);
    for (const record of restoredRecords(dropped, statement)) change.put(record);
  });
  return ddl(`${titleOf(kind)} ${displayIdentifier(name)} successfully restored.`);
}

/** `Dynamic_table`, as the message of an object that is gone spells kinds. */
function purgedTitle(kind: string): string {
  return kind.charAt(0) + kind.slice(1).toLowerCase().replaceAll(' ', '_');
}

/** Roles may have been dropped meanwhile: what they were granted is gone, what they owned is the restoring role's. */
function restoredRecords(dropped: DroppedObject, { scope, state }: Statement): StoredRecord[] {
  const exists = (role: string): boolean => scope.catalog.byId(role) !== undefined;
  return dropped.records.flatMap((record): StoredRecord[] => {
    if (isGrant(record)) return exists(record.to) ? [record] : [];
    if (record.collection !== 'object') return [record];
    const object = record as CatalogObject;
    const owner = object.owner === null || exists(object.owner) ? object.owner : scope.roles.primary;
    const owned = { ...object, owner };
    return [state.account.registry.tryKind(object.kind)?.restoring?.(owned, scope) ?? owned];
  });
}

function isGrant(record: StoredRecord): record is AnyGrant {
  return ['grant', 'role-grant', 'future-grant'].includes(record.collection);
}
