import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SnowflakeError } from '../../../local-snowflake/errors/snowflake-error.ts';
import type { GraphRun } from '../../../local-snowflake/scheduler/graph-run.ts';
import type { GraphContent } from '../../../local-snowflake/scheduler/graph-version.ts';
import { MemoryRunStore, type RunRecord, type RunStore } from '../../../local-snowflake/scheduler/run-store.ts';
import { EngineBench, type FakeBodies, graphOf, nameOf, settled, type TaskSketch } from './fakes.ts';

// https://docs.snowflake.com/en/user-guide/tasks-graphs: what must hold of every run of every graph.

type Ending = 'succeed' | 'fail' | 'cancel' | 'skip';

interface Sample {
  readonly graph: GraphContent;
  readonly endings: Readonly<Record<string, Ending>>;
  readonly retries: number;
}

const sample: fc.Arbitrary<Sample> = fc
  .integer({ min: 1, max: 9 })
  .chain((size) =>
    fc.record({
      links: fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: size, maxLength: size }),
      suspended: fc.array(fc.boolean(), { minLength: size, maxLength: size }),
      endings: fc.array(
        fc.oneof(
          { weight: 6, arbitrary: fc.constant<Ending>('succeed') },
          { weight: 4, arbitrary: fc.constantFrom<Ending>('fail', 'cancel', 'skip') },
        ),
        { minLength: size + 1, maxLength: size + 1 },
      ),
      finalizer: fc.constantFrom('none', 'resumed', 'suspended'),
      retries: fc.integer({ min: 0, max: 2 }),
      // The graph is that of a TASK GRAPH, which has what its root would have.
      object: fc.boolean(),
      parallelism: fc.integer({ min: 1, max: 4 }),
    }),
  )
  .map(({ links, suspended, endings, finalizer, retries, object }) => {
    const sketch: Record<string, TaskSketch> = {};
    const ends: Record<string, Ending> = {};
    const parameters = { TASK_AUTO_RETRY_ATTEMPTS: String(retries) };
    for (const [position, candidates] of links.entries()) {
      const name = `T${String(position)}`;
      const after =
        position === 0
          ? []
          : [...new Set((candidates.length === 0 ? [0] : candidates).map((each) => `T${String(each % position)}`))];
      const ending = endings[position] ?? 'succeed';
      ends[name] = ending;
      sketch[name] = {
        after,
        suspended: suspended[position] === true,
        ...(ending === 'skip' ? { when: 'FALSE' } : {}),
        ...(position === 0 && !object ? { parameters } : {}),
      };
    }
    if (finalizer !== 'none') {
      const ending = endings.at(-1) ?? 'succeed';
      ends['END'] = ending === 'skip' ? 'succeed' : ending;
      sketch['END'] = { finalize: true, suspended: finalizer === 'suspended' };
    }
    const graph = graphOf(sketch, object ? { rootId: 'graph', object: { name: 'G', parameters, revision: 1 } } : {});
    return { graph, endings: ends, retries };
  });

/** Whether each task is let run in the first attempt, straight from the words of the page. */
function expectedToRun({ graph, endings }: Sample): Set<string> {
  const { tasks } = graph;
  const reached = (position: number): boolean => {
    const task = tasks[position];
    if (task === undefined || task.role === 'root') return true;
    const resumed = task.predecessors.filter((each) => tasks[each]?.resumed === true);
    if (resumed.length > 0) return resumed.every(succeeds);
    return task.predecessors.length === 1 && succeeds(task.predecessors[0] ?? 0);
  };
  const succeeds = (position: number): boolean => {
    const task = tasks[position];
    return reached(position) && (task?.resumed === false || endings[task?.name ?? ''] === 'succeed');
  };
  const names = tasks.flatMap((task, position) =>
    task.role !== 'finalizer' && task.resumed && reached(position) ? [task.name] : [],
  );
  const finalizer = tasks.find((task) => task.role === 'finalizer' && task.resumed);
  return new Set([...names, ...(finalizer !== undefined && endings['T0'] !== 'skip' ? [finalizer.name] : [])]);
}

function endOf(
  ending: Ending,
): (body: { succeed(): Promise<void>; fail(): Promise<void>; reject(error: unknown): Promise<void> }) => Promise<void> {
  if (ending === 'fail') return (body) => body.fail();
  if (ending === 'cancel') return (body) => body.reject(SnowflakeError.of('queryCancelled', {}));
  return (body) => body.succeed();
}

/** Ends running bodies in the order that `pick` chooses until nothing runs. */
async function playOut(bodies: FakeBodies, endings: Readonly<Record<string, Ending>>, pick: () => number): Promise<void> {
  while (bodies.running.size > 0) {
    const running = [...bodies.running.values()];
    const body = running[pick() % running.length];
    if (body !== undefined) await endOf(endings[body.name] ?? 'succeed')(body);
  }
}

