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
  /** Elements of a vector. */
  readonly vectorDimension?: number;
  /** The type of a vector's elements. */
  readonly fields?: readonly (Shape & { readonly nullable: boolean })[];
}

type Shape = Pick<RowTypeEntry, 'type' | 'length' | 'byteLength' | 'precision' | 'scale'>;
type ColumnShape = Shape & Pick<RowTypeEntry, 'vectorDimension' | 'fields'>;

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

function shapeOf(type: SnowflakeType): ColumnShape {
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
    // Drivers get structured values as semi-structured ones.
    // https://docs.snowflake.com/en/sql-reference/data-types-structured#accessing-structured-types-in-applications-using-drivers
    case 'STRUCTURED_ARRAY':
      return plain('array');
    case 'STRUCTURED_OBJECT':
    case 'MAP':
      return plain('object');
    case 'VECTOR':
      return { ...plain('vector'), vectorDimension: type.dimension, fields: [{ ...vectorElement(type.element), nullable: false }] };
    case 'BOOLEAN':
    case 'DATE':
    case 'VARIANT':
    case 'OBJECT':
    case 'ARRAY':
      return plain(type.kind.toLowerCase());
  }
}

function vectorElement(element: 'FLOAT' | 'INT'): Shape {
  return element === 'FLOAT' ? plain('real') : { ...plain('fixed'), precision: 38, scale: 0 };
}
