import type { Cell } from './result-set.ts';
import type { SnowflakeType } from './types.ts';
import { floatText, secondsText } from './wire-number.ts';

/**
 * How the values of a column lie in its bytes. `text` takes every type: a JSON array of cells. In the others values stand side
 * by side, little-endian: a NUMBER's digits without its point, days and microseconds since the epoch.
 */
export type ValueForm = 'text' | 'bool' | 'int16' | 'int32' | 'int64' | 'int128' | 'float64';

/** A column of a million rows that never becomes a million objects on its way. */
export interface PackedValues {
  readonly form: ValueForm;
  readonly bytes: Uint8Array;
  /** A byte for each row: 1 where there is a value. Absent where there is one in every row, and for text. */
  readonly valid?: Uint8Array | undefined;
}

/** OBJECTs that all have the same keys, in the order of their canonical text; no value is NULL, NaN or infinite. */
export interface PackedRecords {
  readonly form: 'record';
  readonly fields: readonly { readonly key: string; readonly values: PackedValues }[];
}

export type PackedColumn = PackedValues | PackedRecords;

/** Bytes of a value; text has none of a fixed size. */
export const valueBytes: Readonly<Record<Exclude<ValueForm, 'text'>, number>> = {
  bool: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  int128: 16,
  float64: 8,
};

export function textColumn(cells: readonly Cell[]): PackedValues {
  return { form: 'text', bytes: Buffer.from(JSON.stringify(cells)) };
}

/** The cells of a column of `type`. */
export function cellsOf(column: PackedColumn, type: SnowflakeType): Cell[] {
  if (column.form === 'record') return recordCells(column);
  const buffer = Buffer.from(column.bytes.buffer, column.bytes.byteOffset, column.bytes.byteLength);
  if (column.form === 'text') return JSON.parse(buffer.toString()) as Cell[];
  const size = valueBytes[column.form];
  const read = reader(column.form, buffer, type);
  return Array.from({ length: buffer.length / size }, (_, row) => (column.valid?.[row] === 0 ? null : read(row * size)));
}

function reader(form: Exclude<ValueForm, 'text'>, buffer: Buffer, type: SnowflakeType): (offset: number) => string {
  switch (form) {
    case 'bool':
      return (offset) => String(buffer.readUInt8(offset));
    case 'float64':
      return (offset) => floatText(buffer.readDoubleLE(offset));
    case 'int16':
      return (offset) => integerText(buffer.readInt16LE(offset).toString(), type);
    case 'int32':
      return (offset) => integerText(buffer.readInt32LE(offset).toString(), type);
    case 'int64':
      return (offset) => integerText(buffer.readBigInt64LE(offset).toString(), type);
    case 'int128':
      return (offset) =>
        integerText(((buffer.readBigInt64LE(offset + 8) << 64n) + buffer.readBigUInt64LE(offset)).toString(), type);
  }
}

function integerText(digits: string, type: SnowflakeType): string {
  switch (type.kind) {
    case 'NUMBER': {
      if (type.scale === 0) return digits;
      const sign = digits.startsWith('-') ? '-' : '';
      const padded = digits.slice(sign.length).padStart(type.scale + 1, '0');
      return `${sign}${padded.slice(0, -type.scale)}.${padded.slice(-type.scale)}`;
    }
    case 'TIME':
    case 'TIMESTAMP_NTZ':
    case 'TIMESTAMP_LTZ':
      return secondsText(digits, type.precision);
    default:
      return digits;
  }
}

function recordCells({ fields }: PackedRecords): Cell[] {
  const columns = fields.map(({ key, values }) => {
    const type: SnowflakeType = values.form === 'float64' ? { kind: 'FLOAT' } : { kind: 'NUMBER', precision: 38, scale: 0 };
    return cellsOf(values, type).map(
      (text) => `${JSON.stringify(key)}:${values.form === 'bool' ? String(text === '1') : (text ?? 'null')}`,
    );
  });
  return (columns[0] ?? []).map((_, row) => `{${columns.map((column) => column[row] ?? '').join(',')}}`);
}
