import { DuckDBListValue, type DuckDBValue } from '@duckdb/node-api';
import { SnowflakeError } from '../../errors/snowflake-error.ts';

/** The values of a list that an aggregate gathered, without its NULLs. */
export function gathered(list: DuckDBValue | undefined): DuckDBValue[] {
  return list instanceof DuckDBListValue ? list.items.filter((item) => item !== null) : [];
}

/** The object in JSON text. @throws SnowflakeError `variantCast` */
export function parseObject(text: string, type: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw SnowflakeError.of('variantCast', { value: text, type });
  }
  return { ...value };
}
