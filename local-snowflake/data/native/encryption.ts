import { type CipherGCM, createCipheriv, createDecipheriv, type DecipherGCM, pbkdf2Sync } from 'node:crypto';
import { BLOB, DuckDBBlobValue, type DuckDBValue, VARCHAR } from '@duckdb/node-api';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { systemIds } from '../../platform/ids.ts';
import { variantTags } from '../types/variant-tags.ts';
import type { NativeFunction } from './native-function.ts';

/** `AES-CBC/pad:pkcs` taken apart. */
interface Method {
  readonly mode: string;
  readonly padded: boolean;
}

interface Encrypted {
  readonly iv: Buffer;
  readonly ciphertext: Buffer;
  /** Empty for modes that authenticate nothing. */
  readonly tag: Buffer;
}

const ivLengths: Readonly<Record<string, number>> = { GCM: 12, CBC: 16, CTR: 16, OFB: 16, CFB: 16, ECB: 0 };
const tagLength = 16;

// https://docs.snowflake.com/en/sql-reference/functions/encrypt_raw#arguments
function methodOf(text: string): Method {
  const [, mode = 'GCM', pad = 'PKCS'] = /^AES(?:-(\w+))?(?:\s*\/\s*pad:\s*(\w+))?$/iu.exec(text.trim()) ?? [undefined, ''];
  if (ivLengths[mode.toUpperCase()] === undefined || !/^(?:pkcs|none)$/iu.test(pad))
    throw SnowflakeError.of('invalidArgument', { name: 'ENCRYPT', value: text, reason: 'unknown encryption method' });
  return { mode: mode.toUpperCase(), padded: pad.toUpperCase() === 'PKCS' };
}

function algorithm(key: Buffer, { mode }: Method): string {
  if (![16, 24, 32].includes(key.length))
    throw SnowflakeError.of('invalidArgument', {
      name: 'ENCRYPT_RAW',
      value: `a key of ${String(key.length)} bytes`,
      reason: '16, 24 or 32',
    });
  return `aes-${String(key.length * 8)}-${mode.toLowerCase()}`;
}

function checkedIv(iv: Buffer, { mode }: Method): Buffer {
  const length = ivLengths[mode] ?? 0;
  if (iv.length !== length)
    throw SnowflakeError.of('invalidArgument', {
      name: 'ENCRYPT_RAW',
      value: `an IV of ${String(iv.length)} bytes`,
      reason: `${String(length)} for ${mode}`,
    });
  return iv;
}

function encrypt(value: Buffer, key: Buffer, given: Buffer | undefined, aad: Buffer | undefined, method: Method): Encrypted {
  const iv = method.mode === 'ECB' ? Buffer.alloc(0) : checkedIv(given ?? systemIds.bytes(ivLengths[method.mode] ?? 0), method);
  const cipher = createCipheriv(algorithm(key, method), key, method.mode === 'ECB' ? null : iv);
  cipher.setAutoPadding(method.padded);
  const authenticates = method.mode === 'GCM';
  if (authenticates && aad !== undefined) (cipher as CipherGCM).setAAD(aad);
  try {
    const ciphertext = Buffer.concat([cipher.update(value), cipher.final()]);
    return { iv, ciphertext, tag: authenticates ? (cipher as CipherGCM).getAuthTag() : Buffer.alloc(0) };
  } catch {
    throw SnowflakeError.of('invalidArgument', {
      name: 'ENCRYPT',
      value: `${String(value.length)} bytes`,
      reason: 'needs padding',
    });
  }
}

