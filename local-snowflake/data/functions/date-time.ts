import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { types } from '../../sql/types.ts';
import { type Bound, bound } from '../bind/bound.ts';
import { localMoment } from '../bind/cast-text.ts';
import { dateUnit, shift, unitSql } from '../bind/interval.ts';
import { raise, spliced } from '../duckdb/raised.ts';
import { duckString } from '../duckdb/text.ts';
import { isTimestamp } from '../types/common-type.ts';
import type { CallSite } from './call-site.ts';
import { datePart } from './date-part.ts';
import { type FunctionDefinition, scalar, special, takes, withParts } from './function-definition.ts';

const dateUnits = new Set(['YEAR', 'QUARTER', 'MONTH', 'WEEK', 'DAY']);

function unitOf(call: CallSite, index: number): string {
  const written = call.constant(index);
  const unit = dateUnit(written);
  if (unit === undefined)
    throw SnowflakeError.of('invalidPropertyValue', { property: `${call.name} date/time part`, value: written });
  return unit;
}

/** A date or time argument; text becomes TIMESTAMP_NTZ. */
function moment(call: CallSite, index: number): Bound {
  const value = call.arg(index);
  if (value.type.kind === 'DATE' || value.type.kind === 'TIME' || isTimestamp(value.type)) return value;
  return call.cast(value, types.timestampNtz());
}

/** A date or time argument of a function that refuses text, as those do that take a moment apart. */
function typedMoment(call: CallSite, index: number): Bound {
  const value = call.arg(index);
  if (value.type.kind === 'VARCHAR' && value.untyped !== true) throw call.typesError();
  return moment(call, index);
}

/** https://docs.snowflake.com/en/sql-reference/functions/dateadd */
function dateAdd(call: CallSite): Bound {
  if (call.args.length !== 3) throw call.countError('3');
  const unit = unitOf(call, 0);
  const amount = call.cast(call.arg(1), types.number(38, 0));
  const value = moment(call, 2);
  const moved = shift(value, `+ ${unitSql(amount.sql, unit)}`, dateUnits.has(unit), call.context);
  return { ...moved, nullable: moved.nullable || amount.nullable };
}

/** Wall-clock TIMESTAMP of any date or time. */
function local(value: Bound): string {
  return localMoment(value).local;
}

function weekStart(call: CallSite): number {
  const parameter = Number(call.facts.parameter('WEEK_START') ?? '0');
  return parameter === 0 ? 1 : parameter;
}

/** Monday-based DATE_TRUNC of weeks, moved to the session's first day of the week (1 Monday … 7 Sunday). */
function weekTrunc(sql: string, start: number): string {
  return start === 1
    ? `date_trunc('week', ${sql})`
    : `(date_trunc('week', ${sql} - to_days(${String(start - 1)})) + to_days(${String(start - 1)}))`;
}

/** Counts the boundaries between two moments. https://docs.snowflake.com/en/sql-reference/functions/datediff */
function dateDiff(call: CallSite, unit: string, from: Bound, to: Bound): Bound {
  const time = from.type.kind === 'TIME' && to.type.kind === 'TIME';
  const [a, b] = time ? [from.sql, to.sql] : [local(from), local(to)];
  const nullable = from.nullable || to.nullable;
  const type = types.number(unit.endsWith('SECOND') && unit !== 'SECOND' ? 38 : 9, 0);
  const count =
    unit === 'WEEK'
      ? `(date_diff('day', ${weekTrunc(a, weekStart(call))}, ${weekTrunc(b, weekStart(call))}) // 7)`
      : unit === 'NANOSECOND'
        ? `(CAST(date_diff('microsecond', ${a}, ${b}) AS HUGEINT) * 1000)`
        : `date_diff(${duckString(unit.toLowerCase())}, ${a}, ${b})`;
  return bound(type, `CAST(${count} AS DECIMAL(${type.kind === 'NUMBER' ? String(type.precision) : '9'},0))`, nullable);
}

