import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { duckString } from '../duckdb/text.ts';
import { sessionFormat } from '../types/session-formats.ts';
import type { CastFacts, CastMode, Converter } from './cast.ts';
import { localMoment } from './cast-text.ts';

export const toDate: Converter = (value, _target, mode, facts) => {
  const format = sessionFormat(facts, 'DATE_INPUT_FORMAT');
  switch (value.type.kind) {
    case 'VARCHAR':
      return dateOfText(value.sql, format, mode);
    case 'VARIANT':
      return dateOfText(`sf.variant_text(${value.sql})`, format, mode, value.sql);
    case 'TIMESTAMP_NTZ':
    case 'TIMESTAMP_LTZ':
    case 'TIMESTAMP_TZ':
      return `CAST(${localMoment(value).local} AS DATE)`;
    default:
      return value.type.kind === 'DATE' ? value.sql : undefined;
  }
};

export const toTime: Converter = (value, _target, mode, facts) => {
  const format = sessionFormat(facts, 'TIME_INPUT_FORMAT');
  switch (value.type.kind) {
    case 'VARCHAR':
      return timeOfText(value.sql, format, mode);
    case 'VARIANT':
      return timeOfText(`sf.variant_text(${value.sql})`, format, mode, value.sql);
    case 'TIMESTAMP_NTZ':
    case 'TIMESTAMP_LTZ':
    case 'TIMESTAMP_TZ':
      return `CAST(${localMoment(value).local} AS TIME)`;
    default:
      return value.type.kind === 'TIME' ? value.sql : undefined;
  }
};

export const toTimestamp: Converter = (value, target, mode, facts) => {
  const format = sessionFormat(facts, 'TIMESTAMP_INPUT_FORMAT');
  switch (value.type.kind) {
    case 'VARCHAR':
      return timestampOfText(value.sql, target.kind, format, mode);
    case 'VARIANT': {
      const text = `sf.variant_text(${value.sql})`;
      const read = timestampOfText(text, target.kind, format, mode, value.sql);
      // A number inside a VARIANT is an instant, and TIMESTAMP_NTZ its local time; a NUMBER itself is shown as UTC.
      return target.kind === 'TIMESTAMP_NTZ'
        ? `CASE WHEN sf.is_number(${value.sql}) THEN CAST(timezone('UTC', ${read}) AS TIMESTAMP) ELSE ${read} END`
        : read;
    }
    case 'NUMBER':
      return fromUtc(`sf.seconds_ntz(${value.sql})`, target.kind);
    case 'DATE':
      return fromLocal(`CAST(${value.sql} AS TIMESTAMP)`, target.kind);
    case 'TIMESTAMP_NTZ':
      return target.kind === 'TIMESTAMP_NTZ' ? value.sql : fromLocal(value.sql, target.kind);
    case 'TIMESTAMP_LTZ':
      if (target.kind === 'TIMESTAMP_NTZ') return `CAST(${value.sql} AS TIMESTAMP)`;
      return target.kind === 'TIMESTAMP_TZ' ? `sf.ltz_tz(${value.sql})` : value.sql;
    case 'TIMESTAMP_TZ':
      if (target.kind === 'TIMESTAMP_NTZ') return `sf.tz_local(${value.sql})`;
      return target.kind === 'TIMESTAMP_LTZ' ? `sf.tz_ltz(${value.sql})` : value.sql;
    default:
      return undefined;
  }
};

/** A wall-clock TIMESTAMP in the session's time zone. */
function fromLocal(sql: string, kind: string): string {
  if (kind === 'TIMESTAMP_LTZ') return `CAST(${sql} AS TIMESTAMPTZ)`;
  return kind === 'TIMESTAMP_TZ' ? `sf.ntz_tz(${sql})` : sql;
}

/** Seconds since the epoch count from UTC; TIMESTAMP_NTZ shows them as UTC. */
export function fromUtc(sql: string, kind: string): string {
  if (kind === 'TIMESTAMP_LTZ') return `timezone('UTC', ${sql})`;
  return kind === 'TIMESTAMP_TZ' ? `sf.ltz_tz(timezone('UTC', ${sql}))` : sql;
}

/** `variant`: SQL of the VARIANT that the text is of. */
export function dateOfText(sql: string, format: string, mode: CastMode, variant?: string): string {
  return `sf.${mode === 'try' ? 'try_' : ''}text_date(${sql}, ${formatOf(format, variant)})`;
}

export function timeOfText(sql: string, format: string, mode: CastMode, variant?: string): string {
  return `CAST(sf_${mode === 'try' ? 'try_' : ''}moment(${sql}, ${formatOf(format, variant)}, 'time').t AS TIME)`;
}

export function timestampOfText(sql: string, kind: string, format: string, mode: CastMode, variant?: string): string {
  const attempt = mode === 'try' ? 'try_' : '';
  const moment = `sf_${attempt}moment(${sql}, ${formatOf(format, variant)}, 'timestamp')`;
  if (kind === 'TIMESTAMP_LTZ') return `sf.moment_ltz(${moment})`;
  if (kind === 'TIMESTAMP_TZ') return `sf.moment_tz(${moment})`;
  return `sf.${attempt}text_ntz(${sql}, ${formatOf(format, variant)})`;
}

function formatOf(format: string, variant: string | undefined): string {
  const given = duckString(format);
  return variant === undefined || format === 'AUTO' ? given : `sf.variant_format(${variant}, ${given})`;
}

/** The kind behind the name TIMESTAMP, by the parameter TIMESTAMP_TYPE_MAPPING. */
export function timestampKind(facts: CastFacts): 'TIMESTAMP_NTZ' | 'TIMESTAMP_LTZ' | 'TIMESTAMP_TZ' {
  const mapping = facts.parameter('TIMESTAMP_TYPE_MAPPING')?.toUpperCase() ?? 'TIMESTAMP_NTZ';
  if (mapping === 'TIMESTAMP_NTZ' || mapping === 'TIMESTAMP_LTZ' || mapping === 'TIMESTAMP_TZ') return mapping;
  throw SnowflakeError.of('invalidPropertyValue', { property: 'TIMESTAMP_TYPE_MAPPING', value: mapping });
}
