import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { RunJournal } from '../../../local-snowflake/scheduler/run-journal.ts';
import { EngineBench, graphOf, nameOf, settled } from './fakes.ts';

const minute = 60_000;
const folders: string[] = [];

function journalPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'journal-'));
  folders.push(folder);
  return join(folder, 'runs');
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe('a restart', () => {
  it('fails what was executing, goes on beside it, and retries when that is set', async () => {
    const bench = new EngineBench();
    await bench.execute(
      graphOf({
        A: { parameters: { TASK_AUTO_RETRY_ATTEMPTS: '1' } },
        B: { after: ['A'] },
        C: { after: ['A'] },
        D: { after: ['B', 'C'] },
        F: { finalize: true },
      }),
    );
    await bench.bodies.body('A').request.context.setReturnValue('kept');
    await bench.bodies.body('A').succeed();
    await bench.bodies.body('B').succeed();
    await bench.restart();
    expect([...bench.bodies.running.keys()]).toEqual(['F']);
    const interrupted = bench.engine.history.taskRunsNamed('C')[0];
    expect([interrupted?.state, interrupted?.errorMessage]).toEqual([
      'FAILED',
      'Task run was interrupted: the server stopped while it was executing.',
    ]);
    await bench.bodies.body('F').succeed();
    expect(bench.bodies.body('C').request.context.predecessorReturnValue('A')).toBe('kept');
    await bench.bodies.body('C').succeed();
    await bench.bodies.body('D').succeed();
    await bench.bodies.body('F').succeed();
    expect(bench.engine.history.graphRuns.map((run) => [run.attempt, run.state])).toEqual([
      [1, 'FAILED'],
      [2, 'SUCCEEDED'],
    ]);
    expect(bench.engine.history.taskRuns.map((run) => `${nameOf(run)} ${run.state}`)).toEqual([
      'A SUCCEEDED',
      'B SUCCEEDED',
      'C FAILED',
      'F SUCCEEDED',
      'C SUCCEEDED',
      'D SUCCEEDED',
      'F SUCCEEDED',
    ]);
  });

  it('does not count an interrupted run as a failure of the task', async () => {
    const bench = new EngineBench();
    bench.resume(graphOf({ A: { parameters: { SUSPEND_TASK_AFTER_NUM_FAILURES: '1' } } }, { schedule: '10 MINUTES' }));
    await bench.clock.advanceBy(10 * minute);
    await bench.restart();
    expect(bench.graphStates()).toEqual(['FAILED']);
    expect(bench.catalog.suspendedForErrors).toEqual([]);
  });

  it('keeps failures counted, versions and the last success', async () => {
    const bench = new EngineBench();
    const graph = graphOf({ A: { parameters: { SUSPEND_TASK_AFTER_NUM_FAILURES: '2' } } }, { schedule: '10 MINUTES' });
    bench.bodies.script = () => 'succeed';
    bench.resume(graph);
    await bench.clock.advanceBy(10 * minute);
    bench.bodies.script = () => 'fail';
    await bench.clock.advanceBy(10 * minute);
    await bench.restart(() => {
      bench.bodies.script = ({ context }) => (
        expect(context.runtimeInfo('LAST_SUCCESSFUL_TASK_GRAPH_RUN_GROUP_ID')).not.toBeNull(),
        'fail'
      );
    });
    expect(bench.engine.committedOn('id-A')).toBe(Date.parse('2026-01-01T09:00:00Z'));
    await bench.clock.advanceBy(10 * minute);
    expect(bench.catalog.suspendedForErrors).toEqual(['id-A']);
    expect(bench.engine.history.graphRuns.map((run) => run.version.version)).toEqual([1, 1, 1]);
  });

  it('fires no instant twice, and goes on at the next one', async () => {
    const bench = new EngineBench();
    bench.bodies.script = () => 'succeed';
    bench.resume(graphOf({ A: {} }, { schedule: '10 MINUTES' }));
    await bench.clock.advanceBy(10 * minute);
    await bench.restart(() => {
      bench.bodies.script = () => 'succeed';
    });
    expect([...bench.engine.upcoming()].map((run) => run.at - Date.parse('2026-01-01T09:00:00Z'))).toEqual([20 * minute]);
    await bench.clock.advanceBy(10 * minute);
    expect(bench.engine.history.graphRuns.map((run) => run.scheduledTime - Date.parse('2026-01-01T09:00:00Z'))).toEqual([
      10 * minute,
      20 * minute,
    ]);
  });

  it('starts a run that EXECUTE TASK had queued, with its configuration', async () => {
    const bench = new EngineBench();
    await bench.execute(graphOf({ A: {} }, { config: '{"a":1}' }));
    void bench.engine.execute('id-A', { config: '{"b":2}', by: 'U' });
    await bench.restart();
    expect(bench.engine.history.graphRuns.map((run) => [run.state, run.config])).toEqual([
      ['FAILED', '{"a":1}'],
      ['EXECUTING', '{"a":1,"b":2}'],
    ]);
    expect(bench.engine.history.graphRuns.at(-1)?.scheduledBy).toBe('U');
  });

  it('begins a run that was queued when the server stopped', async () => {
    const bench = new EngineBench({ executeLag: 200 });
    await bench.execute(graphOf({ A: {} }));
    await bench.restart();
    await bench.bodies.body('A').succeed();
    expect(bench.graphStates()).toEqual(['SUCCEEDED']);
  });
});