/** https://docs.snowflake.com/en/sql-reference/functions/date_trunc */
function dateTrunc(call: CallSite, unit: string, value: Bound): Bound {
  const cut = (sql: string): string =>
    unit === 'WEEK' ? weekTrunc(sql, weekStart(call)) : `date_trunc(${duckString(unit.toLowerCase())}, ${sql})`;
  const { sql, type, nullable } = value;
  if (unit === 'NANOSECOND' || (unit === 'MICROSECOND' && type.kind !== 'DATE')) return value;
  switch (type.kind) {
    case 'DATE':
      return bound(type, dateUnits.has(unit) ? `CAST(${cut(sql)} AS DATE)` : sql, nullable);
    case 'TIME':
      return bound(type, `CAST(${cut(`(DATE '1970-01-01' + ${sql})`)} AS TIME)`, nullable);
    case 'TIMESTAMP_TZ':
      return bound(
        type,
        `CASE WHEN ${sql} IS NULL THEN NULL ELSE struct_pack(i := ${cut(`sf.tz_local(${sql})`)} - to_minutes(CAST((${sql}).o AS BIGINT)), o := (${sql}).o) END`,
        nullable,
      );
    case 'TIMESTAMP_LTZ':
      return bound(type, `CAST(${cut(local(value))} AS TIMESTAMPTZ)`, nullable);
    default:
      return bound(type, cut(sql), nullable);
  }
}

function trunc(call: CallSite): Bound {
  const first = call.arg(0);
  // TRUNC(date, part) is the other way round from DATE_TRUNC(part, date).
  const byDate = first.type.kind === 'DATE' || first.type.kind === 'TIME' || isTimestamp(first.type);
  if (byDate) return dateTrunc(call, unitOf(call, 1), first);
  return dateTrunc(call, unitOf(call, 0), typedMoment(call, 1));
}

function lastDay(call: CallSite): Bound {
  const value = call.cast(typedMoment(call, 0), types.date);
  const unit = call.args.length > 1 ? unitOf(call, 1) : 'MONTH';
  const length = { YEAR: 'to_years(1)', QUARTER: 'to_months(3)', MONTH: 'to_months(1)', WEEK: 'to_days(7)' }[unit];
  if (length === undefined) throw SnowflakeError.of('invalidArgument', { name: 'LAST_DAY', value: unit });
  return bound(types.date, `CAST(${dateTrunc(call, unit, value).sql} + ${length} - to_days(1) AS DATE)`, value.nullable);
}

const days = ['su', 'mo', 'tu', 'we', 'th', 'fr', 'sa'];

/** A weekday's number, Sunday's is 0; only the first two letters of its name count. */
function dayIndex(call: CallSite, name: Bound): string {
  const constant = name.constant?.cell;
  if (typeof constant === 'string') {
    const index = days.indexOf(constant.trim().toLowerCase().slice(0, 2));
    if (index < 0) throw SnowflakeError.of('invalidArgument', { name: call.name, value: constant });
    return String(index);
  }
  const start = `left(lower(ltrim(${name.sql})), 2)`;
  const cases = days.map((day, index) => `WHEN ${duckString(day)} THEN ${String(index)}`).join(' ');
  const fault = raise('invalidArgument', { name: call.name, value: spliced }, name.sql);
  return `(CASE WHEN ${name.sql} IS NULL THEN NULL ELSE CASE ${start} ${cases} ELSE ${fault} END END)`;
}

/** The next or previous day of that name, never the day itself. */
function neighbourDay(call: CallSite, direction: 1 | -1): Bound {
  const value = call.cast(moment(call, 0), types.date);
  const name = call.cast(call.arg(1), types.varchar());
  const index = dayIndex(call, name);
  const away =
    direction === 1 ? `(${index} - dayofweek(${value.sql}) + 6) % 7 + 1` : `(dayofweek(${value.sql}) - ${index} + 6) % 7 + 1`;
  const nullable = value.nullable || name.nullable;
  return bound(types.date, `(${value.sql} ${direction === 1 ? '+' : '-'} CAST(${away} AS INTEGER))`, nullable);
}

/** The last day of a month stays the last one. https://docs.snowflake.com/en/sql-reference/functions/add_months */
function addMonths(call: CallSite): Bound {
  const value = moment(call, 0);
  const months = call.cast(call.arg(1), types.number(38, 0));
  const moved = `${value.sql} + to_months(CAST(${months.sql} AS INTEGER))`;
  if (value.type.kind === 'DATE') {
    const sql = `CAST(CASE WHEN ${value.sql} = last_day(${value.sql}) THEN last_day(CAST(${moved} AS DATE)) ELSE ${moved} END AS DATE)`;
    return bound(types.date, sql, value.nullable || months.nullable);
  }
  return shift(value, `+ to_months(CAST(${months.sql} AS INTEGER))`, true, call.context);
}

/** https://docs.snowflake.com/en/sql-reference/functions/months_between */
function monthsBetween(call: CallSite): Bound {
  const a = local(typedMoment(call, 0));
  const b = local(typedMoment(call, 1));
  const whole = `((year(${a}) - year(${b})) * 12 + month(${a}) - month(${b}))`;
  const lastDays = `day(${a}) = day(last_day(${a})) AND day(${b}) = day(last_day(${b}))`;
  const fraction = `((day(${a}) - day(${b})) + (epoch(${a}) % 86400 - epoch(${b}) % 86400) / 86400.0) / 31.0`;
  const exact = `CASE WHEN day(${a}) = day(${b}) OR (${lastDays}) THEN ${whole} ELSE ${whole} + ${fraction} END`;
  return call.result(types.number(27, 6), `CAST(CAST(${exact} AS DOUBLE) AS DECIMAL(27,6))`);
}

