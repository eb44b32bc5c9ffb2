import { decimalOfText } from '../duckdb/decimal-text.ts';
import { physicalType } from '../duckdb/physical-type.ts';
import type { Converter } from './cast.ts';

export const toNumber: Converter = (value, target, mode) => {
  const cast = mode === 'try' ? 'TRY_CAST' : 'CAST';
  const type = physicalType(target);
  switch (value.type.kind) {
    case 'NUMBER':
    case 'FLOAT':
      return `${cast}(${value.sql} AS ${type})`;
    case 'VARCHAR':
      return target.kind === 'NUMBER' ? decimalOfText(value.sql, target, mode === 'try') : undefined;
    case 'BOOLEAN':
      return mode === 'implicit' ? undefined : `CAST(CAST(${value.sql} AS INTEGER) AS ${type})`;
    case 'VARIANT':
      return target.kind === 'NUMBER' ? decimalOfText(`sf.variant_digits(${value.sql})`, target, mode === 'try') : undefined;
    default:
      return undefined;
  }
};

export const toFloat: Converter = (value, _target, mode) => {
  const cast = mode === 'try' ? 'TRY_CAST' : 'CAST';
  switch (value.type.kind) {
    case 'NUMBER':
    case 'VARCHAR':
      return `${cast}(${value.sql} AS DOUBLE)`;
    case 'BOOLEAN':
      return `CAST(CAST(${value.sql} AS INTEGER) AS DOUBLE)`;
    case 'VARIANT':
      return (mode === 'try' ? undefined : value.float?.()) ?? `${cast}(sf.variant_digits(${value.sql}) AS DOUBLE)`;
    default:
      return value.type.kind === 'FLOAT' ? value.sql : undefined;
  }
};

export const toBoolean: Converter = (value, _target, mode) => {
  const convert = mode === 'try' ? 'sf.try_text_boolean' : 'sf.text_boolean';
  switch (value.type.kind) {
    case 'NUMBER':
    case 'FLOAT':
      return `(${value.sql} <> 0)`;
    case 'VARCHAR':
      return `${convert}(${value.sql})`;
    case 'VARIANT':
      return `${convert}(sf.variant_text(${value.sql}))`;
    default:
      return value.type.kind === 'BOOLEAN' ? value.sql : undefined;
  }
};

export const toBinary: Converter = (value, _target, mode) => {
  if (value.type.kind === 'BINARY') return value.sql;
  if (value.type.kind === 'VARCHAR') return mode === 'try' ? `sf.try_hex_bytes(${value.sql})` : `sf.hex_bytes(${value.sql})`;
  if (value.type.kind === 'VARIANT') return `sf.hex_bytes(sf.variant_text(${value.sql}))`;
  return undefined;
};