describe('the journal', () => {
  it('brings everything back from a file, also when its last line was cut off', async () => {
    const path = journalPath();
    const bench = new EngineBench({}, new RunJournal(path));
    await bench.execute(graphOf({ A: {}, B: { after: ['A'] } }, { config: '{"ä":"\\n"}' }));
    await bench.bodies.body('A').request.context.setReturnValue('line\nbreak');
    await bench.bodies.body('A').succeed();
    bench.engine.stop();
    appendFileSync(path, '[{"t":"task","g":1,"p":1,"s":"SUCC');
    const again = new EngineBench({ clock: bench.clock, catalog: bench.catalog }, new RunJournal(path));
    expect(again.states()).toEqual({ A: 'SUCCEEDED', B: 'FAILED' });
    expect(again.engine.history.taskRunsNamed('A')[0]?.returnValue).toBe('line\nbreak');
    expect(readFileSync(path, 'utf8').endsWith('\n')).toBe(true);
    again.engine.stop();
  });

  it('is made smaller at a start when most of it is history of the same runs', async () => {
    const path = journalPath();
    const bench = new EngineBench({ historyLimit: 100 }, new RunJournal(path));
    bench.bodies.script = () => 'succeed';
    bench.catalog.put(graphOf({ A: {}, B: { after: ['A'] } }));
    for (let index = 0; index < 2000; index += 1) await bench.engine.execute('id-A', { by: null });
    expect(bench.engine.history.taskRuns.length).toBeLessThanOrEqual(110);
    bench.engine.stop();
    expect(readFileSync(path, 'utf8').split('\n').length).toBeLessThan(400);
    const again = new EngineBench({ historyLimit: 100, clock: bench.clock, catalog: bench.catalog }, new RunJournal(path));
    expect(again.engine.history.taskRuns.length).toBeGreaterThanOrEqual(100);
    expect(new Set(again.engine.history.graphRuns.map((run) => run.state))).toEqual(new Set(['SUCCEEDED']));
    again.engine.stop();
  });

  it('writes what could not be written as soon as it can', () => {
    const path = journalPath();
    const journal = new RunJournal(path);
    journal.append([{ t: 'unpending', root: '1' }]);
    const { stringify } = JSON;
    JSON.stringify = () => {
      throw new Error('ENOSPC');
    };
    try {
      expect(() => {
        journal.append([{ t: 'unpending', root: '2' }]);
      }).toThrow('ENOSPC');
    } finally {
      JSON.stringify = stringify;
    }
    journal.append([{ t: 'unpending', root: '3' }]);
    journal.close();
    expect([...new RunJournal(path).load()].map((record) => ('root' in record ? record.root : ''))).toEqual(['1', '2', '3']);
  });

  it('passes over what a power failure made unreadable', () => {
    const path = journalPath();
    const journal = new RunJournal(path);
    for (const root of ['1', '2', '3']) journal.append([{ t: 'unpending', root }]);
    journal.close();
    const bytes = readFileSync(path);
    bytes.fill(0, bytes.length / 3, (bytes.length * 2) / 3 - 1);
    writeFileSync(path, bytes);
    expect([...new RunJournal(path).load()].map((record) => ('root' in record ? record.root : ''))).toEqual(['1', '3']);
  });

  it('refuses nothing of an empty or missing file', async () => {
    const path = journalPath();
    writeFileSync(path, '');
    const bench = new EngineBench({}, new RunJournal(path));
    await settled();
    expect(bench.engine.history.graphRuns).toEqual([]);
    bench.engine.stop();
  });
});
