import { createHash } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import { BIGINT, BLOB, DuckDBBlobValue, type DuckDBValue, VARCHAR } from '@duckdb/node-api';
import { decompress as unzstd } from 'fzstd';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { NativeFunction } from './native-function.ts';
import { snappyCompress, snappyDecompress } from './snappy.ts';

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

/** The same with the alphabet's own characters. */
function plainBase64(text: string, alphabet: string): string {
  const usual = ['+', '/', '='];
  const plain = new Map(Array.from(alphabet, (character, index) => [character, usual[index] ?? character] as const));
  return text.replace(/[^A-Za-z0-9]/gu, (character) => plain.get(character) ?? character);
}

/** `zlib(9)`: its name and level; 0 is the default level. */
function method(name: string, text: string): Codec {
  const [, codec = '', level = '0'] = /^\s*(\w+)\s*(?:\(\s*(\d+)\s*\))?\s*$/u.exec(text) ?? [];
  switch (codec.toUpperCase()) {
    case 'ZLIB':
      return {
        compress: (bytes) => deflateSync(bytes, { level: level === '0' ? -1 : Math.min(9, Number(level)) }),
        decompress: (bytes) => inflateSync(bytes),
      };
    case 'SNAPPY':
      return { compress: snappyCompress, decompress: snappyDecompress };
    case 'ZSTD':
      return { compress: () => refuse(`${name} with ZSTD`), decompress: (bytes) => unzstd(bytes) };
    case 'BZ2':
      return refuse(`${name} with BZ2`);
    default:
      throw SnowflakeError.of('invalidArgument', { name, value: text });
  }
}

function refuse(feature: string): never {
  throw SnowflakeError.of('unsupported', { feature });
}

interface Codec {
  compress(bytes: Uint8Array): Uint8Array;
  decompress(bytes: Uint8Array): Uint8Array;
}

function decompress(bytes: Uint8Array, codec: Codec): Uint8Array {
  try {
    return codec.decompress(bytes);
  } catch (error) {
    if (error instanceof SnowflakeError) throw error;
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
    name: 'sf_plain_base64',
    parameters: [VARCHAR, VARCHAR],
    returns: VARCHAR,
    call: (text, alphabet) => plainBase64(String(text), String(alphabet)),
  },
  {
    name: 'sf_compress',
    parameters: [BLOB, VARCHAR],
    returns: BLOB,
    call: (bytes, how) => new DuckDBBlobValue(method('COMPRESS', String(how)).compress(bytesOf(bytes))),
  },
  {
    name: 'sf_decompress',
    parameters: [BLOB, VARCHAR],
    returns: BLOB,
    call: (bytes, how) => new DuckDBBlobValue(decompress(bytesOf(bytes), method('DECOMPRESS', String(how)))),
  },
];
