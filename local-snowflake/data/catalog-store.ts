import { type DuckDBConnection, LIST, listValue, VARCHAR } from '@duckdb/node-api';
import { quoteIdentifier } from '../sql/identifier.ts';

/** One record as it is kept: `json` is opaque here. */
export interface CatalogEntry {
  readonly id: string;
  readonly kind: string;
  readonly json: string;
}

export interface CatalogBatch {
  readonly upserts: readonly CatalogEntry[];
  readonly deletes: readonly string[];
}

interface Waiting {
  readonly batch: CatalogBatch;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A persistent table of records beside the data, on a connection of its own.
 * Batches that arrive while a transaction is being committed are merged into the next one (group commit); each
 * `put` resolves once its batch is on disk, and batches take effect in the order of their `put`s.
 */
export class CatalogStore {
  readonly #connection: DuckDBConnection;
  readonly #table: string;
  #waiting: Waiting[] = [];
  #draining: Promise<void> | undefined;

  private constructor(connection: DuckDBConnection, table: string) {
    this.#connection = connection;
    this.#table = `_catalog.${quoteIdentifier(table)}`;
  }

  static async open(connection: DuckDBConnection, table: string): Promise<CatalogStore> {
    const store = new CatalogStore(connection, table);
    await connection.run('CREATE SCHEMA IF NOT EXISTS _catalog');
    // No primary key: DuckDB checks keys too eagerly when one transaction deletes and inserts the same one.
    await connection.run(
      `CREATE TABLE IF NOT EXISTS ${store.#table} (id VARCHAR NOT NULL, kind VARCHAR NOT NULL, json VARCHAR NOT NULL)`,
    );
    return store;
  }

  async load(): Promise<CatalogEntry[]> {
    const result = await this.#connection.runAndReadAll(`SELECT id, kind, json FROM ${this.#table}`);
    return result.getRows().map(([id, kind, json]) => ({ id: String(id), kind: String(kind), json: String(json) }));
  }

  put(batch: CatalogBatch): Promise<void> {
    if (batch.upserts.length === 0 && batch.deletes.length === 0) return Promise.resolve();
    const done = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ batch, resolve, reject });
    });
    this.#draining ??= this.#drain();
    return done;
  }

  /** Resolves when nothing is waiting to be written. */
  async idle(): Promise<void> {
    while (this.#draining !== undefined) await this.#draining;
  }

  async close(): Promise<void> {
    await this.idle();
    this.#connection.closeSync();
  }

  async #drain(): Promise<void> {
    // One turn of the event loop, so that calls made in the same tick share the first transaction.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        await this.#write(mergeBatches(group.map((waiting) => waiting.batch)));
        for (const waiting of group) waiting.resolve();
      } catch (error) {
        for (const waiting of group) waiting.reject(error);
      }
    }
    this.#draining = undefined;
  }

  async #write(batch: CatalogBatch): Promise<void> {
    const gone = [...batch.deletes, ...batch.upserts.map((entry) => entry.id)];
    await this.#connection.run('BEGIN');
    try {
      await this.#connection.run(`DELETE FROM ${this.#table} WHERE id IN (SELECT unnest($1))`, [listValue(gone)], [LIST(VARCHAR)]);
      if (batch.upserts.length > 0) {
        await this.#connection.run(
          `INSERT INTO ${this.#table} SELECT unnest($1), unnest($2), unnest($3)`,
          [
            listValue(batch.upserts.map((entry) => entry.id)),
            listValue(batch.upserts.map((entry) => entry.kind)),
            listValue(batch.upserts.map((entry) => entry.json)),
          ],
          [LIST(VARCHAR), LIST(VARCHAR), LIST(VARCHAR)],
        );
      }
      await this.#connection.run('COMMIT');
    } catch (error) {
      await this.#connection.run('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }
}

/** Later batches win over earlier ones. */
function mergeBatches(batches: readonly CatalogBatch[]): CatalogBatch {
  const last = new Map<string, CatalogEntry | undefined>();
  for (const batch of batches) {
    for (const id of batch.deletes) last.set(id, undefined);
    for (const entry of batch.upserts) last.set(entry.id, entry);
  }
  return {
    upserts: [...last.values()].filter((entry) => entry !== undefined),
    deletes: [...last].filter(([, entry]) => entry === undefined).map(([id]) => id),
  };
}