/** https://docs.snowflake.com/en/sql-reference/functions/convert_timezone */
function convertTimezone(call: CallSite): Bound {
  const zone = (index: number): string => call.cast(call.arg(index), types.varchar()).sql;
  if (call.args.length === 3) {
    const value = call.cast(moment(call, 2), types.timestampNtz());
    return call.result(types.timestampNtz(), `timezone(${zone(1)}, timezone(${zone(0)}, ${value.sql}))`);
  }
  if (call.args.length !== 2) throw call.countError('2');
  const value = call.cast(moment(call, 1), types.timestampLtz());
  return call.result(types.timestampTz(), `sf.zoned_tz(timezone(${zone(0)}, ${value.sql}), ${zone(0)})`);
}

/** https://docs.snowflake.com/en/sql-reference/functions/time_slice */
function timeSlice(call: CallSite): Bound {
  const value = moment(call, 0);
  const length = call.constant(1);
  const unit = unitOf(call, 2);
  const end = call.args.length > 3 && call.constant(3).toUpperCase() === 'END';
  const width = unitSql(length, unit);
  const origin = unit === 'WEEK' ? "TIMESTAMP '1969-12-29'" : "TIMESTAMP '1970-01-01'";
  const start = `time_bucket(${width}, ${local(value)}, ${origin})`;
  const result = bound(types.timestampNtz(), end ? `(${start} + ${width})` : start, value.nullable);
  return call.cast(result, value.type);
}

// https://docs.snowflake.com/en/sql-reference/functions-date-time
export const dateTimeFunctions: readonly FunctionDefinition[] = [
  withParts(special('DATEADD TIMEADD TIMESTAMPADD', 'dateadd', 'scalar', dateAdd), 0),
  withParts(
    special('DATEDIFF TIMEDIFF TIMESTAMPDIFF', 'datediff', 'scalar', (call) => {
      if (call.args.length !== 3) throw call.countError('3');
      return dateDiff(call, unitOf(call, 0), moment(call, 1), moment(call, 2));
    }),
    0,
  ),
  withParts(special('DATE_TRUNC', 'date_trunc', 'scalar', trunc), 0),
  withParts(special('LAST_DAY', 'last_day', 'scalar', lastDay), 1),
  special('NEXT_DAY', 'next_day', 'scalar', (call) => neighbourDay(call, 1)),
  special('PREVIOUS_DAY', 'previous_day', 'scalar', (call) => neighbourDay(call, -1)),
  special('ADD_MONTHS', 'add_months', 'scalar', addMonths),
  special('MONTHS_BETWEEN', 'months_between', 'scalar', monthsBetween),
  withParts(
    special('DATE_PART', 'date_part', 'scalar', (call) => datePart(call, call.constant(0), typedMoment(call, 1))),
    0,
  ),
  ...[
    'YEAR',
    'YEAROFWEEK',
    'YEAROFWEEKISO',
    'DAY',
    'DAYOFMONTH',
    'DAYOFWEEK',
    'DAYOFWEEKISO',
    'DAYOFYEAR',
    'WEEK',
    'WEEKOFYEAR',
    'WEEKISO',
    'MONTH',
    'QUARTER',
  ].map((name) => special(name, 'year', 'scalar', (call) => datePart(call, name, typedMoment(call, 0)))),
  ...['HOUR', 'MINUTE', 'SECOND'].map((name) =>
    special(name, 'hour-minute-second', 'scalar', (call) => datePart(call, name, typedMoment(call, 0))),
  ),
  scalar(
    'DAYNAME',
    'dayname',
    takes('datetime', types.varchar(3), (_, __, [value]) => `strftime(${value === undefined ? '' : local(value)}, '%a')`),
  ),
  scalar(
    'MONTHNAME',
    'monthname',
    takes('datetime', types.varchar(3), (_, __, [value]) => `strftime(${value === undefined ? '' : local(value)}, '%b')`),
  ),
  special('CONVERT_TIMEZONE', 'convert_timezone', 'scalar', convertTimezone),
  withParts(special('TIME_SLICE', 'time_slice', 'scalar', timeSlice), 2),
];

/** TRUNC of a date; of a number it is in functions/numeric.ts. */
export const truncateDate = trunc;
