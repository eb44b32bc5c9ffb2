import {
  BIGINT,
  BOOLEAN,
  DATE,
  DECIMAL,
  DOUBLE,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBType,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ,
  VARCHAR,
} from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { type PackedColumn, type PackedValues, valueBytes } from '../../sql/packed-column.ts';
import type { Cell } from '../../sql/result-set.ts';
import type { SnowflakeType } from '../../sql/types.ts';
import { packedForm } from './packed-reader.ts';
import { execute } from './run.ts';
import { fromWire } from './wire-text.ts';

/** A column as it is appended, and what its values become: `sql` over `names`, the columns of a staging table; none where they stay. */
interface StoredColumn {
  readonly parts: readonly VectorColumn[];
  readonly sql?: (names: readonly string[]) => string;
}

export interface VectorColumn {
  readonly type: DuckDBType;
  readonly values: PackedValues;
}

/** Appends rows to a table whose first columns are `leading` as they are, the others of the given Snowflake types. */
export async function appendPacked(
  connection: DuckDBConnection,
  table: string,
  leading: readonly VectorColumn[],
  columns: readonly { readonly type: SnowflakeType; readonly column: PackedColumn }[],
  rows: number,
): Promise<void> {
  if (rows === 0) return;
  const stored = [
    ...leading.map((column): StoredColumn => ({ parts: [column] })),
    ...columns.map(({ type, column }) => storedColumn(type, column)),
  ];
  const parts = stored.flatMap((each) => each.parts);
  if (stored.every((each) => each.sql === undefined)) {
    await appendVectors(connection, table, parts, rows);
    return;
  }
  // DuckDB converts texts on their way out of a staging table.
  const staging = `${table}_staging`;
  const names = parts.map((_, index) => `s${String(index)}`);
  await execute(
    connection,
    `CREATE TEMP TABLE ${staging} (${parts.map(({ type }, index) => `${names[index] ?? ''} ${type.toString()}`).join(', ')})`,
  );
  await appendVectors(connection, staging, parts, rows);
  let next = 0;
  const list = stored.map((each) => {
    const own = names.slice(next, (next += each.parts.length));
    return each.sql === undefined ? (own[0] ?? 'NULL') : each.sql(own);
  });
  await execute(connection, `INSERT INTO ${table} SELECT ${list.join(', ')} FROM temp.main.${staging}`);
  await execute(connection, `DROP TABLE temp.main.${staging}`);
}

function storedColumn(type: SnowflakeType, column: PackedColumn): StoredColumn {
  if (column.form === 'record') {
    const { fields } = column;
    return {
      parts: fields.map(({ values }) => fieldColumn(values)),
      sql: (names) =>
        recordJson(fields.map(({ key, values }, index) => ({ key, type: fieldColumn(values).type, sql: names[index] ?? 'NULL' }))),
    };
  }
  if (column.form !== 'text') {
    const wide = packedForm(type) === 'int128' && column.form === 'int64';
    return { parts: [{ type: vectorType(type), values: wide ? widened(column) : column }] };
  }
  const part: VectorColumn = { type: VARCHAR, values: column };
  return type.kind === 'VARCHAR' ? { parts: [part] } : { parts: [part], sql: ([name = 'NULL']) => fromWire(type, name) };
}

/** A field of a record as DuckDB has it. */
export function fieldColumn(values: PackedValues): VectorColumn {
  return { values, type: values.form === 'float64' ? DOUBLE : values.form === 'bool' ? BOOLEAN : BIGINT };
}

/** DuckDB SQL of an OBJECT in its canonical form; `fields` are in its order. */
export function recordJson(fields: readonly { readonly key: string; readonly type: DuckDBType; readonly sql: string }[]): string {
  const entries = fields.map(({ key, type, sql }, index) => {
    const name = `${index === 0 ? '{' : ','}${JSON.stringify(key)}:`;
    return `'${name.replaceAll("'", "''")}' || ${fieldJson(type, sql)}`;
  });
  return `CAST(${entries.join(' || ')} || '}' AS JSON)`;
}

