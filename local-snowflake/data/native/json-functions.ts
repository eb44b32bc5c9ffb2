import { BIGINT, BOOLEAN, type DuckDBValue, DuckDBListValue, DuckDBStructValue, LIST, STRUCT, VARCHAR } from '@duckdb/node-api';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import {
  isJsonArray,
  isJsonObject,
  type JsonValue,
  layoutJson,
  parseJson,
  plainNumbers,
  prettyJson,
  writeJson,
} from './json-value.ts';
import { withoutTags } from '../types/variant-tags.ts';
import type { NativeFunction } from './native-function.ts';
import { variantKey } from './variant-key.ts';

const flattenEntry = STRUCT({ k: VARCHAR, p: VARCHAR, n: BIGINT, v: VARCHAR });

/** Keys and indexes of `a.b[0]."c d"['e']`. @throws SnowflakeError `invalidArgument` */
export function pathSteps(path: string): (string | number)[] {
  const steps: (string | number)[] = [];
  const form = /\.?"((?:[^"]|"")*)"|\.?([^.[\]"']+)|\[(\d+)\]|\['((?:[^']|'')*)'\]|\["((?:[^"]|"")*)"\]/uy;
  while (form.lastIndex < path.length) {
    const match = form.exec(path);
    if (match === null) throw SnowflakeError.of('invalidArgument', { name: 'GET_PATH', value: path, reason: 'invalid path' });
    const key = match[1] ?? match[2] ?? match[4] ?? match[5];
    steps.push(match[3] === undefined ? (key ?? '') : Number(match[3]));
  }
  return steps;
}

function descendants(value: JsonValue, path: string, mode: string): DuckDBStructValue[] {
  const entry = (key: string | null, index: number | null, at: string, item: JsonValue): DuckDBStructValue[] => [
    new DuckDBStructValue({ k: key, p: at, n: index === null ? null : BigInt(index), v: writeJson(item) }),
    ...descendants(item, at, mode),
  ];
  if (isJsonArray(value))
    return mode === 'OBJECT' ? [] : value.flatMap((item, index) => entry(null, index, `${path}[${String(index)}]`, item));
  if (!isJsonObject(value) || mode === 'ARRAY') return [];
  return [...value].flatMap(([key, item]) => {
    const plain = /^[A-Za-z_][A-Za-z0-9_$]*$/u.test(key);
    return entry(key, null, plain ? `${path}${path === '' ? '' : '.'}${key}` : `${path}['${key}']`, item);
  });
}

export const jsonFunctions: readonly NativeFunction[] = [
  {
    // Canonical JSON text, or an error.
    name: 'sf_json',
    parameters: [VARCHAR],
    returns: VARCHAR,
    call: (text: DuckDBValue) => {
      const source = String(text);
      return source.trim() === '' ? null : writeJson(parseJson(source));
    },
  },
  {
    // PARSE_JSON: as `sf_json`; `strict` refuses equal keys.
    name: 'sf_parse_json',
    parameters: [VARCHAR, BOOLEAN],
    returns: VARCHAR,
    call: (text, strict) => (String(text).trim() === '' ? null : writeJson(parseJson(String(text), strict === true))),
  },
  {
    name: 'sf_try_json',
    parameters: [VARCHAR, BOOLEAN],
    returns: VARCHAR,
    call: (text: DuckDBValue, strict) => {
      try {
        return String(text).trim() === '' ? null : writeJson(parseJson(String(text), strict === true));
      } catch (error) {
        if (error instanceof SnowflakeError) return null;
        throw error;
      }
    },
  },
  {
    // CHECK_JSON: the fault of text that is no JSON, else NULL.
    name: 'sf_check_json',
    parameters: [VARCHAR],
    returns: VARCHAR,
    call: (text: DuckDBValue) => {
      try {
        if (String(text).trim() !== '') parseJson(String(text), true);
        return null;
      } catch (error) {
        if (error instanceof SnowflakeError) return error.message.replace(/^Error parsing JSON: /u, '');
        throw error;
      }
    },
  },
  {
    // GET_PATH: `a.b[0]."c d"['e']`; NULL where the path leads nowhere.
    name: 'sf_get_path',
    parameters: [VARCHAR, VARCHAR],
    returns: VARCHAR,
    call: (text: DuckDBValue, path: DuckDBValue) => {
      let value: JsonValue | undefined = parseJson(String(text));
      for (const step of pathSteps(String(path))) {
        value =
          typeof step === 'number'
            ? isJsonArray(value)
              ? value[step]
              : undefined
            : isJsonObject(value)
              ? value.get(step)
              : undefined;
      }
      return value === undefined ? null : writeJson(value);
    },
  },
  {
    // FLATTEN(RECURSIVE => TRUE): every descendant, parents before their children.
    name: 'sf_flatten_recursive',
    parameters: [VARCHAR, VARCHAR, VARCHAR],
    returns: LIST(flattenEntry),
    call: (text: DuckDBValue, path: DuckDBValue, mode: DuckDBValue) =>
      new DuckDBListValue(descendants(parseJson(String(text)), String(path), String(mode))),
  },
  {
    name: 'sf_plain_json',
    parameters: [VARCHAR],
    returns: VARCHAR,
    call: (text: DuckDBValue) => writeJson(plainNumbers(parseJson(String(text)))),
  },
  {
    name: 'sf_variant_key',
    parameters: [VARCHAR],
    returns: VARCHAR,
    call: (text: DuckDBValue) => variantKey(parseJson(String(text))),
  },
  {
    name: 'sf_pretty_json',
    parameters: [VARCHAR],
    returns: VARCHAR,
    call: (text: DuckDBValue) => withoutTags(prettyJson(parseJson(String(text)))),
  },
  {
    name: 'sf_layout_json',
    parameters: [VARCHAR],
    returns: VARCHAR,
    call: (text: DuckDBValue) => withoutTags(layoutJson(String(text))),
  },
];
