import { describe, expect, it } from 'vitest';
import { percentile, statsOf } from '../../pipeline/run/history-stats.ts';
import { findRunByGroup } from '../../pipeline/run/read-history.ts';
import { graphRunsOf } from '../../pipeline/run/task-run.ts';
import { graphRun, sampleGraph, taskRun } from './sample-graph.ts';

// States as on https://docs.snowflake.com/en/sql-reference/functions/complete_task_graphs
describe('graph runs out of task runs', () => {
  const stateOf = (...rows: Parameters<typeof taskRun>[]): string | undefined =>
    graphRunsOf(
      'LOAD',
      rows.map(([task, fields]) => taskRun(task, fields)),
    )[0]?.state;

  it('reads the state off the tasks', () => {
    expect(stateOf(['LOAD'], ['ALERT', { state: 'SKIPPED' }])).toBe('SUCCEEDED');
    expect(stateOf(['LOAD'], ['TRAIN', { state: 'FAILED' }], ['CLEANUP'])).toBe('FAILED');
    expect(stateOf(['LOAD', { state: 'FAILED_AND_AUTO_SUSPENDED' }])).toBe('FAILED');
    expect(stateOf(['LOAD'], ['TRAIN', { state: 'CANCELLED' }])).toBe('CANCELLED');
    expect(stateOf(['LOAD', { state: 'SKIPPED' }])).toBe('SKIPPED');
    expect(stateOf(['LOAD', { state: 'SCHEDULED' }])).toBe('SCHEDULED');
    expect(stateOf(['LOAD'], ['TRAIN', { state: 'SCHEDULED' }])).toBe('EXECUTING');
    expect(stateOf(['LOAD'], ['TRAIN', { state: 'EXECUTING' }], ['PROMOTE', { state: 'FAILED' }])).toBe('EXECUTING');
  });

  it('parts attempts, newest first, with the span and the first error of each', () => {
    const runs = graphRunsOf('LOAD', [
      taskRun('LOAD', { scheduledAt: 100, startedAt: 110, completedAt: 200 }),
      taskRun('TRAIN', { scheduledAt: 200, startedAt: 210, completedAt: 300, state: 'FAILED', errorMessage: 'second' }),
      taskRun('PROMOTE', { scheduledAt: 200, startedAt: 205, completedAt: 250, state: 'FAILED', errorMessage: 'first' }),
      taskRun('TRAIN', { attempt: 2, scheduledAt: 400, startedAt: 410, completedAt: 500, scheduledFrom: 'MANUAL RETRY' }),
    ]);
    expect(runs).toMatchObject([
      { attempt: 2, state: 'SUCCEEDED', scheduledFrom: 'MANUAL RETRY', scheduledAt: 400, completedAt: 500, firstErrorTask: null },
      {
        attempt: 1,
        state: 'FAILED',
        scheduledAt: 100,
        startedAt: 110,
        completedAt: 300,
        firstErrorTask: 'PROMOTE',
        firstErrorMessage: 'first',
      },
    ]);
  });

  it('finds a run by the beginning of its group, its last attempt', () => {
    const runs = [graphRun({ group: 'abc-1' }), graphRun({ group: 'abc-1', attempt: 2 }), graphRun({ group: 'abd-2' })];
    expect(findRunByGroup(runs, 'ABC')).toMatchObject({ group: 'abc-1', attempt: 2 });
    expect(() => findRunByGroup(runs, 'ab')).toThrow(/Several/);
    expect(() => findRunByGroup(runs, 'x')).toThrow(/No run/);
  });
});

describe('statistics', () => {
  it('counts percentiles by nearest rank', () => {
    const values = Array.from({ length: 20 }, (_value, at) => 20 - at);
    expect([percentile(values, 0.5), percentile(values, 0.95), percentile([7], 0.95), percentile([], 0.5)]).toEqual([
      10,
      19,
      7,
      null,
    ]);
  });

  it('counts ended runs only, and shares out the time', () => {
    const runs = [
      graphRun({ group: 'a', state: 'SUCCEEDED', scheduledAt: 0, completedAt: 40_000 }),
      graphRun({ group: 'b', state: 'FAILED', scheduledAt: 0, completedAt: 20_000 }),
      graphRun({ group: 'c', state: 'EXECUTING' }),
      graphRun({ group: 'd', state: 'SKIPPED' }),
    ];
    const times = (task: string, group: string, seconds: number, fields = {}): ReturnType<typeof taskRun> =>
      taskRun(task, { group, scheduledAt: 0, startedAt: 500, completedAt: 500 + seconds * 1000, ...fields });
    const stats = statsOf(sampleGraph(), runs, [
      times('LOAD', 'a', 10),
      times('TRAIN', 'a', 20),
      times('ALERT', 'a', 0, { state: 'SKIPPED' }),
      times('LOAD', 'b', 10, { state: 'FAILED' }),
      times('LOAD', 'c', 99),
    ]);
    expect(stats).toMatchObject({ runs: 2, succeeded: 1, successRate: 0.5, p50: 20_000, p95: 40_000 });
    expect(stats.tasks.find((task) => task.task === 'LOAD')).toEqual({
      task: 'LOAD',
      runs: 2,
      failed: 1,
      p50: 10_000,
      p95: 10_000,
      share: 0.5,
      queued: 500,
    });
    expect(stats.tasks.find((task) => task.task === 'ALERT')).toMatchObject({ runs: 0, p50: null, share: 0 });
  });
});
