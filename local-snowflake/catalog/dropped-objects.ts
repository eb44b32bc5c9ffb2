import type { CatalogObject } from './catalog-object.ts';
import type { RecordIndex, Records, StoredRecord } from './records.ts';

/** An object that was dropped and can still be restored, with all that went with it. */
export interface DroppedObject extends StoredRecord {
  readonly collection: 'dropped';
  readonly object: CatalogObject;
  /** Every record that the drop took away: the object, what it contained, the grants on them. */
  readonly records: readonly StoredRecord[];
  /** Epoch milliseconds. */
  readonly droppedOn: number;
  /** When the retention time ends; epoch milliseconds. */
  readonly purgeOn: number;
  /** Estimate of what it takes on disk. */
  readonly bytes: number;
  /** Tells drops at one instant apart: later ones have larger numbers. */
  readonly order: number;
}

/**
 * What UNDROP can bring back. Dropped objects are no part of the catalog: no name leads to them, no listing but HISTORY shows them.
 * https://docs.snowflake.com/en/user-guide/data-time-travel#dropping-and-restoring-objects
 */
export class DroppedObjects implements RecordIndex {
  readonly collections = new Set(['dropped']);
  readonly #dropped = new Map<string, DroppedObject>();
  readonly #leaving = new Set<string>();

  constructor(records: Records) {
    records.attach(this);
  }

  added(record: StoredRecord): void {
    this.#dropped.set(record.id, record as DroppedObject);
  }

  removed(record: StoredRecord): void {
    this.#dropped.delete(record.id);
    this.#leaving.delete(record.id);
  }

  /** What it holds is about to be freed: nothing can restore it any more, though its record is still there. */
  leaves(dropped: DroppedObject): void {
    this.#leaving.add(dropped.id);
  }

  /** All of them, those dropped last first. */
  all(): DroppedObject[] {
    return [...this.#dropped.values()].toSorted((a, b) => b.order - a.order);
  }

  /** Those of a kind whose retention time has not ended, those dropped last first. */
  ofKind(kind: string, now: number): DroppedObject[] {
    return this.all().filter(({ id, object, purgeOn }) => object.kind === kind && purgeOn > now && !this.#leaving.has(id));
  }

  /** The one of that name that was dropped last. */
  newest(kind: string, parent: string | null, name: string, now: number): DroppedObject | undefined {
    return this.ofKind(kind, now).find(({ object }) => object.parent === parent && object.name === name);
  }

  /** Objects of a kind, also those that went with their containers. */
  objects(kind: string): CatalogObject[] {
    return this.all().flatMap((dropped) => objectsOf(dropped).filter((object) => object.kind === kind));
  }

  nextOrder(): number {
    return Math.max(0, ...[...this.#dropped.values()].map(({ order }) => order)) + 1;
  }

  get bytes(): number {
    return [...this.#dropped.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }
}

/** The object and all that it contained, innermost first. */
export function objectsOf(dropped: DroppedObject): CatalogObject[] {
  return dropped.records.filter((record): record is CatalogObject => record.collection === 'object');
}
