import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { types } from '../../sql/types.ts';
import { type Bound, bound } from './bound.ts';
import type { ExpressionContext } from './expression-context.ts';
import { timeUnitNames } from './time-unit-names.ts';

const units: Readonly<Record<string, string>> = {
  YEAR: 'year',
  QUARTER: 'quarter',
  MONTH: 'month',
  WEEK: 'week',
  DAY: 'day',
  HOUR: 'hour',
  MINUTE: 'minute',
  SECOND: 'second',
  MILLISECOND: 'millisecond',
  MICROSECOND: 'microsecond',
  NANOSECOND: 'nanosecond',
};

const aliases: Readonly<Record<string, string>> = {
  ...timeUnitNames,
  WEEKS: 'WEEK',
  NANOSECS: 'NANOSECOND',
  NSECONDS: 'NANOSECOND',
};

/**
 * The unit that a name or abbreviation stands for.
 * https://docs.snowflake.com/en/sql-reference/functions-date-time#supported-date-and-time-parts
 */
export function dateUnit(written: string): string | undefined {
  const upper = written.toUpperCase();
  const name = aliases[upper] ?? upper;
  return units[name] === undefined ? undefined : name;
}

/** Parts of an interval constant: `'1 day, 2 hours'`. https://docs.snowflake.com/en/sql-reference/data-types-datetime#interval-constants */
export function intervalParts(text: string): readonly { readonly amount: string; readonly unit: string }[] {
  const parts = text
    .split(',')
    .flatMap((part) => [...part.matchAll(/([+-]?\d+)\s*([a-z]*)/giu)])
    .map((match) => ({ amount: match[1] ?? '0', unit: match[2] === '' ? 'SECOND' : dateUnit(match[2] ?? '') }));
  const known = parts.flatMap((part) => (part.unit === undefined ? [] : [{ amount: part.amount, unit: part.unit }]));
  if (known.length === 0 || known.length < parts.length) {
    throw SnowflakeError.of('invalidArgument', { name: 'INTERVAL', value: text, reason: 'not a valid interval' });
  }
  return known;
}

/** DuckDB SQL of an interval constant. */
export function intervalSql(text: string): string {
  return `(${intervalParts(text)
    .map(({ amount, unit }) => unitSql(amount, unit))
    .join(' + ')})`;
}

/** DuckDB SQL of `amount` (SQL of an integer) units. */
export function unitSql(amount: string, unit: string): string {
  if (unit === 'NANOSECOND') return `to_microseconds(CAST(${amount} AS BIGINT) // 1000)`;
  if (unit === 'QUARTER') return `to_months(CAST(3 * ${amount} AS INTEGER))`;
  if (unit === 'SECOND') return `to_microseconds(CAST(${amount} AS BIGINT) * 1000000)`;
  if (unit === 'MILLISECOND') return `to_microseconds(CAST(${amount} AS BIGINT) * 1000)`;
  if (unit === 'MICROSECOND' || unit === 'HOUR' || unit === 'MINUTE') return `to_${units[unit] ?? ''}s(CAST(${amount} AS BIGINT))`;
  return `to_${units[unit] ?? ''}s(CAST(${amount} AS INTEGER))`;
}

const dateUnits = new Set(['YEAR', 'QUARTER', 'MONTH', 'WEEK', 'DAY']);

/** `value ± interval`. A DATE stays one unless the interval has a time of day. */
export function addInterval(
  value: Bound,
  interval: string | { readonly days: string },
  operator: '+' | '-',
  context: ExpressionContext,
): Bound {
  const whole = typeof interval !== 'string' || intervalParts(interval).every((part) => dateUnits.has(part.unit));
  const sql = typeof interval === 'string' ? intervalSql(interval) : `to_days(${interval.days})`;
  return shift(value, `${operator} ${sql}`, whole, context);
}

/** Adds DuckDB interval SQL (`+ to_days(…)`) to a date or time of any type. */
export function shift(value: Bound, change: string, wholeDays: boolean, context: ExpressionContext): Bound {
  void context;
  const { sql, type, nullable } = value;
  switch (type.kind) {
    case 'DATE':
      return wholeDays
        ? bound(types.date, `CAST(${sql} ${change} AS DATE)`, nullable)
        : bound(types.timestampNtz(), `(CAST(${sql} AS TIMESTAMP) ${change})`, nullable);
    case 'TIME':
    case 'TIMESTAMP_NTZ':
    case 'TIMESTAMP_LTZ':
      return bound(type, `(${sql} ${change})`, nullable);
    case 'TIMESTAMP_TZ':
      // In the value's own offset, so that month ends are those of its calendar.
      return bound(
        type,
        `CASE WHEN ${sql} IS NULL THEN NULL ELSE struct_pack(i := sf.tz_local(${sql}) ${change} - to_minutes(CAST((${sql}).o AS BIGINT)), o := (${sql}).o) END`,
        nullable,
      );
    default:
      throw SnowflakeError.of('invalidArgumentTypes', { name: change.charAt(0), types: `${type.kind}, INTERVAL` });
  }
}
