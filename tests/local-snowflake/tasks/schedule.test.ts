import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextDue, parseInterval, parseSchedule } from '../../../local-snowflake/objects/task/schedule.ts';

// https://docs.snowflake.com/en/sql-reference/sql/create-task (SCHEDULE). Instants marked "account" were read from a real
// account's scheduled runs; they are published with the tests of the open-source emulator frostlake.

const friday1310 = Date.parse('2026-09-11T13:10:17Z');
const friday1312 = Date.parse('2026-09-11T13:12:52Z');
const friday1314 = Date.parse('2026-09-11T13:14:52Z');

function next(cron: string, after: number): string | null {
  const due = nextDue(parseSchedule(`USING CRON ${cron}`), 0, after);
  return due === undefined ? null : new Date(due).toISOString().slice(0, 16);
}

function nexts(cron: string, after: string, count: number): string[] {
  const schedule = parseSchedule(`USING CRON ${cron}`);
  const found: string[] = [];
  for (let at = Date.parse(after); found.length < count;) {
    at = nextDue(schedule, 0, at) ?? Number.NaN;
    found.push(new Date(at).toISOString().slice(0, 16));
  }
  return found;
}

function refusal(schedule: string): string {
  try {
    parseSchedule(schedule);
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
}

const invalid = 'Invalid schedule was specified. Please refer to the docs on what constitutes a valid schedule.';

describe('cron schedules', () => {
  it.each([
    ['*/7 * * * * UTC', friday1310, '2026-09-11T13:14'],
    ['0 */2 * * * UTC', friday1310, '2026-09-11T14:00'],
    ['30 9 * * 1-5 America/Los_Angeles', friday1310, '2026-09-11T16:30'],
    ['0 12 * * SUN UTC', friday1310, '2026-09-13T12:00'],
    ['15,45 * * * * UTC', friday1310, '2026-09-11T13:15'],
    ['10-40/10 * * * * UTC', friday1310, '2026-09-11T13:20'],
    ['0 6 * * MON-FRI Europe/Warsaw', friday1312, '2026-09-14T04:00'],
    ['0 0 * * */2 UTC', friday1312, '2026-09-12T00:00'],
    ['5/15 * * * * UTC', friday1314, '2026-09-11T13:20'],
    ['0 0 * * MON,3 UTC', friday1314, '2026-09-14T00:00'],
    ['*/61 * * * * UTC', friday1314, '2026-09-11T14:00'],
    ['0 0 * * * utc', friday1314, '2026-09-12T00:00'],
    ['0 0 * * * Etc/GMT+5', friday1314, '2026-09-12T05:00'],
    ['0   0  *  *  *   UTC', friday1314, '2026-09-12T00:00'],
    ['0 0 * JAN-DEC/2 * UTC', friday1314, '2026-09-12T00:00'],
  ])('account: %s', (cron, after, expected) => {
    expect(next(cron, after)).toBe(expected);
  });

  it.each([
    ['0 0 1 * MON UTC', friday1310, '2026-09-14T00:00'],
    ['0 0 1-7 * 1 UTC', friday1310, '2026-09-14T00:00'],
    ['0 0 L * 1 UTC', friday1312, '2026-09-14T00:00'],
    ['0 0 */2 * MON UTC', friday1314, '2026-09-13T00:00'],
  ])('account: both day fields restricted, either matches: %s', (cron, after, expected) => {
    expect(next(cron, after)).toBe(expected);
  });

  it.each([
    ['0 0 L * * UTC', '2026-09-30T00:00'],
    ['0 0 1,L * * UTC', '2026-09-30T00:00'],
    ['0 0 * * 5L UTC', '2026-09-25T00:00'],
    ['0 0 * * FRIL UTC', '2026-09-25T00:00'],
    ['0 0 L 2 * UTC', '2027-02-28T00:00'],
    ['0 0 29 2 * UTC', '2028-02-29T00:00'],
    ['0 0 1 */3 * UTC', '2026-10-01T00:00'],
    ['0 0 */10 * * UTC', '2026-09-21T00:00'],
    ['59 23 31 12 * UTC', '2026-12-31T23:59'],
  ])('last days and calendar edges: %s', (cron, expected) => {
    expect(next(cron, friday1310)).toBe(expected);
  });

  it('never fires at the instant itself', () => {
    expect(next('* * * * * UTC', Date.parse('2026-09-11T13:14:00Z'))).toBe('2026-09-11T13:15');
  });

  it.each(['0 0 31 2 * UTC', '0 0 31 4 * UTC'])('names no instant: %s', (cron) => {
    expect(next(cron, friday1310)).toBeNull();
  });

  it.each([
    '0 0 ? * * UTC',
    '*/0 * * * * UTC',
    '10-5 * * * * UTC',
    '0 0 L-3 * * UTC',
    '0 24 * * * UTC',
    '0 0 1 13 * UTC',
    '0 0 1 0 * UTC',
    '0 0 0 * * UTC',
    '0 0 * * 1-5L UTC',
    '0 0 * * 7L UTC',
    '0,15, * * * * UTC',
    '* * * * * * UTC',
    '0 0 * * 7 UTC',
    '0 0 * * 1#2 UTC',
    '0 0 15W * * UTC',
    '61 * * * * UTC',
    '0 0 32 * * UTC',
    '0 0 * * L UTC',
    '* * * UTC',
  ])('account refuses %s', (cron) => {
    expect(refusal(`USING CRON ${cron}`)).toBe(invalid);
  });

  it.each(['* * * * *', '* * * * * Mars/Phobos', '0 0 * * * +01:00', '0 0 * * * PST'])('names the zone of %s', (cron) => {
    expect(refusal(`USING CRON ${cron}`)).toBe(
      `Invalid schedule was specified. "${cron.split(' ').at(-1) ?? ''}" is not a recognized time zone. Please specify time zones accepted by the TIMEZONE parameter.`,
    );
  });

  it('runs a repeated hour twice in autumn (documented example: 1 am in Los Angeles)', () => {
    expect(nexts('0 1 * * * America/Los_Angeles', '2026-10-31T12:00Z', 4)).toEqual([
      '2026-11-01T08:00',
      '2026-11-01T09:00',
      '2026-11-02T09:00',
      '2026-11-03T09:00',
    ]);
  });

  it('leaves out an hour that spring leaves out (documented example: 2 am in Los Angeles)', () => {
    expect(nexts('0 2 * * * America/Los_Angeles', '2026-03-06T12:00Z', 3)).toEqual([
      '2026-03-07T10:00',
      '2026-03-09T09:00',
      '2026-03-10T09:00',
    ]);
  });

  it('keeps half-hours in order across the autumn change', () => {
    expect(nexts('*/30 * * * * America/Los_Angeles', '2026-11-01T07:50Z', 5)).toEqual([
      '2026-11-01T08:00',
      '2026-11-01T08:30',
      '2026-11-01T09:00',
      '2026-11-01T09:30',
      '2026-11-01T10:00',
    ]);
  });

  it('knows changes of half an hour and of a whole day', () => {
    expect(nexts('45 1 * * * Australia/Lord_Howe', '2026-04-04T00:00Z', 2)).toEqual(['2026-04-04T14:45', '2026-04-04T15:15']);
    expect(nexts('0 12 * * * Pacific/Apia', '2011-12-29T21:00Z', 2)).toEqual(['2011-12-29T22:00', '2011-12-30T22:00']);
  });

  it('is the first instant whose wall clock matches, whatever the zone', () => {
    const zones = ['UTC', 'America/Los_Angeles', 'Europe/Warsaw', 'Australia/Lord_Howe', 'America/Sao_Paulo', 'Asia/Kolkata'];
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 59 }),
        fc.integer({ min: 0, max: 23 }),
        fc.constantFrom(...zones),
        fc.integer({ min: Date.parse('2025-01-01'), max: Date.parse('2027-01-01') }),
        (minute, hour, zone, after) => {
          const due = nextDue(parseSchedule(`USING CRON ${String(minute)} ${String(hour)} * * * ${zone}`), 0, after);
          const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
          const expected = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
          let at = (Math.floor(after / 60_000) + 1) * 60_000;
          while (format.format(at) !== expected) at += 60_000;
          expect(due).toBe(at);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('interval schedules', () => {
  it('counts from the base and never fires early (documented: 10 MINUTES resumed at 9:03)', () => {
    const base = Date.parse('2026-01-01T09:03:00Z');
    const schedule = parseSchedule('10 MINUTES');
    expect(nextDue(schedule, base, base)).toBe(Date.parse('2026-01-01T09:13:00Z'));
    expect(nextDue(schedule, base, Date.parse('2026-01-01T09:13:00Z'))).toBe(Date.parse('2026-01-01T09:23:00Z'));
    expect(nextDue(schedule, base, Date.parse('2026-01-01T11:00:00Z'))).toBe(Date.parse('2026-01-01T11:03:00Z'));
  });

  it.each([
    ['90 SECONDS', 90_000],
    ['10 second', 10_000],
    ['90 S', 90_000],
    ['11 minutes', 660_000],
    ['1 H', 3_600_000],
    ['+5 M', 300_000],
    ['10 SECONDS  ', 10_000],
    ['10\tMINUTE', 600_000],
    ['10\nMINUTE', 600_000],
    ['10 MINUTE \t', 600_000],
    ['192 HOURS', 691_200_000],
    ['11520 MINUTES', 691_200_000],
  ])('account takes %j', (text, milliseconds) => {
    expect(parseSchedule(text)).toEqual({ kind: 'interval', milliseconds });
  });

  it.each([
    '0 SECONDS',
    '1 DAY',
    ' 10 SECONDS',
    '10  SECONDS',
    '5M',
    '1 MINS',
    '-5 MINUTES',
    '+0 MINUTES',
    '0 H',
    '\t10 MINUTE',
    '10 \tMINUTE',
    'abc',
    '',
  ])('account refuses %j', (text) => {
    expect(refusal(text)).toBe(invalid);
  });

  it('has a shortest and a longest interval', () => {
    expect(refusal('9 SECONDS')).toBe('Cannot set schedule less than 10 seconds.');
    for (const text of ['11521 MINUTES', '193 H', '691201 SECONDS']) {
      expect(refusal(text)).toBe('Cannot set schedule greater than 11,520 minutes.');
    }
  });

  it('reads any count and unit back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.constantFrom('S', 'MINUTE', 'Hours'), (count, unit) => {
        const factor = { S: 1000, MINUTE: 60_000, Hours: 3_600_000 }[unit];
        expect(parseInterval(`${String(count)} ${unit}`)).toBe(count * (factor ?? 0));
      }),
    );
  });
});
