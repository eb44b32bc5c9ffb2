import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { FileFormatOptions } from '../ports.ts';

/**
 * File format options with their defaults. https://docs.snowflake.com/en/sql-reference/sql/create-file-format
 */
export type FileFormat = CsvFormat | JsonFormat | XmlFormat | ParquetFormat;

interface TextFormat {
  readonly compression: string;
  readonly dateFormat: string;
  readonly timeFormat: string;
  readonly timestampFormat: string;
  readonly binaryFormat: string;
  readonly trimSpace: boolean;
  readonly nullIf: readonly string[];
  readonly skipByteOrderMark: boolean;
  readonly replaceInvalidCharacters: boolean;
}

export interface CsvFormat extends TextFormat {
  readonly type: 'CSV';
  /** undefined: any newline. */
  readonly recordDelimiter: string | undefined;
  readonly fieldDelimiter: string | undefined;
  readonly parseHeader: boolean;
  readonly skipHeader: number;
  readonly skipBlankLines: boolean;
  readonly escape: string | undefined;
  readonly escapeUnenclosed: string | undefined;
  readonly enclosedBy: string | undefined;
  readonly countMismatchFails: boolean;
  readonly emptyFieldAsNull: boolean;
  readonly encoding: string;
  readonly fileExtension: string | undefined;
}

export interface JsonFormat extends TextFormat {
  readonly type: 'JSON';
  readonly stripOuterArray: boolean;
  readonly stripNullValues: boolean;
  readonly fileExtension: string | undefined;
}

export interface XmlFormat extends TextFormat {
  readonly type: 'XML';
  readonly stripOuterElement: boolean;
  readonly autoConvert: boolean;
  /** Whether TO_XML's own tags are read as elements like any other. */
  readonly plainSnowflakeData: boolean;
  readonly fileExtension: undefined;
}

export interface ParquetFormat {
  readonly type: 'PARQUET';
  readonly compression: string;
  readonly binaryAsText: boolean;
  readonly nullIf: readonly string[];
}

type Options = Readonly<Record<string, FileFormatOptions[string]>>;

// Options that mean nothing here but must not be refused.
const harmless = [
  'TYPE',
  'FORMAT_NAME',
  'COMPRESSION',
  'USE_VECTORIZED_SCANNER',
  'USE_LOGICAL_TYPE',
  'SNAPPY_COMPRESSION',
  'MULTI_LINE',
  'ENABLE_OCTAL',
  'ALLOW_DUPLICATE',
  'IGNORE_UTF8_ERRORS',
  'VALIDATE_UTF8',
  'TRIM_SPACE',
  'NULL_IF',
  'REPLACE_INVALID_CHARACTERS',
  'COMMENT',
];
const textOptions = ['DATE_FORMAT', 'TIME_FORMAT', 'TIMESTAMP_FORMAT', 'BINARY_FORMAT', 'SKIP_BYTE_ORDER_MARK', 'FILE_EXTENSION'];
const knownOptions: Readonly<Record<FileFormat['type'], ReadonlySet<string>>> = {
  CSV: new Set([
    ...harmless,
    ...textOptions,
    'RECORD_DELIMITER',
    'FIELD_DELIMITER',
    'PARSE_HEADER',
    'SKIP_HEADER',
    'SKIP_BLANK_LINES',
    'ESCAPE',
    'ESCAPE_UNENCLOSED_FIELD',
    'FIELD_OPTIONALLY_ENCLOSED_BY',
    'ERROR_ON_COLUMN_COUNT_MISMATCH',
    'EMPTY_FIELD_AS_NULL',
    'ENCODING',
  ]),
  JSON: new Set([...harmless, ...textOptions, 'STRIP_OUTER_ARRAY', 'STRIP_NULL_VALUES']),
  XML: new Set([
    ...harmless,
    ...textOptions,
    'STRIP_OUTER_ELEMENT',
    'PRESERVE_SPACE',
    'DISABLE_AUTO_CONVERT',
    'DISABLE_SNOWFLAKE_DATA',
  ]),
  PARQUET: new Set([...harmless, 'BINARY_AS_TEXT']),
};

/** Later options win; a change of TYPE drops what came before. */
export function resolveFormat(...layers: readonly (FileFormatOptions | undefined)[]): FileFormat {
  let options: Options = {};
  for (const layer of layers) {
    if (layer === undefined) continue;
    const typed =
      layer['TYPE'] !== undefined && text(layer, 'TYPE', 'CSV').toUpperCase() !== text(options, 'TYPE', 'CSV').toUpperCase();
    options = typed ? layer : { ...options, ...layer };
  }
  const type = text(options, 'TYPE', 'CSV').toUpperCase();
  if (type !== 'CSV' && type !== 'JSON' && type !== 'XML' && type !== 'PARQUET')
    throw SnowflakeError.of('unsupported', { feature: `file format TYPE = ${type}` });
  const unknown = Object.keys(options).find((name) => !knownOptions[type].has(name));
  if (unknown !== undefined) throw SnowflakeError.of('invalidProperty', { property: unknown, kind: 'FILE_FORMAT' });
  if (type === 'CSV') return csvFormat(options);
  if (type === 'JSON') {
    return {
      type,
      ...textFormat(options, []),
      stripOuterArray: flag(options, 'STRIP_OUTER_ARRAY', false),
      stripNullValues: flag(options, 'STRIP_NULL_VALUES', false),
      fileExtension: character(options, 'FILE_EXTENSION', undefined),
    };
  }
  if (type === 'XML') return xmlFormat(options);
  return {
    type,
    compression: text(options, 'COMPRESSION', 'AUTO').toUpperCase(),
    binaryAsText: flag(options, 'BINARY_AS_TEXT', true),
    nullIf: list(options, 'NULL_IF', ['\\N']),
  };
}

