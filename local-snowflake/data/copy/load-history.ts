import type { DuckDBConnection } from '@duckdb/node-api';
import { execute, readCells } from '../duckdb/run.ts';
import { duckString } from '../duckdb/text.ts';
import type { StageFile } from '../ports.ts';
import { createLoadRecords, forgetLoads } from './load-records.ts';

/**
 * Which files a table has taken, so that COPY loads a file once. It is kept beside the data, in the same transaction,
 * and goes with the table. https://docs.snowflake.com/en/user-guide/data-load-considerations-load#load-metadata
 */
export async function createLoadHistory(connection: DuckDBConnection): Promise<void> {
  await connection.run('CREATE SCHEMA IF NOT EXISTS _catalog');
  await connection.run(
    'CREATE TABLE IF NOT EXISTS _catalog.loaded_files (physical_name VARCHAR NOT NULL, file VARCHAR NOT NULL, md5 VARCHAR NOT NULL)',
  );
  await createLoadRecords(connection);
}

/** A file as the history knows it. */
export function loadKey(stage: string, file: StageFile): string {
  return `${stage}/${file.name}`;
}

/** Keys and digests of the files that a table has taken. */
export async function loadedFiles(physicalName: string, connection: DuckDBConnection): Promise<ReadonlyMap<string, string>> {
  const rows = await readCells(
    connection,
    `SELECT file, md5 FROM _catalog.loaded_files WHERE physical_name = ${duckString(physicalName)}`,
  );
  return new Map(rows.map(([file, md5]) => [file ?? '', md5 ?? '']));
}

export async function rememberFiles(
  physicalName: string,
  stage: string,
  files: readonly StageFile[],
  connection: DuckDBConnection,
): Promise<void> {
  if (files.length === 0) return;
  const rows = files.map((file) => `(${duckString(physicalName)}, ${duckString(loadKey(stage, file))}, ${duckString(file.md5)})`);
  await execute(connection, `INSERT INTO _catalog.loaded_files VALUES ${rows.join(', ')}`);
}

/** TRUNCATE and DROP forget. */
export async function forgetFiles(physicalName: string, connection: DuckDBConnection): Promise<void> {
  await execute(connection, `DELETE FROM _catalog.loaded_files WHERE physical_name = ${duckString(physicalName)}`);
  await forgetLoads(physicalName, connection);
}
