import { daysFromCivil, daysInMonth } from './civil-date.ts';
import { type DatetimeElement, datetimeElements } from './datetime-format.ts';

/** A moment as it was written: wall-clock microseconds since the epoch, and the offset from UTC if one was given. */
export interface WrittenMoment {
  readonly micros: bigint;
  /** Minutes east of UTC; undefined when the text names no zone. */
  readonly offset: number | undefined;
}

interface Parts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  /** Microseconds; further digits are cut off. */
  micros: number;
  offset: number | undefined;
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const fullMonths = [
  'JANUARY',
  'FEBRUARY',
  'MARCH',
  'APRIL',
  'MAY',
  'JUNE',
  'JULY',
  'AUGUST',
  'SEPTEMBER',
  'OCTOBER',
  'NOVEMBER',
  'DECEMBER',
];

const time = String.raw`(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{0,9}))?)?`;
const zone = String.raw`\s*(Z|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)?`;
const isoForm = new RegExp(String.raw`^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:T|\s+)${time}${zone})?$`, 'iu');
const hourForm = /^(\d{4})-(\d{1,2})-(\d{1,2})T(\d{1,2})$/u;
const monthNameForm = new RegExp(String.raw`^(\d{1,2})-([A-Z]{3,9})-(\d{4})(?:\s+${time}${zone})?$`, 'iu');
const slashForm = new RegExp(String.raw`^(\d{1,2})/(\d{1,2})/(\d{4})(?:\s+${time}${zone})?$`, 'iu');
const mailForm = new RegExp(String.raw`^(?:[A-Z]{3},?\s+)?(\d{1,2})\s+([A-Z]{3})\s+(\d{4})\s+${time}(?:\s*(AM|PM))?${zone}$`, 'iu');
const feedForm = /^[A-Z]{3}\s+([A-Z]{3})\s+(\d{1,2})\s+(\d{1,2}):(\d{1,2}):(\d{1,2})\s+([+-]\d{4})\s+(\d{4})$/iu;
const timeForm = new RegExp(String.raw`^${time}(?:\s*(AM|PM))?$`, 'iu');

/**
 * Reads a date or timestamp in the formats that AUTO detects; undefined when it is none of them.
 * https://docs.snowflake.com/en/sql-reference/date-time-input-output#supported-formats-for-auto-detection
 */
export function parseAuto(text: string): WrittenMoment | undefined {
  const trimmed = text.trim();
  const iso = isoForm.exec(trimmed) ?? hourForm.exec(trimmed);
  if (iso !== null) return moment(parts(iso[1], Number(iso[2]), iso[3], iso.slice(4)));
  const named = monthNameForm.exec(trimmed);
  if (named !== null) return moment(parts(named[3], monthNumber(named[2]), named[1], named.slice(4)));
  const slashed = slashForm.exec(trimmed);
  if (slashed !== null) return moment(parts(slashed[3], Number(slashed[1]), slashed[2], slashed.slice(4)));
  const mail = mailForm.exec(trimmed);
  if (mail !== null) {
    const [hour = '', minute, second, fraction, half, offset] = mail.slice(4);
    return moment(
      parts(mail[3], monthNumber(mail[2]), mail[1], [String(halfDay(Number(hour), half)), minute, second, fraction, offset]),
    );
  }
  const feed = feedForm.exec(trimmed);
  if (feed !== null) return moment(parts(feed[7], monthNumber(feed[1]), feed[2], [feed[3], feed[4], feed[5], undefined, feed[6]]));
  if (/^-?\d+$/u.test(trimmed)) return { micros: epochMicros(BigInt(trimmed)), offset: undefined };
  return undefined;
}

/** A time of day, as microseconds since midnight. */
export function parseAutoTime(text: string): bigint | undefined {
  const match = timeForm.exec(text.trim());
  if (match === null) {
    if (/^\d+$/u.test(text.trim())) return (BigInt(text.trim()) % 86_400n) * 1_000_000n;
    const whole = parseAuto(text);
    return whole === undefined ? undefined : ((whole.micros % dayMicros) + dayMicros) % dayMicros;
  }
  const [hour = '', minute, second, fraction, half] = match.slice(1);
  return moment(parts('1970', 1, '1', [String(halfDay(Number(hour), half)), minute, second, fraction]))?.micros;
}

const dayMicros = 86_400_000_000n;

/**
 * An integer as seconds, milliseconds, microseconds or nanoseconds, told by its size.
 * https://docs.snowflake.com/en/sql-reference/functions/to_timestamp
 */
export function epochMicros(value: bigint): bigint {
  const size = value < 0n ? -value : value;
  if (size < 31_536_000_000n) return value * 1_000_000n;
  if (size < 31_536_000_000_000n) return value * 1000n;
  if (size < 31_536_000_000_000_000n) return value;
  return value / 1000n;
}

