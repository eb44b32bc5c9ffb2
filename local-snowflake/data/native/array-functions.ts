import { BOOLEAN, type DuckDBValue, DuckDBListValue, LIST, VARCHAR } from '@duckdb/node-api';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import {
  isJsonArray,
  isJsonObject,
  JsonNumber,
  jsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
  plainNumbers,
  writeJson,
} from './json-value.ts';
import { withoutTags } from '../types/variant-tags.ts';
import type { NativeFunction } from './native-function.ts';

const s = (value: DuckDBValue | undefined): string => String(value);

function arrayOf(value: DuckDBValue | undefined): readonly JsonValue[] {
  const parsed = parseJson(s(value));
  return isJsonArray(parsed) ? parsed : [parsed];
}

function objectOf(value: DuckDBValue | undefined): JsonObject {
  const parsed = parseJson(s(value));
  if (!isJsonObject(parsed)) throw SnowflakeError.of('variantCast', { value: s(value), type: 'OBJECT' });
  return parsed;
}

function listOf(value: DuckDBValue | undefined): string[] {
  return value instanceof DuckDBListValue ? value.items.map(String) : [];
}

function same(a: JsonValue, b: JsonValue): boolean {
  return writeJson(plainNumbers(a)) === writeJson(plainNumbers(b));
}

/** A number as text outside JSON has it: floating-point ones without the exponent that marks them. */
function plainNumber({ text }: JsonNumber): string {
  return text.includes('e') ? String(Number(text)) : text;
}

/** Numbers before text, as values; other kinds by their text. */
function compareJson(a: JsonValue, b: JsonValue): number {
  if (a instanceof JsonNumber && b instanceof JsonNumber) return Number(a.text) - Number(b.text);
  const [x, y] = [typeof a === 'string' ? a : writeJson(a), typeof b === 'string' ? b : writeJson(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** A function of JSON texts that gives JSON text, or NULL. */
function json(name: string, parameters: number, work: (...args: string[]) => JsonValue | undefined): NativeFunction {
  return {
    name,
    parameters: Array.from({ length: parameters }, () => VARCHAR),
    returns: VARCHAR,
    call: (...args) => {
      const result = work(...args.map(s));
      return result === undefined ? null : writeJson(result);
    },
  };
}

/** Each element of `b` takes away one equal element of `a`: arrays are bags here. */
function without(a: readonly JsonValue[], b: readonly JsonValue[]): { kept: JsonValue[]; taken: JsonValue[] } {
  const rest = b.map((item) => writeJson(plainNumbers(item)));
  const kept: JsonValue[] = [];
  const taken: JsonValue[] = [];
  for (const item of a) {
    const index = rest.indexOf(writeJson(plainNumbers(item)));
    if (index < 0) kept.push(item);
    else {
      taken.push(item);
      rest.splice(index, 1);
    }
  }
  return { kept, taken };
}

function sorted(items: readonly JsonValue[], ascending: boolean, nullsFirst: boolean): JsonValue[] {
  const values = items.filter((item) => item !== null).sort(compareJson);
  if (!ascending) values.reverse();
  const nulls = items.filter((item) => item === null);
  return nullsFirst ? [...nulls, ...values] : [...values, ...nulls];
}

export const arrayNatives: readonly NativeFunction[] = [
  json('sf_array_append', 2, (list, item) => [...arrayOf(list), parseJson(item ?? 'null')]),
  json('sf_array_prepend', 2, (list, item) => [parseJson(item ?? 'null'), ...arrayOf(list)]),
  json('sf_array_cat', 2, (a, b) => [...arrayOf(a), ...arrayOf(b)]),
  json('sf_array_compact', 1, (list) => arrayOf(list).filter((item) => item !== null)),
  json('sf_array_distinct', 1, (list) => {
    const items = arrayOf(list);
    return items.filter((item, index) => items.findIndex((other) => same(item, other)) === index);
  }),
  json('sf_array_except', 2, (a, b) => without(arrayOf(a), arrayOf(b)).kept),
  json('sf_array_intersection', 2, (a, b) => without(arrayOf(a), arrayOf(b)).taken),
  json('sf_array_insert', 3, (list, at, item) => {
    const items = [...arrayOf(list)];
    const index = Number(at);
    while (items.length < index) items.push(null);
    items.splice(index, 0, parseJson(item ?? 'null'));
    return items;
  }),
  json('sf_array_remove', 2, (list, item) => arrayOf(list).filter((other) => !same(other, parseJson(item ?? 'null')))),
  json('sf_array_remove_at', 2, (list, at) => {
    const items = arrayOf(list);
    const index = Number(at) < 0 ? items.length + Number(at) : Number(at);
    return items.filter((_, position) => position !== index);
  }),
  json('sf_array_reverse', 1, (list) => [...arrayOf(list)].reverse()),
  json('sf_array_slice', 3, (list, from, to) => arrayOf(list).slice(Number(from), Number(to))),
  json('sf_array_sort', 3, (list, ascending, nullsFirst) => sorted(arrayOf(list), ascending === 'true', nullsFirst === 'true')),
  json(
    'sf_array_max',
    1,
    (list) =>
      sorted(
        arrayOf(list).filter((item) => item !== null),
        false,
        false,
      )[0],
  ),
  json(
    'sf_array_min',
    1,
    (list) =>
      sorted(
        arrayOf(list).filter((item) => item !== null),
        true,
        false,
      )[0],
  ),
  json('sf_array_flatten', 1, (list) => arrayOf(list).flatMap((item) => (isJsonArray(item) ? item : [item]))),
  json('sf_get_ignore_case', 2, (value, key) => {
    const parsed = parseJson(value ?? 'null');
    if (!isJsonObject(parsed)) return undefined;
    return parsed.get(key ?? '') ?? [...parsed].find(([name]) => name.toLowerCase() === key?.toLowerCase())?.[1];
  }),
  {
    name: 'sf_array_to_string',
    parameters: [VARCHAR, VARCHAR],
    returns: VARCHAR,
    call: (list, by) =>
      arrayOf(list)
        .map((item) =>
          item === null
            ? ''
            : withoutTags(typeof item === 'string' ? item : item instanceof JsonNumber ? plainNumber(item) : writeJson(item)),
        )
        .join(s(by)),
  },
  {
    name: 'sf_object_insert',
    parameters: [VARCHAR, VARCHAR, VARCHAR, BOOLEAN],
    returns: VARCHAR,
    nullArguments: true,
    call: (object, key, value, update) => {
      if (object === null || key === null) return null;
      const entries = new Map(objectOf(object));
      if (entries.has(s(key)) && update !== true) throw SnowflakeError.of('execution', { message: `duplicate key: ${s(key)}` });
      if (value === null) entries.delete(s(key));
      else entries.set(s(key), parseJson(s(value)));
      return writeJson(jsonObject(entries));
    },
  },
  {
    name: 'sf_object_delete',
    parameters: [VARCHAR, LIST(VARCHAR)],
    returns: VARCHAR,
    call: (object, keys) => {
      const gone = new Set(listOf(keys));
      return writeJson(new Map([...objectOf(object)].filter(([key]) => !gone.has(key))));
    },
  },
  {
    name: 'sf_object_pick',
    parameters: [VARCHAR, LIST(VARCHAR)],
    returns: VARCHAR,
    call: (object, keys) => {
      const kept = new Set(listOf(keys));
      return writeJson(new Map([...objectOf(object)].filter(([key]) => kept.has(key))));
    },
  },
];
