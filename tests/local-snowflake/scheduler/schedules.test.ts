import { describe, expect, it } from 'vitest';
import { EngineBench, graphOf, settled } from './fakes.ts';

const minute = 60_000;

function upcoming(bench: EngineBench): string[] {
  return [...bench.engine.upcoming()].map((run) => new Date(run.at).toISOString().slice(11, 19));
}

describe('schedules', () => {
  it('start a resumed root at each instant, counted from RESUME (alter-task: RESUME)', async () => {
    const bench = new EngineBench();
    bench.bodies.script = () => 'succeed';
    bench.resume(graphOf({ A: {} }, { schedule: '10 MINUTES' }));
    expect(upcoming(bench)).toEqual(['09:10:00']);
    await bench.clock.advanceBy(9 * minute);
    expect(bench.bodies.started).toEqual([]);
    await bench.clock.advanceBy(12 * minute);
    expect(
      bench.engine.history.graphRuns.map((run) => [run.scheduledFrom, run.scheduledTime - Date.parse('2026-01-01T09:00:00Z')]),
    ).toEqual([
      ['SCHEDULE', 10 * minute],
      ['SCHEDULE', 20 * minute],
    ]);
    expect(upcoming(bench)).toEqual(['09:30:00']);
  });

  it('stop when the root is suspended; a run under way goes on (tasks-graphs: Modify a task)', async () => {
    const bench = new EngineBench();
    bench.resume(graphOf({ A: {}, B: { after: ['A'] } }, { schedule: '10 MINUTES' }));
    await bench.clock.advanceBy(10 * minute);
    bench.suspend('id-A');
    expect(upcoming(bench)).toEqual([]);
    await bench.bodies.body('A').succeed();
    await bench.bodies.body('B').succeed();
    await bench.clock.advanceBy(60 * minute);
    expect(bench.graphStates()).toEqual(['SUCCEEDED']);
  });

  it('do not make up for instants that went by while the machine slept', async () => {
    const bench = new EngineBench();
    bench.bodies.script = () => 'succeed';
    bench.resume(graphOf({ A: {} }, { schedule: '10 MINUTES' }));
    bench.engine.stop();
    await bench.clock.advanceBy(45 * minute);
    await bench.restart(() => {
      bench.bodies.script = () => 'succeed';
    });
    await bench.clock.advanceBy(10 * minute);
    expect(bench.engine.history.graphRuns.map((run) => new Date(run.scheduledTime).toISOString().slice(11, 16))).toEqual(['09:50']);
  });

  it('of 500 graphs all fire, behind one alarm of the clock', async () => {
    const bench = new EngineBench();
    bench.bodies.script = () => 'succeed';
    let alarms = 0;
    const at = bench.clock.at.bind(bench.clock);
    bench.clock.at = (instant, callback) => {
      alarms += 1;
      const cancel = at(instant, callback);
      return () => {
        alarms -= 1;
        cancel();
      };
    };
    for (let index = 0; index < 500; index += 1) {
      bench.resume({ ...graphOf({ [`R${String(index)}`]: {} }, { schedule: `${String(10 + (index % 7))} SECONDS` }) });
    }
    expect(alarms).toBe(1);
    await bench.clock.advanceBy(16_000);
    expect(new Set(bench.bodies.started).size).toBe(500);
  });
});

