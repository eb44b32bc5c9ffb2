import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../local-snowflake/platform/clock.ts';
import { LoadScaler } from '../../../local-snowflake/runtime/services/load-scaler.ts';

// https://docs.snowflake.com/en/developer-guide/snowflake-ml/inference/service-management#how-autoscaling-works
describe('the scaling of a service', () => {
  const scaled = (most = 3): { clock: FakeClock; scaler: LoadScaler; instances: () => number; see: (requests: number) => void } => {
    const clock = new FakeClock();
    let instances = 1;
    const step = (by: number): boolean => {
      const next = instances + by;
      if (next < 1 || next > most) return false;
      instances = next;
      return true;
    };
    const scaler = new LoadScaler({ clock, grow: () => step(1), shrink: () => step(-1) });
    const see = (requests: number): void => {
      scaler.observe(requests, instances * 2, instances);
    };
    return { clock, scaler, instances: () => instances, see };
  };

  it('adds an instance when requests wait for a minute on end, one each minute, up to the largest number', async () => {
    const { clock, instances, see } = scaled();
    see(9);
    await clock.advanceBy(59_000);
    expect(instances()).toBe(1);
    await clock.advanceBy(1000);
    expect(instances()).toBe(2);
    await clock.advanceBy(600_000);
    expect(instances()).toBe(3);
    expect(clock.pending).toBe(0);
  });

  it('counts the minute anew when requests did not wait in between', async () => {
    const { clock, instances, see } = scaled();
    see(9);
    await clock.advanceBy(40_000);
    see(1);
    see(9);
    await clock.advanceBy(40_000);
    expect(instances()).toBe(1);
  });

  it('takes instances away that had nothing to do for a minute, down to the smallest number', async () => {
    const { clock, instances, see } = scaled();
    see(9);
    await clock.advanceBy(120_000);
    expect(instances()).toBe(3);
    see(0);
    await clock.advanceBy(600_000);
    expect(instances()).toBe(1);
  });

  it('stops', async () => {
    const { clock, scaler, instances, see } = scaled();
    see(9);
    scaler.stop();
    await clock.advanceBy(120_000);
    expect(instances()).toBe(1);
    expect(clock.pending).toBe(0);
  });
});
