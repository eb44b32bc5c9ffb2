import { createHash } from 'node:crypto';
import { BIGINT, BOOLEAN, type DuckDBValue, DuckDBListValue, INTEGER, LIST, VARCHAR } from '@duckdb/node-api';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { formatNumber, parseNumber } from '../types/number-format.ts';
import { jaroWinkler } from './jaro-winkler.ts';
import type { NativeFunction } from './native-function.ts';

const s = (value: DuckDBValue | undefined): string => String(value);
const n = (value: DuckDBValue | undefined): number => Number(value);

/** Every character of `delimiters` separates; empty tokens do not count. */
function tokens(text: string, delimiters: string): string[] {
  const by = new Set(Array.from(delimiters));
  const result: string[] = [];
  let current = '';
  for (const character of text) {
    if (!by.has(character)) current += character;
    else if (current !== '') {
      result.push(current);
      current = '';
    }
  }
  if (current !== '') result.push(current);
  return result;
}

/** `firstCounts`: a letter after the first with the same code is passed over. */
function soundex(text: string, firstCounts: boolean): string {
  const letters = text.toUpperCase().replace(/[^A-Z]/gu, '');
  const first = letters.charAt(0);
  if (first === '') return '';
  const codes: Record<string, string> = {};
  for (const [group, code] of [
    ['BFPV', '1'],
    ['CGJKQSXZ', '2'],
    ['DT', '3'],
    ['L', '4'],
    ['MN', '5'],
    ['R', '6'],
  ] as const) {
    for (const letter of group) codes[letter] = code;
  }
  let result = first;
  let previous = firstCounts ? (codes[first] ?? '') : '';
  for (const letter of letters.slice(1)) {
    const code = codes[letter] ?? '';
    if (code !== '' && code !== previous) result += code;
    // H and W do not separate equal codes; vowels do.
    if (letter !== 'H' && letter !== 'W') previous = code;
  }
  return result.padEnd(4, '0').slice(0, 4);
}

/** Version 5 of RFC 4122. */
function namedUuid(space: string, name: string): string {
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu.test(space))
    throw SnowflakeError.of('invalidArgument', { name: 'UUID_STRING', value: space, reason: 'not a UUID' });
  const digest = createHash('sha1')
    .update(Buffer.from(space.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest();
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x50, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  return digest.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/u, '$1-$2-$3-$4-');
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

export const textNatives: readonly NativeFunction[] = [
  {
    name: 'sf_initcap',
    parameters: [VARCHAR, VARCHAR],
    returns: VARCHAR,
    call: (text, delimiters) => {
      const by = new Set(Array.from(s(delimiters)));
      let start = true;
      return Array.from(s(text))
        .map((character) => {
          if (by.has(character)) {
            start = true;
            return character;
          }
          const shown = start ? character.toUpperCase() : character.toLowerCase();
          start = false;
          return shown;
        })
        .join('');
    },
  },
  {
    name: 'sf_split',
    parameters: [VARCHAR, VARCHAR],
    returns: LIST(VARCHAR),
    call: (text, by) => new DuckDBListValue(s(by) === '' ? [s(text)] : s(text).split(s(by))),
  },
  {
    name: 'sf_split_part',
    parameters: [VARCHAR, VARCHAR, BIGINT],
    returns: VARCHAR,
    call: (text, by, part) => {
      const parts = s(by) === '' ? [s(text)] : s(text).split(s(by));
      const index = n(part) === 0 ? 1 : n(part);
      return (index > 0 ? parts[index - 1] : parts.at(index)) ?? '';
    },
  },
  {
    name: 'sf_strtok',
    parameters: [VARCHAR, VARCHAR, BIGINT],
    returns: VARCHAR,
    call: (text, by, part) => tokens(s(text), s(by))[n(part) - 1] ?? null,
  },
  {
    name: 'sf_strtok_array',
    parameters: [VARCHAR, VARCHAR],
    returns: LIST(VARCHAR),
    call: (text, by) => new DuckDBListValue(tokens(s(text), s(by))),
  },
  { name: 'sf_jaro_winkler', parameters: [VARCHAR, VARCHAR], returns: INTEGER, call: (a, b) => jaroWinkler(s(a), s(b)) },
  { name: 'sf_named_uuid', parameters: [VARCHAR, VARCHAR], returns: VARCHAR, call: (space, name) => namedUuid(s(space), s(name)) },
  { name: 'sf_soundex', parameters: [VARCHAR, BOOLEAN], returns: VARCHAR, call: (text, first) => soundex(s(text), first === true) },
  {
    // Characters that follow from the generator's value, so that one value always makes one text.
    name: 'sf_randstr',
    parameters: [BIGINT, VARCHAR],
    returns: VARCHAR,
    call: (length, source) => {
      let result = '';
      for (let block = 0; result.length < n(length); block += 1) {
        const digest = createHash('sha256')
          .update(`${s(source)}:${String(block)}`)
          .digest();
        result += [...digest].map((byte) => alphabet.charAt(byte % alphabet.length)).join('');
      }
      return result.slice(0, n(length));
    },
  },
  {
    // sf_format_number(plain decimal text, format)
    name: 'sf_format_number',
    parameters: [VARCHAR, VARCHAR],
    returns: VARCHAR,
    call: (number, format) => formatNumber(s(number), s(format)),
  },
  {
    name: 'sf_parse_number',
    parameters: [VARCHAR, VARCHAR],
    returns: VARCHAR,
    call: (text, format) => {
      const value = parseNumber(s(text), s(format));
      if (value === undefined) throw SnowflakeError.of('numberFormat', { value: s(text), format: s(format) });
      return value;
    },
  },
  {
    name: 'sf_try_parse_number',
    parameters: [VARCHAR, VARCHAR],
    returns: VARCHAR,
    call: (text, format) => parseNumber(s(text), s(format)) ?? null,
  },
];
