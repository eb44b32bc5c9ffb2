import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseSchedule, scheduleClause, ScheduleError } from '../../../components/graph/schedule.ts';

describe('parseSchedule', () => {
  it.each([
    ['1d', '1440 MINUTE'],
    ['12h', '720 MINUTE'],
    ['30m', '30 MINUTE'],
    ['8d', '11520 MINUTE'],
    ['0 3 * * * UTC', 'USING CRON 0 3 * * * UTC'],
    ['*/15 8-17 * * MON-FRI Europe/Berlin', 'USING CRON */15 8-17 * * MON-FRI Europe/Berlin'],
    // https://docs.snowflake.com/en/sql-reference/sql/create-task
    ['0 9-17 * * SUN America/Los_Angeles', 'USING CRON 0 9-17 * * SUN America/Los_Angeles'],
    ['30 2 L 6 * UTC', 'USING CRON 30 2 L 6 * UTC'],
    ['0 0 * * 5L UTC', 'USING CRON 0 0 * * 5L UTC'],
    ['0,30 0 1,15 JAN,JUL * UTC', 'USING CRON 0,30 0 1,15 JAN,JUL * UTC'],
  ])('%s is %s', (text, clause) => {
    expect(scheduleClause(parseSchedule(text))).toBe(clause);
  });

  it('knows no schedule', () => {
    expect(parseSchedule('none')).toEqual({ kind: 'none' });
    expect(scheduleClause({ kind: 'none' })).toBeUndefined();
  });

  it.each([
    ['', 'is neither an interval nor'],
    ['daily', 'is neither an interval nor'],
    ['0m', 'is no time at all'],
    ['9d', 'is longer than 8 days'],
    ['1w', 'is neither an interval nor'],
    ['0 3 * * *', 'is neither an interval nor'],
    ['60 3 * * * UTC', 'has "60" as its minute'],
    ['0 24 * * * UTC', 'has "24" as its hour'],
    ['0 0 0 * * UTC', 'has "0" as its day of month'],
    ['0 0 * 13 * UTC', 'has "13" as its month'],
    ['0 0 * * 7 UTC', 'has "7" as its day of week'],
    ['0 5-3 * * * UTC', 'has "5-3" as its hour'],
    ['*/0 * * * * UTC', 'has "*/0" as its minute'],
    ['0 3 * * * Mars/Olympus', 'names the time zone "Mars/Olympus"'],
  ])('refuses "%s" and says what is allowed', (text, reason) => {
    expect(() => parseSchedule(text)).toThrow(ScheduleError);
    expect(() => parseSchedule(text)).toThrow(reason);
    expect(() => parseSchedule(text)).toThrow('Allowed are');
  });

  it('takes every interval up to 8 days, in any unit, as minutes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 11_520 }), fc.constantFrom('m', 'h', 'd'), (count, unit) => {
        const minutes = count * { m: 1, h: 60, d: 1440 }[unit];
        if (minutes > 11_520) expect(() => parseSchedule(`${count}${unit}`)).toThrow(ScheduleError);
        else expect(parseSchedule(`${count}${unit}`)).toEqual({ kind: 'interval', minutes });
      }),
    );
  });
});
