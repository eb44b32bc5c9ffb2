import { SnowflakeError } from '../errors/snowflake-error.ts';
import { quoteString } from '../sql/literal.ts';

export type RestValue = string | number | boolean;

/**
 * `NAME = value` as CREATE takes it, whatever the text holds. `kind` is for the message.
 * @throws SnowflakeError `invalidProperty` for a name that is none
 */
export function restSetting(name: string, value: RestValue, kind: string): string {
  return `${restPropertyName(name, kind)} = ${typeof value === 'string' ? quoteString(value) : String(value)}`;
}

/** @throws SnowflakeError `invalidProperty` for a name that is none */
export function restPropertyName(name: string, kind: string): string {
  if (!/^[A-Za-z][A-Za-z0-9_]*$/u.test(name)) throw SnowflakeError.of('invalidProperty', { property: name, kind });
  return name.toUpperCase();
}
