import type { CatalogObject } from '../../catalog/catalog-object.ts';
import type { DroppedObject } from '../../catalog/dropped-objects.ts';
import type { Change, StoredRecord } from '../../catalog/records.ts';
import { retentionTime } from '../../objects/retention.ts';
import { heldBytes } from '../held-bytes.ts';
import type { Statement } from '../statement.ts';

interface Restorable {
  /** Ids of the object and of what goes with it that can come back. */
  readonly restorable: ReadonlySet<string>;
  /** Milliseconds. */
  readonly retention: number;
  readonly bytes: number;
}

/**
 * What of an object and its contents is kept when it is dropped; undefined when it is gone at once. Contents are kept for the
 * container's own time. https://docs.snowflake.com/en/user-guide/data-time-travel#dropped-containers-and-object-retention-inheritance
 */
export async function restorable(
  object: CatalogObject,
  all: readonly CatalogObject[],
  { scope, state: { account } }: Statement,
): Promise<Restorable | undefined> {
  if (object.session !== undefined || account.registry.tryKind(object.kind)?.restorable !== 'alone') return undefined;
  const retention = retentionTime(object, scope);
  if (retention === 0) return undefined;
  const kept = all.filter((each) => each.session === undefined && account.registry.tryKind(each.kind)?.restorable !== undefined);
  return { restorable: new Set(kept.map((each) => each.id)), retention, bytes: await heldBytes(kept, account) };
}

/** Takes the object out of the catalog and keeps the records that went with it. */
export function keepDropped(
  object: CatalogObject,
  { restorable: ids, retention, bytes }: Restorable,
  change: Change,
  { scope, state: { account } }: Statement,
): void {
  const records: StoredRecord[] = [];
  scope.catalog.drop(object, {
    put: (record) => {
      change.put(record);
    },
    delete: (id) => {
      const record = account.records.get(id);
      if (record !== undefined) records.push(record);
      change.delete(id);
    },
  });
  const now = scope.time();
  const dropped: DroppedObject = {
    collection: 'dropped',
    id: `dropped:${object.id}`,
    object,
    records: records.filter((record) => record.collection !== 'object' || ids.has(record.id)),
    droppedOn: now,
    purgeOn: now + retention,
    bytes,
    order: account.dropped.nextOrder(),
  };
  change.put(dropped);
}
