import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../../../local-snowflake/platform/clock.ts';
import type { NodeLease } from '../../../local-snowflake/runtime/jobs/compute-pool.ts';
import { PoolScheduler } from '../../../local-snowflake/runtime/jobs/pool-scheduler.ts';

const settings = { minNodes: 1, maxNodes: 3, autoSuspendSeconds: 600, autoResume: true };
const second = 1000;

let clock: FakeClock;
let suspensions: [string, boolean][];
let pools: PoolScheduler;

beforeEach(() => {
  clock = new FakeClock();
  suspensions = [];
  pools = new PoolScheduler({
    clock,
    onSuspended: (name, suspended) => suspensions.push([name, suspended]),
    times: { provision: 10 * second, linger: 60 * second },
  });
});

/** A job's grants so far, and its lease. */
function request(minimum: number, target = minimum): { granted: number; lease: NodeLease } {
  const job: { granted: number; lease: NodeLease } = { granted: 0, lease: { release: () => undefined, end: () => undefined } };
  job.lease = pools.request('P', { minimum, target, granted: (count) => (job.granted += count) });
  return job;
}

function nodes(): string {
  const { state, activeNodes, idleNodes, targetNodes } = pools.facts('P');
  return `${state} active ${String(activeNodes)} idle ${String(idleNodes)} target ${String(targetNodes)}`;
}

