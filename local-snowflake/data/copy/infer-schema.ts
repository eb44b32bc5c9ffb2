import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Cell } from '../../sql/result-set.ts';
import { type SnowflakeType, types } from '../../sql/types.ts';
import { isJsonArray, isJsonObject, JsonNumber, type JsonValue } from '../native/json-value.ts';
import type { StageFile, StatementPorts } from '../ports.ts';
import { commonType } from '../types/common-type.ts';
import { numericLiteral } from '../types/numeric-rules.ts';
import { parseAuto } from '../types/parse-datetime.ts';
import { csvHeader, readCsv } from './csv-reader.ts';
import type { CsvFormat, FileFormat, JsonFormat } from './file-format.ts';
import { readJson } from './json-reader.ts';
import { parquetColumns } from './parquet-schema.ts';
import { readTextFile } from './read-file.ts';
import { namedFormat, openStage } from './stage-source.ts';

export interface InferOptions {
  readonly location: string;
  /** A named file format. */
  readonly format: string;
  readonly files: readonly string[] | undefined;
  readonly ignoreCase: boolean;
  readonly maxFiles: number | undefined;
  readonly maxRecords: number | undefined;
}

interface FoundColumn {
  readonly name: string;
  /** undefined while only NULLs were seen. */
  type: SnowflakeType | undefined;
  nullable: boolean;
  readonly files: string[];
}

/** Columns of staged files: what INFER_SCHEMA answers, a row for each. */
export async function inferSchema(options: InferOptions, ports: StatementPorts, connection: DuckDBConnection): Promise<Cell[][]> {
  const source = await openStage(
    options.location,
    { format: namedFormat(options.format, ports), files: options.files },
    ports,
    connection,
  );
  const columns = new Map<string, FoundColumn>();
  for (const file of source.files.slice(0, options.maxFiles)) {
    const found = await fileColumns(file, source.format, options, connection);
    for (const { name, type, nullable } of found) {
      const shown = options.ignoreCase ? name.toUpperCase() : name;
      const known = columns.get(shown);
      if (known === undefined) columns.set(shown, { name: shown, type, nullable, files: [file.name] });
      else {
        known.type = merge(known.type, type);
        known.nullable ||= nullable;
        known.files.push(file.name);
      }
    }
  }
  return [...columns.values()].map((column, index) => {
    const type = typeText(column.type ?? types.varchar());
    const plain = /^[A-Za-z_][A-Za-z0-9_$]*$/u.test(column.name) ? column.name : `"${column.name}"`;
    const named = options.ignoreCase ? `GET_IGNORE_CASE ($1, ${plain})::${type}` : `$1:${plain}::${type}`;
    // Fields of CSV records have no names when they are queried, only numbers.
    const expression = source.format.type === 'CSV' ? `$${String(index + 1)}::${type}` : named;
    return [column.name, type, column.nullable ? '1' : '0', expression, column.files.join(', '), String(index)];
  });
}

/** As INFER_SCHEMA spells types: `NUMBER(38, 0)`, TEXT, REAL. */
function typeText(type: SnowflakeType): string {
  if (type.kind === 'NUMBER') return `NUMBER(${String(type.precision)}, ${String(type.scale)})`;
  if (type.kind === 'VARCHAR') return 'TEXT';
  return type.kind === 'FLOAT' ? 'REAL' : type.kind;
}

function merge(a: SnowflakeType | undefined, b: SnowflakeType | undefined): SnowflakeType | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  // Text holds what has nothing else in common; numbers read from text do not stay numbers beside it.
  if (a.kind !== b.kind && (a.kind === 'VARCHAR' || b.kind === 'VARCHAR')) return types.varchar();
  return commonType(a, b) ?? types.varchar();
}

type Seen = Pick<FoundColumn, 'name' | 'type' | 'nullable'>;

async function fileColumns(
  file: StageFile,
  format: FileFormat,
  options: InferOptions,
  connection: DuckDBConnection,
): Promise<Seen[]> {
  if (format.type === 'PARQUET') return parquetColumns([file], format, connection);
  if (format.type === 'XML') throw SnowflakeError.of('unsupported', { feature: 'INFER_SCHEMA of XML' });
  const text = await readTextFile(file, format);
  return format.type === 'CSV' ? csvColumns(text, format, options.maxRecords) : jsonColumns(text, format, options.maxRecords);
}

function csvColumns(text: string, format: CsvFormat, limit = Number.POSITIVE_INFINITY): Seen[] {
  const header = format.parseHeader ? csvHeader(text, format) : [];
  const seen: (SnowflakeType | undefined)[] = header.map(() => undefined);
  let rows = 0;
  for (const record of readCsv(text, format)) {
    if (rows >= limit) break;
    rows += 1;
    record.fields.forEach((field, index) => {
      seen[index] = merge(seen[index], field === null ? undefined : textType(field));
    });
  }
  return Array.from(seen, (type, index) => ({ name: header[index] ?? `c${String(index + 1)}`, type, nullable: true }));
}

/** The narrowest type that a text reads as. */
function textType(text: string): SnowflakeType {
  const trimmed = text.trim();
  if (/^(?:true|false)$/iu.test(trimmed)) return types.boolean;
  if (/^[+-]?\d+(?:\.\d+)?$/u.test(trimmed)) return numericLiteral(trimmed.replace(/^[+-]/u, '')).type;
  if (/^[+-]?\d+(?:\.\d*)?[eE][+-]?\d+$/u.test(trimmed)) return types.float;
  if (/^\d{4}-\d{2}-\d{2}$/u.test(trimmed) && parseAuto(trimmed) !== undefined) return types.date;
  if (/^\d{4}-\d{2}-\d{2}[ T]/u.test(trimmed) && parseAuto(trimmed) !== undefined) return types.timestampNtz();
  return types.varchar();
}

function jsonColumns(text: string, format: JsonFormat, limit = Number.POSITIVE_INFINITY): Seen[] {
  const seen = new Map<string, SnowflakeType | undefined>();
  let rows = 0;
  for (const { value } of readJson(text, { ...format, stripOuterArray: true })) {
    if (rows >= limit) break;
    rows += 1;
    if (!isJsonObject(value)) continue;
    for (const [key, item] of value) seen.set(key, merge(seen.get(key), jsonType(item)));
  }
  return [...seen].map(([name, type]) => ({ name, type, nullable: true }));
}

function jsonType(value: JsonValue): SnowflakeType | undefined {
  if (value === null) return undefined;
  if (typeof value === 'boolean') return types.boolean;
  if (value instanceof JsonNumber) return /[eE]/u.test(value.text) ? types.float : numericLiteral(value.text.replace('-', '')).type;
  if (isJsonArray(value)) return types.array;
  if (isJsonObject(value)) return types.object;
  const type = textType(value);
  // Numbers and truth values in quotes are text.
  return type.kind === 'DATE' || type.kind === 'TIMESTAMP_NTZ' ? type : types.varchar();
}
