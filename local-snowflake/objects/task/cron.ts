/**
 * The cron expressions that task schedules take: minute, hour, day of month, month, day of week.
 * https://docs.snowflake.com/en/sql-reference/sql/create-task (SCHEDULE, USING CRON)
 * Both day fields restricted: either one matching is enough; `*` alone is unrestricted, a stepped star is not.
 */
export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly months: ReadonlySet<number>;
  readonly days: DayOfMonthField;
  readonly weekdays: WeekdayField;
}

interface DayOfMonthField {
  readonly any: boolean;
  readonly values: ReadonlySet<number>;
  /** `L`: the month's last day. */
  readonly last: boolean;
}

interface WeekdayField {
  readonly any: boolean;
  /** 0 is Sunday. */
  readonly values: ReadonlySet<number>;
  /** `5L`: the month's last Friday. */
  readonly lastOf: ReadonlySet<number>;
}

const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const weekdayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

interface Range {
  readonly low: number;
  readonly high: number;
  /** Names that stand for `low`, `low + 1`, … */
  readonly names: readonly string[];
}

const minuteRange: Range = { low: 0, high: 59, names: [] };
const hourRange: Range = { low: 0, high: 23, names: [] };
const dayRange: Range = { low: 1, high: 31, names: [] };
const monthRange: Range = { low: 1, high: 12, names: monthNames };
const weekdayRange: Range = { low: 0, high: 6, names: weekdayNames };

/** Parses the five fields; undefined when one of them is malformed. */
export function parseCron(fields: readonly string[]): Cron | undefined {
  const [minute, hour, day, month, weekday, ...rest] = fields;
  if (minute === undefined || hour === undefined || day === undefined || month === undefined || weekday === undefined) {
    return undefined;
  }
  const minutes = parseList(minute, minuteRange);
  const hours = parseList(hour, hourRange);
  const months = parseList(month, monthRange);
  const days = parseDays(day);
  const weekdays = parseWeekdays(weekday);
  if (rest.length > 0 || minutes === undefined || hours === undefined || months === undefined) return undefined;
  if (days === undefined || weekdays === undefined) return undefined;
  return { minutes: sorted(minutes), hours: sorted(hours), months, days, weekdays };
}

function sorted(values: ReadonlySet<number>): number[] {
  return [...values].sort((a, b) => a - b);
}

function parseDays(field: string): DayOfMonthField | undefined {
  const items = field.split(',');
  const last = items.some((item) => item.toUpperCase() === 'L');
  const values = parseItems(
    items.filter((item) => item.toUpperCase() !== 'L'),
    dayRange,
  );
  return values === undefined ? undefined : { any: field === '*', values, last };
}

function parseWeekdays(field: string): WeekdayField | undefined {
  const plain: string[] = [];
  const lastOf = new Set<number>();
  for (const item of field.split(',')) {
    const match = /^(\w+)L$/iu.exec(item);
    if (match?.[1] === undefined) {
      plain.push(item);
      continue;
    }
    const weekday = parseValue(match[1], weekdayRange);
    if (weekday === undefined) return undefined;
    lastOf.add(weekday);
  }
  const values = parseItems(plain, weekdayRange);
  return values === undefined ? undefined : { any: field === '*', values, lastOf };
}

function parseList(field: string, range: Range): Set<number> | undefined {
  return parseItems(field.split(','), range);
}

function parseItems(items: readonly string[], range: Range): Set<number> | undefined {
  const values = new Set<number>();
  for (const item of items) {
    const parsed = parseItem(item, range);
    if (parsed === undefined) return undefined;
    for (let value = parsed.from; value <= parsed.to; value += parsed.step) values.add(value);
  }
  return values;
}

/** `*`, `a`, `a-b`, each with `/step`; `a/step` runs from `a` to the field's end. */
function parseItem(item: string, range: Range): { from: number; to: number; step: number } | undefined {
  const match = /^(\*|\w+(?:-\w+)?)(?:\/(\d+))?$/u.exec(item);
  if (match?.[1] === undefined) return undefined;
  const step = match[2] === undefined ? 1 : Number(match[2]);
  if (step < 1) return undefined;
  if (match[1] === '*') return { from: range.low, to: range.high, step };
  const [first = '', second] = match[1].split('-');
  const from = parseValue(first, range);
  if (from === undefined) return undefined;
  if (second === undefined) return { from, to: match[2] === undefined ? from : range.high, step };
  const to = parseValue(second, range);
  return to === undefined || to < from ? undefined : { from, to, step };
}

function parseValue(text: string, range: Range): number | undefined {
  const name = range.names.indexOf(text.toUpperCase());
  if (name >= 0) return range.low + name;
  if (!/^\d{1,2}$/u.test(text)) return undefined;
  const value = Number(text);
  return value < range.low || value > range.high ? undefined : value;
}

/** Whether a calendar day matches; `month` from 1, `weekday` from Sunday = 0, `length` the month's number of days. */
export function matchesDay(cron: Cron, month: number, day: number, weekday: number, length: number): boolean {
  if (!cron.months.has(month)) return false;
  const byDay = cron.days.values.has(day) || (cron.days.last && day === length);
  const byWeekday = cron.weekdays.values.has(weekday) || (cron.weekdays.lastOf.has(weekday) && day > length - 7);
  if (cron.days.any) return byWeekday;
  if (cron.weekdays.any) return byDay;
  return byDay || byWeekday;
}