// https://docs.snowflake.com/en/developer-guide/snowpark-container-services/working-with-compute-pool#compute-pool-lifecycle
describe('a compute pool', () => {
  test('starts with its minimum of nodes, grows with its work, and shrinks after it', async () => {
    pools.define('P', settings, false);
    expect(nodes()).toBe('STARTING active 0 idle 0 target 1');
    await clock.advanceBy(10 * second);
    expect(nodes()).toBe('IDLE active 0 idle 1 target 1');

    const job = request(2);
    expect(nodes()).toBe('RESIZING active 0 idle 1 target 2');
    expect(job.granted).toBe(0);
    await clock.advanceBy(10 * second);
    expect(nodes()).toBe('ACTIVE active 2 idle 0 target 2');
    expect(job.granted).toBe(2);

    job.lease.release();
    expect(nodes()).toBe('ACTIVE active 1 idle 1 target 1');
    job.lease.end();
    expect(nodes()).toBe('IDLE active 0 idle 2 target 1');
    await clock.advanceBy(60 * second);
    expect(nodes()).toBe('IDLE active 0 idle 1 target 1');
  });

  test('lets jobs wait for their turn: none is overtaken', async () => {
    pools.define('P', settings, false);
    const first = request(2);
    await clock.advanceBy(10 * second);
    const large = request(3);
    const small = request(1);
    await clock.advanceBy(10 * second);
    expect([first.granted, large.granted, small.granted]).toEqual([2, 0, 0]);
    expect(pools.facts('P')).toMatchObject({ jobs: 3, waitingFor: 'nodes' });
    first.lease.end();
    expect([large.granted, small.granted]).toEqual([3, 0]);
    large.lease.end();
    expect(small.granted).toBe(1);
  });

  // https://docs.snowflake.com/en/developer-guide/snowflake-ml/ml-jobs/distributed-ml-jobs#advanced-configuration-using-min-instances
  test('starts a job with its minimum when more cannot be had, and gives it the rest later', async () => {
    pools.define('P', { ...settings, maxNodes: 2 }, false);
    const first = request(1);
    await clock.advanceBy(10 * second);
    const job = request(1, 2);
    await clock.advanceBy(10 * second);
    expect(job.granted).toBe(1);
    first.lease.end();
    expect(job.granted).toBe(2);
  });

  test('suspends itself when it idles, and work resumes it', async () => {
    pools.define('P', settings, false);
    const job = request(1);
    await clock.advanceBy(10_000 * second);
    expect(nodes()).toBe('ACTIVE active 1 idle 0 target 1');
    job.lease.end();
    await clock.advanceBy(599 * second);
    expect(pools.facts('P').state).toBe('IDLE');
    await clock.advanceBy(1 * second);
    expect(nodes()).toBe('SUSPENDED active 0 idle 0 target 0');
    const next = request(1);
    expect(pools.facts('P').state).toBe('STARTING');
    await clock.advanceBy(10 * second);
    expect(next.granted).toBe(1);
    expect(suspensions).toEqual([
      ['P', true],
      ['P', false],
    ]);
  });

  test('that never suspends itself does not', async () => {
    pools.define('P', { ...settings, autoSuspendSeconds: 0 }, false);
    await clock.advanceBy(100_000 * second);
    expect(pools.facts('P').state).toBe('IDLE');
  });

  test('that is suspended lets its jobs end first, and starts none', async () => {
    pools.define('P', settings, false);
    const running = request(1);
    await clock.advanceBy(10 * second);
    pools.suspend('P');
    expect(nodes()).toBe('STOPPING active 1 idle 0 target 1');
    running.lease.end();
    expect(nodes()).toBe('SUSPENDED active 0 idle 0 target 0');
  });

  test('that may not resume by itself keeps jobs waiting until it is told to', async () => {
    pools.define('P', { ...settings, autoResume: false }, true);
    const job = request(1);
    await clock.advanceBy(100 * second);
    expect(job.granted).toBe(0);
    expect(pools.facts('P')).toMatchObject({ state: 'SUSPENDED', waitingFor: 'resume' });
    pools.resume('P');
    await clock.advanceBy(10 * second);
    expect(job.granted).toBe(1);
  });

  test('follows a change of its limits', async () => {
    pools.define('P', settings, false);
    await clock.advanceBy(10 * second);
    pools.change('P', { ...settings, minNodes: 2 });
    expect(nodes()).toBe('RESIZING active 0 idle 1 target 2');
    await clock.advanceBy(10 * second);
    expect(nodes()).toBe('IDLE active 0 idle 2 target 2');
    pools.change('P', { ...settings, autoSuspendSeconds: 30 });
    await clock.advanceBy(30 * second);
    expect(pools.facts('P').state).toBe('SUSPENDED');
  });

  test('refuses what it can never hold, and is unknown once dropped', async () => {
    pools.define('P', settings, false);
    expect(() => request(4)).toThrow('The job needs 4 nodes, compute pool P has 3 at most');
    pools.drop('P');
    expect(() => pools.facts('P')).toThrow("Compute Pool 'P' does not exist");
  });

  test('never has more nodes than it may, and leaves nobody waiting who could run', async () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('request' as const),
        minimum: fc.integer({ min: 1, max: 4 }),
        more: fc.integer({ min: 0, max: 2 }),
      }),
      fc.record({ kind: fc.constant('release' as const), job: fc.nat(9) }),
      fc.record({ kind: fc.constant('end' as const), job: fc.nat(9) }),
      fc.record({ kind: fc.constant('time' as const), seconds: fc.integer({ min: 0, max: 100 }) }),
      fc.record({ kind: fc.constantFrom('suspend' as const, 'resume' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        clock = new FakeClock();
        pools = new PoolScheduler({ clock, times: { provision: 10 * second, linger: 60 * second } });
        pools.define('P', { ...settings, maxNodes: 4, autoSuspendSeconds: 300 }, false);
        const jobs: { granted: number; lease: NodeLease; ended: boolean }[] = [];
        for (const each of steps) {
          if (each.kind === 'request') {
            jobs.push(Object.assign(request(each.minimum, Math.min(4, each.minimum + each.more)), { ended: false }));
          } else if (each.kind === 'release') jobs[each.job]?.lease.release();
          else if (each.kind === 'end') {
            const job = jobs[each.job];
            job?.lease.end();
            if (job !== undefined) job.ended = true;
          } else if (each.kind === 'time') await clock.advanceBy(each.seconds * second);
          else pools[each.kind]('P');
          const facts = pools.facts('P');
          expect(facts.activeNodes).toBeGreaterThanOrEqual(0);
          expect(facts.idleNodes).toBeGreaterThanOrEqual(0);
          expect(facts.activeNodes + facts.idleNodes).toBeLessThanOrEqual(4);
        }
        pools.resume('P');
        for (const job of jobs.filter((each) => !each.ended)) {
          await clock.advanceBy(20 * second);
          expect(job.granted).toBeGreaterThan(0);
          job.lease.end();
        }
        expect(pools.facts('P')).toMatchObject({ jobs: 0, activeNodes: 0, waitingFor: undefined });
      }),
      { numRuns: 200 },
    );
  });
});
