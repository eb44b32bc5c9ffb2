import type { Zone } from 'luxon';
import { type Cron, matchesDay } from './cron.ts';

const minute = 60_000;
const day = 86_400_000;
// 29 February can be eight years away (1896, 1904; 2096, 2104).
const horizonDays = 9 * 366;

/**
 * The first instant after `after` whose wall clock in `zone` matches, both in epoch milliseconds; undefined when there is
 * none. A local time that daylight saving repeats matches twice, one that it leaves out never does.
 * https://docs.snowflake.com/en/sql-reference/sql/create-task (SCHEDULE: daylight saving time)
 */
export function nextCron(cron: Cron, zone: Zone, after: number): number | undefined {
  const local = after + zone.offset(after) * minute;
  const today = Math.floor(local / day) * day;
  // Yesterday too: behind a change of more than a day's start (Samoa, 2011) local days do not follow one another.
  for (let offset = -1; offset <= horizonDays; offset += 1) {
    const midnight = today + offset * day;
    if (!isMatchingDay(cron, midnight)) continue;
    const found = firstInDay(cron, zone, midnight, after);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isMatchingDay(cron: Cron, midnight: number): boolean {
  const date = new Date(midnight);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth();
  const length = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return matchesDay(cron, month + 1, date.getUTCDate(), date.getUTCDay(), length);
}

/** `midnight` is the local day's start, written as if the zone were UTC. */
function firstInDay(cron: Cron, zone: Zone, midnight: number, after: number): number | undefined {
  // At most one change of offset falls into these four days, so these are all offsets that the day can have.
  const offsets = [...new Set([zone.offset(midnight - 2 * day), zone.offset(midnight + 2 * day)])];
  let first: number | undefined;
  for (const hour of cron.hours) {
    for (const minuteOfHour of cron.minutes) {
      const wall = midnight + (hour * 60 + minuteOfHour) * minute;
      for (const offset of offsets) {
        const instant = wall - offset * minute;
        if (instant <= after || (first !== undefined && instant >= first)) continue;
        if (zone.offset(instant) === offset) first = instant;
      }
      if (first !== undefined && offsets.length === 1) return first;
    }
  }
  return first;
}
