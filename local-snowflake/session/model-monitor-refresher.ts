import { type CatalogObject, propertyText } from '../catalog/catalog-object.ts';
import type { RecordIndex, StoredRecord } from '../catalog/records.ts';
import { refreshMilliseconds } from '../objects/model-monitor/monitor-period.ts';
import { monitorOf } from '../objects/model-monitor/monitor-record.ts';
import { refreshed, withFailedRefresh } from '../objects/model-monitor/monitor-snapshot.ts';
import type { Account } from './account.ts';
import { StatementScope } from './statement-scope.ts';
import { openSystemSession } from './system-session.ts';

/**
 * Reads the sources of model monitors anew at their refresh intervals. Follows the catalog: a monitor that is made, altered
 * or dropped is scheduled anew. https://docs.snowflake.com/en/developer-guide/snowflake-ml/model-registry/model-observability
 */
export class ModelMonitorRefresher implements RecordIndex {
  readonly collections = new Set(['object']);
  readonly #account: Account;
  readonly #alarms = new Map<string, () => void>();
  readonly #running = new Set<Promise<void>>();

  constructor(account: Account) {
    this.#account = account;
  }

  start(): void {
    this.#account.records.attach(this);
  }

  added(record: StoredRecord): void {
    const object = record as CatalogObject;
    if (object.kind !== 'MODEL MONITOR') return;
    const { STATE, ATTEMPTED_AT, REFRESH_INTERVAL } = monitorOf(object);
    if (STATE !== 'ACTIVE') return;
    this.#alarms.set(
      object.id,
      this.#account.clock.at(ATTEMPTED_AT + refreshMilliseconds(REFRESH_INTERVAL), () => {
        this.#refresh(object.id);
      }),
    );
  }

  removed(record: StoredRecord): void {
    this.#alarms.get(record.id)?.();
    this.#alarms.delete(record.id);
  }

  /** Takes no new work and waits for what is under way. */
  async close(): Promise<void> {
    for (const cancel of this.#alarms.values()) cancel();
    this.#alarms.clear();
    await Promise.all(this.#running);
  }

  #refresh(id: string): void {
    const work = this.#refreshNow(id).catch((error: unknown) => {
      this.#account.logger.error({ monitor: id, error: messageOf(error) }, 'a model monitor could not be refreshed');
    });
    this.#running.add(work);
    void work.finally(() => this.#running.delete(work));
  }

  /** The refresh runs with the owner's privileges. */
  async #refreshNow(id: string): Promise<void> {
    const { catalog, clock, ids, logger } = this.#account;
    const object = catalog.byId(id);
    if (object === undefined) return;
    const state = await openSystemSession(this.#account, {
      role: object.owner === null ? undefined : catalog.byId(object.owner),
      schema: object.parent === null ? undefined : catalog.byId(object.parent),
      warehouse: catalog.byId(propertyText(object, 'WAREHOUSE')),
    });
    try {
      const scope = new StatementScope(state, { id: ids.uuid(), now: clock.now(), signal: new AbortController().signal });
      const after = await refreshed(monitorOf(object), scope).then(
        (monitor): CatalogObject => ({ ...object, properties: { ...monitor } }),
        (error: unknown) => {
          logger.warn({ monitor: catalog.displayOf(object), error: messageOf(error) }, 'a model monitor could not be refreshed');
          return withFailedRefresh(object, scope, error);
        },
      );
      await this.#store(object, after);
    } finally {
      await state.dispose();
    }
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
