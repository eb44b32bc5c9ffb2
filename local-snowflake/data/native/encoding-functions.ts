import { createHash } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import { BIGINT, BLOB, DuckDBBlobValue, type DuckDBValue, VARCHAR } from '@duckdb/node-api';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { NativeFunction } from './native-function.ts';

function bytesOf(value: DuckDBValue | undefined): Uint8Array {
  return value instanceof DuckDBBlobValue ? value.bytes : new Uint8Array();
}

/** `alphabet`: the characters for 62, 63 and the padding. https://docs.snowflake.com/en/sql-reference/functions/base64_encode */
function base64(bytes: Uint8Array, line: number, alphabet: string): string {
  const [plus = '+', slash = '/', padding = '='] = alphabet;
  const written = Buffer.from(bytes)
    .toString('base64')
    .replace(/[+/=]/gu, (character) => (character === '+' ? plus : character === '/' ? slash : padding));
  if (line <= 0) return written;
  return (written.match(new RegExp(`[^]{1,${String(line)}}`, 'gu')) ?? []).join('\n');
}

/** `zlib(9)`: its name and level; 0 is the default level. */
function method(name: string, text: string): { readonly level: number } {
  const [, codec = '', level = '0'] = /^\s*(\w+)\s*(?:\(\s*(\d+)\s*\))?\s*$/u.exec(text) ?? [];
  switch (codec.toUpperCase()) {
    case 'ZLIB':
      return { level: level === '0' ? -1 : Math.min(9, Number(level)) };
    case 'SNAPPY':
    case 'ZSTD':
    case 'BZ2':
      throw SnowflakeError.of('unsupported', { feature: `${name} with ${codec.toUpperCase()}` });
    default:
      throw SnowflakeError.of('invalidArgument', { name, value: text });
  }
}

function decompress(bytes: Uint8Array): Uint8Array {
  try {
    return inflateSync(bytes);
  } catch (error) {
    throw SnowflakeError.of('invalidArgument', {
      name: 'DECOMPRESS',
      value: `${String(bytes.length)} bytes`,
      reason: error instanceof Error ? error.message : String(error),
    });
  }
}

export const encodingNatives: readonly NativeFunction[] = [
  {
    name: 'sf_sha2',
    parameters: [BLOB, BIGINT],
    returns: VARCHAR,
    call: (bytes, size) => {
      const bits = Number(size) === 0 ? 256 : Number(size);
      if (![224, 256, 384, 512].includes(bits)) throw SnowflakeError.of('invalidArgument', { name: 'SHA2', value: String(bits) });
      return createHash(`sha${String(bits)}`)
        .update(bytesOf(bytes))
        .digest('hex');
    },
  },
  {
    // Decimal text of hexadecimal digits, which may be more than DuckDB's integers take.
    name: 'sf_unsigned',
    parameters: [VARCHAR],
    returns: VARCHAR,
    call: (digits) => BigInt(`0x${String(digits)}`).toString(),
  },
  {
    name: 'sf_base64',
    parameters: [BLOB, BIGINT, VARCHAR],
    returns: VARCHAR,
    call: (bytes, line, alphabet) => base64(bytesOf(bytes), Number(line), String(alphabet)),
  },
  {
    name: 'sf_compress',
    parameters: [BLOB, VARCHAR],
    returns: BLOB,
    call: (bytes, how) => new DuckDBBlobValue(deflateSync(bytesOf(bytes), method('COMPRESS', String(how)))),
  },
  {
    name: 'sf_decompress',
    parameters: [BLOB, VARCHAR],
    returns: BLOB,
    call: (bytes, how) => {
      method('DECOMPRESS', String(how));
      return new DuckDBBlobValue(decompress(bytesOf(bytes)));
    },
  },
];
