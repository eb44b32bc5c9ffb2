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
