import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, deflate, deflateRaw, gzip } from 'node:zlib';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { quoteIdentifier } from '../../sql/identifier.ts';
import type { ResultColumn } from '../../sql/result-set.ts';
import { bindQuery } from '../bind/bind-query.ts';
import { type Bound, bound } from '../bind/bound.ts';
import type { BoundQuery } from '../bind/bound-query.ts';
import { variantOf } from '../bind/cast-semi-structured.ts';
import { formattedSql } from '../bind/cast-text.ts';
import { duckString } from '../duckdb/text.ts';
import type { StageLocation } from '../ports.ts';
import { queryText } from '../statements/create-table-as.ts';
import type { StatementFrame } from '../statements/statement-frame.ts';
import { csvText } from './csv-writer.ts';
import type { CsvFormat, FileFormat, JsonFormat, ParquetFormat } from './file-format.ts';
import { partitions } from './partitions.ts';

export interface UnloadOptions {
  readonly format: FileFormat;
  /** What the files' names begin with. */
  readonly prefix: string;
  /** Parquet keeps the columns' names, CSV gets a header line. */
  readonly header: boolean;
  readonly overwrite: boolean;
  readonly single: boolean;
  /** No file for no rows. */
  readonly dropEmpty?: true;
  /** Text of an expression by whose values the rows are kept apart. */
  readonly partitionBy?: string;
  /** The files of each value go to a folder that it names, or get a number in their names. */
  readonly partitionsAs?: 'folders' | 'numbers';
}

export interface UnloadedFiles {
  readonly columns: readonly ResultColumn[];
  /** Names below the location. */
  readonly files: readonly { readonly name: string; readonly rows: number; readonly bytes: number }[];
  /** Size before compression. */
  readonly inputBytes: number;
}

const compressors: Readonly<Record<string, { readonly extension: string; readonly run: (bytes: Buffer) => Promise<Buffer> }>> = {
  GZIP: { extension: '.gz', run: promisify(gzip) as (bytes: Buffer) => Promise<Buffer> },
  AUTO: { extension: '.gz', run: promisify(gzip) as (bytes: Buffer) => Promise<Buffer> },
  DEFLATE: { extension: '.deflate', run: promisify(deflate) as (bytes: Buffer) => Promise<Buffer> },
  RAW_DEFLATE: { extension: '.raw_deflate', run: promisify(deflateRaw) as (bytes: Buffer) => Promise<Buffer> },
  BROTLI: { extension: '.br', run: promisify(brotliCompress) as (bytes: Buffer) => Promise<Buffer> },
  NONE: { extension: '', run: (bytes) => Promise.resolve(bytes) },
};

/** Writes a query's rows below a stage location. https://docs.snowflake.com/en/sql-reference/sql/copy-into-location */
export async function unloadFiles(
  query: string,
  location: StageLocation,
  options: UnloadOptions,
  frame: StatementFrame,
): Promise<UnloadedFiles> {
  const rows = bindQuery(queryText(query), frame.bind);
  const parts = options.partitionBy === undefined ? [{ folder: '', rows }] : await partitions(rows, options.partitionBy, frame);
  const written: WrittenFile[] = [];
  for (const [number, part] of parts.entries()) {
    const numbered = options.partitionsAs === 'numbers' ? `${options.prefix}_${String(number)}` : `${part.folder}${options.prefix}`;
    const within = { ...options, prefix: options.partitionBy === undefined ? options.prefix : numbered };
    const file = await unloadFile(part.rows, location, within, frame);
    if (file !== undefined) written.push(file);
  }
  return {
    columns: rows.columns.map(({ name, type, nullable }) => ({ name, type, nullable })),
    files: written,
    inputBytes: written.reduce((sum, file) => sum + file.inputBytes, 0),
  };
}

interface WrittenFile {
  readonly name: string;
  readonly rows: number;
  readonly bytes: number;
  readonly inputBytes: number;
}

