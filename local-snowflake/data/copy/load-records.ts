import type { DuckDBConnection } from '@duckdb/node-api';
import { execute, readCells } from '../duckdb/run.ts';
import { duckString } from '../duckdb/text.ts';
import type { FileOutcome } from './copy-result.ts';
import type { FileFault } from './load-faults.ts';

/*
 * What COPY did, for COPY_HISTORY and VALIDATE, kept beside the data and in the same transaction:
 *
 *   _catalog.loads        a row for each file, and one without a file where there was none
 *   _catalog.load_faults  all faults of loads that went on in spite of them
 */

/** Days that the history goes back. https://docs.snowflake.com/en/sql-reference/functions/copy_history */
const keptMilliseconds = 14 * 86_400_000;

export async function createLoadRecords(connection: DuckDBConnection): Promise<void> {
  await connection.run(
    `CREATE TABLE IF NOT EXISTS _catalog.loads (query_id VARCHAR NOT NULL, session VARCHAR NOT NULL, physical_name VARCHAR NOT NULL,
       loaded_at BIGINT NOT NULL, transformed BOOLEAN NOT NULL, stage VARCHAR, file VARCHAR, size BIGINT, parsed BIGINT, loaded BIGINT,
       error_limit BIGINT, errors BIGINT, error VARCHAR, error_line BIGINT, error_column VARCHAR)`,
  );
  await connection.run(
    `CREATE TABLE IF NOT EXISTS _catalog.load_faults (query_id VARCHAR NOT NULL, physical_name VARCHAR NOT NULL, place BIGINT NOT NULL,
       error VARCHAR, file VARCHAR, line BIGINT, category VARCHAR, code BIGINT, sql_state VARCHAR, column_name VARCHAR, row_number BIGINT)`,
  );
}

export interface LoadRecord {
  readonly queryId: string;
  readonly session: string;
  readonly physicalName: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Whether a query made the rows: such loads cannot be validated. */
  readonly transformed: boolean;
  readonly stage: string;
  readonly files: readonly (FileOutcome & { readonly size: number })[];
  readonly faults: readonly FileFault[];
  /** A file of a fault as results name it. */
  readonly shown: (file: string) => string;
}

export async function recordLoad(load: LoadRecord, connection: DuckDBConnection): Promise<void> {
  const old = String(load.at - keptMilliseconds);
  await execute(
    connection,
    `DELETE FROM _catalog.load_faults WHERE query_id IN (SELECT query_id FROM _catalog.loads WHERE loaded_at < ${old})`,
  );
  await execute(connection, `DELETE FROM _catalog.loads WHERE loaded_at < ${old}`);
  const head = [load.queryId, load.session, load.physicalName, load.at, load.transformed].map(literal);
  const rows = load.files.map(({ file, size, parsed, loaded, errorLimit, errors, first }) => {
    const fault = [first?.message, first?.line, first?.column];
    return [...head, ...[load.stage, file, size, parsed, loaded, errorLimit, errors, ...fault].map(literal)];
  });
  const none = [...head, ...Array.from({ length: 10 }, () => 'NULL')];
  await insert('_catalog.loads', rows.length === 0 ? [none] : rows, connection);
  const faults = load.faults.map(({ message, file, line, category, symbolic, column, row }, place) =>
    [
      ...[load.queryId, load.physicalName, place, message, load.shown(file), line, category],
      ...[Number(symbolic.code), symbolic.sqlState, column, row],
    ].map(literal),
  );
  await insert('_catalog.load_faults', faults, connection);
}

const rowsAtOnce = 1000;

async function insert(table: string, rows: readonly (readonly string[])[], connection: DuckDBConnection): Promise<void> {
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    const some = rows.slice(start, start + rowsAtOnce).map((row) => `(${row.join(', ')})`);
    await execute(connection, `INSERT INTO ${table} VALUES ${some.join(', ')}`);
  }
}

function literal(value: string | number | boolean | undefined): string {
  if (value === undefined) return 'NULL';
  return typeof value === 'string' ? duckString(value) : String(value);
}

/** TRUNCATE and DROP forget. */
export async function forgetLoads(physicalName: string, connection: DuckDBConnection): Promise<void> {
  for (const table of ['loads', 'load_faults'])
    await execute(connection, `DELETE FROM _catalog.${table} WHERE physical_name = ${duckString(physicalName)}`);
}

/** The load that a query id, or `_last`, means: whether it can be validated; undefined when there is none. */
export async function foundLoad(
  job: string,
  session: string,
  physicalName: string,
  connection: DuckDBConnection,
): Promise<{ readonly queryId: string; readonly transformed: boolean } | undefined> {
  const which =
    job.toLowerCase() === '_last'
      ? `session = ${duckString(session)} ORDER BY loaded_at DESC, rowid DESC`
      : `query_id = ${duckString(job)} AND physical_name = ${duckString(physicalName)}`;
  const [[queryId, transformed] = []] = await readCells(
    connection,
    `SELECT query_id, CAST(transformed AS VARCHAR) FROM _catalog.loads WHERE ${which} LIMIT 1`,
  );
  return queryId === undefined || queryId === null ? undefined : { queryId, transformed: transformed === 'true' };
}
