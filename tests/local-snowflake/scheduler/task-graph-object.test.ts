import { describe, expect, it } from 'vitest';
import type { GraphContent } from '../../../local-snowflake/scheduler/graph-version.ts';
import { EngineBench, graphOf, settled, type TaskSketch } from './fakes.ts';

/** What a TASK GRAPH has committed: the `revision`-th form of it. */
function committed(
  sketch: Readonly<Record<string, TaskSketch>>,
  revision: number,
  change: Partial<GraphContent> = {},
  parameters: Readonly<Record<string, string>> = {},
): GraphContent {
  return graphOf(sketch, { rootId: 'graph', object: { name: 'G', parameters, revision }, ...change });
}

const minutes = (count: number): number => count * 60_000;

// https://docs.snowflake.com/en/user-guide/task-graph-object
describe('what a TASK GRAPH has committed', () => {
  it('is what the next run runs; a run under way keeps to the version that it started with', async () => {
    const bench = new EngineBench();
    bench.resume(committed({ a: {}, b: { after: ['a'], body: 'old' } }, 1, { schedule: '10 MINUTES' }));
    await bench.clock.advanceBy(minutes(10));
    const base = bench.clock.now() - minutes(10);
    bench.catalog.put(committed({ a: {}, b: { after: ['a'], body: 'new' } }, 2, { schedule: '10 MINUTES', scheduleBase: base }));
    bench.engine.committed('graph');
    await bench.bodies.body('a').succeed();
    expect(bench.bodies.body('b').request.task.definition).toBe('old');
    await bench.bodies.body('b').succeed();
    await bench.clock.advanceBy(minutes(10));
    await bench.bodies.body('a').succeed();
    expect(bench.bodies.body('b').request.task.definition).toBe('new');
    expect(bench.engine.history.graphRuns.map((run) => run.version.version)).toEqual([1, 2]);
  });

  it('does not come due again at an instant that has run', async () => {
    const bench = new EngineBench();
    bench.bodies.script = () => 'succeed';
    bench.resume(committed({ a: {} }, 1, { schedule: '10 MINUTES' }));
    const base = bench.clock.now();
    await bench.clock.advanceBy(minutes(10));
    await settled();
    bench.catalog.put(committed({ a: {} }, 2, { schedule: '10 MINUTES', scheduleBase: base }));
    bench.engine.committed('graph');
    await bench.clock.advanceBy(minutes(9));
    await settled();
    expect(bench.graphStates()).toEqual(['SUCCEEDED']);
    await bench.clock.advanceBy(minutes(1));
    await settled();
    expect(bench.graphStates()).toEqual(['SUCCEEDED', 'SUCCEEDED']);
  });

  it('runs after a stop that came between COMMIT and its version', async () => {
    const bench = new EngineBench();
    bench.resume(committed({ a: { body: 'old' } }, 1, { schedule: '10 MINUTES' }));
    await bench.restart(() => {
      bench.catalog.put(committed({ a: { body: 'new' } }, 2, { schedule: '10 MINUTES', scheduleBase: bench.clock.now() }));
    });
    await bench.clock.advanceBy(minutes(10));
    expect(bench.bodies.body('a').request.task.definition).toBe('new');
    expect(bench.engine.history.graphRuns.map((run) => run.version.version)).toEqual([2]);
  });

  it('starts nothing by itself while the graph is suspended', async () => {
    const bench = new EngineBench();
    bench.catalog.put(committed({ a: {} }, 1, { schedule: '10 MINUTES' }));
    bench.engine.committed('graph');
    await bench.clock.advanceBy(minutes(20));
    expect(bench.graphStates()).toEqual([]);
  });
});

// https://docs.snowflake.com/en/sql-reference/sql/create-task-graph
describe('settings of a TASK GRAPH', () => {
  it('say how often it is retried and when it is suspended, whatever its root says', async () => {
    const own = { TASK_AUTO_RETRY_ATTEMPTS: '1', SUSPEND_TASK_AFTER_NUM_FAILURES: '1' };
    const roots = { TASK_AUTO_RETRY_ATTEMPTS: '0', SUSPEND_TASK_AFTER_NUM_FAILURES: '0' };
    const bench = new EngineBench();
    bench.bodies.script = () => 'fail';
    bench.resume(committed({ a: { parameters: roots } }, 1, { schedule: '10 MINUTES' }, own));
    await bench.clock.advanceBy(minutes(10));
    await settled();
    expect(bench.engine.history.graphRuns.map((run) => run.scheduledFrom)).toEqual(['SCHEDULE', 'AUTOMATIC RETRY']);
    expect(bench.catalog.suspendedForErrors).toEqual(['graph']);
  });

  it("hold no timeout: the root's own is the root's alone", async () => {
    const bench = new EngineBench();
    await bench.execute(committed({ a: { parameters: { USER_TASK_TIMEOUT_MS: '60000' } }, b: { after: ['a'] } }, 1));
    await bench.bodies.body('a').succeed();
    await bench.clock.advanceBy(minutes(30));
    expect(bench.states()).toEqual({ a: 'SUCCEEDED', b: 'EXECUTING' });
  });
});
