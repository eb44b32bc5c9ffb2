import { describe, expect, it } from 'vitest';
import { EngineBench, graphOf, settled } from './fakes.ts';

// https://docs.snowflake.com/en/user-guide/tasks-graphs

describe('a graph run', () => {
  it('starts children once all predecessors have succeeded (tasks-graphs: Create a task graph)', async () => {
    const bench = new EngineBench();
    await bench.execute(graphOf({ A: {}, B: { after: ['A'] }, C: { after: ['A'] }, D: { after: ['B', 'C'] } }));
    expect([...bench.bodies.running.keys()]).toEqual(['A']);
    await bench.bodies.body('A').succeed();
    expect([...bench.bodies.running.keys()]).toEqual(['B', 'C']);
    await bench.bodies.body('C').succeed();
    expect([...bench.bodies.running.keys()]).toEqual(['B']);
    await bench.bodies.body('B').succeed();
    await bench.bodies.body('D').succeed();
    expect(bench.states()).toEqual({ A: 'SUCCEEDED', B: 'SUCCEEDED', C: 'SUCCEEDED', D: 'SUCCEEDED' });
    expect(bench.graphStates()).toEqual(['SUCCEEDED']);
  });

  it('goes on beside a failed task but not behind it, and the finalizer runs last (tasks-graphs: Finalizer task)', async () => {
    const bench = new EngineBench();
    await bench.execute(
      graphOf({ A: {}, B: { after: ['A'] }, C: { after: ['A'] }, D: { after: ['B'] }, E: { after: ['C'] }, F: { finalize: true } }),
    );
    await bench.bodies.body('A').succeed();
    await bench.bodies.body('B').fail();
    await bench.bodies.body('C').succeed();
    expect([...bench.bodies.running.keys()]).toEqual(['E']);
    await bench.bodies.body('E').succeed();
    expect([...bench.bodies.running.keys()]).toEqual(['F']);
    await bench.bodies.body('F').succeed();
    expect(bench.states()).toEqual({ A: 'SUCCEEDED', B: 'FAILED', C: 'SUCCEEDED', E: 'SUCCEEDED', F: 'SUCCEEDED' });
    expect(bench.graphStates()).toEqual(['FAILED']);
  });

  it('runs the finalizer also when the root failed', async () => {
    const bench = new EngineBench();
    await bench.execute(graphOf({ A: {}, B: { after: ['A'] }, F: { finalize: true } }));
    await bench.bodies.body('A').fail();
    expect([...bench.bodies.running.keys()]).toEqual(['F']);
    await bench.bodies.body('F').succeed();
    expect(bench.states()).toEqual({ A: 'FAILED', F: 'SUCCEEDED' });
    expect(bench.graphStates()).toEqual(['FAILED']);
  });

  it('leaves out a finalizer that is not resumed', async () => {
    const bench = new EngineBench();
    await bench.execute(graphOf({ A: {}, F: { finalize: true, suspended: true } }));
    await bench.bodies.body('A').succeed();
    expect(bench.states()).toEqual({ A: 'SUCCEEDED' });
    expect(bench.graphStates()).toEqual(['SUCCEEDED']);
  });

  it('passes over a suspended child as though it had succeeded (tasks-graphs: Skip or suspend a child task)', async () => {
    const bench = new EngineBench();
    await bench.execute(
      graphOf({ A: {}, B: { after: ['A'], suspended: true }, C: { after: ['B'], suspended: true }, D: { after: ['C'] } }),
    );
    await bench.bodies.body('A').succeed();
    await bench.bodies.body('D').succeed();
    expect(bench.states()).toEqual({ A: 'SUCCEEDED', D: 'SUCCEEDED' });
    expect(bench.graphStates()).toEqual(['SUCCEEDED']);
  });

  it('does not pass over a suspended child of a task that failed', async () => {
    const bench = new EngineBench();
    await bench.execute(graphOf({ A: {}, B: { after: ['A'], suspended: true }, C: { after: ['B'] } }));
    await bench.bodies.body('A').fail();
    expect(bench.states()).toEqual({ A: 'FAILED' });
  });

  it('joins when one predecessor is resumed and every resumed one succeeded, not when all are suspended', async () => {
    const bench = new EngineBench();
    await bench.execute(
      graphOf({
        A: {},
        B: { after: ['A'] },
        C: { after: ['A'], suspended: true },
        D: { after: ['B', 'C'] },
        E: { after: ['A'], suspended: true },
        G: { after: ['C', 'E'] },
      }),
    );
    await bench.bodies.body('A').succeed();
    await bench.bodies.body('B').succeed();
    await bench.bodies.body('D').succeed();
    expect(bench.states()).toEqual({ A: 'SUCCEEDED', B: 'SUCCEEDED', D: 'SUCCEEDED' });
  });

  it('skips a task whose condition is not met, and what is behind it (create-task: WHEN)', async () => {
    const bench = new EngineBench();
    const when = (value: string) => `SYSTEM$GET_PREDECESSOR_RETURN_VALUE('CHECK') = '${value}'`;
    await bench.execute(
      graphOf({
        ROOT: {},
        CHECK: { after: ['ROOT'] },
        PROMOTE: { after: ['CHECK'], when: when('promote') },
        ALERT: { after: ['CHECK'], when: when('alert') },
        BEHIND: { after: ['ALERT'] },
        CLEANUP: { finalize: true },
      }),
    );
    await bench.bodies.body('ROOT').succeed();
    await bench.bodies.body('CHECK').request.context.setReturnValue('promote');
    await bench.bodies.body('CHECK').succeed();
    await bench.bodies.body('PROMOTE').succeed();
    await bench.bodies.body('CLEANUP').succeed();
    expect(bench.states()).toEqual({
      ROOT: 'SUCCEEDED',
      CHECK: 'SUCCEEDED',
      PROMOTE: 'SUCCEEDED',
      ALERT: 'SKIPPED',
      CLEANUP: 'SUCCEEDED',
    });
    expect(bench.graphStates()).toEqual(['SUCCEEDED']);
  });

  it('starts neither children nor finalizer when the root is skipped (tasks-graphs: Finalizer task)', async () => {
    const bench = new EngineBench();
    await bench.execute(graphOf({ A: { when: 'FALSE' }, B: { after: ['A'] }, F: { finalize: true } }));
    expect(bench.states()).toEqual({ A: 'SKIPPED' });
    expect(bench.graphStates()).toEqual(['SKIPPED']);
    expect(bench.bodies.started).toEqual([]);
  });

  it('fails a task whose condition cannot be evaluated, naming why', async () => {
    const bench = new EngineBench();
    await bench.execute(graphOf({ A: {}, B: { after: ['A'], when: "SYSTEM$GET_PREDECESSOR_RETURN_VALUE('A')::FLOAT < 0.2" } }));
    await bench.bodies.body('A').request.context.setReturnValue('high');
    await bench.bodies.body('A').succeed();
    expect(bench.states()).toEqual({ A: 'SUCCEEDED', B: 'FAILED' });
    const failed = bench.engine.history.taskRunsNamed('b')[0];
    expect([failed?.errorCode, failed?.errorMessage]).toEqual(['100038', "Numeric value 'high' is not recognized"]);
  });

  it('looks at conditions on predecessors’ states when all of them have ended (system_predecessors_state)', async () => {
    const bench = new EngineBench();
    await bench.execute(
      graphOf({
        A: {},
        B: { after: ['A'] },
        C: { after: ['A'] },
        ALERT: { after: ['B', 'C'], when: "SYSTEM$PREDECESSORS_STATE('AT_LEAST_ONE_FAILED')" },
        HAPPY: { after: ['B', 'C'], when: "SYSTEM$PREDECESSORS_STATE('NONE_FAILED')" },
        AFTER_B: {
          after: ['B', 'C'],
          when: "SYSTEM$PREDECESSORS_STATE('ALL_DONE') AND SYSTEM$TASK_COMPLETION_STATE('B') = 'FAILED'",
        },
      }),
    );
    await bench.bodies.body('A').succeed();
    await bench.bodies.body('B').fail();
    expect(bench.bodies.started).toEqual(['A', 'B', 'C']);
    await bench.bodies.body('C').succeed();
    expect([...bench.bodies.running.keys()]).toEqual(['ALERT', 'AFTER_B']);
    await bench.bodies.body('ALERT').succeed();
    await bench.bodies.body('AFTER_B').succeed();
    expect(bench.states()).toEqual({
      A: 'SUCCEEDED',
      B: 'FAILED',
      C: 'SUCCEEDED',
      ALERT: 'SUCCEEDED',
      HAPPY: 'SKIPPED',
      AFTER_B: 'SUCCEEDED',
    });
    expect(bench.graphStates()).toEqual(['FAILED']);
  });

  it('is CANCELLED when a task was, and what is behind it does not run (complete_task_graphs: STATE)', async () => {
    const bench = new EngineBench();
    await bench.execute(graphOf({ A: {}, B: { after: ['A'] }, C: { after: ['B'] }, F: { finalize: true } }));
    await bench.bodies.body('A').succeed();
    expect(bench.engine.cancel('id-B')).toEqual(['query-2']);
    expect(bench.bodies.body('B').request.signal.aborted).toBe(true);
    await bench.bodies.body('B').reject(bench.bodies.body('B').request.signal.reason);
    await bench.bodies.body('F').succeed();
    expect(bench.states()).toEqual({ A: 'SUCCEEDED', B: 'CANCELLED', F: 'SUCCEEDED' });
    expect(bench.graphStates()).toEqual(['CANCELLED']);
    expect(bench.engine.cancel('id-B')).toEqual([]);
  });

  it('does not start a task whose owner has lost a privilege (create-task: Access control requirements)', async () => {
    const bench = new EngineBench();
    await bench.execute(graphOf({ A: {}, B: { after: ['A'] } }));
    const { SnowflakeError } = await import('../../../local-snowflake/errors/snowflake-error.ts');
    bench.privileges.missing = SnowflakeError.of('taskExecutePrivilege', { privilege: 'EXECUTE TASK' });
    await bench.bodies.body('A').succeed();
    expect(bench.bodies.started).toEqual(['A']);
    expect(bench.states()).toEqual({ A: 'SUCCEEDED', B: 'FAILED' });
    expect(bench.engine.history.taskRunsNamed('B')[0]?.errorMessage).toBe(
      'Cannot execute task, EXECUTE TASK privilege must be granted to owner role',
    );
  });

  it('keeps to the version it started with (tasks-graphs: Versioning)', async () => {
    const bench = new EngineBench();
    const graph = graphOf({ A: {}, B: { after: ['A'], body: 'old' } });
    await bench.execute(graph);
    const [a, b] = graph.tasks;
    if (a === undefined || b === undefined) throw new Error('two tasks');
    bench.catalog.put({ ...graph, tasks: [a, { ...b, definition: 'new', revision: 2 }] });
    await bench.bodies.body('A').succeed();
    expect(bench.bodies.body('B').request.task.definition).toBe('old');
    await bench.bodies.body('B').succeed();
    void bench.engine.execute('id-A', { by: null });
    await settled();
    await bench.bodies.body('A').succeed();
    expect(bench.bodies.body('B').request.task.definition).toBe('new');
    expect(bench.engine.history.graphRuns.map((run) => run.version.version)).toEqual([1, 2]);
  });

  it('bounds how many bodies run at once; the others wait their turn', async () => {
    const bench = new EngineBench({ parallelism: 2 });
    await bench.execute(
      graphOf({ A: {}, B: { after: ['A'] }, C: { after: ['A'] }, D: { after: ['A'] }, E: { after: ['B', 'C', 'D'] } }),
    );
    await bench.bodies.body('A').succeed();
    expect([...bench.bodies.running.keys()]).toEqual(['B', 'C']);
    expect(bench.states()).toMatchObject({ D: 'SCHEDULED' });
    await bench.bodies.body('B').succeed();
    expect([...bench.bodies.running.keys()]).toEqual(['C', 'D']);
  });

  it('runs a chain of a thousand tasks, and a thousand skipped ones, without piling up', async () => {
    const bench = new EngineBench();
    bench.bodies.script = () => 'succeed';
    const chain: Record<string, { after?: string[]; when?: string }> = { T0: {} };
    for (let index = 1; index < 1000; index += 1) {
      chain[`T${String(index)}`] = {
        after: [`T${String(index - 1)}`],
        ...(index > 500 ? { when: "SYSTEM$PREDECESSORS_STATE('ALL_FAILED')" } : {}),
      };
    }
    bench.catalog.put(graphOf(chain));
    await bench.engine.execute('id-T0', { by: null });
    expect(bench.graphStates()).toEqual(['SUCCEEDED']);
    expect(Object.values(bench.states()).filter((state) => state === 'SKIPPED')).toHaveLength(499);
  });
});
