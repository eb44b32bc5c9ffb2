import type { Zone } from 'luxon';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { type Cron, parseCron } from './cron.ts';
import { nextCron } from './cron-next.ts';
import { timeZone } from './time-zone.ts';

/** When a task is due. https://docs.snowflake.com/en/sql-reference/sql/create-task (SCHEDULE) */
export type Schedule =
  | { readonly kind: 'interval'; readonly milliseconds: number }
  | { readonly kind: 'cron'; readonly cron: Cron; readonly zone: Zone };

const units: Readonly<Record<string, number>> = {
  H: 3_600_000,
  HOUR: 3_600_000,
  HOURS: 3_600_000,
  M: 60_000,
  MINUTE: 60_000,
  MINUTES: 60_000,
  S: 1000,
  SECOND: 1000,
  SECONDS: 1000,
};

/** Milliseconds of `5 MINUTES`, `+1 H`, …; undefined when it is no interval. Exactly one blank, tab or newline parts the two. */
export function parseInterval(text: string): number | undefined {
  const match = /^\+?(\d+)[ \t\r\n]([A-Za-z]+)[ \t\r\n]*$/u.exec(text);
  const unit = units[(match?.[2] ?? '').toUpperCase()];
  if (match === null || unit === undefined) return undefined;
  const count = Number(match[1]);
  return count === 0 ? undefined : count * unit;
}

/**
 * @throws SnowflakeError `taskScheduleInvalid`, `taskScheduleZone`, `taskScheduleTooShort`, `taskScheduleTooLong`
 */
export function parseSchedule(text: string): Schedule {
  const words = text.trim().split(/\s+/u);
  if (words[0]?.toUpperCase() === 'USING' && words[1]?.toUpperCase() === 'CRON') return parseCronSchedule(words.slice(2));
  const milliseconds = parseInterval(text);
  if (milliseconds === undefined) throw SnowflakeError.of('taskScheduleInvalid', {});
  if (milliseconds < 10_000) throw SnowflakeError.of('taskScheduleTooShort', {});
  if (milliseconds > 11_520 * 60_000) throw SnowflakeError.of('taskScheduleTooLong', {});
  return { kind: 'interval', milliseconds };
}

function parseCronSchedule(words: readonly string[]): Schedule {
  const zoneName = words.at(-1);
  if (zoneName === undefined || words.length < 5) throw SnowflakeError.of('taskScheduleInvalid', {});
  const zone = timeZone(zoneName);
  if (zone === undefined) throw SnowflakeError.of('taskScheduleZone', { zone: zoneName });
  const cron = parseCron(words.slice(0, -1));
  if (cron === undefined) throw SnowflakeError.of('taskScheduleInvalid', {});
  return { kind: 'cron', cron, zone };
}

/**
 * The first due instant after `after`. `base` is where intervals count from: the instant of RESUME or of SET SCHEDULE.
 * Both in epoch milliseconds; undefined when a cron expression names no instant.
 */
export function nextDue(schedule: Schedule, base: number, after: number): number | undefined {
  if (schedule.kind === 'cron') return nextCron(schedule.cron, schedule.zone, after);
  if (after < base) return base + schedule.milliseconds;
  return base + (Math.floor((after - base) / schedule.milliseconds) + 1) * schedule.milliseconds;
}
