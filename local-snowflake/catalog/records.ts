/**
 * The account's durable state: small records in memory, written through to a store before a change counts.
 * Everything that must survive a restart, apart from table rows and stage files, is a record here.
 */
export interface StoredRecord {
  readonly id: string;
  /** Which collection the record belongs to: `object`, `grant`, `task-run` … */
  readonly collection: string;
}

/** Where records are kept. `put` resolves once the batch is durable, wholly or not at all. */
export interface RecordStore {
  load(): Promise<readonly { readonly id: string; readonly kind: string; readonly json: string }[]>;
  put(batch: RecordBatch): Promise<void>;
}

export interface RecordBatch {
  readonly upserts: readonly { readonly id: string; readonly kind: string; readonly json: string }[];
  readonly deletes: readonly string[];
}

/** Keeps a view of some collections up to date; called for every change, also for those that are undone. */
export interface RecordIndex {
  readonly collections: ReadonlySet<string>;
  added(record: StoredRecord): void;
  removed(record: StoredRecord): void;
}

/** Collects what one statement changes, so that it is stored, or undone, as a whole. */
export interface Change {
  put(record: StoredRecord): void;
  delete(id: string): void;
}

export class Records {
  readonly #store: RecordStore;
  readonly #records = new Map<string, StoredRecord>();
  readonly #indexes: RecordIndex[] = [];

  private constructor(store: RecordStore) {
    this.#store = store;
  }

  static async load(store: RecordStore): Promise<Records> {
    const records = new Records(store);
    for (const stored of await store.load()) {
      records.#records.set(stored.id, JSON.parse(stored.json) as StoredRecord);
    }
    return records;
  }

  get size(): number {
    return this.#records.size;
  }

  get(id: string): StoredRecord | undefined {
    return this.#records.get(id);
  }

  /** Adds an index and feeds it what is there. */
  attach(index: RecordIndex): void {
    this.#indexes.push(index);
    for (const record of this.#records.values()) {
      if (index.collections.has(record.collection)) index.added(record);
    }
  }

  /**
   * Runs `work` at once, synchronously, against memory and resolves when what it changed is durable.
   * When `work` throws, or the store refuses, memory is as it was before.
   */
  async change<T>(work: (change: Change) => T): Promise<T> {
    const before = new Map<string, StoredRecord | undefined>();
    const set = (id: string, record: StoredRecord | undefined): void => {
      if (!before.has(id)) before.set(id, this.#records.get(id));
      this.#replace(id, record);
    };
    try {
      const result = work({
        put: (record) => {
          set(record.id, record);
        },
        delete: (id) => {
          set(id, undefined);
        },
      });
      await this.#store.put(this.#batch(before.keys()));
      return result;
    } catch (error) {
      for (const [id, record] of before) this.#replace(id, record);
      throw error;
    }
  }

  #batch(ids: Iterable<string>): RecordBatch {
    const upserts: { id: string; kind: string; json: string }[] = [];
    const deletes: string[] = [];
    for (const id of ids) {
      const record = this.#records.get(id);
      if (record === undefined) deletes.push(id);
      else upserts.push({ id, kind: record.collection, json: JSON.stringify(record) });
    }
    return { upserts, deletes };
  }

  #replace(id: string, record: StoredRecord | undefined): void {
    const old = this.#records.get(id);
    if (old !== undefined) {
      this.#records.delete(id);
      for (const index of this.#indexes) if (index.collections.has(old.collection)) index.removed(old);
    }
    if (record !== undefined) {
      this.#records.set(id, record);
      for (const index of this.#indexes) if (index.collections.has(record.collection)) index.added(record);
    }
  }
}
