import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PipelineFailure } from '../../pipeline/failure.ts';
import type { GraphRun } from '../../pipeline/run/graph-run.ts';
import { progressOf, type RunProgress } from '../../pipeline/run/run-progress.ts';
import { startFrom } from '../../pipeline/run/start-from.ts';
import type { TaskRunState } from '../../pipeline/run/task-run.ts';
import { graphRun, sampleGraph, taskRun } from './sample-graph.ts';

const graph = sampleGraph();
const lastRun = (run: Partial<GraphRun>, states: Readonly<Record<string, TaskRunState>>): RunProgress =>
  progressOf(
    graph,
    graphRun({ group: '01b2c3d4e5', ...run }),
    Object.entries(states).map(([task, state]) => taskRun(task, { group: '01b2c3d4e5', state })),
    2_000_000,
  );
const refusal = (task: string, last: RunProgress | undefined): PipelineFailure => {
  try {
    startFrom(graph, task, last, ' --stack dev');
  } catch (error) {
    if (error instanceof PipelineFailure) return error;
    throw error;
  }
  throw new Error(`${task} was not refused`);
};

// https://docs.snowflake.com/en/sql-reference/sql/execute-task
describe('run --from', () => {
  it('the root: a fresh run', () => {
    expect(startFrom(graph, 'load', undefined, '')).toEqual({ request: { kind: 'fresh', config: undefined }, remarks: [] });
  });

  it('the task that failed: a retry', () => {
    const last = lastRun({ state: 'FAILED' }, { LOAD: 'SUCCEEDED', TRAIN: 'FAILED', CLEANUP: 'SUCCEEDED' });
    expect(startFrom(graph, 'TRAIN', last, '')).toEqual({ request: { kind: 'retry last' }, remarks: [] });
  });

  it('one of several that did not succeed: a retry, which starts at the others too', () => {
    const last = lastRun({ state: 'FAILED' }, { LOAD: 'SUCCEEDED', TRAIN: 'SUCCEEDED', CHECK: 'FAILED', CLEANUP: 'FAILED' });
    expect(startFrom(graph, 'CHECK', last, '')).toEqual({
      request: { kind: 'retry last' },
      remarks: ['Run 01b2c3d4 is retried, so it also starts at CLEANUP, which did not succeed either.'],
    });
  });

  const statesOf = { LOAD: 'SUCCEEDED', TRAIN: 'FAILED', CLEANUP: 'SUCCEEDED' } as const;
  it.each([
    ['CHECK', undefined, /There was no run in the last seven days\./, 'Start a whole run: pipeline run --stack dev.'],
    [
      'CHECK',
      lastRun({ state: 'EXECUTING' }, { LOAD: 'EXECUTING' }),
      /Run 01b2c3d4 is still under way\./,
      'pipeline cancel --stack dev',
    ],
    [
      'CHECK',
      lastRun({ state: 'SUCCEEDED' }, { LOAD: 'SUCCEEDED' }),
      /The last run, 01b2c3d4, ended as SUCCEEDED\./,
      'pipeline run',
    ],
    ['LOST', undefined, /The graph has no task LOST\./, 'It has LOAD, TRAIN'],
    [
      'CHECK',
      lastRun({ state: 'FAILED' }, statesOf),
      /01b2c3d4, TRAIN FAILED, but CHECK NOT_RUN\./,
      'Start at TRAIN: pipeline retry',
    ],
    ['CLEANUP', lastRun({ state: 'FAILED' }, statesOf), /TRAIN FAILED, but CLEANUP SUCCEEDED\./, 'Start at TRAIN: pipeline retry'],
  ])('%s is refused, with the reason and a way out', (task, last, reason, wayOut) => {
    const { message, wayOut: advice } = refusal(task, last);
    expect(message).toMatch(reason);
    expect(advice).toContain(wayOut);
  });

  it('never retries a run that is not over, nor one whose task did not fail', () => {
    const states = fc.record(
      Object.fromEntries(
        graph.tasks.map(({ name }) => [name, fc.constantFrom<TaskRunState>('SUCCEEDED', 'FAILED', 'CANCELLED', 'SKIPPED')]),
      ),
    );
    const ends = fc.constantFrom<GraphRun['state']>('EXECUTING', 'SUCCEEDED', 'FAILED', 'CANCELLED');
    fc.assert(
      fc.property(states, ends, fc.constantFrom(...graph.tasks.slice(1)), (tasks, state, { name }) => {
        const mayRetry = (state === 'FAILED' || state === 'CANCELLED') && ['FAILED', 'CANCELLED'].includes(tasks[name] ?? '');
        const last = lastRun({ state }, tasks);
        if (mayRetry) expect(startFrom(graph, name, last, '').request).toEqual({ kind: 'retry last' });
        else expect(refusal(name, last).message).toContain(`No run can start at ${name}`);
      }),
    );
  });
});