describe('overlap policies (create-task: OVERLAP_POLICY)', () => {
  it('NO_OVERLAP skips instants until the whole graph has ended', async () => {
    const bench = new EngineBench();
    bench.resume(graphOf({ A: {}, B: { after: ['A'] } }, { schedule: '10 MINUTES' }));
    await bench.clock.advanceBy(10 * minute);
    await bench.bodies.body('A').succeed();
    expect(upcoming(bench)).toEqual([]);
    await bench.clock.advanceBy(25 * minute);
    expect(bench.engine.history.graphRuns).toHaveLength(1);
    await bench.bodies.body('B').succeed();
    expect(upcoming(bench)).toEqual(['09:40:00']);
    await bench.clock.advanceBy(5 * minute);
    expect(bench.engine.history.graphRuns).toHaveLength(2);
  });

  it('ALLOW_CHILD_OVERLAP starts the next run while children run, but never two roots at once', async () => {
    const bench = new EngineBench();
    bench.resume(graphOf({ A: {}, B: { after: ['A'] } }, { schedule: '10 MINUTES', overlapPolicy: 'ALLOW_CHILD_OVERLAP' }));
    await bench.clock.advanceBy(20 * minute);
    expect(bench.engine.history.graphRuns).toHaveLength(1);
    await bench.bodies.body('A').succeed();
    await bench.clock.advanceBy(10 * minute);
    expect(bench.engine.history.graphRuns).toHaveLength(2);
    expect(bench.bodies.started).toEqual(['A', 'B', 'A']);
  });

  it('ALLOW_ALL_OVERLAP starts at every instant', async () => {
    const bench = new EngineBench();
    bench.resume(graphOf({ A: {} }, { schedule: '10 MINUTES', overlapPolicy: 'ALLOW_ALL_OVERLAP' }));
    await bench.clock.advanceBy(35 * minute);
    expect(bench.bodies.started).toEqual(['A', 'A', 'A']);
  });
});

describe('timeouts (tasks-graphs: Task graph timeouts)', () => {
  it('of a task end its run as FAILED, with the documented message (tasks-errors-integrate)', async () => {
    const bench = new EngineBench();
    await bench.execute(graphOf({ A: { parameters: { USER_TASK_TIMEOUT_MS: '10000' } } }));
    await bench.clock.advanceBy(10_000);
    const body = bench.bodies.body('A');
    await body.reject(body.request.signal.reason);
    const [run] = bench.engine.history.taskRuns;
    expect([run?.state, run?.errorCode, run?.errorMessage]).toEqual([
      'FAILED',
      '000630',
      'Statement reached its statement or warehouse timeout of 10 second(s) and was canceled.',
    ]);
  });

  it('of the root bound the whole graph, a child’s own goes before it', async () => {
    const bench = new EngineBench();
    await bench.execute(
      graphOf({
        A: { parameters: { USER_TASK_TIMEOUT_MS: '60000' } },
        B: { after: ['A'] },
        C: { after: ['A'], parameters: { USER_TASK_TIMEOUT_MS: '600000' } },
        D: { after: ['C'] },
        F: { finalize: true },
      }),
    );
    await bench.clock.advanceBy(40_000);
    await bench.bodies.body('A').succeed();
    await bench.clock.advanceBy(20_000);
    expect(bench.bodies.body('B').request.signal.aborted).toBe(true);
    expect(bench.bodies.body('C').request.signal.aborted).toBe(false);
    await bench.bodies.body('B').reject(new Error('stopped'));
    await bench.clock.advanceBy(60_000);
    await bench.bodies.body('C').succeed();
    await bench.bodies.body('F').succeed();
    expect(bench.states()).toEqual({ A: 'SUCCEEDED', B: 'FAILED', C: 'SUCCEEDED', D: 'FAILED', F: 'SUCCEEDED' });
  });

  it('are the lower of USER_TASK_TIMEOUT_MS and STATEMENT_TIMEOUT_IN_SECONDS (create-task)', async () => {
    const bench = new EngineBench();
    await bench.execute(graphOf({ A: { parameters: { USER_TASK_TIMEOUT_MS: '60000', STATEMENT_TIMEOUT_IN_SECONDS: '5' } } }));
    await bench.clock.advanceBy(5000);
    expect(bench.bodies.body('A').request.signal.aborted).toBe(true);
  });

  it('are an hour unless set, and the maximum when set to 0', async () => {
    const bench = new EngineBench();
    await bench.execute(graphOf({ A: {} }));
    await bench.clock.advanceBy(3_600_000);
    expect(bench.bodies.body('A').request.signal.aborted).toBe(true);
    await bench.bodies.body('A').fail();
    await bench.execute(graphOf({ Z: { parameters: { USER_TASK_TIMEOUT_MS: '0' } } }));
    await bench.clock.advanceBy(604_799_999);
    expect(bench.bodies.body('Z').request.signal.aborted).toBe(false);
    await bench.clock.advanceBy(1);
    expect(bench.bodies.body('Z').request.signal.aborted).toBe(true);
  });

  it('do not wait for ever for a body that hangs', async () => {
    const bench = new EngineBench();
    await bench.execute(
      graphOf({ A: { parameters: { USER_TASK_TIMEOUT_MS: '10000' } }, B: { after: ['A'] }, F: { finalize: true } }),
    );
    const hung = bench.bodies.body('A');
    await bench.clock.advanceBy(20_000);
    expect([...bench.bodies.running.keys()]).toEqual(['A', 'F']);
    await expect(hung.request.context.setReturnValue('too late')).rejects.toThrow('must be called from within a task');
    await hung.succeed();
    await bench.bodies.body('F').succeed();
    expect(bench.states()).toEqual({ A: 'FAILED', F: 'SUCCEEDED' });
  });
});

