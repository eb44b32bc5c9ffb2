import { type DuckDBValue, DuckDBListValue, LIST, VARCHAR } from '@duckdb/node-api';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { isJsonArray, jsonObject, type JsonValue, parseJson, writeJson } from './json-value.ts';
import type { NativeFunction } from './native-function.ts';

function arrayOf(value: DuckDBValue | undefined): readonly JsonValue[] {
  const parsed = parseJson(String(value));
  return isJsonArray(parsed) ? parsed : [parsed];
}

function arraysOf(value: DuckDBValue | undefined): (readonly JsonValue[])[] {
  return value instanceof DuckDBListValue ? value.items.filter((item) => item !== null).map(arrayOf) : [];
}

/** An object for each position, `$1`, `$2` … for each array. */
function zip(arrays: readonly (readonly JsonValue[])[]): JsonValue[] {
  const length = Math.max(0, ...arrays.map((each) => each.length));
  if (length === 0) return [jsonObject([])];
  return Array.from({ length }, (_, index) =>
    jsonObject(arrays.map((each, position) => [`$${String(position + 1)}`, each[index] ?? null] as const)),
  );
}

function combine(keys: readonly JsonValue[], values: readonly JsonValue[]): JsonValue {
  if (keys.length !== values.length) throw SnowflakeError.of('keysAndValues', {});
  return jsonObject(
    keys.flatMap((key, index) => {
      if (key === null) return [];
      if (typeof key !== 'string') throw SnowflakeError.of('keyNotText', {});
      return [[key, values[index] ?? null] as const];
    }),
  );
}

/** Each value as often as in that array which has it most. */
function union(arrays: readonly (readonly JsonValue[])[]): JsonValue[] {
  const most = new Map<string, number>();
  for (const array of arrays) {
    const counts = new Map<string, number>();
    for (const item of array) {
      if (item === null) continue;
      const text = writeJson(item);
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    for (const [text, count] of counts) most.set(text, Math.max(count, most.get(text) ?? 0));
  }
  return [...most].flatMap(([text, count]) => Array.from({ length: count }, () => parseJson(text)));
}

/** What makes one value of several arrays. */
export const arrayCombinations: readonly NativeFunction[] = [
  {
    name: 'sf_arrays_zip',
    parameters: [LIST(VARCHAR)],
    returns: VARCHAR,
    call: (arrays) => writeJson(zip(arraysOf(arrays))),
  },
  {
    name: 'sf_arrays_to_object',
    parameters: [VARCHAR, VARCHAR],
    returns: VARCHAR,
    call: (keys, values) => writeJson(combine(arrayOf(keys), arrayOf(values))),
  },
  {
    name: 'sf_array_union',
    parameters: [LIST(VARCHAR)],
    returns: VARCHAR,
    call: (arrays) => writeJson(union(arraysOf(arrays))),
  },
];
