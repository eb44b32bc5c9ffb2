import { duckString } from '../duckdb/text.ts';
import { civilFromDays } from './civil-date.ts';
import { type DatetimeElement, type DatetimeField, datetimeElements } from './datetime-format.ts';

// DuckDB's strftime; the fields that it renders as Snowflake does.
const strftime: Readonly<Partial<Record<DatetimeField, string>>> = {
  YYYY: '%Y',
  YY: '%y',
  MM: '%m',
  MON: '%b',
  MMMM: '%B',
  DD: '%d',
  DY: '%a',
  HH24: '%H',
  HH12: '%I',
  AM: '%p',
  MI: '%M',
  SS: '%S',
};

/**
 * DuckDB SQL that renders a TIMESTAMP (`local`, wall-clock) by a constant format. `offset` is SQL for the minutes east
 * of UTC, for the time zone elements; without it they stand for UTC.
 */
export function formatSql(local: string, format: string, offset?: string): string {
  const pieces: string[] = [];
  let pattern = '';
  const flush = (): void => {
    if (pattern !== '') pieces.push(`strftime(${local}, ${duckString(pattern)})`);
    pattern = '';
  };
  for (const element of datetimeElements(format)) {
    const simple = simplePattern(element);
    if (simple !== undefined) {
      pattern += simple;
      continue;
    }
    flush();
    pieces.push(
      element.kind === 'fraction'
        ? fractionSql(local, element.digits)
        : offsetSql((element as { field: DatetimeField }).field, offset),
    );
  }
  flush();
  return pieces.length === 0 ? "''" : `(${pieces.join(' || ')})`;
}

function simplePattern(element: DatetimeElement): string | undefined {
  if (element.kind === 'text') return element.text.replaceAll('%', '%%');
  if (element.kind === 'field') return strftime[element.field];
  if (element.digits === 0) return '';
  if (element.digits === 3) return '%g';
  return element.digits === 6 ? '%f' : undefined;
}

function fractionSql(local: string, digits = 9): string {
  const micros = `strftime(${local}, '%f')`;
  return digits > 6 ? `(${micros} || '${'0'.repeat(digits - 6)}')` : `left(${micros}, ${String(digits)})`;
}

function offsetSql(field: DatetimeField, offset = '0'): string {
  const sign = `CASE WHEN ${offset} < 0 THEN '-' ELSE '+' END`;
  const hours = `lpad(CAST(abs(${offset}) // 60 AS VARCHAR), 2, '0')`;
  const minutes = `lpad(CAST(abs(${offset}) % 60 AS VARCHAR), 2, '0')`;
  if (field === 'TZM') return minutes;
  if (field === 'TZH') return `(${sign} || ${hours})`;
  return `(${sign} || ${hours} || ${field === 'TZH:TZM' ? "':' || " : ''}${minutes})`;
}

const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const dayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** The same in JavaScript, for formats that are known only row by row. */
export function formatMoment(micros: bigint, format: string, offset = 0): string {
  const dayMicros = 86_400_000_000n;
  const inDay = ((micros % dayMicros) + dayMicros) % dayMicros;
  const days = Number((micros - inDay) / dayMicros);
  const { year, month, day } = civilFromDays(days);
  const seconds = Number(inDay / 1_000_000n);
  const hour = Math.floor(seconds / 3600);
  const two = (value: number): string => String(value).padStart(2, '0');
  const sign = offset < 0 ? '-' : '+';
  const zoneHours = two(Math.floor(Math.abs(offset) / 60));
  const zoneMinutes = two(Math.abs(offset) % 60);
  const values: Record<DatetimeField, string> = {
    YYYY: String(year).padStart(4, '0'),
    YY: two(year % 100),
    MM: two(month),
    MON: (monthNames[month - 1] ?? '').slice(0, 3),
    MMMM: monthNames[month - 1] ?? '',
    DD: two(day),
    DY: dayNames[(((days + 4) % 7) + 7) % 7] ?? '',
    HH24: two(hour),
    HH12: two(hour % 12 === 0 ? 12 : hour % 12),
    AM: hour < 12 ? 'AM' : 'PM',
    MI: two(Math.floor(seconds / 60) % 60),
    SS: two(seconds % 60),
    'TZH:TZM': `${sign}${zoneHours}:${zoneMinutes}`,
    TZHTZM: `${sign}${zoneHours}${zoneMinutes}`,
    TZH: `${sign}${zoneHours}`,
    TZM: zoneMinutes,
  };
  const fraction = `${String(inDay % 1_000_000n).padStart(6, '0')}000`;
  return datetimeElements(format)
    .map((element) =>
      element.kind === 'text'
        ? element.text
        : element.kind === 'field'
          ? values[element.field]
          : fraction.slice(0, element.digits ?? 9),
    )
    .join('');
}
