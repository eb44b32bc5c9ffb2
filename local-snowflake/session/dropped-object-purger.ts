import { type DroppedObject, objectsOf } from '../catalog/dropped-objects.ts';
import type { RecordIndex, StoredRecord } from '../catalog/records.ts';
import type { Account } from './account.ts';
import { StatementScope } from './statement-scope.ts';
import { openSystemSession } from './system-session.ts';

/** Dropped objects that take more than this together go before their time, those dropped first before the others. Bytes. */
const limit = 2 ** 30;

/** Frees what dropped objects hold when their retention time ends. */
export class DroppedObjectPurger implements RecordIndex {
  readonly collections = new Set(['dropped']);
  readonly #account: Account;
  readonly #alarms = new Map<string, () => void>();
  #work: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(account: Account) {
    this.#account = account;
  }

  /** Purges what is due since the account was open last. */
  async start(): Promise<void> {
    this.#account.records.attach(this);
    await this.#work;
  }

  added(record: StoredRecord): void {
    const { id, purgeOn } = record as DroppedObject;
    if (purgeOn <= this.#account.clock.now()) this.#queue();
    else
      this.#alarms.set(
        id,
        this.#account.clock.at(purgeOn, () => {
          this.#queue();
        }),
      );
    if (this.#account.dropped.bytes > limit) this.#queue();
  }

  removed(record: StoredRecord): void {
    this.#alarms.get(record.id)?.();
    this.#alarms.delete(record.id);
  }

  /** Takes no new work and waits for what is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const cancel of this.#alarms.values()) cancel();
    this.#alarms.clear();
    await this.#work;
  }

  #queue(): void {
    this.#work = this.#work.then(() => this.#purgeDue());
  }

  async #purgeDue(): Promise<void> {
    for (let next = this.#next(); next !== undefined && !this.#closed; next = this.#next()) {
      try {
        await this.#purge(next);
      } catch (error) {
        this.#account.logger.error({ object: next.object.name, error }, 'a dropped object could not be purged');
        return;
      }
    }
  }

  #next(): DroppedObject | undefined {
    const { dropped, catalog, clock } = this.#account;
    const oldestFirst = dropped.all().toReversed();
    const containers = new Set(dropped.all().flatMap((each) => objectsOf(each).map(({ id }) => id)));
    const lost = ({ object: { parent } }: DroppedObject): boolean =>
      parent !== null && catalog.byId(parent) === undefined && !containers.has(parent);
    const due = oldestFirst.find((each) => each.purgeOn <= clock.now() || lost(each));
    return due ?? (dropped.bytes > limit ? oldestFirst[0] : undefined);
  }

  /** The record goes last: after a crash in between, the next start frees what is left. */
  async #purge(dropped: DroppedObject): Promise<void> {
    const { records, clock, ids, registry } = this.#account;
    this.#account.dropped.leaves(dropped);
    const state = await openSystemSession(this.#account, { role: undefined });
    try {
      const scope = new StatementScope(state, { id: ids.uuid(), now: clock.now(), signal: new AbortController().signal });
      for (const object of objectsOf(dropped)) await registry.tryKind(object.kind)?.dropped?.(object, scope);
    } finally {
      await state.dispose();
    }
    await records.change((change) => {
      change.delete(dropped.id);
    });
  }
}
