import { type SnowflakeType, types } from '../../sql/types.ts';
import { bound } from '../bind/bound.ts';
import { castTo } from '../bind/cast.ts';
import { structuredText } from '../bind/structured-text.ts';
import { decimalOfText, textOfDecimal } from './decimal-text.ts';

/** DuckDB SQL (VARCHAR) of a value as Snowflake's wire text, see sql/result-set.ts. */
export function toWire(type: SnowflakeType, sql: string): string {
  switch (type.kind) {
    case 'VARCHAR':
      return sql;
    case 'NUMBER':
      return textOfDecimal(sql, type);
    case 'FLOAT':
      return `sf.float_text(${sql})`;
    case 'BOOLEAN':
      return `CASE WHEN ${sql} THEN '1' WHEN NOT ${sql} THEN '0' END`;
    case 'BINARY':
      return `hex(${sql})`;
    case 'DATE':
      return `CAST(${sql} - DATE '1970-01-01' AS VARCHAR)`;
    case 'TIME':
      return secondsText(`epoch_us(DATE '1970-01-01' + ${sql})`, type.precision);
    case 'TIMESTAMP_NTZ':
    case 'TIMESTAMP_LTZ':
      return secondsText(`epoch_us(${sql})`, type.precision);
    case 'TIMESTAMP_TZ':
      return `(${secondsText(`epoch_us((${sql}).i)`, type.precision)} || ' ' || CAST((${sql}).o + 1440 AS VARCHAR))`;
    case 'VARIANT':
    case 'OBJECT':
    case 'ARRAY':
      return `sf.pretty_json(${sql})`;
    case 'STRUCTURED_ARRAY':
    case 'STRUCTURED_OBJECT':
    case 'MAP':
      return `sf_layout_json(${structuredText(bound(type, sql), 'shown')})`;
    case 'VECTOR':
      return structuredText(bound(type, sql), 'shown');
  }
}

/** Microseconds as decimal seconds with the type's digits. */
function secondsText(micros: string, digits: number): string {
  if (digits === 0) return `CAST(floor(${micros} / 1000000) AS BIGINT)::VARCHAR`;
  // Until the end of the year 9999 eighteen digits do; wider decimals take several times as long.
  const text = `CAST(CAST(${micros} AS DECIMAL(18,0)) * 0.000001::DECIMAL(7,6) AS VARCHAR)`;
  if (digits === 6) return text;
  return digits > 6 ? `(${text} || '${'0'.repeat(digits - 6)}')` : `left(${text}, -${String(6 - digits)})`;
}

/** Values inside wire text have the forms that AUTO knows. */
const noFormats = { parameter: () => undefined };

/** DuckDB SQL of a typed value from wire text (`sql` is a VARCHAR). */
export function fromWire(type: SnowflakeType, sql: string): string {
  switch (type.kind) {
    case 'VARCHAR':
      return sql;
    case 'NUMBER':
      return decimalOfText(sql, type);
    case 'FLOAT':
      return `CAST(${sql} AS DOUBLE)`;
    case 'BOOLEAN':
      return `sf.text_boolean(${sql})`;
    case 'BINARY':
      return `from_hex(${sql})`;
    case 'DATE':
      return `(DATE '1970-01-01' + CAST(${sql} AS INTEGER))`;
    case 'TIME':
      return `CAST(${momentOf(sql)} AS TIME)`;
    case 'TIMESTAMP_NTZ':
      return momentOf(sql);
    case 'TIMESTAMP_LTZ':
      return `timezone('UTC', ${momentOf(sql)})`;
    case 'TIMESTAMP_TZ':
      return `CASE WHEN ${sql} IS NULL THEN NULL ELSE struct_pack(i := ${momentOf(`split_part(${sql}, ' ', 1)`)}, o := CAST(split_part(${sql}, ' ', 2) AS SMALLINT) - 1440::SMALLINT) END`;
    case 'VARIANT':
    case 'OBJECT':
    case 'ARRAY':
      return `CAST(sf_json(${sql}) AS JSON)`;
    case 'STRUCTURED_ARRAY':
    case 'STRUCTURED_OBJECT':
    case 'MAP':
    case 'VECTOR':
      return castTo(bound(types.variant, `CAST(sf_json(${sql}) AS JSON)`), type, 'explicit', noFormats).sql;
  }
}

/** Text goes to a decimal of 18 digits first: DuckDB reads longer ones some twenty times slower. */
function momentOf(sql: string): string {
  return `make_timestamp(CAST(CAST(CAST(${sql} AS DECIMAL(18,6)) AS DECIMAL(24,6)) * 1000000 AS BIGINT))`;
}
