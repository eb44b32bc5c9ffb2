import { textOfDecimal } from '../duckdb/decimal-text.ts';
import { physicalType } from '../duckdb/physical-type.ts';
import { formatSql } from '../types/format-datetime.ts';
import { sessionFormat } from '../types/session-formats.ts';
import type { Bound } from './bound.ts';
import type { CastFacts, Converter } from './cast.ts';
import { structuredText } from './structured-text.ts';

export const toVarchar: Converter = (value, target, mode, facts) => {
  const sql = textOf(value, facts);
  if (target.kind !== 'VARCHAR' || value.type.kind !== 'VARCHAR' || value.type.length <= target.length) return sql;
  // An explicit cast cuts; a column refuses. https://docs.snowflake.com/en/sql-reference/functions/cast
  return mode === 'assign' ? `sf.fit_text(${sql}, ${String(target.length)})` : `left(${sql}, ${String(target.length)})`;
};

/** How a value reads as text, by the session's output formats. */
export function textOf(value: Bound, facts: CastFacts): string {
  const { sql, type } = value;
  switch (type.kind) {
    case 'VARCHAR':
      return sql;
    case 'NUMBER':
      return textOfDecimal(sql, type);
    case 'FLOAT':
      return `sf.float_text(${sql})`;
    case 'BINARY':
      return `hex(${sql})`;
    case 'DATE': {
      const format = sessionFormat(facts, 'DATE_OUTPUT_FORMAT');
      return format === 'YYYY-MM-DD' ? `CAST(${sql} AS VARCHAR)` : formatSql(`CAST(${sql} AS TIMESTAMP)`, format);
    }
    case 'VARIANT':
      return `sf.variant_text(${sql})`;
    case 'STRUCTURED_ARRAY':
    case 'STRUCTURED_OBJECT':
    case 'MAP':
    case 'VECTOR':
      return `sf.untagged(${structuredText(value, 'shown')})`;
    case 'TIME':
    case 'TIMESTAMP_NTZ':
    case 'TIMESTAMP_LTZ':
    case 'TIMESTAMP_TZ':
      return formattedSql(value, sessionFormat(facts, `${type.kind}_OUTPUT_FORMAT`));
    default:
      return physicalType(type) === 'JSON' ? `sf.json_text(${sql})` : `CAST(${sql} AS VARCHAR)`;
  }
}

/** A date, time or timestamp by a constant format. */
export function formattedSql(value: Bound, format: string): string {
  const { local, offset } = localMoment(value);
  return formatSql(local, format, offset);
}

/** Wall-clock TIMESTAMP and minutes east of UTC of any date or time type. */
export function localMoment(value: Bound): { readonly local: string; readonly offset: string } {
  switch (value.type.kind) {
    case 'TIME':
      return { local: `(DATE '1970-01-01' + ${value.sql})`, offset: '0' };
    case 'TIMESTAMP_LTZ':
      return { local: `CAST(${value.sql} AS TIMESTAMP)`, offset: `sf.ltz_offset(${value.sql})` };
    case 'TIMESTAMP_TZ':
      return { local: `sf.tz_local(${value.sql})`, offset: `(${value.sql}).o` };
    case 'DATE':
      return { local: `CAST(${value.sql} AS TIMESTAMP)`, offset: '0' };
    default:
      return { local: value.sql, offset: '0' };
  }
}
