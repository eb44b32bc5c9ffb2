import type { DuckDBBlobValue, DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import type { ArgumentColumns } from '../../sql/argument-columns.ts';
import { type PackedValues, type ValueForm, valueBytes } from '../../sql/packed-column.ts';
import type { SnowflakeType } from '../../sql/types.ts';
import { bound } from '../bind/bound.ts';
import { structuredText } from '../bind/structured-text.ts';
import { isStructured } from '../types/structured-rules.ts';
import { asDataError } from './error-mapping.ts';
import { physicalType } from './physical-type.ts';
import { toWire } from './wire-text.ts';

export interface PackedExpression {
  readonly type: SnowflakeType;
  readonly sql: string;
}

/** How a type's values lie in DuckDB's vectors; `text` for those that do not have one size. */
export function packedForm(type: SnowflakeType): ValueForm {
  switch (type.kind) {
    case 'NUMBER':
      if (type.precision <= 4) return 'int16';
      if (type.precision <= 9) return 'int32';
      return type.precision <= 18 ? 'int64' : 'int128';
    case 'FLOAT':
      return 'float64';
    case 'BOOLEAN':
      return 'bool';
    case 'DATE':
      return 'int32';
    case 'TIME':
    case 'TIMESTAMP_NTZ':
    case 'TIMESTAMP_LTZ':
      return 'int64';
    default:
      return 'text';
  }
}

/**
 * Values of expressions over the rows of a table, in its order: DuckDB keeps that of a scan (`preserve_insertion_order`), and
 * sorting would take longer than the reading. Numbers are copied as they lie in DuckDB's
 * vectors; DuckDB writes what is text as JSON: as JavaScript's strings it would take longer than all the rest.
 */
export async function readPacked(
  connection: DuckDBConnection,
  expressions: readonly PackedExpression[],
  table: string,
  where: string,
): Promise<ArgumentColumns> {
  const forms = expressions.map(({ type }) => packedForm(type));
  const values = expressions.filter((_, index) => forms[index] !== 'text');
  const texts = expressions.filter((_, index) => forms[index] === 'text');
  const from = `FROM ${table} WHERE ${where}`;
  const valueChunks =
    values.length === 0
      ? []
      : await chunks(
          connection,
          `SELECT ${values.map(({ type, sql }) => `CAST(${sql} AS ${physicalType(type)})`).join(', ')} ${from}`,
        );
  const counted = values.length > 0 ? valueChunks.reduce((sum, chunk) => sum + chunk.rowCount, 0) : undefined;
  const textChunks =
    texts.length === 0 && counted !== undefined
      ? []
      : await chunks(
          connection,
          `SELECT ${['CAST(count(*) AS INTEGER)', ...texts.map(({ type, sql }) => jsonList(type, sql))].join(', ')} ${from}`,
        );
  const rows = counted ?? Number(textChunks[0]?.getColumnVector(0).getItem(0) ?? 0);
  let value = 0;
  let text = 0;
  const columns = forms.map((form): PackedValues => {
    if (form === 'text') return { form, bytes: blob(textChunks[0], (text += 1)) };
    value += 1;
    return joined(form, valueChunks, value - 1, rows);
  });
  return { rows, columns };
}

function jsonList(type: SnowflakeType, sql: string): string {
  // The canonical text: nobody looks at the blanks of a value that a function reads.
  const cell = isStructured(type)
    ? `sf.untagged(${structuredText(bound(type, sql), 'canonical')})`
    : isJson(type)
      ? `sf.untagged(CAST(${sql} AS VARCHAR))`
      : toWire(type, sql);
  return `encode(CAST(to_json(list(${cell} ORDER BY rowid)) AS VARCHAR))`;
}

function isJson({ kind }: SnowflakeType): boolean {
  return kind === 'VARIANT' || kind === 'OBJECT' || kind === 'ARRAY';
}

async function chunks(connection: DuckDBConnection, sql: string): Promise<DuckDBDataChunk[]> {
  try {
    const result = await connection.run(sql);
    return Array.from({ length: result.chunkCount }, (_, index) => result.getChunk(index));
  } catch (error) {
    throw asDataError(error, sql);
  }
}

function blob(chunk: DuckDBDataChunk | undefined, column: number): Uint8Array {
  const value = chunk?.getColumnVector(column).getItem(0);
  // The list of no rows is NULL.
  return value === null || value === undefined ? Buffer.from('[]') : (value as DuckDBBlobValue).bytes;
}

function joined(form: Exclude<ValueForm, 'text'>, parts: readonly DuckDBDataChunk[], column: number, rows: number): PackedValues {
  const size = valueBytes[form];
  const bytes = new Uint8Array(rows * size);
  let valid: Uint8Array | undefined;
  let start = 0;
  for (const chunk of parts) {
    const count = chunk.rowCount;
    const vector = duckdb.data_chunk_get_vector(chunk.chunk, column);
    bytes.set(duckdb.vector_get_data(vector, count * size), start * size);
    const bits = validity(vector, count);
    if (bits !== undefined) {
      valid ??= new Uint8Array(rows).fill(1);
      for (let row = 0; row < count; row += 1) valid[start + row] = ((bits[row >> 3] ?? 0) >> (row & 7)) & 1;
    }
    start += count;
  }
  return { form, bytes, valid };
}

/** A bit for each row, in words of 64; nothing when there is a value in every row. */
function validity(vector: duckdb.Vector, rows: number): Uint8Array | undefined {
  // The binding's types do not say that there may be none.
  const bits: Uint8Array | null | undefined = duckdb.vector_get_validity(vector, Math.ceil(rows / 64) * 8);
  return bits ?? undefined;
}
