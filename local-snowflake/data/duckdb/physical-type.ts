import type { SnowflakeType } from '../../sql/types.ts';

/**
 * The DuckDB type that holds a Snowflake type's values.
 *
 * - Times and timestamps have microseconds: DuckDB's nanosecond timestamps end in 2262, and `9999-12-31` is common.
 * - TIMESTAMP_LTZ is an instant, shown in the connection's time zone; TIMESTAMP_TZ keeps its offset beside the instant.
 * - Structured types are lists and structs: an OBJECT's fields by their places, since DuckDB folds case and Snowflake does not; a MAP
 *   its entries in the order of the keys, so that equal maps are equal lists.
 * - VARIANT, OBJECT and ARRAY are JSON text in one canonical form (see functions/semi-structured): keys sorted, no blanks.
 */
export function physicalType(type: SnowflakeType): string {
  switch (type.kind) {
    case 'NUMBER':
      return `DECIMAL(${String(type.precision)},${String(type.scale)})`;
    case 'FLOAT':
      return 'DOUBLE';
    case 'VARCHAR':
      return 'VARCHAR';
    case 'BINARY':
      return 'BLOB';
    case 'BOOLEAN':
      return 'BOOLEAN';
    case 'DATE':
      return 'DATE';
    case 'TIME':
      return 'TIME';
    case 'TIMESTAMP_NTZ':
      return 'TIMESTAMP';
    case 'TIMESTAMP_LTZ':
      return 'TIMESTAMPTZ';
    case 'TIMESTAMP_TZ':
      return 'STRUCT(i TIMESTAMP, o SMALLINT)';
    case 'VARIANT':
    case 'OBJECT':
    case 'ARRAY':
      return 'JSON';
    case 'STRUCTURED_ARRAY':
      return `${physicalType(type.element.type)}[]`;
    case 'STRUCTURED_OBJECT':
      return type.fields.length === 0
        ? 'STRUCT(e BOOLEAN)'
        : `STRUCT(${type.fields.map((field, index) => `f${String(index)} ${physicalType(field.type)}`).join(', ')})`;
    case 'MAP':
      return `STRUCT(k ${physicalType(type.key)}, v ${physicalType(type.value.type)})[]`;
    case 'VECTOR':
      return `${type.element === 'INT' ? 'INTEGER' : 'FLOAT'}[${String(type.dimension)}]`;
  }
}
