import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteIdentifier } from '../../sql/identifier.ts';
import { tableName } from '../table-name.ts';

/*
 * What tables were is kept beside them, written in the transaction that changes them:
 *
 *   main.<physical name>      each row has the transaction that wrote it
 *   _history.<physical name>  rows that were removed or changed, as they were, with the transaction that did it
 *   _history.gaps             transactions before which a table's past is not complete
 *   _changes.commits          transactions in the order of their commits
 *
 * A row is part of a version when it was written by then and not removed by then.
 * https://docs.snowflake.com/en/user-guide/data-time-travel#querying-historical-data
 */

/** Columns that no user's column can be confused with: the control character keeps them apart. */
export const writtenColumn = '\u0001written';
export const removedColumn = '\u0001removed';

export const written = quoteIdentifier(writtenColumn);
export const removed = quoteIdentifier(removedColumn);

export function historyTable(physicalName: string): string {
  return `_history.${quoteIdentifier(physicalName)}`;
}

/** Makes the empty history of a table that is there. */
export function createHistory(physicalName: string): string {
  return `CREATE TABLE ${historyTable(physicalName)} AS SELECT *, 0::BIGINT AS ${removed} FROM ${tableName(physicalName)} LIMIT 0`;
}

export async function createHistoryTables(connection: DuckDBConnection): Promise<void> {
  await connection.run('CREATE SCHEMA IF NOT EXISTS _history');
  await connection.run('CREATE TABLE IF NOT EXISTS _history.gaps (physical_name VARCHAR NOT NULL, txn BIGINT NOT NULL)');
}

/** A table's rows as they were at a version; `own` is the reader's own open transaction, which counts as later than all. */
export function tableAsOf(
  physicalName: string,
  columns: readonly string[],
  { version, own }: { readonly version: number; readonly own: number | undefined },
): string {
  const mine = own === undefined ? '' : ` UNION ALL SELECT ${String(own)}`;
  const later = `(SELECT txn FROM _changes.commits WHERE version > ${String(version)}${mine})`;
  const list = columns.map(quoteIdentifier).join(', ');
  // A row without a transaction was there before any that is told of.
  const there = `coalesce(${written}, 0) NOT IN ${later}`;
  return `SELECT ${list} FROM ${tableName(physicalName)} WHERE ${there} UNION ALL SELECT ${list} FROM ${historyTable(physicalName)} WHERE ${there} AND ${removed} IN ${later}`;
}