/** Reads text by a format; undefined when it does not fit. */
export function parseByFormat(text: string, format: string): WrittenMoment | undefined {
  const found: Parts & { half?: string } = {
    year: 1970,
    month: 1,
    day: 1,
    hour: 0,
    minute: 0,
    second: 0,
    micros: 0,
    offset: undefined,
  };
  let position = 0;
  for (const element of datetimeElements(format)) {
    const length = readElement(element, text.slice(position), found);
    if (length === undefined) return undefined;
    position += length;
  }
  if (text.slice(position).trim() !== '') return undefined;
  if (found.half !== undefined) found.hour = halfDay(found.hour, found.half);
  return moment(found);
}

/** Puts what `rest` begins with into `found`; returns how long it was. */
function readElement(element: DatetimeElement, rest: string, found: Parts & { half?: string }): number | undefined {
  if (element.kind === 'text') return rest.startsWith(element.text) ? element.text.length : undefined;
  if (element.kind === 'fraction') {
    const digits = /^\d{1,9}/u.exec(rest)?.[0] ?? '';
    if (digits === '' && element.digits !== undefined && element.digits > 0) return undefined;
    found.micros = Number(digits.slice(0, 6).padEnd(6, '0'));
    return digits.length;
  }
  const number = (pattern: RegExp, set: (value: number) => void): number | undefined => {
    const digits = pattern.exec(rest)?.[0];
    if (digits === undefined) return undefined;
    set(Number(digits));
    return digits.length;
  };
  const twoDigits = /^\d{1,2}/u;
  switch (element.field) {
    case 'YYYY':
      return number(/^\d{4}/u, (value) => (found.year = value));
    case 'YY':
      // TWO_DIGIT_CENTURY_START is 1970 by default.
      return number(/^\d{2}/u, (value) => (found.year = value < 70 ? 2000 + value : 1900 + value));
    case 'MM':
      return number(twoDigits, (value) => (found.month = value));
    case 'DD':
      return number(twoDigits, (value) => (found.day = value));
    case 'HH24':
    case 'HH12':
      return number(twoDigits, (value) => (found.hour = value));
    case 'MI':
      return number(twoDigits, (value) => (found.minute = value));
    case 'SS':
      return number(twoDigits, (value) => (found.second = value));
    case 'MON':
    case 'MMMM': {
      const name = /^[A-Z]+/iu.exec(rest)?.[0].toUpperCase() ?? '';
      const full = fullMonths.indexOf(name);
      const index = full >= 0 ? full : months.indexOf(name.slice(0, 3));
      if (index < 0) return undefined;
      found.month = index + 1;
      return full >= 0 ? name.length : 3;
    }
    case 'DY':
      return /^[A-Z]{3}/iu.test(rest) ? 3 : undefined;
    case 'AM': {
      const half = /^[AP]M/iu.exec(rest)?.[0];
      if (half === undefined) return undefined;
      found.half = half;
      return half.length;
    }
    default: {
      const written = /^(?:Z|[+-]\d{1,2}(?::?\d{2})?)/iu.exec(rest)?.[0];
      if (written === undefined) return undefined;
      found.offset = offsetMinutes(written);
      return written.length;
    }
  }
}

function parts(
  year: string | undefined,
  month: number | undefined,
  day: string | undefined,
  rest: readonly (string | undefined)[],
): Parts | undefined {
  if (month === undefined) return undefined;
  const [hour = '0', minute = '0', second = '0', fraction = '', offset] = rest;
  return {
    year: Number(year),
    month,
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    micros: Number(fraction.slice(0, 6).padEnd(6, '0')),
    offset: offset === undefined ? undefined : offsetMinutes(offset),
  };
}

function moment(from: Parts | undefined): WrittenMoment | undefined {
  if (from === undefined) return undefined;
  const { year, month, day, hour, minute, second, micros, offset } = from;
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return undefined;
  if (day > daysInMonth(year, month)) return undefined;
  const seconds = daysFromCivil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
  return { micros: BigInt(seconds) * 1_000_000n + BigInt(micros), offset };
}

function monthNumber(name: string | undefined): number | undefined {
  const upper = (name ?? '').toUpperCase();
  const index = upper.length === 3 ? months.indexOf(upper) : fullMonths.indexOf(upper);
  return index < 0 ? undefined : index + 1;
}

function halfDay(hour: number, half: string | undefined): number {
  if (half === undefined) return hour;
  return (hour % 12) + (half.toUpperCase() === 'PM' ? 12 : 0);
}

function offsetMinutes(written: string): number {
  const match = /^([+-])(\d{1,2}):?(\d{2})?$/u.exec(written);
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? '0');
  return match[1] === '-' ? -minutes : minutes;
}