async function unloadFile(
  rows: BoundQuery,
  location: StageLocation,
  options: UnloadOptions,
  frame: StatementFrame,
): Promise<WrittenFile | undefined> {
  const directory = await mkdtemp(join(tmpdir(), 'local-snowflake-unload-'));
  try {
    const made =
      options.format.type === 'PARQUET'
        ? await parquetFile(rows, options.format, options, directory, frame)
        : await textFile(rows, options.format, options, directory, frame);
    if (made.rows === 0 && options.dropEmpty === true) return undefined;
    const existing = location.files.find((file) => file.name === made.name || file.name.endsWith(`/${made.name}`));
    if (existing !== undefined && !options.overwrite) {
      throw SnowflakeError.of('execution', {
        message: `Files already existing at the unload destination: ${location.display}. Use overwrite option to force unloading.`,
      });
    }
    const path = join(directory, 'file');
    const { size } = await stat(path);
    await location.add(made.name, path);
    return { name: made.name, rows: made.rows, bytes: size, inputBytes: made.bytes ?? size };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

interface MadeFile {
  readonly name: string;
  readonly rows: number;
  /** Bytes before compression, where that is known. */
  readonly bytes: number | undefined;
}

function fileName(options: UnloadOptions, extension: string): string {
  return options.single ? options.prefix : `${options.prefix}_0_0_0${extension}`;
}

const parquetCompressions: Readonly<Record<string, string>> = {
  AUTO: 'snappy',
  SNAPPY: 'snappy',
  NONE: 'uncompressed',
  LZO: 'snappy',
  ZSTD: 'zstd',
  GZIP: 'gzip',
};

async function parquetFile(
  rows: BoundQuery,
  format: ParquetFormat,
  options: UnloadOptions,
  directory: string,
  frame: StatementFrame,
): Promise<MadeFile> {
  const compression = parquetCompressions[format.compression] ?? 'snappy';
  const wide = await wideIntegers(rows, frame);
  const names = rows.columns.map((column, index) => (options.header ? column.name : `_COL_${String(index)}`));
  const folded = new Set(names.map((name) => name.toLowerCase()));
  if (folded.size < names.length)
    throw SnowflakeError.of('unsupported', { feature: 'Parquet columns whose names differ in case only' });
  const list = rows.columns.map(
    (column, index) =>
      `${parquetValue(bound(column.type, column.internal), wide.has(index))} AS ${quoteIdentifier(names[index] ?? '')}`,
  );
  const path = join(directory, 'file');
  const count = await frame.execute(
    `COPY (SELECT ${list.join(', ')} FROM (${rows.sql}) AS source) TO ${duckString(path)} (FORMAT parquet, COMPRESSION ${compression}, ROW_GROUP_SIZE 122880)`,
  );
  return {
    name: fileName(options, compression === 'uncompressed' ? '.parquet' : `.${compression}.parquet`),
    rows: count,
    bytes: undefined,
  };
}

/** Whole numbers that do not fit 64 bits stay decimals; all others become integers, as readers expect them. */
async function wideIntegers(rows: BoundQuery, frame: StatementFrame): Promise<Set<number>> {
  const candidates = rows.columns.flatMap((column, index) =>
    column.type.kind === 'NUMBER' && column.type.scale === 0 && column.type.precision > 18 ? [{ column, index }] : [],
  );
  if (candidates.length === 0) return new Set();
  const tests = candidates.map(
    ({ column }) => `CASE WHEN max(abs(${column.internal})) > 9223372036854775807 THEN '1' ELSE '0' END`,
  );
  const [cells = []] = await frame.read(`SELECT ${tests.join(', ')} FROM (${rows.sql}) AS source`);
  return new Set(candidates.filter((_, position) => cells[position] === '1').map(({ index }) => index));
}

function parquetValue(value: Bound, wide: boolean): string {
  switch (value.type.kind) {
    case 'NUMBER':
      return value.type.scale === 0 && !wide ? `CAST(${value.sql} AS BIGINT)` : value.sql;
    case 'TIMESTAMP_TZ':
      return formattedSql(value, 'YYYY-MM-DD HH24:MI:SS.FF6 TZHTZM');
    case 'VARIANT':
    case 'OBJECT':
    case 'ARRAY':
      return `CAST(${value.sql} AS VARCHAR)`;
    default:
      return value.sql;
  }
}

async function textFile(
  rows: BoundQuery,
  format: CsvFormat | JsonFormat,
  options: UnloadOptions,
  directory: string,
  frame: StatementFrame,
): Promise<MadeFile> {
  const compressor = compressors[format.compression];
  if (compressor === undefined) throw SnowflakeError.of('unsupported', { feature: `COMPRESSION = ${format.compression}` });
  const { text, count } = format.type === 'CSV' ? await csvText(rows, format, options.header, frame) : await jsonText(rows, frame);
  const bytes = Buffer.from(text, 'utf8');
  await writeFile(join(directory, 'file'), await compressor.run(bytes));
  const extension =
    format.fileExtension === undefined ? `.${format.type.toLowerCase()}${compressor.extension}` : `.${format.fileExtension}`;
  return { name: fileName(options, extension), rows: count, bytes: bytes.length };
}

async function jsonText(rows: BoundQuery, frame: StatementFrame): Promise<{ text: string; count: number }> {
  const [column] = rows.columns;
  if (column === undefined || rows.columns.length !== 1) {
    throw SnowflakeError.of('execution', {
      message: 'SQL compilation error:\nJSON file format can produce one and only one column of type variant, object, or array.',
    });
  }
  const cells = await frame.read(
    `SELECT CAST(${variantOf(bound(column.type, column.internal))} AS VARCHAR) FROM (${rows.sql}) AS source`,
  );
  return { text: cells.map(([cell]) => `${cell ?? 'null'}\n`).join(''), count: cells.length };
}
