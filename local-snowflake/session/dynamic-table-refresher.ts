import { type CatalogObject, propertyText } from '../catalog/catalog-object.ts';
import type { RecordIndex, StoredRecord } from '../catalog/records.ts';
import { lagMilliseconds, refreshed, withFailedRefresh } from '../objects/dynamic-table-refresh.ts';
import { physicalOf } from '../objects/table.ts';
import type { Account } from './account.ts';
import { openSystemSession } from './system-session.ts';
import { StatementScope } from './statement-scope.ts';

const refreshedKinds = new Set(['DYNAMIC TABLE', 'ONLINE FEATURE TABLE']);

/**
 * Keeps dynamic tables and online feature tables no older than their target lag. Follows the catalog: a table that is made, altered or dropped is
 * scheduled anew. https://docs.snowflake.com/en/user-guide/dynamic-tables-refresh
 */
export class DynamicTableRefresher implements RecordIndex {
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
    if (!refreshedKinds.has(object.kind) || object.properties['SCHEDULING'] !== 'ACTIVE') return;
    const lag = lagMilliseconds(object.properties['TARGET_LAG']);
    if (lag === undefined) return;
    this.#arm(object, Number(object.properties['ATTEMPTED_AT'] ?? object.properties['DATA_TIMESTAMP']) + lag);
  }

  #arm(object: CatalogObject, due: number): void {
    this.#alarms.set(
      object.id,
      this.#account.clock.at(due, () => {
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
      this.#account.logger.error({ table: id, error: messageOf(error) }, 'a dynamic table could not be refreshed');
    });
    this.#running.add(work);
    void work.finally(() => this.#running.delete(work));
  }

  /** The refresh runs with the owner's privileges. A failed one is tried again after another lag. */
  async #refreshNow(id: string): Promise<void> {
    const { catalog, clock, ids, logger } = this.#account;
    const object = catalog.byId(id);
    if (object === undefined) return;
    if (this.#isCurrent(object)) {
      this.#arm(object, clock.now() + (lagMilliseconds(object.properties['TARGET_LAG']) ?? 0));
      return;
    }
    const state = await openSystemSession(this.#account, {
      role: object.owner === null ? undefined : catalog.byId(object.owner),
      schema: object.parent === null ? undefined : catalog.byId(object.parent),
      warehouse: catalog.byId(propertyText(object, 'WAREHOUSE')),
    });
    try {
      const scope = new StatementScope(state, { id: ids.uuid(), now: clock.now(), signal: new AbortController().signal });
      const after = await refreshed(object, scope, 'SCHEDULED').catch((error: unknown) => {
        logger.warn({ table: catalog.displayOf(object), error: messageOf(error) }, 'a dynamic table could not be refreshed');
        return withFailedRefresh(object, scope, 'SCHEDULED', error);
      });
      await this.#store(object, after);
    } finally {
      await state.dispose();
    }
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
