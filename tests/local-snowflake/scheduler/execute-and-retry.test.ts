import { describe, expect, it } from 'vitest';
import { EngineBench, graphOf, nameOf, settled } from './fakes.ts';

const minute = 60_000;

describe('EXECUTE TASK (execute-task)', () => {
  it('runs a suspended root without resuming it', async () => {
    const bench = new EngineBench();
    await bench.execute(graphOf({ A: {} }, { schedule: '10 MINUTES' }));
    await bench.bodies.body('A').succeed();
    await bench.clock.advanceBy(60 * minute);
    expect(bench.engine.history.graphRuns.map((run) => run.scheduledFrom)).toEqual(['EXECUTE TASK']);
  });

  it('is visible as a run under way as soon as the statement has returned, and begins after a short queue', async () => {
    const bench = new EngineBench({ executeLag: 200 });
    bench.bodies.script = () => 'succeed';
    await bench.execute(graphOf({ A: {} }));
    expect(bench.graphStates()).toEqual(['EXECUTING']);
    expect(bench.bodies.started).toEqual([]);
    await bench.clock.advanceBy(200);
    expect(bench.graphStates()).toEqual(['SUCCEEDED']);
  });

  it('schedules one run behind the one under way; asked again, the later request counts', async () => {
    const bench = new EngineBench();
    const graph = graphOf({ A: {} }, { config: '{"a":1,"deep":{"x":1,"y":2}}' });
    await bench.execute(graph);
    let replaced = false;
    void bench.engine.execute('id-A', { config: '{"a":2}', by: 'U' }).then(() => (replaced = true));
    void bench.engine.execute('id-A', { config: '{"deep":{"x":9}}', by: 'U' });
    await settled();
    expect(replaced).toBe(true);
    expect([...bench.engine.upcoming()].map((run) => run.config)).toEqual(['{"a":1,"deep":{"x":9,"y":2}}']);
    await bench.bodies.body('A').succeed();
    expect(bench.bodies.body('A').request.context.graphConfig(undefined)).toBe('{"a":1,"deep":{"x":9,"y":2}}');
    expect(bench.bodies.body('A').request.context.graphConfig('deep.y')).toBe('2');
    await bench.bodies.body('A').succeed();
    expect(bench.engine.history.graphRuns.map((run) => run.config)).toEqual([
      '{"a":1,"deep":{"x":1,"y":2}}',
      '{"a":1,"deep":{"x":9,"y":2}}',
    ]);
    expect([...bench.engine.upcoming()]).toEqual([]);
  });

  it('AWAIT is told of the end of the whole graph, also when it failed', async () => {
    const bench = new EngineBench();
    bench.catalog.put(graphOf({ A: {}, B: { after: ['A'] }, F: { finalize: true } }));
    let ended = false;
    void bench.engine.execute('id-A', { by: null }).then(() => (ended = true));
    await settled();
    await bench.bodies.body('A').succeed();
    await bench.bodies.body('B').fail();
    expect(ended).toBe(false);
    await bench.bodies.body('F').succeed();
    expect(ended).toBe(true);
  });

  it('sets a version, one more when something was modified since (tasks-graphs: Versioning)', async () => {
    const bench = new EngineBench();
    bench.bodies.script = () => 'succeed';
    const graph = graphOf({ A: {} });
    expect(bench.engine.committedOn('id-A')).toBeNull();
    await bench.execute(graph);
    expect(bench.engine.committedOn('id-A')).toBe(Date.parse('2026-01-01T09:00:00Z'));
    await bench.clock.advanceBy(1000);
    await bench.execute(graph);
    expect(bench.engine.committedOn('id-A')).toBe(Date.parse('2026-01-01T09:00:01Z'));
    const [a] = graph.tasks;
    await bench.execute({ ...graph, tasks: a === undefined ? [] : [{ ...a, revision: 2 }] });
    expect(bench.engine.history.graphRuns.map((run) => run.version.version)).toEqual([1, 1, 2]);
  });
});

