import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FakeClock } from '../../../local-snowflake/platform/clock.ts';
import { DueQueue } from '../../../local-snowflake/platform/due-queue.ts';

it('fires what is due in the order of time, then of adding, whatever is cancelled; with one alarm at most', async () => {
  const step = fc.record({ at: fc.integer({ min: 0, max: 50 }), cancel: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 200 }), fc.integer({ min: 0, max: 60 }), async (steps, until) => {
      const clock = new FakeClock(0);
      const fired: number[] = [];
      const queue = new DueQueue<number>(clock, (value) => fired.push(value));
      const cancels = steps.map(({ at }, index) => queue.add(at, index));
      for (const [index, { cancel }] of steps.entries()) {
        if (cancel) cancels[index]?.();
        expect(clock.pending).toBeLessThanOrEqual(1);
      }
      await clock.advanceTo(until);
      const expected = [...steps.entries()]
        .filter(([, { at, cancel }]) => !cancel && at <= until)
        .sort(([a, { at: first }], [b, { at: second }]) => first - second || a - b)
        .map(([index]) => index);
      expect(fired).toEqual(expected);
      queue.close();
      expect(clock.pending).toBe(0);
    }),
  );
});

it('takes on what is added while it fires, and cancelling twice or late changes nothing', async () => {
  const clock = new FakeClock(0);
  const fired: string[] = [];
  const queue: DueQueue<string> = new DueQueue(clock, (value, at) => {
    fired.push(`${value}@${String(at)}`);
    if (value === 'first') queue.add(5, 'again');
  });
  const cancel = queue.add(5, 'first');
  const never = queue.add(7, 'never');
  never();
  never();
  await clock.advanceTo(6);
  cancel();
  await clock.advanceTo(10);
  expect(fired).toEqual(['first@5', 'again@5']);
});
