import type { ResultColumn } from '../sql/result-set.ts';
import type { SnowflakeType } from '../sql/types.ts';

/** One column of an answer's `rowtype`, as drivers read it. */
export interface RowTypeEntry {
  readonly name: string;
  readonly database: string;
  readonly schema: string;
  readonly table: string;
  readonly nullable: boolean;
  readonly type: string;
  /** Characters (text) or bytes (binary). */
  readonly length: number | null;
  readonly byteLength: number | null;
  /** Digits; 0 for times, as accounts answer. */
  readonly precision: number | null;
  /** Digits behind the point; of the seconds for times. */
  readonly scale: number | null;
  readonly collation: null;
}

type Shape = Pick<RowTypeEntry, 'type' | 'length' | 'byteLength' | 'precision' | 'scale'>;

const plain = (type: string): Shape => ({ type, length: null, byteLength: null, precision: null, scale: null });

/** Columns for an answer's `rowtype`. */
export function rowType(columns: readonly ResultColumn[]): RowTypeEntry[] {
  return columns.map((column) => ({
    name: column.name,
    database: '',
    schema: '',
    table: '',
    nullable: column.nullable,
    ...shapeOf(column.type),
    collation: null,
  }));
}

function shapeOf(type: SnowflakeType): Shape {
  switch (type.kind) {
    case 'NUMBER':
      return { ...plain('fixed'), precision: type.precision, scale: type.scale };
    case 'FLOAT':
      return plain('real');
    case 'VARCHAR':
      // A character takes up to four bytes, but no column holds more than its greatest length in bytes.
      return { ...plain('text'), length: type.length, byteLength: Math.max(type.length, Math.min(type.length * 4, 16_777_216)) };
    case 'BINARY':
      return { ...plain('binary'), length: type.length, byteLength: type.length };
    case 'TIME':
    case 'TIMESTAMP_NTZ':
    case 'TIMESTAMP_LTZ':
    case 'TIMESTAMP_TZ':
      return { ...plain(type.kind.toLowerCase()), precision: 0, scale: type.precision };
    case 'BOOLEAN':
    case 'DATE':
    case 'VARIANT':
    case 'OBJECT':
    case 'ARRAY':
      return plain(type.kind.toLowerCase());
  }
}
