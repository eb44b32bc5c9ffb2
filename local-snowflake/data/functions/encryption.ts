import { types } from '../../sql/types.ts';
import { type FunctionDefinition, type Overload, scalar, takes } from './function-definition.ts';

const binary = types.binary();
const usual = "'AES-GCM'";

/** Text stands for its UTF-8 bytes. */
function asBytes(kind: string, sql: string): string {
  return kind === 'text' ? `encode(${sql})` : sql;
}

/** ENCRYPT and DECRYPT: a value, a passphrase, and with three arguments AAD, with four AAD and a method. */
function withPassphrase(native: string, values: readonly string[], wrap: (sql: string) => string): Overload[] {
  return values.flatMap((kind) => [
    takes(
      `${kind} text`,
      binary,
      ([x = '', pass = '']) => wrap(`${native}(${asBytes(kind, x)}, ${pass}, NULL, ${usual})`),
      'always',
    ),
    ...['binary', 'text'].map((aad) =>
      takes(
        `${kind} text ${aad} text?`,
        binary,
        ([x = '', pass = '', more = '', method = usual]) =>
          wrap(`${native}(${asBytes(kind, x)}, ${pass}, ${asBytes(aad, more)}, ${method})`),
        'always',
      ),
    ),
  ]);
}

function raw(wrap: (sql: string) => string): Overload[] {
  const call = (x: string, key: string, iv: string, aad: string, method: string, tag: string): string =>
    wrap(`sf_decrypt_raw(${x}, ${key}, ${iv}, ${aad}, ${method}, ${tag})`);
  return [
    takes('binary binary binary', binary, ([x = '', key = '', iv = '']) => call(x, key, iv, 'NULL', usual, 'NULL'), 'always'),
    takes(
      'binary binary binary binary',
      binary,
      ([x = '', key = '', iv = '', tag = '']) => call(x, key, iv, 'NULL', usual, tag),
      'always',
    ),
    takes(
      'binary binary binary text binary?',
      binary,
      ([x = '', key = '', iv = '', method = '', tag = 'NULL']) => call(x, key, iv, 'NULL', method, tag),
      'always',
    ),
    takes(
      'binary binary binary binary text binary?',
      binary,
      ([x = '', key = '', iv = '', aad = '', method = '', tag = 'NULL']) => call(x, key, iv, aad, method, tag),
      'always',
    ),
  ];
}

const plain = (sql: string): string => sql;
const attempt = (sql: string): string => `TRY(${sql})`;

/** AES. https://docs.snowflake.com/en/sql-reference/functions-encryption */
export const encryptionFunctions: readonly FunctionDefinition[] = [
  scalar('ENCRYPT', 'encrypt', ...withPassphrase('sf_encrypt', ['binary', 'text'], plain)),
  scalar('DECRYPT', 'decrypt', ...withPassphrase('sf_decrypt', ['binary'], plain)),
  scalar('TRY_DECRYPT', 'try_decrypt', ...withPassphrase('sf_decrypt', ['binary'], attempt)),
  scalar(
    'ENCRYPT_RAW',
    'encrypt_raw',
    takes(
      'binary binary binary text?',
      types.variant,
      ([x = '', key = '', iv = '', method = usual]) => `CAST(sf_encrypt_raw(${x}, ${key}, ${iv}, NULL, ${method}) AS JSON)`,
      'always',
    ),
    takes(
      'binary binary binary binary text?',
      types.variant,
      ([x = '', key = '', iv = '', aad = '', method = usual]) =>
        `CAST(sf_encrypt_raw(${x}, ${key}, ${iv}, ${aad}, ${method}) AS JSON)`,
      'always',
    ),
  ),
  scalar('DECRYPT_RAW', 'decrypt_raw', ...raw(plain)),
  scalar('TRY_DECRYPT_RAW', 'try_decrypt_raw', ...raw(attempt)),
];
