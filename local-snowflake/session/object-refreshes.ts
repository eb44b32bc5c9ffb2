import { type CatalogObject, propertyText } from '../catalog/catalog-object.ts';
import type { Account } from './account.ts';
import { StatementScope } from './statement-scope.ts';
import { openSystemSession } from './system-session.ts';

/** When objects that bring themselves up to date do so, and what of it is under way. */
export class ObjectRefreshes {
  readonly #account: Account;
  /** What the log calls such an object. @example 'model monitor' */
  readonly #noun: string;
  readonly #refresh: (object: CatalogObject) => Promise<void>;
  readonly #alarms = new Map<string, () => void>();
  readonly #running = new Set<Promise<void>>();

  constructor(account: Account, noun: string, refresh: (object: CatalogObject) => Promise<void>) {
    this.#account = account;
    this.#noun = noun;
    this.#refresh = refresh;
  }

  /** `due`: epoch milliseconds. */
  arm(id: string, due: number): void {
    this.#alarms.set(
      id,
      this.#account.clock.at(due, () => {
        this.#begin(id);
      }),
    );
  }

  disarm(id: string): void {
    this.#alarms.get(id)?.();
    this.#alarms.delete(id);
  }

  /** Takes no new work and waits for what is under way. */
  async close(): Promise<void> {
    for (const cancel of this.#alarms.values()) cancel();
    this.#alarms.clear();
    await Promise.all(this.#running);
  }

  warn(object: CatalogObject, error: unknown): void {
    const { catalog, logger } = this.#account;
    logger.warn({ object: catalog.displayOf(object), error: messageOf(error) }, `a ${this.#noun} could not be refreshed`);
  }

  /** Runs `work` with the privileges of the object's owner, in the object's schema and warehouse. */
  async asOwner<T>(object: CatalogObject, work: (scope: StatementScope) => Promise<T>): Promise<T> {
    const { catalog, clock, ids } = this.#account;
    const state = await openSystemSession(this.#account, {
      role: object.owner === null ? undefined : catalog.byId(object.owner),
      schema: object.parent === null ? undefined : catalog.byId(object.parent),
      warehouse: catalog.byId(propertyText(object, 'WAREHOUSE')),
    });
    try {
      return await work(new StatementScope(state, { id: ids.uuid(), now: clock.now(), signal: new AbortController().signal }));
    } finally {
      await state.dispose();
    }
  }

  #begin(id: string): void {
    const object = this.#account.catalog.byId(id);
    if (object === undefined) return;
    const work = this.#refresh(object).catch((error: unknown) => {
      this.#account.logger.error({ object: id, error: messageOf(error) }, `a ${this.#noun} could not be refreshed`);
    });
    this.#running.add(work);
    void work.finally(() => this.#running.delete(work));
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
