import { BIGINT, BOOLEAN, type DuckDBValue, VARCHAR } from '@duckdb/node-api';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { NativeFunction } from './native-function.ts';

const cache = new Map<string, RegExp>();

const classes: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  xdigit: '0-9A-Fa-f',
  word: '\\w',
  cntrl: '\\x00-\\x1f\\x7f',
  print: '\\x20-\\x7e',
  graph: '\\x21-\\x7e',
};

/** A Snowflake pattern with its parameters as a JavaScript one. */
function compile(pattern: string, flags: string, whole = false): RegExp {
  const key = `${whole ? 'w' : 'p'}\0${flags}\0${pattern}`;
  const known = cache.get(key);
  if (known !== undefined) {
    known.lastIndex = 0;
    return known;
  }
  const translated = pattern
    .replace(/\[:(\w+):\]/gu, (written, name: string) => classes[name] ?? written)
    .replaceAll('(?P<', '(?<');
  const insensitive = flags.lastIndexOf('i') > flags.lastIndexOf('c');
  const options = `g${insensitive ? 'i' : ''}${flags.includes('m') ? 'm' : ''}${flags.includes('s') ? 's' : ''}`;
  const regex = build(whole ? `^(?:${translated})$` : translated, options, pattern);
  if (cache.size > 500) cache.clear();
  cache.set(key, regex);
  return regex;
}

function build(source: string, options: string, pattern: string): RegExp {
  try {
    return new RegExp(source, `${options}u`);
  } catch {
    try {
      // Escapes such as \- or \" are faults only in the stricter Unicode mode.
      return new RegExp(source, options);
    } catch (error) {
      throw SnowflakeError.of('regex', { pattern, reason: error instanceof Error ? error.message : String(error) });
    }
  }
}

function matches(text: string, pattern: string, from: number, flags: string): RegExpExecArray[] {
  const regex = compile(pattern, flags);
  regex.lastIndex = Math.max(0, from - 1);
  const found: RegExpExecArray[] = [];
  for (let match = regex.exec(text); match !== null; match = regex.exec(text)) {
    found.push(match);
    // An empty match would be found for ever at the same place.
    if (match[0] === '') regex.lastIndex += 1;
  }
  return found;
}

/** `\1` and `\\1` in a replacement are groups; everything else is literal. */
function expand(replacement: string, match: RegExpExecArray): string {
  return replacement.replace(/\\(\d)/gu, (_, digit: string) => match[Number(digit)] ?? '');
}

function replace(text: string, pattern: string, by: string, from: number, nth: number, flags: string): string {
  let result = '';
  let end = 0;
  matches(text, pattern, from, flags).forEach((match, index) => {
    if (nth !== 0 && index !== nth - 1) return;
    result += text.slice(end, match.index) + expand(by, match);
    end = match.index + match[0].length;
  });
  return result + text.slice(end);
}

const s = (value: DuckDBValue | undefined): string => String(value);
const n = (value: DuckDBValue | undefined): number => Number(value);

export const regexNatives: readonly NativeFunction[] = [
  {
    name: 'sf_regexp_like',
    parameters: [VARCHAR, VARCHAR, VARCHAR],
    returns: BOOLEAN,
    call: (text, pattern, flags) => compile(s(pattern), s(flags), true).test(s(text)),
  },
  {
    name: 'sf_regexp_count',
    parameters: [VARCHAR, VARCHAR, BIGINT, VARCHAR],
    returns: BIGINT,
    call: (text, pattern, from, flags) => BigInt(matches(s(text), s(pattern), n(from), s(flags)).length),
  },
  {
    name: 'sf_regexp_replace',
    parameters: [VARCHAR, VARCHAR, VARCHAR, BIGINT, BIGINT, VARCHAR],
    returns: VARCHAR,
    call: (text, pattern, by, from, nth, flags) => replace(s(text), s(pattern), s(by), n(from), n(nth), s(flags)),
  },
  {
    name: 'sf_regexp_substr',
    parameters: [VARCHAR, VARCHAR, BIGINT, BIGINT, VARCHAR, BIGINT],
    returns: VARCHAR,
    call: (text, pattern, from, nth, flags, group) =>
      matches(s(text), s(pattern), n(from), s(flags))[n(nth) - 1]?.[n(group)] ?? null,
  },
  {
    name: 'sf_regexp_substr_all',
    parameters: [VARCHAR, VARCHAR, BIGINT, BIGINT, VARCHAR, BIGINT],
    returns: VARCHAR,
    call: (text, pattern, from, nth, flags, group) =>
      JSON.stringify(
        matches(s(text), s(pattern), n(from), s(flags))
          .slice(n(nth) - 1)
          .map((match) => match[n(group)] ?? null),
      ),
  },
  {
    name: 'sf_regexp_instr',
    parameters: [VARCHAR, VARCHAR, BIGINT, BIGINT, BIGINT, VARCHAR, BIGINT],
    returns: BIGINT,
    call: (text, pattern, from, nth, option, flags, group) => {
      const match = matches(s(text), s(pattern), n(from), s(flags))[n(nth) - 1];
      if (match === undefined) return 0n;
      const part = match[n(group)] ?? '';
      const start = match.index + Math.max(0, match[0].indexOf(part));
      return BigInt(n(option) === 1 ? start + part.length + 1 : start + 1);
    },
  },
];
