import type { DuckDBConnection } from '@duckdb/node-api';

/**
 * Runs statements as one transaction: all of them, or none when one fails. The connection must have no other under way.
 * @returns how many rows each statement changed
 */
export async function inTransaction(connection: Pick<DuckDBConnection, 'run'>, statements: readonly string[]): Promise<number[]> {
  await connection.run('BEGIN');
  try {
    const changed: number[] = [];
    for (const statement of statements) changed.push((await connection.run(statement)).rowsChanged);
    await connection.run('COMMIT');
    return changed;
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