describe('RETRY LAST (execute-task)', () => {
  const graph = graphOf({ A: {}, B: { after: ['A'] }, C: { after: ['A'] }, D: { after: ['B', 'C'] }, F: { finalize: true } });

  async function failed(bench: EngineBench): Promise<void> {
    await bench.execute(graph, '{"n":1}');
    await bench.bodies.body('A').request.context.setReturnValue('from A');
    await bench.bodies.body('A').succeed();
    await bench.bodies.body('B').fail();
    await bench.bodies.body('C').succeed();
    await bench.bodies.body('F').succeed();
  }

  it('re-executes what failed, then what follows, in the same group with the next attempt number', async () => {
    const bench = new EngineBench();
    await failed(bench);
    await bench.clock.advanceBy(minute);
    void bench.engine.retry('id-A', undefined, 'U');
    await settled();
    expect([...bench.bodies.running.keys()]).toEqual(['B']);
    expect(bench.bodies.body('B').request.context.predecessorReturnValue(undefined)).toBe('from A');
    await bench.bodies.body('B').succeed();
    await bench.bodies.body('D').succeed();
    await bench.bodies.body('F').succeed();
    const [first, second] = bench.engine.history.graphRuns;
    expect([second?.group, second?.attempt, second?.scheduledFrom, second?.state]).toEqual([
      first?.group,
      2,
      'MANUAL RETRY',
      'SUCCEEDED',
    ]);
    expect([second?.runId, second?.config]).toEqual([first?.runId, '{"n":1}']);
    expect([...(second?.tasks.values() ?? [])].map(nameOf)).toEqual(['B', 'D', 'F']);
  });

  it.each([
    ['never run', async () => undefined, 'Cannot perform retry: no suitable run of graph with root task A to retry.'],
    [
      'under way',
      async (bench: EngineBench) => {
        await bench.execute(graph);
      },
      'Cannot perform retry: no suitable run of graph with root task A to retry.',
    ],
    [
      'modified',
      async (bench: EngineBench) => {
        await failed(bench);
        bench.catalog.put({ ...graph, tasks: graph.tasks.map((task) => ({ ...task, revision: 2 })) });
      },
      'Cannot perform retry: graph with root task A was modified since run (GRAPH_RUN_GROUP_ID = uuid-1).',
    ],
    [
      'too old',
      async (bench: EngineBench) => {
        await failed(bench);
        await bench.clock.advanceBy(15 * 24 * 60 * minute);
      },
      'Cannot perform retry: first attempt of run (GRAPH_RUN_GROUP_ID = uuid-1) of graph with root task A is more than 14 days old.',
    ],
  ])('is refused when the graph is %s', async (_name, prepare, message) => {
    const bench = new EngineBench();
    bench.catalog.put(graph);
    await prepare(bench);
    expect(() => bench.engine.retry('id-A', undefined, null)).toThrow(message);
  });

  it('is refused for a run without failures, and for a group that is not there', async () => {
    const bench = new EngineBench();
    bench.bodies.script = () => 'succeed';
    await bench.execute(graph);
    expect(() => bench.engine.retry('id-A', undefined, null)).toThrow(
      'Cannot perform retry: run (GRAPH_RUN_GROUP_ID = uuid-1, attempt = 1) of graph with root task A had no failures.',
    );
    expect(() => bench.engine.retry('id-A', 'nope', null)).toThrow('Cannot perform retry: Graph run group with ID nope not found.');
  });

  it('RETRY GRAPH RUN GROUP goes back to an older group', async () => {
    const bench = new EngineBench();
    await failed(bench);
    const group = bench.engine.history.graphRuns[0]?.group;
    bench.bodies.script = () => 'succeed';
    await bench.execute(graph);
    void bench.engine.retry('id-A', group, null);
    await settled();
    const last = bench.engine.history.graphRuns.at(-1);
    expect([last?.group, last?.attempt, last?.state]).toEqual([group, 2, 'SUCCEEDED']);
  });
});

