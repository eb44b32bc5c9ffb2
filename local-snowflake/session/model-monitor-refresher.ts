import type { CatalogObject } from '../catalog/catalog-object.ts';
import type { RecordIndex, StoredRecord } from '../catalog/records.ts';
import { refreshMilliseconds } from '../objects/model-monitor/monitor-period.ts';
import { monitorOf } from '../objects/model-monitor/monitor-record.ts';
import { refreshed, withFailedRefresh } from '../objects/model-monitor/monitor-snapshot.ts';
import type { Account } from './account.ts';
import { ObjectRefreshes } from './object-refreshes.ts';

/**
 * Reads the sources of model monitors anew at their refresh intervals. Follows the catalog: a monitor that is made, altered
 * or dropped is scheduled anew. https://docs.snowflake.com/en/developer-guide/snowflake-ml/model-registry/model-observability
 */
export class ModelMonitorRefresher implements RecordIndex {
  readonly collections = new Set(['object']);
  readonly #account: Account;
  readonly #refreshes: ObjectRefreshes;

  constructor(account: Account) {
    this.#account = account;
    this.#refreshes = new ObjectRefreshes(account, 'model monitor', (object) => this.#refresh(object));
  }

  start(): void {
    this.#account.records.attach(this);
  }

  added(record: StoredRecord): void {
    const object = record as CatalogObject;
    if (object.kind !== 'MODEL MONITOR') return;
    const { STATE, ATTEMPTED_AT, REFRESH_INTERVAL } = monitorOf(object);
    if (STATE !== 'ACTIVE') return;
    this.#refreshes.arm(object.id, ATTEMPTED_AT + refreshMilliseconds(REFRESH_INTERVAL));
  }

  removed(record: StoredRecord): void {
    this.#refreshes.disarm(record.id);
  }

  close(): Promise<void> {
    return this.#refreshes.close();
  }

  /** The refresh runs with the owner's privileges. */
  async #refresh(object: CatalogObject): Promise<void> {
    await this.#refreshes.asOwner(object, async (scope) => {
      const after = await refreshed(monitorOf(object), scope).then(
        (monitor): CatalogObject => ({ ...object, properties: { ...monitor } }),
        (error: unknown) => {
          this.#refreshes.warn(object, error);
          return withFailedRefresh(object, scope, error);
        },
      );
      await this.#store(object, after);
    });
  }

  /** Keeps what a refresh made, unless the monitor was altered or dropped meanwhile: then its rows are of no use any more. */
  async #store(before: CatalogObject, after: CatalogObject): Promise<void> {
    const { catalog, effects } = this.#account;
    const unwanted = await catalog.change((change) => {
      if (catalog.byId(before.id) !== before) return after;
      catalog.update(after, change);
      return before;
    });
    const [old, fresh] = [monitorOf(before).PHYSICAL, monitorOf(after).PHYSICAL];
    if (old !== fresh) await effects.tables.drop(monitorOf(unwanted).PHYSICAL);
  }
}
