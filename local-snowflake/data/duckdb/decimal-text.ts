import type { SnowflakeType } from '../../sql/types.ts';
import { physicalType } from './physical-type.ts';

/**
 * DuckDB SQL that reads text as a NUMBER. DuckDB takes two hundred times as long for decimals of more than 18 digits, so
 * values that fit 18 are read as such and widened; both ways round half away from zero.
 */
export function decimalOfText(sql: string, type: Extract<SnowflakeType, { kind: 'NUMBER' }>, attempt = false): string {
  const target = physicalType(type);
  const whole = `${attempt ? 'TRY_CAST' : 'CAST'}(${sql} AS ${target})`;
  if (type.precision <= 18 || type.scale > 12) return whole;
  return `coalesce(CAST(TRY_CAST(${sql} AS DECIMAL(18,${String(type.scale)})) AS ${target}), ${whole})`;
}

/** A NUMBER's text, from DuckDB's DECIMAL: that leaves out the zero before the point where all digits are behind it. */
export function textOfDecimal(sql: string, { precision, scale }: Extract<SnowflakeType, { kind: 'NUMBER' }>): string {
  const text = `CAST(${sql} AS VARCHAR)`;
  return scale > 0 && precision === scale ? String.raw`regexp_replace(${text}, '^(-?)[.]', '\10.')` : text;
}