describe('automatic retries (tasks-graphs: Automatic retries)', () => {
  it('follow at once, after the finalizer, as often as is set; failures are told of each time', async () => {
    const bench = new EngineBench();
    let broken = true;
    bench.bodies.script = ({ task }) => {
      if (task.name === 'F') broken = false;
      return task.name === 'B' && broken ? 'fail' : 'succeed';
    };
    await bench.execute(
      graphOf({ A: { parameters: { TASK_AUTO_RETRY_ATTEMPTS: '2' } }, B: { after: ['A'] }, F: { finalize: true } }),
    );
    expect(bench.bodies.started).toEqual(['A', 'B', 'F', 'B', 'F']);
    expect(bench.engine.history.graphRuns.map((run) => [run.attempt, run.scheduledFrom, run.state])).toEqual([
      [1, 'EXECUTE TASK', 'FAILED'],
      [2, 'AUTOMATIC RETRY', 'SUCCEEDED'],
    ]);
    expect(bench.notifications.failed.map(nameOf)).toEqual(['B']);
    expect(bench.notifications.succeeded).toHaveLength(1);
  });

  it('are used up', async () => {
    const bench = new EngineBench();
    bench.bodies.script = () => 'fail';
    await bench.execute(graphOf({ A: { parameters: { TASK_AUTO_RETRY_ATTEMPTS: '3' } } }));
    expect(bench.engine.history.graphRuns.map((run) => run.attempt)).toEqual([1, 2, 3, 4]);
    expect(new Set(bench.engine.history.graphRuns.map((run) => run.group)).size).toBe(1);
    expect(bench.notifications.failed).toHaveLength(4);
    expect(bench.notifications.succeeded).toEqual([]);
  });
});

describe('SUSPEND_TASK_AFTER_NUM_FAILURES (create-task)', () => {
  const graph = graphOf(
    { A: { parameters: { SUSPEND_TASK_AFTER_NUM_FAILURES: '2', TASK_AUTO_RETRY_ATTEMPTS: '1' } }, B: { after: ['A'] } },
    { schedule: '10 MINUTES' },
  );

  it('suspends the root when one task has failed in so many runs, retries not counted', async () => {
    const bench = new EngineBench();
    bench.bodies.script = ({ task }) => (task.name === 'B' ? 'fail' : 'succeed');
    bench.resume(graph);
    await bench.clock.advanceBy(10 * minute);
    expect(bench.catalog.suspendedForErrors).toEqual([]);
    await bench.clock.advanceBy(10 * minute);
    expect(bench.catalog.suspendedForErrors).toEqual(['id-A']);
    expect(bench.engine.history.taskRunsNamed('B').map((run) => run.state)).toEqual([
      'FAILED',
      'FAILED',
      'FAILED',
      'FAILED_AND_AUTO_SUSPENDED',
    ]);
    await bench.clock.advanceBy(60 * minute);
    expect(bench.engine.history.graphRuns).toHaveLength(4);
  });

  it('starts counting anew after a success, and after RESUME; a skipped run says nothing', async () => {
    const bench = new EngineBench();
    const outcomes = ['fail', 'fail', 'succeed', 'fail', 'fail'] as const;
    let next = 0;
    bench.bodies.script = ({ task }) => (task.name === 'B' ? (outcomes[next++] ?? 'fail') : 'succeed');
    bench.resume(graph);
    await bench.clock.advanceBy(20 * minute);
    expect(bench.catalog.suspendedForErrors).toEqual([]);
    await bench.clock.advanceBy(10 * minute);
    expect(bench.catalog.suspendedForErrors).toEqual([]);
    bench.suspend('id-A');
    bench.resume(graph);
    await bench.clock.advanceBy(10 * minute);
    expect(bench.catalog.suspendedForErrors).toEqual([]);
    await bench.clock.advanceBy(10 * minute);
    expect(bench.catalog.suspendedForErrors).toEqual(['id-A']);
  });

  it('never suspends when it is 0, nor for a root that is suspended anyway', async () => {
    const bench = new EngineBench();
    bench.bodies.script = () => 'fail';
    bench.resume(graphOf({ A: { parameters: { SUSPEND_TASK_AFTER_NUM_FAILURES: '0' } } }, { schedule: '10 MINUTES' }));
    await bench.clock.advanceBy(200 * minute);
    expect(bench.catalog.suspendedForErrors).toEqual([]);
    bench.suspend('id-A');
    const once = graphOf({ X: { parameters: { SUSPEND_TASK_AFTER_NUM_FAILURES: '1' } } });
    await bench.execute(once);
    expect(bench.states()).toEqual({ X: 'FAILED' });
  });
});