function decrypt({ iv, ciphertext, tag }: Encrypted, key: Buffer, aad: Buffer | undefined, method: Method): Buffer {
  const decipher = createDecipheriv(algorithm(key, method), key, method.mode === 'ECB' ? null : checkedIv(iv, method));
  decipher.setAutoPadding(method.padded);
  try {
    if (method.mode === 'GCM') {
      (decipher as DecipherGCM).setAuthTag(tag);
      if (aad !== undefined) (decipher as DecipherGCM).setAAD(aad);
    }
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch {
    throw SnowflakeError.of('decryptionFailed', {});
  }
}

function bytes(value: DuckDBValue | undefined): Buffer | undefined {
  return value instanceof DuckDBBlobValue ? Buffer.from(value.bytes) : undefined;
}

/**
 * One key for one passphrase, as documented; the salt is this project's own, so that what real accounts encrypt stays closed here.
 * The last one is kept: a column is mostly encrypted with one passphrase.
 */
let last: { readonly passphrase: string; readonly key: Buffer } | undefined;
function keyOf(passphrase: string): Buffer {
  if (last?.passphrase !== passphrase)
    last = { passphrase, key: pbkdf2Sync(passphrase, 'local-snowflake ENCRYPT', 1000, 32, 'sha256') };
  return last.key;
}

function split(value: Buffer, method: Method): Encrypted {
  const head = ivLengths[method.mode] ?? 0;
  const end = value.length - (method.mode === 'GCM' ? tagLength : 0);
  if (end < head) throw SnowflakeError.of('decryptionFailed', {});
  return { iv: value.subarray(0, head), ciphertext: value.subarray(head, end), tag: value.subarray(end) };
}

/** JSON of the parts, each a BINARY. */
function parts({ iv, ciphertext, tag }: Encrypted): string {
  const shown = (part: Buffer): string => variantTags.BINARY + part.toString('hex').toUpperCase();
  return JSON.stringify({ ciphertext: shown(ciphertext), iv: shown(iv), ...(tag.length === 0 ? {} : { tag: shown(tag) }) });
}

/** https://docs.snowflake.com/en/sql-reference/functions-encryption; only an IV, AAD or tag may be NULL. */
export const encryptionNatives: readonly NativeFunction[] = [
  {
    name: 'sf_encrypt',
    parameters: [BLOB, VARCHAR, BLOB, VARCHAR],
    returns: BLOB,
    nullArguments: true,
    volatile: true,
    call: (value, passphrase, aad, method) => {
      const plain = bytes(value);
      if (plain === undefined || passphrase === null || method === null) return null;
      const { iv, ciphertext, tag } = encrypt(plain, keyOf(String(passphrase)), undefined, bytes(aad), methodOf(String(method)));
      return new DuckDBBlobValue(Buffer.concat([iv, ciphertext, tag]));
    },
  },
  {
    name: 'sf_decrypt',
    parameters: [BLOB, VARCHAR, BLOB, VARCHAR],
    returns: BLOB,
    nullArguments: true,
    call: (value, passphrase, aad, name) => {
      const encrypted = bytes(value);
      if (encrypted === undefined || passphrase === null || name === null) return null;
      const method = methodOf(String(name));
      return new DuckDBBlobValue(decrypt(split(encrypted, method), keyOf(String(passphrase)), bytes(aad), method));
    },
  },
  {
    name: 'sf_encrypt_raw',
    parameters: [BLOB, BLOB, BLOB, BLOB, VARCHAR],
    returns: VARCHAR,
    nullArguments: true,
    volatile: true,
    call: (value, key, iv, aad, method) => {
      const [plain, secret] = [bytes(value), bytes(key)];
      if (plain === undefined || secret === undefined || method === null) return null;
      return parts(encrypt(plain, secret, bytes(iv), bytes(aad), methodOf(String(method))));
    },
  },
  {
    name: 'sf_decrypt_raw',
    parameters: [BLOB, BLOB, BLOB, BLOB, VARCHAR, BLOB],
    returns: BLOB,
    nullArguments: true,
    call: (value, key, iv, aad, method, tag) => {
      const [ciphertext, secret] = [bytes(value), bytes(key)];
      if (ciphertext === undefined || secret === undefined || method === null) return null;
      const encrypted = { ciphertext, iv: bytes(iv) ?? Buffer.alloc(0), tag: bytes(tag) ?? Buffer.alloc(0) };
      return new DuckDBBlobValue(decrypt(encrypted, secret, bytes(aad), methodOf(String(method))));
    },
  },
];
