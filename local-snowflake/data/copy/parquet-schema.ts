import type { DuckDBConnection } from '@duckdb/node-api';
import { type SnowflakeType, types } from '../../sql/types.ts';
import { quoteIdentifier } from '../../sql/identifier.ts';
import { readCells } from '../duckdb/run.ts';
import { duckString } from '../duckdb/text.ts';
import type { StageFile } from '../ports.ts';
import type { ParquetFormat } from './file-format.ts';

/** A column of Parquet files, as Snowflake sees it. */
export interface ParquetColumn {
  readonly name: string;
  readonly type: SnowflakeType;
  readonly nullable: boolean;
  /** DuckDB SQL of the value, in `physicalType(type)`. */
  readonly sql: string;
}

/** DuckDB's table function over files; columns that only some of them have are NULL in the others. */
export function parquetScan(files: readonly StageFile[], metadata = true): string {
  const list = files.map((file) => duckString(file.path)).join(', ');
  // Columns by these names would clash with those of the files, so they have names of their own.
  const options = metadata ? `, filename = 'sf_filename', file_row_number = true` : '';
  return `read_parquet([${list}], union_by_name = true${options})`;
}

export async function parquetColumns(
  files: readonly StageFile[],
  format: ParquetFormat,
  connection: DuckDBConnection,
): Promise<ParquetColumn[]> {
  if (files.length === 0) return [];
  const rows = await readCells(
    connection,
    `SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ${parquetScan(files, false)})`,
  );
  const required = await requiredColumns(files, connection);
  return rows.map(([name, type]) => {
    const column = name ?? '';
    return { name: column, nullable: !required.has(column), ...columnType(type ?? '', quoteIdentifier(column), format) };
  });
}

async function requiredColumns(files: readonly StageFile[], connection: DuckDBConnection): Promise<Set<string>> {
  const list = files.map((file) => duckString(file.path)).join(', ');
  const rows = await readCells(
    connection,
    `SELECT name FROM parquet_schema([${list}]) WHERE repetition_type = 'REQUIRED' AND num_children IS NULL`,
  );
  return new Set(rows.map(([name]) => name ?? ''));
}

function columnType(
  duckType: string,
  column: string,
  format: ParquetFormat,
): { readonly type: SnowflakeType; readonly sql: string } {
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/u.exec(duckType);
  if (decimal !== null) return { type: types.number(Number(decimal[1]), Number(decimal[2])), sql: column };
  switch (duckType) {
    case 'BOOLEAN':
      return { type: types.boolean, sql: column };
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'BIGINT':
    case 'UTINYINT':
    case 'USMALLINT':
    case 'UINTEGER':
    case 'UBIGINT':
    case 'HUGEINT':
      return { type: types.number(38, 0), sql: `CAST(${column} AS DECIMAL(38,0))` };
    case 'FLOAT':
      // Through its text, as 0.1 is 0.1 and not the double next to the float.
      return { type: types.float, sql: `CAST(CAST(${column} AS VARCHAR) AS DOUBLE)` };
    case 'DOUBLE':
      return { type: types.float, sql: column };
    case 'VARCHAR':
    case 'UUID':
      return { type: types.varchar(), sql: `CAST(${column} AS VARCHAR)` };
    case 'BLOB':
      return format.binaryAsText ? { type: types.varchar(), sql: `decode(${column})` } : { type: types.binary(), sql: column };
    case 'DATE':
      return { type: types.date, sql: column };
    case 'TIME':
      return { type: types.time(), sql: column };
    case 'TIMESTAMP WITH TIME ZONE':
      return { type: types.timestampNtz(), sql: `timezone('UTC', ${column})` };
    default:
      if (duckType.startsWith('TIMESTAMP')) return { type: types.timestampNtz(), sql: `CAST(${column} AS TIMESTAMP)` };
      // Lists, structs, maps: only as a whole. Keys come out in order.
      return { type: types.variant, sql: `CAST(sf_json(CAST(to_json(${column}) AS VARCHAR)) AS JSON)` };
  }
}