describe('triggered tasks (tasks-triggered)', () => {
  const when = "SYSTEM$STREAM_HAS_DATA('S')";
  const graph = graphOf({ A: { when } });

  function triggered(bench: EngineBench): (readonly [string, string])[] {
    return bench.engine.history.graphRuns.map((run) => [run.scheduledFrom, run.state] as const);
  }

  it('look at their stream when resumed, and are skipped when there is nothing', async () => {
    const bench = new EngineBench();
    bench.resume(graph);
    await settled();
    expect(triggered(bench)).toEqual([['TRIGGER', 'SKIPPED']]);
  });

  it('run when data comes, once at a time, again when there is more, 30 seconds apart', async () => {
    const bench = new EngineBench();
    bench.resume(graph);
    await settled();
    await bench.clock.advanceBy(5 * minute);
    bench.streams.withData.add('S');
    bench.engine.dataChanged();
    await settled();
    bench.engine.dataChanged();
    await settled();
    expect(bench.bodies.started).toEqual(['A']);
    await bench.bodies.body('A').succeed();
    await bench.clock.advanceBy(29_000);
    expect(bench.bodies.started).toEqual(['A']);
    await bench.clock.advanceBy(1000);
    await settled();
    expect(bench.bodies.started).toEqual(['A', 'A']);
    bench.streams.withData.clear();
    await bench.bodies.body('A').succeed();
    await bench.clock.advanceBy(60 * minute);
    expect(triggered(bench)).toEqual([
      ['TRIGGER', 'SKIPPED'],
      ['TRIGGER', 'SUCCEEDED'],
      ['TRIGGER', 'SUCCEEDED'],
    ]);
  });

  it('are looked at after twelve hours, and skipped without data', async () => {
    const bench = new EngineBench();
    bench.resume(graph);
    await settled();
    await bench.clock.advanceBy(12 * 60 * minute);
    await settled();
    expect(triggered(bench)).toEqual([
      ['TRIGGER', 'SKIPPED'],
      ['TRIGGER', 'SKIPPED'],
    ]);
  });

  it('take a shorter interval of their own', async () => {
    const bench = new EngineBench();
    bench.streams.withData.add('S');
    bench.resume(graphOf({ A: { when, parameters: { USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS: '10' } } }));
    await settled();
    await bench.bodies.body('A').succeed();
    await bench.clock.advanceBy(10_000);
    await settled();
    expect(bench.bodies.started).toEqual(['A', 'A']);
  });

  it('with a schedule are polled by it alone (tasks-intro: Run on a schedule, but only if a stream has new data)', async () => {
    const bench = new EngineBench();
    bench.resume(graphOf({ A: { when } }, { schedule: '1 HOUR' }));
    bench.streams.withData.add('S');
    bench.engine.dataChanged();
    await settled();
    expect(bench.bodies.started).toEqual([]);
    await bench.clock.advanceBy(60 * minute);
    await settled();
    expect(bench.bodies.started).toEqual(['A']);
    expect(triggered(bench)).toEqual([['SCHEDULE', 'EXECUTING']]);
  });
});
