import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { Cell } from '../sql/result-set.ts';
import type { SnowflakeType } from '../sql/types.ts';

/**
 * A cell as service functions send it.
 * https://docs.snowflake.com/en/sql-reference/external-functions-data-format
 */
export function toJson(value: Cell, type: SnowflakeType): unknown {
  if (value === null) return null;
  switch (type.kind) {
    case 'NUMBER':
    case 'FLOAT':
      // JSON has no such numbers; pandas reads the words.
      return Number.isFinite(Number(value)) ? Number(value) : value;
    case 'BOOLEAN':
      return value === '1' || value.toLowerCase() === 'true';
    case 'VARIANT':
    case 'OBJECT':
    case 'ARRAY':
      return JSON.parse(value) as unknown;
    case 'DATE':
      return new Date(Number(value) * 86_400_000).toISOString().slice(0, 10);
    case 'TIMESTAMP_NTZ':
      return moment(value);
    case 'TIMESTAMP_LTZ':
    case 'TIMESTAMP_TZ':
      return `${moment(value)}Z`;
    case 'TIME':
      return moment(value).slice(11);
    default:
      return value;
  }
}

/** `seconds.nanos[ offset]` → `2026-01-02T03:04:05.123456789` */
function moment(value: string): string {
  const [seconds = '0', nanos = ''] = (value.split(' ')[0] ?? '').split('.');
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return nanos === '' ? whole : `${whole}.${nanos}`;
}

/** What a service answered, as a cell. @throws SnowflakeError for a type that services do not return here */
export function fromJson(value: unknown, type: SnowflakeType): Cell {
  if (value === null || value === undefined) return null;
  switch (type.kind) {
    case 'VARIANT':
    case 'OBJECT':
    case 'ARRAY':
      return JSON.stringify(value);
    case 'BOOLEAN':
      return value === true ? '1' : '0';
    case 'NUMBER':
    case 'FLOAT':
    case 'VARCHAR':
      return typeof value === 'string' ? value : JSON.stringify(value);
    default:
      throw SnowflakeError.of('unsupported', { feature: `model services that return ${type.kind}` });
  }
}
