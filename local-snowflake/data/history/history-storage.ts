import type { DuckDBConnection } from '@duckdb/node-api';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { Mutex } from '../../platform/mutex.ts';
import type { ChangeLog } from '../changes/change-log.ts';
import { changeTable } from '../changes/change-tables.ts';
import { inTransaction } from '../duckdb/in-transaction.ts';
import { duckString } from '../duckdb/text.ts';
import { tableName } from '../table-name.ts';
import { createHistory, historyTable, removed, written } from './history-tables.ts';
import type { PastPoint, TableHistory } from './table-history.ts';

/** A point in the past, as SQL names it: a time (epoch milliseconds), or the end of a statement. */
export type NamedPoint =
  | { readonly kind: 'time'; readonly at: number; readonly inclusive: boolean }
  | { readonly kind: 'statement'; readonly id: string; readonly inclusive: boolean };

/** What tables may keep of their past together; beyond that, what is oldest goes before its time. Bytes, estimated. */
const standardLimit = 2 ** 30;

/**
 * The version that a point names. A statement that wrote something stands for its commit; `endOf` says when another one ended.
 * @throws SnowflakeError `statementNotFound`
 */
export async function pastPoint(
  point: NamedPoint,
  endOf: (statement: string) => number | undefined,
  connection: DuckDBConnection,
): Promise<Omit<PastPoint, 'own'>> {
  const read = async (sql: string): Promise<unknown[]> => (await connection.runAndReadAll(sql)).getRows()[0] ?? [];
  const versionAt = async (time: number, compare: '<=' | '<'): Promise<number> => {
    const [version] = await read(
      `SELECT coalesce(max(version), 0)::DOUBLE FROM _changes.commits WHERE committed_at ${compare} ${String(time)}`,
    );
    return Number(version);
  };
  if (point.kind === 'time') return { time: point.at, version: await versionAt(point.at, point.inclusive ? '<=' : '<') };
  const [version, at] = await read(
    `SELECT version::DOUBLE, committed_at::DOUBLE FROM _changes.commits WHERE list_contains(statements, ${duckString(point.id)})`,
  );
  if (version !== undefined) return { time: Number(at), version: Number(version) - (point.inclusive ? 0 : 1) };
  const end = endOf(point.id);
  if (end === undefined) throw SnowflakeError.of('statementNotFound', { queryId: point.id });
  return { time: end, version: await versionAt(end, '<=') };
}

/** Keeps the past of tables within its time and its size. Every method is one committed transaction of its own. */
export class HistoryStorage {
  readonly #connection: DuckDBConnection;
  readonly #log: ChangeLog;
  readonly #limit: number;
  readonly #turn = new Mutex();

  constructor(connection: DuckDBConnection, log: ChangeLog, limit = standardLimit) {
    this.#connection = connection;
    this.#log = log;
    this.#limit = limit;
    log.onVersioned(() => this.#withinLimit());
  }

  /** @throws SnowflakeError `statementNotFound` */
  point(point: NamedPoint, endOf: (statement: string) => number | undefined): Promise<Omit<PastPoint, 'own'>> {
    return this.#turn.run(() => pastPoint(point, endOf, this.#connection));
  }

  /** Tables whose past takes something, those that take most first. */
  sizes(): ReturnType<TableHistory['sizes']> {
    return this.#log.history.sizes();
  }

  /** Gives a table a past that an earlier server made without one; it begins now. */
  async adopt(physicalName: string): Promise<void> {
    if (this.#log.history.has(physicalName)) return;
    await this.#turn.run(() =>
      this.#log.exclusively(async (version) => {
        const columns = `SELECT count(*) + 1 FROM duckdb_columns() WHERE schema_name = 'main' AND table_name = ${duckString(physicalName)}`;
        await inTransaction(this.#connection, [
          `ALTER TABLE ${tableName(physicalName)} ADD COLUMN ${written} BIGINT DEFAULT 0`,
          `ALTER TABLE IF EXISTS ${changeTable(physicalName)} ADD COLUMN IF NOT EXISTS ${written} BIGINT`,
          createHistory(physicalName),
          `INSERT INTO _history.gaps VALUES (${duckString(physicalName)}, ${String(version)})`,
          `INSERT INTO _changes.commits BY NAME SELECT ${String(version)} AS version, ${String(version)} AS txn, ${String(this.#log.now())} AS committed_at`,
        ]);
        const [[count] = []] = (await this.#connection.runAndReadAll(columns)).getRows();
        this.#log.history.add(physicalName, Number(count));
        this.#log.history.trimmed(physicalName, version, 0);
      }),
    );
  }

  /** Forgets what a table was before a time, epoch milliseconds. */
  async trim(physicalName: string, before: number): Promise<void> {
    await this.#turn.run(() =>
      this.#forget(physicalName, `SELECT max(version) FROM _changes.commits WHERE committed_at < ${String(before)}`),
    );
  }

  /** Forgets the older half of what the table with the longest past was, until all of it is within the limit. */
  async #withinLimit(): Promise<void> {
    await this.#turn.run(async () => {
      for (let sizes = this.#log.history.sizes(); sum(sizes) > this.#limit; sizes = this.#log.history.sizes()) {
        const [largest] = sizes;
        if (largest === undefined) return;
        const median = `SELECT quantile_disc(c.version, 0.5) FROM ${historyTable(largest.physicalName)} AS h JOIN _changes.commits AS c ON c.txn = h.${removed}`;
        if ((await this.#forget(largest.physicalName, median)) === 0) return;
      }
    });
  }

  /** @returns how many rows are gone */
  async #forget(physicalName: string, upTo: string): Promise<number> {
    const [[version, txn] = []] = (
      await this.#connection.runAndReadAll(`SELECT version::DOUBLE, txn::VARCHAR FROM _changes.commits WHERE version = (${upTo})`)
    ).getRows();
    if (version === undefined) return 0;
    const gone = `${removed} NOT IN (SELECT txn FROM _changes.commits WHERE version > ${String(version)})`;
    const [rows = 0] = await inTransaction(this.#connection, [
      `DELETE FROM ${historyTable(physicalName)} WHERE ${gone}`,
      `INSERT INTO _history.gaps VALUES (${duckString(physicalName)}, ${String(txn)})`,
    ]);
    this.#log.history.trimmed(physicalName, Number(version), rows);
    return rows;
  }
}

function sum(sizes: readonly { readonly bytes: number }[]): number {
  return sizes.reduce((total, { bytes }) => total + bytes, 0);
}
