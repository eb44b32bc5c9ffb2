import type { Cell, ResultColumn, Row } from '../../sql/result-set.ts';
import type { SnowflakeType } from '../../sql/types.ts';
import type { ArrowField, ArrowType, ArrowVector } from './arrow-field.ts';
import { type InstantPart, instantParts, instants } from './arrow-instants.ts';
import { integerType } from './integer-width.ts';
import { bits, booleans, bytes, dates, decimals, doubles, integers, texts } from './arrow-values.ts';

/** How one column of a result leaves as Arrow. */
export interface ArrowColumn {
  readonly field: ArrowField;
  encode(cells: readonly Cell[]): ArrowVector;
}

type Shape = readonly [type: ArrowType, encode: (cells: readonly Cell[]) => readonly Uint8Array[]];

/**
 * The column as Snowflake's drivers read it: numbers are integers without their point, as narrow as all values of the result
 * allow, or 128-bit decimals; times count units of their scale; timestamps of more than six digits are seconds and
 * nanoseconds. The metadata says what that means.
 */
export function arrowColumn(column: ResultColumn, index: number, rows: readonly Row[]): ArrowColumn {
  const { type, name, nullable } = column;
  const metadata = metadataOf(type);
  const parts = instantParts(type);
  if (parts !== undefined) return instantColumn(column, parts, metadata);
  const [arrowType, encode] = shapeOf(type, () => integerType(type, index, rows));
  return {
    field: { name, nullable, type: arrowType, children: [], metadata },
    encode: (cells) => {
      const { validity, nulls } = bits(cells);
      return { nodes: [{ length: cells.length, nulls }], buffers: [validity, ...encode(cells)] };
    },
  };
}

function instantColumn(
  { name, nullable, type }: ResultColumn,
  parts: readonly InstantPart[],
  metadata: ArrowField['metadata'],
): ArrowColumn {
  const children = parts.map((part): ArrowField => {
    return { name: part, nullable: true, type: { kind: 'int', bits: part === 'epoch' ? 64 : 32 }, children: [], metadata };
  });
  const scale = 'precision' in type ? type.precision : 0;
  return {
    field: { name, nullable, type: { kind: 'struct' }, children, metadata },
    encode: (cells) => instants(cells, parts, scale),
  };
}

function shapeOf(type: SnowflakeType, narrowest: () => ArrowType): Shape {
  switch (type.kind) {
    case 'NUMBER': {
      const width = narrowest();
      if (width.kind !== 'int') return [width, (cells) => [decimals(cells, type.scale)]];
      return [width, (cells) => [integers(cells, type.scale, width.bits)]];
    }
    case 'FLOAT':
      return [{ kind: 'double' }, (cells) => [doubles(cells)]];
    case 'BOOLEAN':
      return [{ kind: 'boolean' }, (cells) => [booleans(cells)]];
    case 'DATE':
      return [{ kind: 'date' }, (cells) => [dates(cells)]];
    case 'BINARY':
      return [{ kind: 'binary' }, bytes];
    case 'TIME':
    case 'TIMESTAMP_NTZ':
    case 'TIMESTAMP_LTZ':
    case 'TIMESTAMP_TZ':
      return [{ kind: 'int', bits: 64 }, (cells) => [integers(cells, type.precision, 64)]];
    case 'VARCHAR':
    case 'VARIANT':
    case 'OBJECT':
    case 'ARRAY':
    case 'STRUCTURED_ARRAY':
    case 'STRUCTURED_OBJECT':
    case 'MAP':
    case 'VECTOR':
      return [{ kind: 'text' }, texts];
  }
}

function metadataOf(type: SnowflakeType): Record<string, string> {
  const facts = { precision: 0, scale: 0, charLength: 0, byteLength: 0 };
  switch (type.kind) {
    case 'NUMBER':
      return described('FIXED', { ...facts, precision: type.precision, scale: type.scale, byteLength: 16 });
    case 'FLOAT':
      return described('REAL', { ...facts, precision: 38, byteLength: 8 });
    case 'VARCHAR':
      return described('TEXT', {
        ...facts,
        charLength: type.length,
        byteLength: Math.max(type.length, Math.min(type.length * 4, 16_777_216)),
      });
    case 'BINARY':
      return described('BINARY', { ...facts, charLength: type.length, byteLength: type.length });
    case 'TIME':
      return described('TIME', { ...facts, scale: type.precision, byteLength: 8 });
    case 'TIMESTAMP_NTZ':
    case 'TIMESTAMP_LTZ':
    case 'TIMESTAMP_TZ':
      // By the length drivers know whether there is a fraction.
      return described(type.kind, {
        ...facts,
        scale: type.precision,
        byteLength: instantParts(type)?.includes('fraction') === true ? 16 : 8,
      });
    case 'STRUCTURED_ARRAY':
      return described('ARRAY', facts);
    case 'STRUCTURED_OBJECT':
    case 'MAP':
      return described('OBJECT', facts);
    case 'BOOLEAN':
    case 'DATE':
    case 'VARIANT':
    case 'OBJECT':
    case 'ARRAY':
    case 'VECTOR':
      return described(type.kind, facts);
  }
}

function described(logicalType: string, facts: Readonly<Record<string, number>>): Record<string, string> {
  const texts_ = Object.entries(facts).map(([key, value]) => [key, String(value)] as const);
  return { logicalType, ...Object.fromEntries(texts_), finalType: 'T' };
}