function xmlFormat(options: Options): XmlFormat {
  if (flag(options, 'PRESERVE_SPACE', false)) throw SnowflakeError.of('unsupported', { feature: 'PRESERVE_SPACE = TRUE' });
  return {
    type: 'XML',
    ...textFormat(options, []),
    stripOuterElement: flag(options, 'STRIP_OUTER_ELEMENT', false),
    autoConvert: !flag(options, 'DISABLE_AUTO_CONVERT', false),
    plainSnowflakeData: flag(options, 'DISABLE_SNOWFLAKE_DATA', false),
    fileExtension: undefined,
  };
}

function csvFormat(options: Options): CsvFormat {
  const enclosedBy = character(options, 'FIELD_OPTIONALLY_ENCLOSED_BY', undefined);
  return {
    type: 'CSV',
    ...textFormat(options, ['\\N']),
    recordDelimiter: newline(character(options, 'RECORD_DELIMITER', undefined)),
    fieldDelimiter: options['FIELD_DELIMITER'] === undefined ? ',' : character(options, 'FIELD_DELIMITER', undefined),
    parseHeader: flag(options, 'PARSE_HEADER', false),
    skipHeader: number(options, 'SKIP_HEADER', 0),
    skipBlankLines: flag(options, 'SKIP_BLANK_LINES', false),
    escape: character(options, 'ESCAPE', undefined),
    escapeUnenclosed:
      options['ESCAPE_UNENCLOSED_FIELD'] === undefined ? '\\' : character(options, 'ESCAPE_UNENCLOSED_FIELD', undefined),
    enclosedBy,
    countMismatchFails: flag(options, 'ERROR_ON_COLUMN_COUNT_MISMATCH', true),
    emptyFieldAsNull: flag(options, 'EMPTY_FIELD_AS_NULL', true),
    encoding: text(options, 'ENCODING', 'UTF-8'),
    fileExtension: character(options, 'FILE_EXTENSION', undefined),
  };
}

function textFormat(options: Options, nullIf: readonly string[]): TextFormat {
  return {
    compression: text(options, 'COMPRESSION', 'AUTO').toUpperCase(),
    dateFormat: text(options, 'DATE_FORMAT', 'AUTO'),
    timeFormat: text(options, 'TIME_FORMAT', 'AUTO'),
    timestampFormat: text(options, 'TIMESTAMP_FORMAT', 'AUTO'),
    binaryFormat: text(options, 'BINARY_FORMAT', 'HEX').toUpperCase(),
    trimSpace: flag(options, 'TRIM_SPACE', false),
    nullIf: list(options, 'NULL_IF', nullIf),
    skipByteOrderMark: flag(options, 'SKIP_BYTE_ORDER_MARK', true),
    replaceInvalidCharacters: flag(options, 'REPLACE_INVALID_CHARACTERS', false),
  };
}

function text(options: Options, name: string, otherwise: string): string {
  const value = options[name];
  return value === undefined ? otherwise : String(value);
}

/** A delimiter or such: NONE and '' are none; octal, hexadecimal and common escapes are read. */
function character(options: Options, name: string, otherwise: string | undefined): string | undefined {
  const value = options[name];
  if (value === undefined) return otherwise;
  const written = String(value);
  if (written === '' || written.toUpperCase() === 'NONE') return undefined;
  const named: Readonly<Record<string, string>> = {
    '\\t': '\t',
    '\\n': '\n',
    '\\r': '\r',
    '\\r\\n': '\r\n',
    '\\\\': '\\',
    "\\'": "'",
    '\\"': '"',
  };
  const known = named[written];
  if (known !== undefined) return known;
  const codes = /^(?:(?:0x|\\x)[0-9a-f]{2})+$/iu.test(written)
    ? [...written.matchAll(/(?:0x|\\x)([0-9a-f]{2})/giu)].map((match) => Number.parseInt(match[1] ?? '', 16))
    : undefined;
  if (codes !== undefined) return Buffer.from(codes).toString('utf8');
  const octal = /^\\([0-7]{3})$/u.exec(written);
  return octal === null ? written : String.fromCharCode(Number.parseInt(octal[1] ?? '', 8));
}

/** `\n` as a record delimiter takes `\r\n` as well. */
function newline(delimiter: string | undefined): string | undefined {
  return delimiter === '\n' || delimiter === '\r\n' || delimiter === '\r' ? undefined : delimiter;
}

function flag(options: Options, name: string, otherwise: boolean): boolean {
  const value = options[name];
  if (value === undefined) return otherwise;
  if (typeof value === 'boolean') return value;
  const upper = String(value).toUpperCase();
  if (upper === 'TRUE' || upper === 'FALSE') return upper === 'TRUE';
  throw SnowflakeError.of('invalidPropertyValue', { property: name, value: String(value) });
}

function number(options: Options, name: string, otherwise: number): number {
  const value = options[name];
  if (value === undefined) return otherwise;
  const parsed = Number(value);
  if (Number.isInteger(parsed) && parsed >= 0) return parsed;
  throw SnowflakeError.of('invalidPropertyValue', { property: name, value: String(value) });
}

function list(options: Options, name: string, otherwise: readonly string[]): readonly string[] {
  const value = options[name];
  if (value === undefined) return otherwise;
  return Array.isArray(value) ? value.map(String) : [String(value)];
}
