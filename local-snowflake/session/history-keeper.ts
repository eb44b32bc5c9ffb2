import { propertyText } from '../catalog/catalog-object.ts';
import { retentionTime } from '../objects/retention.ts';
import type { Account } from './account.ts';
import { accountSettings } from './account-parameters.ts';

const hour = 3_600_000;

/** Forgets, once an hour, what tables were longer ago than their retention time. */
export class HistoryKeeper {
  readonly #account: Account;
  #cancel: () => void = () => undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(account: Account) {
    this.#account = account;
  }

  start(): void {
    const { clock, logger } = this.#account;
    this.#cancel = clock.at(clock.now() + hour, () => {
      this.#work = this.#trim().catch((error: unknown) => {
        logger.error({ error }, 'what tables were could not be trimmed');
      });
      this.start();
    });
  }

  /** Takes no new work and waits for what is under way. */
  async close(): Promise<void> {
    this.#cancel();
    await this.#work;
  }

  async #trim(): Promise<void> {
    const { catalog, clock, data } = this.#account;
    const kept = new Set(data.history.sizes().map(({ physicalName }) => physicalName));
    const settings = accountSettings(this.#account);
    for (const table of kept.size === 0 ? [] : catalog.ofKind('TABLE')) {
      const physical = propertyText(table, 'PHYSICAL');
      if (kept.has(physical)) await data.history.trim(physical, clock.now() - retentionTime(table, settings));
    }
  }
}
