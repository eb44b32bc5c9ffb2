import { type JsonObject, objectOf } from '../../fields.ts';
import { MalformedRequest } from '../../malformed-request.ts';

const minutesType = 'MINUTES_TYPE';
const cronType = 'CRON_TYPE';

/**
 * SCHEDULE's text for a CronSchedule or MinutesSchedule. @throws MalformedRequest
 * https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/task
 */
export function scheduleText(value: unknown, name: string): string {
  const schedule = objectOf(value, `'${name}'`);
  if (schedule['schedule_type'] !== cronType) return intervalText(schedule, name);
  const { cron_expr: expression, timezone } = schedule;
  if (typeof expression === 'string' && typeof timezone === 'string') return `USING CRON ${expression} ${timezone}`;
  throw new MalformedRequest(400, `'${name}' needs the texts 'cron_expr' and 'timezone'.`);
}

/** The text of a MinutesSchedule: whole minutes, and seconds beyond them. @throws MalformedRequest */
export function intervalText(value: unknown, name: string): string {
  const { schedule_type: type, minutes, seconds } = objectOf(value, `'${name}'`);
  const whole = [minutes, seconds ?? 0];
  if ((type ?? minutesType) !== minutesType || !whole.every((count) => Number.isSafeInteger(count))) {
    throw new MalformedRequest(400, `'${name}' must be a schedule of ${minutesType} with whole 'minutes' and 'seconds'.`);
  }
  const total = Number(minutes) * 60 + Number(seconds ?? 0);
  return total % 60 === 0 ? `${String(total / 60)} MINUTES` : `${String(total)} SECONDS`;
}

const unitSeconds: Readonly<Record<string, number>> = { H: 3600, M: 60, S: 1 };

/** What SHOW TASKS prints of a schedule or an interval, as REST's object. */
export function scheduleJson(text: string): JsonObject {
  const cron = /^\s*USING\s+CRON\s+(.*\S)\s+(\S+)\s*$/isu.exec(text);
  if (cron !== null) return { schedule_type: cronType, cron_expr: cron[1], timezone: cron[2] };
  const interval = /^\s*\+?(\d+)\s+([HMS])/iu.exec(text);
  const total = Number(interval?.[1]) * (unitSeconds[(interval?.[2] ?? '').toUpperCase()] ?? Number.NaN);
  return { schedule_type: minutesType, minutes: Math.floor(total / 60), seconds: total % 60 };
}
