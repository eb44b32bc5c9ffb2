import type { RecordIndex, Records, StoredRecord } from '../catalog/records.ts';

/** A notification that was sent, or kept because there is nowhere to send it. Secrets are masked in `target` and `body`. */
export interface SentNotification extends StoredRecord {
  readonly collection: 'notification';
  /** Epoch milliseconds. */
  readonly at: number;
  readonly kind: 'email' | 'webhook' | 'queue';
  readonly integration: string;
  readonly recipients: readonly string[];
  readonly subject: string | null;
  readonly contentType: string;
  readonly body: string;
  readonly delivery: 'delivered' | 'kept' | 'failed';
  /** HTTP status or fault of a webhook call. */
  readonly detail: string | null;
}

/** Every notification of the account, oldest first; survives a restart. */
export class Outbox implements RecordIndex {
  readonly collections = new Set(['notification']);
  readonly #records: Records;
  readonly #entries = new Map<string, SentNotification>();

  constructor(records: Records) {
    this.#records = records;
    records.attach(this);
  }

  added(record: StoredRecord): void {
    this.#entries.set(record.id, record as SentNotification);
  }

  removed(record: StoredRecord): void {
    this.#entries.delete(record.id);
  }

  async add(entry: SentNotification): Promise<void> {
    await this.#records.change((change) => {
      change.put(entry);
    });
  }

  entries(): readonly SentNotification[] {
    return [...this.#entries.values()].sort((a, b) => a.at - b.at);
  }
}
