import type { FakeClock } from '../../local-snowflake/platform/clock.ts';

/** Resolves once more than `before` alarms are set: what runs on real time until it waits on the clock has come to that. */
export async function alarmOf(clock: FakeClock, before = 0): Promise<void> {
  while (clock.pending <= before) await new Promise((resolve) => setImmediate(resolve));
}
