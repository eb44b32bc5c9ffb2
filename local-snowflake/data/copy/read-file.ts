import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import { decompress } from 'fzstd';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { StageFile } from '../ports.ts';
import { bunzip2 } from './bzip2.ts';

const decoders: Readonly<Record<string, (bytes: Buffer) => Promise<Buffer>>> = {
  GZIP: promisify(gunzip) as (bytes: Buffer) => Promise<Buffer>,
  DEFLATE: promisify(inflate) as (bytes: Buffer) => Promise<Buffer>,
  RAW_DEFLATE: promisify(inflateRaw) as (bytes: Buffer) => Promise<Buffer>,
  BROTLI: promisify(brotliDecompress) as (bytes: Buffer) => Promise<Buffer>,
  ZSTD: (bytes) => Promise.resolve(Buffer.from(decompress(bytes))),
  BZ2: (bytes) => Promise.resolve(bunzip2(bytes)),
  NONE: (bytes) => Promise.resolve(bytes),
};

/** A staged text file, decompressed and decoded. */
export async function readTextFile(
  file: StageFile,
  format: {
    readonly compression: string;
    readonly encoding?: string;
    readonly skipByteOrderMark: boolean;
    readonly replaceInvalidCharacters: boolean;
  },
): Promise<string> {
  const bytes = await readFile(file.path);
  const compression = format.compression === 'AUTO' ? detect(bytes, file.name) : format.compression;
  const decode = decoders[compression];
  if (decode === undefined) throw SnowflakeError.of('unsupported', { feature: `COMPRESSION = ${compression}` });
  let plain: Buffer;
  try {
    plain = await decode(bytes);
  } catch (error) {
    throw SnowflakeError.of('fileFormat', { file: file.name, reason: error instanceof Error ? error.message : String(error) });
  }
  return decodeText(plain, file, format.encoding ?? 'UTF-8', format);
}

/** By the first bytes, then by the name: deflate has no mark of its own. */
function detect(bytes: Buffer, name: string): string {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'GZIP';
  if (bytes.subarray(0, 4).equals(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]))) return 'ZSTD';
  if (bytes.subarray(0, 3).toString('latin1') === 'BZh') return 'BZ2';
  if (name.endsWith('.deflate')) return 'DEFLATE';
  if (name.endsWith('.raw_deflate')) return 'RAW_DEFLATE';
  return 'NONE';
}

function decodeText(
  bytes: Buffer,
  file: StageFile,
  encoding: string,
  format: { readonly skipByteOrderMark: boolean; readonly replaceInvalidCharacters: boolean },
): string {
  try {
    return new TextDecoder(encoding.replace(/^UTF(\d)/iu, 'utf-$1').replace(/^ISO(\d+)-(\d)$/iu, 'iso-8859-$2'), {
      fatal: !format.replaceInvalidCharacters,
      ignoreBOM: !format.skipByteOrderMark,
    }).decode(bytes);
  } catch {
    throw SnowflakeError.of('fileFormat', { file: file.name, reason: `Invalid ${encoding} detected in the file` });
  }
}
