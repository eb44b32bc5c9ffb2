import type { CatalogObject } from '../catalog/catalog-object.ts';
import type { RecordIndex, StoredRecord } from '../catalog/records.ts';
import { lagMilliseconds, refreshed, withFailedRefresh } from '../objects/dynamic-table-refresh.ts';
import { physicalOf } from '../objects/table.ts';
import type { Account } from './account.ts';
import { ObjectRefreshes } from './object-refreshes.ts';

const refreshedKinds = new Set(['DYNAMIC TABLE', 'ONLINE FEATURE TABLE']);

/**
 * Keeps dynamic tables and online feature tables no older than their target lag. Follows the catalog: a table that is made, altered or dropped is
 * scheduled anew. https://docs.snowflake.com/en/user-guide/dynamic-tables-refresh
 */
export class DynamicTableRefresher implements RecordIndex {
  readonly collections = new Set(['object']);
  readonly #account: Account;
  readonly #refreshes: ObjectRefreshes;

  constructor(account: Account) {
    this.#account = account;
    this.#refreshes = new ObjectRefreshes(account, 'dynamic table', (object) => this.#refresh(object));
  }

  start(): void {
    this.#account.records.attach(this);
  }

  added(record: StoredRecord): void {
    const object = record as CatalogObject;
    if (!refreshedKinds.has(object.kind) || object.properties['SCHEDULING'] !== 'ACTIVE') return;
    const lag = lagMilliseconds(object.properties['TARGET_LAG']);
    if (lag === undefined) return;
    this.#refreshes.arm(object.id, Number(object.properties['ATTEMPTED_AT'] ?? object.properties['DATA_TIMESTAMP']) + lag);
  }

  removed(record: StoredRecord): void {
    this.#refreshes.disarm(record.id);
  }

  close(): Promise<void> {
    return this.#refreshes.close();
  }

  /** The refresh runs with the owner's privileges. A failed one is tried again after another lag. */
  async #refresh(object: CatalogObject): Promise<void> {
    if (this.#isCurrent(object)) {
      this.#refreshes.arm(object.id, this.#account.clock.now() + (lagMilliseconds(object.properties['TARGET_LAG']) ?? 0));
      return;
    }
    await this.#refreshes.asOwner(object, async (scope) => {
      const after = await refreshed(object, scope, 'SCHEDULED').catch((error: unknown) => {
        this.#refreshes.warn(object, error);
        return withFailedRefresh(object, scope, 'SCHEDULED', error);
      });
      await this.#store(object, after);
    });
  }

  /** An online feature table on a dynamic table that was not refreshed since has nothing to take over. */
  #isCurrent({ properties }: CatalogObject): boolean {
    const source = this.#account.catalog.byId(String(properties['SOURCE_ID']));
    return source?.kind === 'DYNAMIC TABLE' && Number(source.properties['DATA_TIMESTAMP']) < Number(properties['DATA_TIMESTAMP']);
  }

  /** Keeps what a refresh made, unless the table was altered or dropped meanwhile: then its rows are of no use any more. */
  async #store(before: CatalogObject, after: CatalogObject): Promise<void> {
    const { catalog, clock, effects } = this.#account;
    const unwanted = await catalog.change((change) => {
      if (catalog.byId(before.id) !== before) return after;
      catalog.update({ ...after, properties: { ...after.properties, ATTEMPTED_AT: clock.now() } }, change);
      return before;
    });
    if (physicalOf(before) !== physicalOf(after)) await effects.tables.drop(physicalOf(unwanted));
  }
}
