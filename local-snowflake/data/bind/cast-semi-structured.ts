import { textOfDecimal } from '../duckdb/decimal-text.ts';
import type { Bound } from './bound.ts';
import { formattedSql } from './cast-text.ts';
import { isStructured } from '../types/structured-rules.ts';
import { type TaggedKind, variantTags } from '../types/variant-tags.ts';
import { asSemiStructured } from './structured-text.ts';
import type { Converter } from './cast.ts';

/** Vectors are not for VARIANTs, and structured values go into them by explicit casts alone. */
export const toVariant: Converter = (value, _target, mode) => {
  if (value.type.kind === 'VECTOR' || (mode !== 'explicit' && isStructured(value.type))) return undefined;
  return variantOf(value);
};

export const toArray: Converter = (value, _target, mode) => {
  if (value.type.kind === 'ARRAY') return value.sql;
  if (value.type.kind === 'VARIANT') return `sf.variant_array(${value.sql})`;
  if (value.type.kind === 'STRUCTURED_OBJECT' || value.type.kind === 'MAP') return undefined;
  // TO_ARRAY wraps any other value; there is no implicit way. https://docs.snowflake.com/en/sql-reference/functions/to_array
  return mode === 'explicit' ? `sf.variant_array(${variantOf(value)})` : undefined;
};

export const toObject: Converter = (value, _target, mode) => {
  if (value.type.kind === 'OBJECT') return value.sql;
  if (value.type.kind === 'STRUCTURED_OBJECT' || value.type.kind === 'MAP')
    return mode === 'explicit' ? variantOf(value) : undefined;
  return value.type.kind === 'VARIANT' ? `sf.variant_object(${value.sql})` : undefined;
};

/**
 * Any value as JSON text. Dates, times and binaries become strings that remember what they are (types/variant-tags.ts).
 * Timestamps keep their microseconds, so that nothing is lost on the way through a VARIANT.
 */
export function variantOf(value: Bound): string {
  const { sql, type } = value;
  switch (type.kind) {
    case 'VARIANT':
    case 'OBJECT':
    case 'ARRAY':
      return sql;
    case 'NUMBER':
      return type.scale === 0 ? `CAST(CAST(${sql} AS VARCHAR) AS JSON)` : `sf.number_variant(${textOfDecimal(sql, type)})`;
    case 'FLOAT':
      return `sf.float_variant(${sql})`;
    case 'BOOLEAN':
    case 'VARCHAR':
      return `to_json(${sql})`;
    case 'DATE':
      return tagged('DATE', `CAST(${sql} AS VARCHAR)`);
    case 'BINARY':
      return tagged('BINARY', `hex(${sql})`);
    case 'TIME':
      return tagged('TIME', `CAST(${sql} AS VARCHAR)`);
    case 'STRUCTURED_ARRAY':
    case 'STRUCTURED_OBJECT':
    case 'MAP':
    case 'VECTOR':
      return asSemiStructured(value).sql;
    case 'TIMESTAMP_NTZ':
      return tagged(type.kind, shortFraction(formattedSql(value, 'YYYY-MM-DD HH24:MI:SS.FF6')));
    case 'TIMESTAMP_LTZ':
    case 'TIMESTAMP_TZ':
      return tagged(type.kind, shortFraction(formattedSql(value, 'YYYY-MM-DD HH24:MI:SS.FF6 TZHTZM')));
  }
}

function tagged(kind: TaggedKind, text: string): string {
  return `to_json('${variantTags[kind]}' || ${text})`;
}

/** Three digits, unless there are more to keep. */
function shortFraction(text: string): string {
  return String.raw`regexp_replace(${text}, '([.]\d{3})000', '\1')`;
}
