import { DuckDBInstance } from '@duckdb/node-api';
import { DataWrites } from './data-writes.ts';
import { WatchedConnection } from './watched-connection.ts';

/** A DuckDB file (or memory) whose connections all know when one of them writes. */
export class WatchedDatabase {
  readonly #instance: DuckDBInstance;
  readonly #writes = new DataWrites();

  private constructor(instance: DuckDBInstance) {
    this.#instance = instance;
  }

  static async open(path: string, options: Record<string, string>): Promise<WatchedDatabase> {
    return new WatchedDatabase(await DuckDBInstance.create(path, options));
  }

  async connect(): Promise<WatchedConnection> {
    const plain = await this.#instance.connect();
    return new WatchedConnection(plain['connection'], this.#writes);
  }

  closeSync(): void {
    this.#instance.closeSync();
  }
}
