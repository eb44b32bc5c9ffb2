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
import { csvRecords } from './csv-writer.ts';
import type { CsvFormat, FileFormat, JsonFormat, ParquetFormat } from './file-format.ts';
import { partitions } from './partitions.ts';
import { splitRecords, type TextRecords } from './split-records.ts';

export interface UnloadOptions {
  readonly format: FileFormat;
  /** What the files' names begin with. */
  readonly prefix: string;
  /** Parquet keeps the columns' names, CSV gets a header line. */
  readonly header: boolean;
  readonly overwrite: boolean;
  readonly single: boolean;
  /** Bytes that a file should not exceed. */
  readonly maxFileSize?: number;
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
    written.push(...(await unloadPart(part.rows, location, within, frame)));
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

/** Makes the files of one partition, and adds them to the stage when all of them are there and may be. */
async function unloadPart(
  rows: BoundQuery,
  location: StageLocation,
  options: UnloadOptions,
  frame: StatementFrame,
): Promise<WrittenFile[]> {
  const { format } = options;
  // https://docs.snowflake.com/en/sql-reference/sql/copy-into-location has CSV, JSON and Parquet.
  if (format.type === 'XML') throw SnowflakeError.of('unsupported', { feature: 'unloading XML' });
  const directory = await mkdtemp(join(tmpdir(), 'local-snowflake-unload-'));
  try {
    const made =
      format.type === 'PARQUET'
        ? [await parquetFile(rows, format, options, directory, frame)]
        : await textFiles(rows, format, options, directory, frame);
    const kept = made.filter((file) => file.rows > 0 || options.dropEmpty !== true);
    const sizes = await Promise.all(kept.map(async ({ path }) => (await stat(path)).size));
    refuseLarge(sizes, options);
    const taken = (name: string): boolean => location.files.some((file) => file.name === name || file.name.endsWith(`/${name}`));
    if (!options.overwrite && kept.some((file) => taken(file.name))) {
      throw SnowflakeError.of('execution', {
        message: `Files already existing at the unload destination: ${location.display}. Use overwrite option to force unloading.`,
      });
    }
    const written: WrittenFile[] = [];
    for (const [index, { name, path, rows: count, bytes }] of kept.entries()) {
      await location.add(name, path);
      const size = sizes[index] ?? 0;
      written.push({ name, rows: count, bytes: size, inputBytes: bytes ?? size });
    }
    return written;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** What is not split may not be larger than was asked for. */
function refuseLarge(sizes: readonly number[], { single, format, maxFileSize }: UnloadOptions): void {
  if (maxFileSize === undefined || (!single && format.type !== 'PARQUET') || sizes.every((size) => size <= maxFileSize)) return;
  const most = String(maxFileSize);
  if (!single) throw SnowflakeError.of('unsupported', { feature: `Parquet files of more than MAX_FILE_SIZE = ${most} bytes` });
  throw SnowflakeError.of('execution', {
    message: `Max file size (${most}) exceeded for unload single file mode. Please increase MAX_FILE_SIZE copy option.`,
  });
}

interface MadeFile {
  readonly name: string;
  /** Where it is until the stage has it. */
  readonly path: string;
  readonly rows: number;
  /** Bytes before compression, where that is known. */
  readonly bytes: number | undefined;
}

/** The numbers stand for the machine, the thread and the file. */
function fileName(options: UnloadOptions, extension: string, number = 0): string {
  return options.single ? options.prefix : `${options.prefix}_0_0_${String(number)}${extension}`;
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
  const names = rows.columns.map((column, index) => (options.header ? column.name : `_COL_${String(index)}`));
  const folded = new Set(names.map((name) => name.toLowerCase()));
  if (folded.size < names.length)
    throw SnowflakeError.of('unsupported', { feature: 'Parquet columns whose names differ in case only' });
  const path = join(directory, 'file');
  const write = (wide: ReadonlySet<number>): Promise<number> => {
    const list = rows.columns.map(
      (column, index) =>
        `${parquetValue(bound(column.type, column.internal), wide.has(index))} AS ${quoteIdentifier(names[index] ?? '')}`,
    );
    return frame.execute(
      `COPY (SELECT ${list.join(', ')} FROM (${rows.sql}) AS source) TO ${duckString(path)} (FORMAT parquet, COMPRESSION ${compression}, ROW_GROUP_SIZE 122880)`,
    );
  };
  const narrow = frame.alone ? new Set<number>() : await wideIntegers(rows, frame);
  const count = await write(narrow).catch(async (error: unknown) => {
    // To look for numbers that are too large beforehand would be a second run of the query each time.
    const wide = frame.alone ? await wideIntegers(rows, frame) : narrow;
    if (wide.size === narrow.size) throw error;
    return write(wide);
  });
  return {
    name: fileName(options, compression === 'uncompressed' ? '.parquet' : `.${compression}.parquet`),
    path,
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
      return `sf.untagged(CAST(${value.sql} AS VARCHAR))`;
    default:
      return value.sql;
  }
}

async function textFiles(
  rows: BoundQuery,
  format: CsvFormat | JsonFormat,
  options: UnloadOptions,
  directory: string,
  frame: StatementFrame,
): Promise<MadeFile[]> {
  const compressor = compressors[format.compression];
  if (compressor === undefined) throw SnowflakeError.of('unsupported', { feature: `COMPRESSION = ${format.compression}` });
  const records = format.type === 'CSV' ? await csvRecords(rows, format, options.header, frame) : await jsonRecords(rows, frame);
  const parts = await splitRecords(records, compressor.run, options.single ? undefined : options.maxFileSize);
  const extension =
    format.fileExtension === undefined ? `.${format.type.toLowerCase()}${compressor.extension}` : `.${format.fileExtension}`;
  return Promise.all(
    parts.map(async (part, number) => {
      const path = join(directory, `file${String(number)}`);
      await writeFile(path, part.bytes);
      return { name: fileName(options, extension, number), path, rows: part.rows, bytes: part.inputBytes };
    }),
  );
}

async function jsonRecords(rows: BoundQuery, frame: StatementFrame): Promise<TextRecords> {
  const [column] = rows.columns;
  if (column === undefined || rows.columns.length !== 1) {
    throw SnowflakeError.of('execution', {
      message: 'SQL compilation error:\nJSON file format can produce one and only one column of type variant, object, or array.',
    });
  }
  const cells = await frame.read(
    `SELECT sf.untagged(CAST(${variantOf(bound(column.type, column.internal))} AS VARCHAR)) FROM (${rows.sql}) AS source`,
  );
  return { head: '', records: cells.map(([cell]) => `${cell ?? 'null'}\n`) };
}
