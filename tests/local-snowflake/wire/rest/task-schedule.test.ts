import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intervalText, scheduleJson, scheduleText } from '../../../../local-snowflake/wire/rest/tasks/task-schedule.ts';

// https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/task (MinutesSchedule, CronSchedule)
describe('schedules over REST', () => {
  it('keep the length of an interval', () => {
    fc.assert(
      fc.property(fc.nat(20_000), fc.nat(59), (minutes, seconds) => {
        const text = intervalText({ schedule_type: 'MINUTES_TYPE', minutes, seconds }, 'schedule');
        expect(scheduleJson(text)).toEqual({ schedule_type: 'MINUTES_TYPE', minutes, seconds });
      }),
    );
  });

  it('keep cron expressions and their time zones', () => {
    const cron = { schedule_type: 'CRON_TYPE', cron_expr: '0 8 * * MON-FRI', timezone: 'Europe/Zurich' };
    expect(scheduleText(cron, 'schedule')).toBe('USING CRON 0 8 * * MON-FRI Europe/Zurich');
    expect(scheduleJson('USING CRON 0 8 * * MON-FRI Europe/Zurich')).toEqual(cron);
  });

  it.each([
    ['2 HOURS', 120, 0],
    ['90 SECONDS', 1, 30],
    ['5 m', 5, 0],
  ])('read what SHOW TASKS prints: %s', (text, minutes, seconds) => {
    expect(scheduleJson(text)).toEqual({ schedule_type: 'MINUTES_TYPE', minutes, seconds });
  });

  it.each([
    [{ schedule_type: 'CRON_TYPE', cron_expr: '* * * * *' }, 'timezone'],
    [{ schedule_type: 'HOURS_TYPE', minutes: 1 }, 'MINUTES_TYPE'],
    [{ schedule_type: 'MINUTES_TYPE', minutes: 1.5 }, 'whole'],
    ['10 MINUTES', 'JSON object'],
  ])('refuse %j', (schedule, message) => {
    expect(() => scheduleText(schedule, 'schedule')).toThrow(message);
  });
});
