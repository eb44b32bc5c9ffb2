import { BIGINT, type DuckDBValue, LIST, VARCHAR } from '@duckdb/node-api';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { isJsonArray, isJsonObject, JsonNumber, jsonObject, type JsonValue, parseJson, writeJson } from './json-value.ts';
import { gathered } from './sketch-state.ts';
import type { NativeFunction } from './native-function.ts';

interface Frequency {
  readonly value: JsonValue;
  readonly count: number;
}

/** The most frequent first; equal ones in the order of their values. */
function ranked(frequencies: readonly Frequency[]): Frequency[] {
  return frequencies.toSorted((a, b) => b.count - a.count || compare(a.value, b.value));
}

function compare(a: JsonValue, b: JsonValue): number {
  if (a instanceof JsonNumber && b instanceof JsonNumber) return Number(a.text) - Number(b.text);
  const [x, y] = [writeJson(a), writeJson(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

function read(text: DuckDBValue | undefined): { readonly counters: number; readonly frequencies: Frequency[] } {
  const parsed = parseJson(String(text));
  const state = isJsonObject(parsed) ? parsed.get('state') : undefined;
  const counters = isJsonObject(parsed) ? parsed.get('counters') : undefined;
  if (!isJsonArray(state) || !(counters instanceof JsonNumber)) {
    throw SnowflakeError.of('variantCast', { value: String(text), type: 'Space-Saving' });
  }
  const frequencies = state.flatMap((item) =>
    isJsonArray(item) && item[1] instanceof JsonNumber ? [{ value: item[0] ?? null, count: Number(item[1].text) }] : [],
  );
  return { counters: Number(counters.text), frequencies };
}

function pairs(frequencies: readonly Frequency[]): JsonValue {
  return frequencies.map(({ value, count }) => [value, new JsonNumber(String(count))]);
}

function write(frequencies: readonly Frequency[], counters: number): string {
  return writeJson(
    jsonObject([
      ['counters', new JsonNumber(String(counters))],
      ['state', pairs(ranked(frequencies).slice(0, counters))],
      ['type', 'space_saving'],
      ['version', new JsonNumber('1')],
    ]),
  );
}

function combined(list: DuckDBValue | undefined, counters: number): string {
  const states = gathered(list).map(read);
  const own = new Set(states.map((state) => state.counters));
  if (counters === 0 && own.size > 1)
    throw SnowflakeError.of('invalidArgument', { name: 'APPROX_TOP_K_COMBINE', value: 'states of unlike numbers of counters' });
  const sums = new Map<string, Frequency>();
  for (const { value, count } of states.flatMap((state) => state.frequencies)) {
    const key = writeJson(value);
    sums.set(key, { value, count: count + (sums.get(key)?.count ?? 0) });
  }
  return write([...sums.values()], counters === 0 ? (states[0]?.counters ?? 1) : counters);
}

/** States of APPROX_TOP_K: values with their counts, as many as there are counters. */
export const frequencyNatives: readonly NativeFunction[] = [
  {
    // sf_top_k_combine(states, counters; 0 keeps theirs)
    name: 'sf_top_k_combine',
    parameters: [LIST(VARCHAR), BIGINT],
    returns: VARCHAR,
    call: (list, counters) => combined(list, Number(counters)),
  },
  {
    name: 'sf_top_k_estimate',
    parameters: [VARCHAR, BIGINT],
    returns: VARCHAR,
    call: (state, k) => writeJson(pairs(ranked(read(state).frequencies).slice(0, Number(k)))),
  },
];