describe('what a body can ask (functions-system)', () => {
  it('tells of the run, the graph and the last success', async () => {
    const bench = new EngineBench();
    const graph = graphOf({ DAG$ROOT: {}, DAG$LEAF: { after: ['DAG$ROOT'] } });
    await bench.execute(graph);
    await bench.bodies.body('DAG$ROOT').succeed();
    const { context } = bench.bodies.body('DAG$LEAF').request;
    expect(context.taskName).toBe('DB.SCH.DAG$LEAF');
    expect(context.runtimeInfo('CURRENT_TASK_NAME')).toBe('DB.SCH.DAG$LEAF');
    expect(context.runtimeInfo('current_root_task_name')).toBe('DB.SCH.DAG$ROOT');
    expect(context.runtimeInfo('CURRENT_ROOT_TASK_UUID')).toBe('id-DAG$ROOT');
    expect(context.runtimeInfo('CURRENT_TASK_GRAPH_RUN_GROUP_ID')).toBe('uuid-1');
    expect(context.runtimeInfo('CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP')).toBe('2026-01-01 09:00:00.000 +0000');
    expect(context.runtimeInfo('LAST_SUCCESSFUL_TASK_GRAPH_RUN_GROUP_ID')).toBeNull();
    expect(() => context.runtimeInfo('NOPE')).toThrow('SYSTEM$TASK_RUNTIME_INFO');
    await bench.bodies.body('DAG$LEAF').succeed();
    await bench.clock.advanceBy(minute);
    await bench.execute(graph);
    const second = bench.bodies.body('DAG$ROOT').request.context;
    expect(second.runtimeInfo('LAST_SUCCESSFUL_TASK_GRAPH_RUN_GROUP_ID')).toBe('uuid-1');
    expect(second.runtimeInfo('LAST_SUCCESSFUL_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP')).toBe('2026-01-01 09:00:00.000 +0000');
  });

  it('reads return values of enabled predecessors and ancestors (system_get_predecessor_return_value)', async () => {
    const bench = new EngineBench();
    await bench.execute(
      graphOf({
        A: {},
        B: { after: ['A'] },
        C: { after: ['A'], suspended: true },
        D: { after: ['B', 'C'] },
        E: { after: ['D', 'B'] },
      }),
    );
    await bench.bodies.body('A').request.context.setReturnValue('a');
    expect(() => bench.bodies.body('A').request.context.predecessorReturnValue(undefined)).toThrow('has no enabled predecessor');
    await bench.bodies.body('A').succeed();
    await bench.bodies.body('B').request.context.setReturnValue('first');
    await bench.bodies.body('B').request.context.setReturnValue('b');
    await bench.bodies.body('B').succeed();
    const d = bench.bodies.body('D').request.context;
    expect(d.predecessorReturnValue(undefined)).toBe('b');
    expect(d.predecessorReturnValue('A')).toBe('a');
    expect(() => d.predecessorReturnValue('C')).toThrow("'C'");
    expect(() => d.predecessorReturnValue('b')).toThrow("'b'");
    await bench.bodies.body('D').succeed();
    const e = bench.bodies.body('E').request.context;
    expect(() => e.predecessorReturnValue(undefined)).toThrow('2 enabled predecessors');
    expect(e.predecessorReturnValue('D')).toBeNull();
  });

  it('limits return values to 10 kB of UTF-8 (system_set_return_value)', async () => {
    const bench = new EngineBench();
    await bench.execute(graphOf({ A: {} }));
    const { context } = bench.bodies.body('A').request;
    await context.setReturnValue('é'.repeat(5120));
    await expect(context.setReturnValue('é'.repeat(5121))).rejects.toThrow('10 kB');
    await bench.bodies.body('A').succeed();
    expect(bench.engine.history.taskRuns[0]?.returnValue).toHaveLength(5120);
  });
});
