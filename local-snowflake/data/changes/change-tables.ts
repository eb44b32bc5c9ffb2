import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteIdentifier } from '../../sql/identifier.ts';
import { duckString } from '../duckdb/text.ts';

/*
 * Changes of rows are kept beside the tables, written in the transaction that makes them:
 *
 *   _changes.<physical name>  the rows that a table lost (as they were) and gained, with the transaction and an order within it
 *   _changes.commits          transactions that were committed, as versions in the order of their commits
 *   _changes.tracked          since which version a table's changes are known
 *   _changes.offsets          how far each stream was consumed
 *
 * A tracked table has one column more, the id of the row.
 * https://docs.snowflake.com/en/user-guide/streams-intro#offset-storage
 */

/** Columns that no user's column can be confused with: the control character keeps them apart. */
export const rowIdColumn = '\u0001row';
export const transactionColumn = '\u0001transaction';
export const orderColumn = '\u0001order';
export const actionColumn = '\u0001action';

/** What a row of a change table says happened. `UPDATED` is the row as it became; append-only streams pass over it. */
export type ChangeAction = 'DELETE' | 'INSERT' | 'UPDATED';

export const rowId = quoteIdentifier(rowIdColumn);
export const transaction = quoteIdentifier(transactionColumn);
export const order = quoteIdentifier(orderColumn);
export const action = quoteIdentifier(actionColumn);

export function changeTable(physicalName: string): string {
  return `_changes.${quoteIdentifier(physicalName)}`;
}

/** SQL of a stream's offset. */
export function offsetOf(streamId: string, column: 'version' | 'initial' = 'version'): string {
  return `(SELECT ${column} FROM _changes.offsets WHERE stream = ${duckString(streamId)})`;
}

/** The latest version that the transaction sees. */
export const latestVersion = '(SELECT coalesce(max(version), 0) FROM _changes.commits)';

export async function createChangeTables(connection: DuckDBConnection): Promise<void> {
  await connection.run('CREATE SCHEMA IF NOT EXISTS _changes');
  await connection.run(
    'CREATE TABLE IF NOT EXISTS _changes.commits (version BIGINT NOT NULL, txn BIGINT NOT NULL, committed_at BIGINT NOT NULL, statements VARCHAR[])',
  );
  await connection.run('ALTER TABLE _changes.commits ADD COLUMN IF NOT EXISTS statements VARCHAR[]');
  await connection.run('CREATE TABLE IF NOT EXISTS _changes.tracked (physical_name VARCHAR NOT NULL, since BIGINT NOT NULL)');
  // `consuming`: how far a transaction that is not committed yet has consumed it; others wait for that one's end.
  await connection.run(
    'CREATE TABLE IF NOT EXISTS _changes.offsets (stream VARCHAR NOT NULL, version BIGINT NOT NULL, initial BOOLEAN NOT NULL, read_at BIGINT NOT NULL, consuming BIGINT)',
  );
}
