import { type DuckDBValue, VARCHAR } from '@duckdb/node-api';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { parseJson, prettyJson, writeJson } from './json-value.ts';
import type { NativeFunction } from './native-function.ts';

export const jsonFunctions: readonly NativeFunction[] = [
  {
    // PARSE_JSON: canonical JSON text, or an error.
    name: 'sf_json',
    parameters: [VARCHAR],
    returns: VARCHAR,
    call: (text: DuckDBValue) => {
      const source = String(text);
      return source.trim() === '' ? null : writeJson(parseJson(source));
    },
  },
  {
    name: 'sf_try_json',
    parameters: [VARCHAR],
    returns: VARCHAR,
    call: (text: DuckDBValue) => {
      try {
        return String(text).trim() === '' ? null : writeJson(parseJson(String(text)));
      } catch (error) {
        if (error instanceof SnowflakeError) return null;
        throw error;
      }
    },
  },
  {
    name: 'sf_pretty_json',
    parameters: [VARCHAR],
    returns: VARCHAR,
    call: (text: DuckDBValue) => prettyJson(parseJson(String(text))),
  },
];
