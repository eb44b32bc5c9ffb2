import { type SnowflakeType, types } from './types.ts';

/** One column as a client is told of it. */
export interface ResultColumn {
  readonly name: string;
  readonly type: SnowflakeType;
  readonly nullable: boolean;
}

/**
 * A cell in Snowflake's wire text, or null:
 * NUMBER `12`, `1.50` · FLOAT `1.5e-3` · BOOLEAN `1`/`0` · VARCHAR as is · BINARY hexadecimal, upper case ·
 * DATE days since the epoch · TIME, TIMESTAMP_NTZ, TIMESTAMP_LTZ `seconds.nanoseconds` (the instant, UTC for LTZ; one
 * decimal number, so a second and a half before the epoch is `-1.500000000`) ·
 * TIMESTAMP_TZ the same, a blank, then minutes east of UTC + 1440 · VARIANT, OBJECT, ARRAY JSON text.
 */
export type Cell = string | null;
export type Row = readonly Cell[];

/** What a statement returns. Shape: `rows[i].length === columns.length`. */
export interface ResultSet {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly Row[];
}

export function column(name: string, type: SnowflakeType = types.varchar(), nullable = true): ResultColumn {
  return { name, type, nullable };
}

/** One row, one text column `status`: what nearly every DDL statement answers. */
export function statusResult(message: string, columnName = 'status'): ResultSet {
  return { columns: [column(columnName)], rows: [[message]] };
}

/** Cells from JavaScript values, in the wire text above. */
export const cell = {
  text: (value: string | undefined | null): Cell => value ?? null,
  boolean: (value: boolean | undefined | null): Cell => (value === undefined || value === null ? null : value ? '1' : '0'),
  number: (value: number | bigint | undefined | null): Cell => (value === undefined || value === null ? null : value.toString()),
  /** `milliseconds` since the epoch. */
  timestamp: (milliseconds: number | undefined | null): Cell =>
    milliseconds === undefined || milliseconds === null ? null : timestampText(milliseconds),
  json: (value: unknown): Cell => (value === undefined || value === null ? null : JSON.stringify(value)),
};

function timestampText(milliseconds: number): string {
  const whole = Math.abs(Math.trunc(milliseconds));
  const sign = milliseconds < 0 ? '-' : '';
  return `${sign}${String(Math.floor(whole / 1000))}.${String(whole % 1000).padStart(3, '0')}000000`;
}