function expectWellFormed(run: GraphRun): void {
  const runs = [...run.tasks.values()];
  for (const task of runs) {
    expect(['SUCCEEDED', 'FAILED', 'CANCELLED', 'SKIPPED']).toContain(task.state);
    expect(task.completedTime).not.toBeNull();
  }
  const states = runs.map((task) => task.state);
  const root = run.tasks.get(0)?.state ?? 'SUCCEEDED';
  const expected =
    root === 'SKIPPED'
      ? 'SKIPPED'
      : states.includes('FAILED')
        ? 'FAILED'
        : states.includes('CANCELLED')
          ? 'CANCELLED'
          : 'SUCCEEDED';
  expect(run.state).toBe(expected);
  const last = runs.at(-1);
  const finalizer = runs.find((task) => run.version.tasks[task.position]?.role === 'finalizer');
  if (finalizer !== undefined) expect(nameOf(finalizer)).toBe(nameOf(last ?? finalizer));
}

describe('every graph run', () => {
  it('lets run exactly the tasks that the rules let run, whatever ends in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(sample, fc.infiniteStream(fc.nat()), fc.integer({ min: 1, max: 4 }), async (given, picks, parallelism) => {
        const bench = new EngineBench({ parallelism });
        await bench.execute(given.graph);
        await playOut(bench.bodies, given.endings, () => picks.next().value ?? 0);
        const [first] = bench.engine.history.graphRuns;
        if (first === undefined) throw new Error('there is a run');
        expect(new Set([...first.tasks.values()].map(nameOf))).toEqual(expectedToRun(given));
        for (const run of bench.engine.history.graphRuns) expectWellFormed(run);
        const attempts = first.state === 'FAILED' ? given.retries + 1 : 1;
        expect(bench.engine.history.graphRuns).toHaveLength(attempts);
        expect([...bench.engine.upcoming()]).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('lets no task start before its resumed predecessors have succeeded, and the finalizer alone at the end', async () => {
    await fc.assert(
      fc.asyncProperty(sample, fc.infiniteStream(fc.nat()), async (given, picks) => {
        const bench = new EngineBench();
        const done = new Set<string>();
        bench.bodies.script = ({ task, graph }) => {
          for (const predecessor of task.predecessors) {
            const spec = graph.tasks[predecessor];
            if (spec?.resumed === true) expect(done.has(spec.name)).toBe(true);
          }
          if (task.role === 'finalizer') expect(bench.bodies.running.size).toBe(0);
          return 'wait';
        };
        await bench.execute({ ...given.graph, tasks: given.graph.tasks.map((task) => ({ ...task, parameters: {} })) });
        while (bench.bodies.running.size > 0) {
          const running = [...bench.bodies.running.values()];
          const body = running[(picks.next().value ?? 0) % running.length];
          if (body === undefined) break;
          const ending = given.endings[body.name] ?? 'succeed';
          if (ending === 'succeed') done.add(body.name);
          await endOf(ending)(body);
        }
      }),
      { numRuns: 200 },
    );
  });
});

/** Keeps records until the process "dies": at append number `dieAt`, before or after its records are on disk. */
class DyingStore implements RunStore {
  readonly kept: MemoryRunStore;
  readonly #dieAt: number;
  readonly #afterWrite: boolean;
  #appends = 0;
  dead = false;

  constructor(kept: MemoryRunStore, dieAt: number, afterWrite: boolean) {
    this.kept = kept;
    this.#dieAt = dieAt;
    this.#afterWrite = afterWrite;
  }

  load(): Iterable<RunRecord> {
    return this.kept.load();
  }

  append(records: readonly RunRecord[]): void {
    if (this.dead) return;
    this.#appends += 1;
    if (this.#appends === this.#dieAt) this.dead = true;
    if (!this.dead || this.#afterWrite) this.kept.append(records);
  }

  rewrite(records: Iterable<RunRecord>): void {
    if (!this.dead) this.kept.rewrite(records);
  }

  close(): void {
    this.dead = true;
  }
}

describe('a kill at any moment', () => {
  it('leaves every run with one end after restarts, and nothing that had succeeded runs again', async () => {
    await fc.assert(
      fc.asyncProperty(
        sample,
        fc.infiniteStream(fc.nat()),
        fc.array(fc.record({ dieAt: fc.integer({ min: 1, max: 8 }), afterWrite: fc.boolean() }), { minLength: 1, maxLength: 4 }),
        async (given, picks, deaths) => {
          const disk = new MemoryRunStore();
          const bench = new EngineBench();
          bench.catalog.put(given.graph);
          const pick = (): number => picks.next().value ?? 0;
          const lives = [
            ...deaths.map(({ dieAt, afterWrite }) => new DyingStore(disk, dieAt, afterWrite)),
            new DyingStore(disk, Number.POSITIVE_INFINITY, true),
          ];
          let asked = false;
          for (const store of lives) {
            const succeeded = succeededIn(disk);
            const life = new EngineBench({ clock: bench.clock, catalog: bench.catalog }, store);
            const { bodies } = life;
            const startedAgain = (): string[] => bodies.started.filter((name) => succeeded.has(name));
            await settled();
            if (!asked && !store.dead) {
              asked = true;
              life.engine.execute(given.graph.rootId, { by: null }).catch(() => undefined);
              await settled();
              // The statement was not answered if its record did not reach the disk.
              if ([...disk.load()].length === 0) asked = false;
            }
            while (bodies.running.size > 0 && !store.dead) {
              const running = [...bodies.running.values()];
              const body = running[pick() % running.length];
              if (body !== undefined) await endOf(given.endings[body.name] ?? 'succeed')(body);
            }
            expect(startedAgain()).toEqual([]);
            life.engine.stop();
          }
          const last = new EngineBench({ clock: bench.clock, catalog: bench.catalog }, disk);
          await playOut(last.bodies, given.endings, pick);
          const runs = last.engine.history.graphRuns;
          if (asked) expect(runs.length).toBeGreaterThan(0);
          for (const run of runs) {
            expect(run.completedTime).not.toBeNull();
            for (const task of run.tasks.values()) expect(['EXECUTING', 'SCHEDULED']).not.toContain(task.state);
          }
          // One group, its attempts numbered without a gap, none beyond what was set.
          expect(new Set(runs.map((run) => run.group)).size).toBeLessThanOrEqual(1);
          expect(runs.map((run) => run.attempt)).toEqual(runs.map((_, index) => index + 1));
          expect(runs.length).toBeLessThanOrEqual(given.retries + 1);
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** Tasks that the records say have succeeded in the (only) group. */
function succeededIn(disk: MemoryRunStore): Set<string> {
  const names = new Set<string>();
  let version: GraphContent | undefined;
  for (const record of disk.load()) {
    if (record.t === 'version') version = record.v;
    // The finalizer ends every attempt anew.
    const task = record.t === 'task' ? version?.tasks[record.p] : undefined;
    if (task !== undefined && record.t === 'task' && record.s === 'SUCCEEDED' && task.role !== 'finalizer') names.add(task.name);
  }
  return names;
}

/** Keeps what it could not take, as the journal does, and takes it first when there is room. */
class FullDisk extends MemoryRunStore {
  full = false;
  #unwritten: RunRecord[] = [];

  override append(records: readonly RunRecord[]): void {
    this.#unwritten.push(...records);
    if (this.full) throw new Error('ENOSPC: no space left on device, write');
    super.append(this.#unwritten.splice(0));
  }
}

describe('a disk that is full', () => {
  it('fails the tasks that cannot be written down, with the cause, and is written to again when there is room', async () => {
    const disk = new FullDisk();
    const bench = new EngineBench({}, disk);
    await bench.execute(graphOf({ A: {}, B: { after: ['A'] }, F: { finalize: true } }));
    disk.full = true;
    await bench.bodies.body('A').succeed();
    expect(bench.states()).toEqual({ A: 'SUCCEEDED', B: 'FAILED', F: 'FAILED' });
    expect(bench.engine.history.taskRunsNamed('B')[0]?.errorMessage).toContain('ENOSPC');
    expect(bench.bodies.started).toEqual(['A']);
    expect(() => {
      void bench.engine.execute('id-A', { by: null });
    }).toThrow('ENOSPC');
    disk.full = false;
    bench.bodies.script = () => 'succeed';
    await bench.execute(graphOf({ X: {} }));
    expect(bench.states()).toEqual({ X: 'SUCCEEDED' });
  });

  it('runs nothing later that a statement was refused', async () => {
    const disk = new FullDisk();
    const bench = new EngineBench({}, disk);
    const request = (): void => {
      void bench.engine.execute('id-A', { by: null });
    };
    await bench.execute(graphOf({ A: {} }));
    disk.full = true;
    // One run is under way: another one would wait for its end.
    expect(request).toThrow('ENOSPC');
    await bench.bodies.body('A').fail();
    expect(request).toThrow('ENOSPC');
    expect(() => {
      void bench.engine.retry('id-A', undefined, null);
    }).toThrow('ENOSPC');
    disk.full = false;
    bench.bodies.script = () => 'succeed';
    await bench.execute(graphOf({ A: {} }));
    expect(bench.bodies.started).toEqual(['A', 'A']);
    await bench.restart();
    expect(bench.bodies.started).toEqual([]);
    expect(bench.graphStates()).toEqual(['FAILED', 'SUCCEEDED']);
  });
});
