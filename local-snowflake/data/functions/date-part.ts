import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { types } from '../../sql/types.ts';
import { type Bound, bound } from '../bind/bound.ts';
import { localMoment } from '../bind/cast-text.ts';
import type { CallSite } from './call-site.ts';
import { timeUnitNames } from '../bind/time-unit-names.ts';

const aliases: Readonly<Record<string, string>> = {
  ...timeUnitNames,
  WEEKDAY: 'DAYOFWEEK',
  DOW: 'DAYOFWEEK',
  DW: 'DAYOFWEEK',
  WEEKDAY_ISO: 'DAYOFWEEKISO',
  DOW_ISO: 'DAYOFWEEKISO',
  DW_ISO: 'DAYOFWEEKISO',
  DAYOFWEEK_ISO: 'DAYOFWEEKISO',
  YEARDAY: 'DAYOFYEAR',
  DOY: 'DAYOFYEAR',
  DY: 'DAYOFYEAR',
  WEEK_ISO: 'WEEKISO',
  WEEKOFYEARISO: 'WEEKISO',
  WEEKOFYEAR_ISO: 'WEEKISO',
  EPOCH: 'EPOCH_SECOND',
  EPOCH_SECONDS: 'EPOCH_SECOND',
  EPOCH_MILLISECONDS: 'EPOCH_MILLISECOND',
  EPOCH_MICROSECONDS: 'EPOCH_MICROSECOND',
  EPOCH_NANOSECONDS: 'EPOCH_NANOSECOND',
  TZH: 'TIMEZONE_HOUR',
  TZM: 'TIMEZONE_MINUTE',
};

/**
 * One part of a date or time, as a NUMBER.
 * https://docs.snowflake.com/en/sql-reference/functions-date-time#supported-date-and-time-parts
 */
export function datePart(call: CallSite, written: string, value: Bound): Bound {
  const upper = written.toUpperCase();
  const part = aliases[upper] ?? upper;
  const { local, offset } = localMoment(value);
  const sql = partSql(call, part, local, offset, instant(value));
  if (sql === undefined)
    throw SnowflakeError.of('invalidPropertyValue', { property: `${call.name} date/time part`, value: written });
  const wide = part.startsWith('EPOCH') || part === 'NANOSECOND';
  const precision = wide ? 38 : part.startsWith('YEAR') ? 4 : part === 'DAYOFYEAR' ? 3 : 2;
  return bound(
    types.number(precision, 0),
    `CAST(${sql} AS DECIMAL(${String(Math.max(precision, wide ? 38 : 9))},0))`,
    value.nullable,
  );
}

/** Microseconds since the epoch, UTC. */
function instant(value: Bound): string {
  if (value.type.kind === 'TIMESTAMP_LTZ') return `epoch_us(${value.sql})`;
  if (value.type.kind === 'TIMESTAMP_TZ') return `epoch_us((${value.sql}).i)`;
  return `epoch_us(${localMoment(value).local})`;
}

function partSql(call: CallSite, part: string, local: string, offset: string, micros: string): string | undefined {
  const start = Number(call.facts.parameter('WEEK_START') ?? '0');
  const policy = Number(call.facts.parameter('WEEK_OF_YEAR_POLICY') ?? '0');
  switch (part) {
    case 'YEAR':
    case 'QUARTER':
    case 'MONTH':
    case 'DAY':
    case 'HOUR':
    case 'MINUTE':
      return `${part.toLowerCase()}(${local})`;
    case 'SECOND':
      return `floor(second(${local}))`;
    case 'DAYOFWEEK':
      // 0 is Sunday, unless WEEK_START numbers the days from 1.
      return start === 0 ? `dayofweek(${local})` : `((isodow(${local}) - ${String(start)} + 7) % 7 + 1)`;
    case 'DAYOFWEEKISO':
      return `isodow(${local})`;
    case 'DAYOFYEAR':
      return `dayofyear(${local})`;
    case 'WEEKISO':
      return `week(${local})`;
    case 'WEEK':
      if (policy === 0 && start <= 1) return `week(${local})`;
      return `(date_diff('day', date_trunc('year', ${local}), ${local}) + (isodow(date_trunc('year', ${local})) - ${String(Math.max(1, start))} + 7) % 7) // 7 + 1`;
    case 'YEAROFWEEK':
    case 'YEAROFWEEKISO':
      return `isoyear(${local})`;
    case 'MILLISECOND':
      return `(${micros} // 1000 % 1000)`;
    case 'MICROSECOND':
      return `(${micros} % 1000000)`;
    case 'NANOSECOND':
      return `((${micros} % 1000000) * 1000)`;
    case 'EPOCH_SECOND':
      return `floor(${micros} / 1000000)`;
    case 'EPOCH_MILLISECOND':
      return `floor(${micros} / 1000)`;
    case 'EPOCH_MICROSECOND':
      return micros;
    case 'EPOCH_NANOSECOND':
      return `(CAST(${micros} AS HUGEINT) * 1000)`;
    case 'TIMEZONE_HOUR':
      return `(${offset} // 60)`;
    case 'TIMEZONE_MINUTE':
      return `(${offset} % 60)`;
    default:
      return undefined;
  }
}
