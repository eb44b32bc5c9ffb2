/** When the root task starts by itself. */
export type Schedule =
  | { readonly kind: 'none' }
  | { readonly kind: 'interval'; readonly minutes: number }
  | { readonly kind: 'cron'; readonly expression: string; readonly timeZone: string };

export class ScheduleError extends Error {
  /** What is wrong with it, without what it is. */
  readonly reason: string;

  constructor(text: string, reason: string) {
    super(
      `schedule "${text}" ${reason}. Allowed are a number of days, hours or minutes ("1d", "12h", "30m", up to 8 days), ` +
        `a cron expression with a time zone ("0 3 * * MON-FRI Europe/Berlin"), and "none".`,
    );
    this.name = 'ScheduleError';
    this.reason = reason;
  }
}

// 8 days. https://docs.snowflake.com/en/sql-reference/sql/create-task
const longestMinutes = 11_520;
const minutesOf = { d: 24 * 60, h: 60, m: 1 } as const;

/** Reads `1d`, `12h`, `30m`, `<cron> <time zone>` or `none`. Throws ScheduleError. */
export function parseSchedule(text: string): Schedule {
  const trimmed = text.trim();
  if (trimmed === 'none') return { kind: 'none' };
  const interval = /^(\d+)([dhm])$/u.exec(trimmed);
  if (interval !== null) {
    const minutes = Number(interval[1]) * minutesOf[interval[2] as keyof typeof minutesOf];
    if (minutes < 1) throw new ScheduleError(text, 'is no time at all');
    if (minutes > longestMinutes) throw new ScheduleError(text, 'is longer than 8 days');
    return { kind: 'interval', minutes };
  }
  return parseCron(text, trimmed.split(/\s+/u));
}

/** As CREATE TASK writes it, and SHOW TASKS shows it; undefined for none. */
export function scheduleClause(schedule: Schedule): string | undefined {
  if (schedule.kind === 'interval') return `${schedule.minutes} MINUTE`;
  if (schedule.kind === 'cron') return `USING CRON ${schedule.expression} ${schedule.timeZone}`;
  return undefined;
}

interface CronField {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly names?: readonly string[];
  /** `L` for the last day of the month, `5L` for the last Friday. */
  readonly last?: RegExp;
}

const fields: readonly CronField[] = [
  { name: 'minute', low: 0, high: 59 },
  { name: 'hour', low: 0, high: 23 },
  { name: 'day of month', low: 1, high: 31, last: /^L$/u },
  {
    name: 'month',
    low: 1,
    high: 12,
    names: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
  },
  { name: 'day of week', low: 0, high: 6, names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'], last: /^[0-6]L$/u },
];

function parseCron(text: string, words: readonly string[]): Schedule {
  const timeZone = words.at(-1);
  if (words.length !== fields.length + 1 || timeZone === undefined) {
    throw new ScheduleError(text, 'is neither an interval nor five cron fields and a time zone');
  }
  for (const [index, field] of fields.entries()) {
    const word = words[index] ?? '';
    if (!word.split(',').every((part) => fitsField(field, part))) {
      throw new ScheduleError(text, `has "${word}" as its ${field.name}, which is ${field.low} to ${field.high}`);
    }
  }
  if (!isTimeZone(timeZone)) throw new ScheduleError(text, `names the time zone "${timeZone}", which does not exist`);
  return { kind: 'cron', expression: words.slice(0, -1).join(' '), timeZone };
}

function fitsField(field: CronField, part: string): boolean {
  if (field.last?.test(part.toUpperCase()) === true) return true;
  const match = /^(?:\*|([0-9A-Z]+)(?:-([0-9A-Z]+))?)(?:\/(\d+))?$/iu.exec(part);
  if (match === null) return false;
  const [, from, to, step] = match;
  if (step !== undefined && Number(step) < 1) return false;
  const low = from === undefined ? field.low : valueOf(field, from);
  const high = to === undefined ? low : valueOf(field, to);
  return low !== undefined && high !== undefined && low <= high;
}

function valueOf(field: CronField, text: string): number | undefined {
  const named = field.names?.indexOf(text.toUpperCase()) ?? -1;
  const value = named >= 0 ? named + field.low : Number(text);
  return Number.isInteger(value) && value >= field.low && value <= field.high ? value : undefined;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
