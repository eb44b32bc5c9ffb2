import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { Cell } from '../../sql/result-set.ts';
import { type SnowflakeType, types } from '../../sql/types.ts';
import { physicalType } from '../duckdb/physical-type.ts';
import { duckString } from '../duckdb/text.ts';
import { fromWire } from '../duckdb/wire-text.ts';
import type { TypedCell } from '../ports.ts';
import { numericLiteral } from '../types/numeric-rules.ts';
import { type Bound, nullBound } from './bound.ts';

/** A constant of a type from its wire text. */
export function literalBound(type: SnowflakeType, cell: Cell): Bound {
  if (cell === null) return { type, sql: `CAST(NULL AS ${physicalType(type)})`, nullable: true, constant: { cell } };
  return { type, sql: literalSql(type, cell), nullable: false, constant: { cell } };
}

/** A bind or variable: an untyped NULL when it is NULL. */
export function cellBound(value: TypedCell): Bound {
  return value.cell === null ? { ...nullBound, type: value.type } : literalBound(value.type, value.cell);
}

export function stringBound(text: string): Bound {
  return literalBound(types.varchar(Math.max(1, Array.from(text).length)), text);
}

export function numberBound(written: string): Bound {
  const { type, text } = numericLiteral(written);
  return literalBound(type, text);
}

/** DuckDB SQL of a value in wire text. */
export function literalSql(type: SnowflakeType, cell: string): string {
  switch (type.kind) {
    case 'NUMBER':
      if (!/^-?\d+(?:\.\d+)?$/u.test(cell)) throw SnowflakeError.of('numericNotRecognized', { value: cell });
      return `CAST(${duckString(cell)} AS ${physicalType(type)})`;
    case 'FLOAT':
      return `CAST(${duckString(cell)} AS DOUBLE)`;
    case 'BOOLEAN':
      return cell === '1' || cell.toLowerCase() === 'true' ? 'true' : 'false';
    case 'VARCHAR':
      return duckString(cell);
    case 'BINARY':
      return `from_hex(${duckString(cell)})`;
    case 'DATE':
      return `(DATE '1970-01-01' + CAST(${integer(cell)} AS INTEGER))`;
    case 'TIME':
      return `CAST(make_timestamp(${micros(cell)}) AS TIME)`;
    case 'TIMESTAMP_NTZ':
      return `make_timestamp(${micros(cell)})`;
    case 'TIMESTAMP_LTZ':
      return `timezone('UTC', make_timestamp(${micros(cell)}))`;
    case 'TIMESTAMP_TZ': {
      const [instant = '', zone] = cell.split(' ');
      return `struct_pack(i := make_timestamp(${micros(instant)}), o := CAST(${integer(zone ?? '1440')} - 1440 AS SMALLINT))`;
    }
    case 'VARIANT':
    case 'OBJECT':
    case 'ARRAY':
      return `CAST(sf_json(${duckString(cell)}) AS JSON)`;
    case 'STRUCTURED_ARRAY':
    case 'STRUCTURED_OBJECT':
    case 'MAP':
    case 'VECTOR':
      return fromWire(type, duckString(cell));
  }
}

function integer(cell: string): string {
  if (!/^-?\d+$/u.test(cell)) throw SnowflakeError.of('numericNotRecognized', { value: cell });
  return cell;
}

/** `seconds.fraction` as microseconds. */
function micros(cell: string): string {
  const match = /^(-?)(\d+)(?:\.(\d*))?$/u.exec(cell);
  if (match === null) throw SnowflakeError.of('timestampNotRecognized', { value: cell });
  const total = BigInt(match[2] ?? '0') * 1_000_000n + BigInt((match[3] ?? '').slice(0, 6).padEnd(6, '0'));
  return `CAST(${match[1] ?? ''}${String(total)} AS BIGINT)`;
}
