import { describe, expect, it } from 'vitest';
import { changedTasks, progressOf, type RunProgress } from '../../pipeline/run/run-progress.ts';
import { graphRun, sampleGraph, sampleTasks, taskRun } from './sample-graph.ts';

const states = (progress: RunProgress): Readonly<Record<string, string>> =>
  Object.fromEntries(progress.tasks.map((task) => [task.name, task.state]));

describe('progress of a run', () => {
  it('shows what runs, what ran, and what waits', () => {
    const progress = progressOf(
      sampleGraph(),
      graphRun(),
      [
        taskRun('LOAD', { returnValue: '2381 rows' }),
        taskRun('TRAIN', { state: 'EXECUTING', startedAt: 1_012_000, completedAt: null }),
      ],
      1_020_000,
    );
    expect(states(progress)).toEqual({
      LOAD: 'SUCCEEDED',
      TRAIN: 'EXECUTING',
      CHECK: 'WAITING',
      ALERT: 'WAITING',
      PROMOTE: 'WAITING',
      CLEANUP: 'WAITING',
    });
    expect(progress.tasks.map((task) => task.duration)).toEqual([10_000, 8_000, null, null, null, null]);
    expect(progress.tasks[0]?.returnValue).toBe('2381 rows');
    expect(progress.duration).toBe(20_000);
  });

  it('says of an ended run which tasks did not run', () => {
    const ended = graphRun({ state: 'FAILED', completedAt: 1_030_000 });
    const progress = progressOf(
      sampleGraph(),
      ended,
      [taskRun('LOAD'), taskRun('TRAIN', { state: 'FAILED', errorCode: 100357, errorMessage: 'boom' }), taskRun('CLEANUP')],
      9_000_000,
    );
    expect(states(progress)).toEqual({
      LOAD: 'SUCCEEDED',
      TRAIN: 'FAILED',
      CHECK: 'NOT_RUN',
      ALERT: 'NOT_RUN',
      PROMOTE: 'NOT_RUN',
      CLEANUP: 'SUCCEEDED',
    });
    expect(progress.duration).toBe(30_000);
  });

  it('gives a skipped task no duration', () => {
    const progress = progressOf(
      sampleGraph(),
      graphRun({ state: 'SUCCEEDED' }),
      [taskRun('ALERT', { state: 'SKIPPED', startedAt: null })],
      0,
    );
    expect(progress.tasks.find((task) => task.name === 'ALERT')).toMatchObject({ state: 'SKIPPED', duration: null });
  });

  it('marks suspended tasks, but not a suspended root, which EXECUTE TASK runs all the same', () => {
    const suspended = sampleTasks.map((task) =>
      task.name === 'ALERT' || task.name === 'LOAD' ? { ...task, state: 'suspended' } : task,
    );
    const progress = progressOf(sampleGraph(suspended), graphRun({ state: 'SCHEDULED' }), [], 0);
    expect(states(progress)).toMatchObject({ LOAD: 'WAITING', ALERT: 'SUSPENDED', TRAIN: 'WAITING' });
  });

  // https://docs.snowflake.com/en/sql-reference/sql/execute-task, RETRY LAST: only failed tasks and what follows them run again
  it('keeps, in a retry, the successes of earlier attempts', () => {
    const rows = [
      taskRun('LOAD'),
      taskRun('TRAIN', { state: 'FAILED' }),
      taskRun('CLEANUP'),
      taskRun('TRAIN', { attempt: 2, state: 'EXECUTING', completedAt: null }),
    ];
    const progress = progressOf(sampleGraph(), graphRun({ attempt: 2, scheduledFrom: 'MANUAL RETRY' }), rows, 1_020_000);
    expect(progress.tasks.map((task) => [task.name, task.state, task.attempt])).toEqual([
      ['LOAD', 'SUCCEEDED', 1],
      ['TRAIN', 'EXECUTING', 2],
      ['CHECK', 'WAITING', 2],
      ['ALERT', 'WAITING', 2],
      ['PROMOTE', 'WAITING', 2],
      ['CLEANUP', 'SUCCEEDED', 1],
    ]);
  });

  it('does not mix runs: rows of another group or a later attempt do not count', () => {
    const rows = [
      taskRun('LOAD', { group: 'group-2', state: 'FAILED' }),
      taskRun('LOAD', { attempt: 2, state: 'FAILED' }),
      taskRun('LOAD'),
    ];
    expect(progressOf(sampleGraph(), graphRun(), rows, 0).tasks[0]).toMatchObject({ state: 'SUCCEEDED', attempt: 1 });
  });

  it('takes the later of two rows of one task', () => {
    const rows = [taskRun('LOAD', { state: 'SUCCEEDED', scheduledAt: 5 }), taskRun('LOAD', { state: 'FAILED', scheduledAt: 4 })];
    expect(progressOf(sampleGraph(), graphRun(), rows, 0).tasks[0]?.state).toBe('SUCCEEDED');
  });

  it('lists tasks that the graph has no more', () => {
    const progress = progressOf(sampleGraph(), graphRun(), [taskRun('LOAD'), taskRun('OLD_TASK')], 0);
    expect(progress.tasks.at(-1)).toMatchObject({ name: 'OLD_TASK', state: 'SUCCEEDED' });
  });

  it('tells what changed between two looks', () => {
    const first = progressOf(sampleGraph(), graphRun(), [taskRun('LOAD', { state: 'EXECUTING' })], 0);
    const second = progressOf(sampleGraph(), graphRun(), [taskRun('LOAD'), taskRun('TRAIN', { state: 'SCHEDULED' })], 0);
    expect(changedTasks(undefined, first).map((task) => task.name)).toEqual(['LOAD']);
    expect(changedTasks(first, second).map((task) => [task.name, task.state])).toEqual([
      ['LOAD', 'SUCCEEDED'],
      ['TRAIN', 'SCHEDULED'],
    ]);
    expect(changedTasks(second, second)).toEqual([]);
  });
});
