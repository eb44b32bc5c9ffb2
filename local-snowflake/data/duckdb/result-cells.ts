import type { DuckDBValue } from '@duckdb/node-api';
import type { Cell } from '../../sql/result-set.ts';
import type { SnowflakeType } from '../../sql/types.ts';
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

/** The same text as the macro `float_text` gives. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-4 && size < 1e16)) return String(value === 0 ? 0 : value);
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  return `${mantissa}e${exponent.charAt(0)}${exponent.slice(1).padStart(2, '0')}`;
}

/** Microseconds as decimal seconds with the type's digits. */
export function secondsText(micros: string, digits: number): string {
  const negative = micros.startsWith('-');
  const text = (negative ? micros.slice(1) : micros).padStart(7, '0');
  const whole = text.slice(0, -6);
  const fraction = text.slice(-6);
  if (digits === 0) return negative && fraction !== '000000' ? String(-BigInt(whole) - 1n) : `${negative ? '-' : ''}${whole}`;
  const shown = digits > 6 ? fraction.padEnd(digits, '0') : fraction.slice(0, digits);
  return `${negative ? '-' : ''}${whole}.${shown}`;
}
