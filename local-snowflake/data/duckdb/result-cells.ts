import type { DuckDBValue } from '@duckdb/node-api';
import type { Cell } from '../../sql/result-set.ts';
import type { SnowflakeType } from '../../sql/types.ts';
import { floatText, secondsText } from '../../sql/wire-number.ts';
import { toWire } from './wire-text.ts';

/** How a result's column leaves DuckDB: SQL over the value, and what makes a cell of what comes out. */
export interface ResultCells {
  readonly sql: string;
  /** Undefined: the SQL gives the cell's text. */
  readonly read: ((value: DuckDBValue) => string) | undefined;
}

/**
 * The cells of a result's column as wire text. Text of more than twelve characters is slow to take out of DuckDB, some
 * microseconds each, so timestamps and floating-point numbers come as numbers and are written here.
 */
export function resultCells(type: SnowflakeType, sql: string): ResultCells {
  switch (type.kind) {
    case 'FLOAT':
      return { sql: `CAST(${sql} AS DOUBLE)`, read: (value) => floatText(Number(value)) };
    case 'TIMESTAMP_NTZ':
    case 'TIMESTAMP_LTZ':
      return { sql: `epoch_us(${sql})`, read: (value) => secondsText(String(value), type.precision) };
    case 'TIME':
      return { sql: `epoch_us(DATE '1970-01-01' + ${sql})`, read: (value) => secondsText(String(value), type.precision) };
    default:
      return { sql: toWire(type, sql), read: undefined };
  }
}

export function cellOf(value: DuckDBValue, read: ResultCells['read']): Cell {
  if (value === null) return null;
  if (read !== undefined) return read(value);
  return typeof value === 'string' ? value : String(value);
}
