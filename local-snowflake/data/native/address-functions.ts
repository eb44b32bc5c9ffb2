import { isIPv4, isIPv6 } from 'node:net';
import { BIGINT, type DuckDBValue, VARCHAR } from '@duckdb/node-api';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { NativeFunction } from './native-function.ts';

/** What is wrong with an address; `permissive` makes it part of the result. */
class AddressFault extends Error {}

/** Parts of a URL as they are written: nothing is decoded or made lower case. */
function parseUrl(text: string): Record<string, unknown> {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/u.exec(text)?.[1];
  if (scheme === undefined) throw new AddressFault('scheme not specified');
  const [, authority, path = '', query, fragment] =
    /^(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/su.exec(text.slice(scheme.length + 1)) ?? [];
  const [, host = null, port = null] = /^(.*?)(?::(\d+))?$/u.exec(authority ?? '') ?? [];
  return {
    fragment: fragment ?? null,
    host: authority === undefined ? null : host,
    parameters: query === undefined ? null : parameters(query),
    path: authority === undefined ? path : path.replace(/^\//u, ''),
    port: authority === undefined ? null : port,
    query: query ?? null,
    scheme,
  };
}

function parameters(query: string): Record<string, string | null> {
  const pairs = query.split('&').filter((pair) => pair !== '');
  const entries = pairs.map((pair): [string, string | null] => {
    const at = pair.indexOf('=');
    return at < 0 ? [pair, null] : [pair.slice(0, at), pair.slice(at + 1)];
  });
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** The 16-bit groups of an IPv6 address. */
function groups(host: string): number[] {
  const [left = '', right] = host.split('::');
  const words = (part: string): number[] =>
    part === ''
      ? []
      : part.split(':').flatMap((word) => {
          if (!word.includes('.')) return [parseInt(word, 16)];
          const [a = 0, b = 0, c = 0, d = 0] = word.split('.').map(Number);
          return [a * 256 + b, c * 256 + d];
        });
  const [head, tail] = [words(left), right === undefined ? [] : words(right)];
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail];
}

function toBits(words: readonly number[], size: number): bigint {
  return words.reduce((sum, word) => (sum << BigInt(size)) | BigInt(word), 0n);
}

function range(bits: bigint, width: number, prefix: number): { readonly start: bigint; readonly end: bigint } {
  const free = BigInt(width - prefix);
  const start = (bits >> free) << free;
  return { start, end: start | ((1n << free) - 1n) };
}

function parseIp(text: string, type: string): Record<string, unknown> {
  const kind = type.toLowerCase();
  if (kind !== 'inet' && kind !== 'cidr') throw SnowflakeError.of('invalidArgument', { name: 'PARSE_IP', value: type });
  const [host = '', prefixText, ...more] = text.split('/');
  const family = isIPv4(host) ? 4 : isIPv6(host) ? 6 : undefined;
  if (family === undefined || more.length > 0) throw new AddressFault(`Invalid IP address: ${text}`);
  const width = family === 4 ? 32 : 128;
  const prefix = prefixText === undefined ? undefined : Number(prefixText);
  if (prefix !== undefined && !(/^\d+$/u.test(prefixText ?? '') && prefix <= width))
    throw new AddressFault(`Invalid prefix length: ${String(prefixText)}`);
  const bits = family === 4 ? toBits(host.split('.').map(Number), 8) : toBits(groups(host), 16);
  const fields = [96n, 64n, 32n, 0n].map((shift) => Number((bits >> shift) & 0xffffffffn));
  const common = { family, host, ip_type: kind, ...(prefix === undefined ? {} : { netmask_prefix_length: prefix }) };
  const span = prefix === undefined ? undefined : range(bits, width, prefix);
  if (family === 4)
    return {
      ...common,
      ip_fields: [Number(bits), 0, 0, 0],
      ipv4: Number(bits),
      ...(span === undefined ? {} : { ipv4_range_start: Number(span.start), ipv4_range_end: Number(span.end) }),
      snowflake$type: 'ip_address',
    };
  const hex = (value: bigint): string => value.toString(16).toUpperCase().padStart(32, '0');
  return {
    ...common,
    ip_fields: fields,
    hex_ipv6: hex(bits),
    ...(span === undefined ? {} : { hex_ipv6_range_start: hex(span.start), hex_ipv6_range_end: hex(span.end) }),
    snowflake$type: 'ip_address',
  };
}

/** JSON text with its keys in Snowflake's order. */
function parsed(permissive: DuckDBValue | undefined, what: 'IP' | 'URL', work: () => Record<string, unknown>): string {
  try {
    const entries = Object.entries(work()).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return JSON.stringify(Object.fromEntries(entries));
  } catch (error) {
    if (!(error instanceof AddressFault)) throw error;
    if (Number(permissive) === 1) return JSON.stringify({ error: error.message });
    throw SnowflakeError.of('addressParse', { what, reason: error.message });
  }
}

export const addressNatives: readonly NativeFunction[] = [
  {
    // https://docs.snowflake.com/en/sql-reference/functions/parse_url
    name: 'sf_parse_url',
    parameters: [VARCHAR, BIGINT],
    returns: VARCHAR,
    call: (text, permissive) => parsed(permissive, 'URL', () => parseUrl(String(text))),
  },
  {
    // https://docs.snowflake.com/en/sql-reference/functions/parse_ip
    name: 'sf_parse_ip',
    parameters: [VARCHAR, VARCHAR, BIGINT],
    returns: VARCHAR,
    call: (text, type, permissive) => parsed(permissive, 'IP', () => parseIp(String(text), String(type))),
  },
];