/** The canonical text of a finite number or a truth value in JSON. */
export function fieldJson(type: DuckDBType, sql: string): string {
  const text = `CAST(${sql} AS VARCHAR)`;
  if (type !== DOUBLE) return text;
  return `CASE WHEN abs(${sql}) >= 1e-4 AND abs(${sql}) < 1e16 THEN rtrim(rtrim(${text}, '0'), '.') WHEN ${sql} = 0 THEN '0' ELSE sf_json(${text}) END`;
}

function vectorType(type: SnowflakeType): DuckDBType {
  switch (type.kind) {
    case 'NUMBER':
      return DECIMAL(type.precision, type.scale);
    case 'FLOAT':
      return DOUBLE;
    case 'BOOLEAN':
      return BOOLEAN;
    case 'DATE':
      return DATE;
    case 'TIME':
      return TIME;
    case 'TIMESTAMP_NTZ':
      return TIMESTAMP;
    case 'TIMESTAMP_LTZ':
      return TIMESTAMPTZ;
    default:
      throw new Error(`values of ${type.kind} come as text`);
  }
}

const chunkRows = 2048;

/** Appends rows to a temporary table whose columns are of these very types. */
export async function appendVectors(
  connection: DuckDBConnection,
  table: string,
  columns: readonly VectorColumn[],
  rows: number,
): Promise<void> {
  const writers = columns.map(({ values }) => writer(values, rows));
  const types = columns.map(({ type }) => type);
  const appender = await connection.createAppender(table, 'main', 'temp');
  for (let start = 0; start < rows; start += chunkRows) {
    const count = Math.min(chunkRows, rows - start);
    const chunk = DuckDBDataChunk.create(types, count);
    writers.forEach((write, index) => {
      write(chunk, index, start, count);
    });
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

type VectorWriter = (chunk: DuckDBDataChunk, column: number, start: number, count: number) => void;

function writer(values: PackedValues, rows: number): VectorWriter {
  if (values.form === 'text') {
    const cells = JSON.parse(Buffer.from(values.bytes).toString()) as Cell[];
    if (cells.length !== rows) throw new Error(`a column of ${String(cells.length)} values for ${String(rows)} rows`);
    return (chunk, column, start, count) => {
      chunk.setColumnValues(column, cells.slice(start, start + count));
    };
  }
  const { bytes, valid } = values;
  const size = valueBytes[values.form];
  if (bytes.length !== rows * size) throw new Error(`a column of ${String(bytes.length / size)} values for ${String(rows)} rows`);
  return (chunk, column, start, count) => {
    const vector = duckdb.data_chunk_get_vector(chunk.chunk, column);
    duckdb.copy_data_to_vector(vector, 0, bytes.buffer as ArrayBuffer, bytes.byteOffset + start * size, count * size);
    if (valid !== undefined) writeValidity(vector, valid.subarray(start, start + count));
  };
}

/** Workers give integers of no more than 64 bits, DuckDB keeps those of more than 18 digits in 128. */
function widened({ bytes, valid }: PackedValues): PackedValues {
  const from = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const to = Buffer.alloc(bytes.length * 2);
  for (let offset = 0; offset < bytes.length; offset += 8) {
    const high = from.readInt32LE(offset + 4);
    to.writeInt32LE(from.readInt32LE(offset), offset * 2);
    to.writeInt32LE(high, offset * 2 + 4);
    to.writeInt32LE(high >> 31, offset * 2 + 8);
    to.writeInt32LE(high >> 31, offset * 2 + 12);
  }
  return { form: 'int128', bytes: to, valid };
}

function writeValidity(vector: duckdb.Vector, valid: Uint8Array): void {
  const bits = new Uint8Array(Math.ceil(valid.length / 64) * 8);
  for (let row = 0; row < valid.length; row += 1) bits[row >> 3] = (bits[row >> 3] ?? 0) | ((valid[row] ?? 0) << (row & 7));
  duckdb.vector_ensure_validity_writable(vector);
  duckdb.copy_data_to_vector_validity(vector, 0, bits.buffer, 0, bits.length);
}
