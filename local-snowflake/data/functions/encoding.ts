import { type SnowflakeType, types } from '../../sql/types.ts';
import { type FunctionDefinition, type Overload, scalar, takes } from './function-definition.ts';

const text = types.varchar();
const binary = types.binary();
const wide = types.number(38, 0);

/** Over the bytes of a BINARY, or of the UTF-8 form of text. */
function overBytes(returns: SnowflakeType, sql: (bytes: string, more: readonly string[]) => string, more = ''): Overload[] {
  return [
    takes(`binary ${more}`, returns, ([x = '', ...rest]) => sql(x, rest)),
    takes(`text ${more}`, returns, ([x = '', ...rest]) => sql(`encode(${x})`, rest)),
  ];
}

/** A decoder of text, and its TRY_ twin, which gives NULL for what is not of the encoding; `more`: further parameters. */
function decoder(
  name: string,
  returns: SnowflakeType,
  sql: (x: string, more: readonly string[]) => string,
  attempt: (x: string, more: readonly string[]) => string = sql,
  more = '',
): FunctionDefinition[] {
  return [
    scalar(
      name,
      name.toLowerCase(),
      takes(`text ${more}`, returns, ([x = '', ...rest]) => sql(x, rest)),
    ),
    scalar(
      `TRY_${name}`,
      `try_${name.toLowerCase()}`,
      takes(`text ${more}`, returns, ([x = '', ...rest]) => `TRY(${attempt(x, rest)})`, 'always'),
    ),
  ];
}

/** `alphabet`: the characters for 62, 63 and the padding. https://docs.snowflake.com/en/sql-reference/functions/base64_decode_string */
function base64Decoder(name: string, returns: SnowflakeType, sql: (bytes: string) => string): FunctionDefinition[] {
  const decoded = (x: string, [alphabet]: readonly string[]): string =>
    sql(`from_base64(${alphabet === undefined ? x : `sf_plain_base64(${x}, ${alphabet})`})`);
  return decoder(name, returns, decoded, decoded, 'text?');
}

// https://docs.snowflake.com/en/sql-reference/functions-string#label-functions-string-cryptographic-hash
const digests: readonly FunctionDefinition[] = [
  scalar('MD5 MD5_HEX', 'md5', ...overBytes(types.varchar(32), (x) => `md5(${x})`)),
  scalar('MD5_BINARY', 'md5_binary', ...overBytes(types.binary(16), (x) => `unhex(md5(${x}))`)),
  scalar(
    'MD5_NUMBER_LOWER64',
    'md5_number_lower64',
    ...overBytes(wide, (x) => `CAST(sf_unsigned(right(md5(${x}), 16)) AS DECIMAL(38,0))`),
  ),
  scalar(
    'MD5_NUMBER_UPPER64',
    'md5_number_upper64',
    ...overBytes(wide, (x) => `CAST(sf_unsigned(left(md5(${x}), 16)) AS DECIMAL(38,0))`),
  ),
  scalar('SHA1 SHA1_HEX', 'sha1', ...overBytes(types.varchar(40), (x) => `sha1(${x})`)),
  scalar('SHA1_BINARY', 'sha1_binary', ...overBytes(types.binary(20), (x) => `unhex(sha1(${x}))`)),
  scalar('SHA2 SHA2_HEX', 'sha2', ...overBytes(types.varchar(128), (x, [size = '256']) => `sf_sha2(${x}, ${size})`, 'integer?')),
  scalar(
    'SHA2_BINARY',
    'sha2_binary',
    ...overBytes(types.binary(64), (x, [size = '256']) => `unhex(sf_sha2(${x}, ${size}))`, 'integer?'),
  ),
];

/** Digests, encodings and compression. https://docs.snowflake.com/en/sql-reference/functions-string */
export const encodingFunctions: readonly FunctionDefinition[] = [
  ...digests,
  scalar(
    'BASE64_ENCODE',
    'base64_encode',
    ...overBytes(text, (x, [line = '0', alphabet = "''"]) => `sf_base64(${x}, ${line}, ${alphabet})`, 'integer? text?'),
  ),
  ...base64Decoder('BASE64_DECODE_STRING', text, (bytes) => `decode(${bytes})`),
  ...base64Decoder('BASE64_DECODE_BINARY', binary, (bytes) => bytes),
  scalar(
    'HEX_ENCODE',
    'hex_encode',
    ...overBytes(text, (x, [upper = '1']) => `CASE WHEN ${upper} = 0 THEN lower(hex(${x})) ELSE hex(${x}) END`, 'integer?'),
  ),
  ...decoder(
    'HEX_DECODE_STRING',
    text,
    (x) => `decode(sf.hex_bytes(${x}))`,
    (x) => `decode(sf.try_hex_bytes(${x}))`,
  ),
  ...decoder(
    'HEX_DECODE_BINARY',
    binary,
    (x) => `sf.hex_bytes(${x})`,
    (x) => `sf.try_hex_bytes(${x})`,
  ),
  scalar('COMPRESS', 'compress', ...overBytes(binary, (x, [method = '']) => `sf_compress(${x}, ${method})`, 'text')),
  scalar(
    'DECOMPRESS_BINARY',
    'decompress_binary',
    takes('binary text', binary, ([x = '', method = '']) => `sf_decompress(${x}, ${method})`),
  ),
  scalar(
    'DECOMPRESS_STRING',
    'decompress_string',
    takes('binary text', text, ([x = '', method = '']) => `decode(sf_decompress(${x}, ${method}))`),
  ),
];
