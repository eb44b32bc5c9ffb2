import type { CatalogObject } from '../catalog/catalog-object.ts';
import type { RecordIndex, StoredRecord } from '../catalog/records.ts';
import { autoSuspendSeconds, inState, isStarted } from '../objects/warehouse.ts';
import type { Account } from './account.ts';

/**
 * What runs on which warehouse. A statement resumes the warehouse that it runs on; one that nothing has run on for AUTO_SUSPEND seconds is
 * suspended. Follows the catalog: a warehouse that is made, altered or resumed is watched anew.
 * https://docs.snowflake.com/en/user-guide/warehouses-overview#auto-suspension-and-auto-resumption
 */
export class Warehouses implements RecordIndex {
  readonly collections = new Set(['object']);
  readonly #account: () => Account;
  /** Query ids of what runs on a warehouse; a script's statement can have one of its own more than once. */
  readonly #running = new Map<string, readonly string[]>();
  /** When the last statement on a warehouse ended, epoch milliseconds. */
  readonly #usedUntil = new Map<string, number>();
  readonly #alarms = new Map<string, () => void>();
  readonly #changes = new Set<Promise<void>>();

  constructor(account: () => Account) {
    this.#account = account;
  }

  start(): void {
    this.#account().records.attach(this);
  }

  added(record: StoredRecord): void {
    const object = record as CatalogObject;
    if (object.kind === 'WAREHOUSE') this.#watch(object);
  }

  removed({ id }: StoredRecord): void {
    this.#disarm(id);
  }

  /** Statements that run on the warehouse. */
  running(id: string): number {
    return this.#running.get(id)?.length ?? 0;
  }

  /** Cancels the clients' statements that run on the warehouse. */
  abortAll(id: string): void {
    for (const queryId of this.#running.get(id) ?? []) {
      for (const session of this.#account().sessions.all()) session.hasQuery(queryId)?.abort();
    }
  }

  /** A statement begins to run on the warehouse. @returns what is to be called when it has ended */
  begin(id: string, queryId: string): () => Promise<void> {
    this.#running.set(id, [...(this.#running.get(id) ?? []), queryId]);
    this.#disarm(id);
    const resumed = this.#changeState(id, 'STARTED');
    // Its failure is the statement's, once that has ended.
    resumed.catch(() => undefined);
    return async () => {
      const { catalog, clock } = this.#account();
      const running = this.#running.get(id) ?? [];
      this.#running.set(id, running.toSpliced(running.indexOf(queryId), 1));
      this.#usedUntil.set(id, clock.now());
      const warehouse = catalog.byId(id);
      if (warehouse !== undefined) this.#watch(warehouse);
      await resumed;
    };
  }

  /** Suspends nothing any more and waits for what is under way. */
  async close(): Promise<void> {
    for (const id of [...this.#alarms.keys()]) this.#disarm(id);
    await Promise.all(this.#changes);
  }

  #watch(warehouse: CatalogObject): void {
    const { id } = warehouse;
    const seconds = autoSuspendSeconds(warehouse);
    if (seconds === 0 || !isStarted(warehouse) || this.running(id) > 0) return;
    const idleSince = Math.max(this.#usedUntil.get(id) ?? 0, Number(warehouse.properties['RESUMED_ON'] ?? warehouse.createdOn));
    this.#disarm(id);
    this.#alarms.set(
      id,
      this.#account().clock.at(idleSince + seconds * 1000, () => {
        this.#suspend(id);
      }),
    );
  }

  #suspend(id: string): void {
    this.#alarms.delete(id);
    const { logger } = this.#account();
    const change = this.#changeState(id, 'SUSPENDED').catch((error: unknown) => {
      logger.warn({ warehouse: id, error: String(error) }, 'a warehouse could not be suspended');
    });
    this.#changes.add(change);
    void change.finally(() => this.#changes.delete(change));
  }

  async #changeState(id: string, state: 'STARTED' | 'SUSPENDED'): Promise<void> {
    const { catalog, clock } = this.#account();
    const warehouse = catalog.byId(id);
    if (warehouse === undefined || isStarted(warehouse) === (state === 'STARTED')) return;
    await catalog.change((change) => {
      catalog.update(inState(warehouse, state, clock.now()), change);
    });
  }

  #disarm(id: string): void {
    this.#alarms.get(id)?.();
    this.#alarms.delete(id);
  }
}
