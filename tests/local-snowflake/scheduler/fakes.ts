import { SnowflakeError } from '../../../local-snowflake/errors/snowflake-error.ts';
import { FakeClock } from '../../../local-snowflake/platform/clock.ts';
import type { IdSource } from '../../../local-snowflake/platform/ids.ts';
import { parameters } from '../../../local-snowflake/objects/parameters.ts';
import type { GraphContent, TaskSpec } from '../../../local-snowflake/scheduler/graph-version.ts';
import type {
  BodyRequest,
  BodyRunner,
  PrivilegeCheck,
  StreamProbe,
  TaskCatalog,
  TaskNotifications,
} from '../../../local-snowflake/scheduler/ports.ts';
import { MemoryRunStore, type RunStore } from '../../../local-snowflake/scheduler/run-store.ts';
import { TaskEngine, type TaskEngineParts } from '../../../local-snowflake/scheduler/task-engine.ts';
import type { GraphRun, TaskRun } from '../../../local-snowflake/scheduler/graph-run.ts';

export interface TaskSketch {
  readonly after?: readonly string[];
  readonly finalize?: boolean;
  readonly suspended?: boolean;
  readonly when?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A graph from a sketch: the first task is the root; tasks stand behind their predecessors. */
export function graphOf(sketch: Readonly<Record<string, TaskSketch>>, change: Partial<GraphContent> = {}): GraphContent {
  const names = Object.keys(sketch);
  const tasks = names.map((name, position): TaskSpec => {
    const task = sketch[name] ?? {};
    return {
      id: `id-${name}`,
      name,
      role: task.finalize === true ? 'finalizer' : position === 0 ? 'root' : 'child',
      predecessors: (task.after ?? []).map((predecessor) => names.indexOf(predecessor)),
      resumed: position === 0 || task.suspended !== true,
      definition: task.body ?? `body of ${name}`,
      condition: task.when ?? null,
      warehouse: null,
      executeAsUser: null,
      parameters: task.parameters ?? {},
      revision: 1,
    };
  });
  return {
    rootId: `id-${names[0] ?? ''}`,
    database: 'DB',
    schema: 'SCH',
    schemaId: 'schema',
    owner: 'owner',
    schedule: null,
    scheduleBase: 0,
    config: null,
    overlapPolicy: 'NO_OVERLAP',
    errorIntegration: null,
    successIntegration: null,
    tasks,
    ...change,
  };
}

export class FakeCatalog implements TaskCatalog {
  readonly graphs = new Map<string, GraphContent>();
  readonly started = new Set<string>();
  readonly suspendedForErrors: string[] = [];
  readonly settings: Record<string, string> = {};

  put(graph: GraphContent): GraphContent {
    this.graphs.set(graph.rootId, graph);
    return graph;
  }

  graph(rootId: string): GraphContent | undefined {
    return this.graphs.get(rootId);
  }

  startedRoots(): Iterable<string> {
    return this.started;
  }

  isStarted(rootId: string): boolean {
    return this.started.has(rootId);
  }

  parameter(_taskId: string, name: string): string {
    return this.settings[name] ?? parameters[name]?.default ?? '';
  }

  async suspendForErrors(rootId: string): Promise<void> {
    this.started.delete(rootId);
    this.suspendedForErrors.push(rootId);
  }
}

export interface RunningBody {
  readonly name: string;
  readonly request: BodyRequest;
  succeed(): Promise<void>;
  fail(message?: string): Promise<void>;
  reject(error: unknown): Promise<void>;
}

/** Bodies that run until the test ends them, or until they end by themselves as `script` says. */
export class FakeBodies implements BodyRunner {
  readonly running = new Map<string, RunningBody>();
  readonly started: string[] = [];
  /** Tasks that end as soon as they start: by name. */
  script: (request: BodyRequest) => 'succeed' | 'fail' | 'wait' | Promise<void> = () => 'wait';
  #queries = 0;

  newQueryId(): string {
    this.#queries += 1;
    return `query-${String(this.#queries)}`;
  }

  run(request: BodyRequest): Promise<void> {
    const { name } = request.task;
    this.started.push(name);
    const scripted = this.script(request);
    if (scripted === 'succeed') return Promise.resolve();
    if (scripted === 'fail') return Promise.reject(failure('scripted'));
    if (scripted !== 'wait') return scripted;
    return new Promise((resolve, reject) => {
      const end = (how: () => void) => async (): Promise<void> => {
        this.running.delete(name);
        how();
        await settled();
      };
      this.running.set(name, {
        name,
        request,
        succeed: end(resolve),
        fail: (message = 'boom') =>
          end(() => {
            reject(failure(message));
          })(),
        reject: (error) =>
          end(() => {
            reject(error);
          })(),
      });
    });
  }

  body(name: string): RunningBody {
    const found = this.running.get(name);
    if (found === undefined) throw new Error(`${name} is not running; running are ${[...this.running.keys()].join(', ')}`);
    return found;
  }
}

export function failure(message: string): SnowflakeError {
  return SnowflakeError.of('execution', { message });
}

/** Lets everything happen that waits for nothing but its turn. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

export class FakeStreams implements StreamProbe {
  readonly withData = new Set<string>();

  async hasData(stream: string): Promise<boolean> {
    return this.withData.has(stream);
  }
}

export class FakePrivileges implements PrivilegeCheck {
  missing: SnowflakeError | undefined;

  requireRunnable(): void {
    if (this.missing !== undefined) throw this.missing;
  }
}

export class FakeNotifications implements TaskNotifications {
  readonly failed: TaskRun[] = [];
  readonly succeeded: GraphRun[] = [];

  taskFailed(run: TaskRun): void {
    this.failed.push(run);
  }

  graphSucceeded(run: GraphRun): void {
    this.succeeded.push(run);
  }
}

export function countingIds(): IdSource {
  let next = 0;
  return {
    uuid: () => `uuid-${String((next += 1))}`,
    bytes: (length) => Buffer.alloc(length),
  };
}

/** An engine with everything around it faked, and restartable on the same store. */
export class EngineBench {
  readonly clock = new FakeClock('2026-01-01T09:00:00Z');
  readonly catalog = new FakeCatalog();
  readonly streams = new FakeStreams();
  readonly privileges = new FakePrivileges();
  readonly notifications = new FakeNotifications();
  readonly store: RunStore;
  readonly #ids = countingIds();
  readonly #options: Partial<TaskEngineParts>;
  bodies = new FakeBodies();
  engine: TaskEngine;

  constructor(options: Partial<TaskEngineParts> = {}, store: RunStore = new MemoryRunStore()) {
    this.#options = options;
    this.store = store;
    this.engine = this.#open();
    this.engine.start();
  }

  #open(): TaskEngine {
    return new TaskEngine({
      clock: this.clock,
      ids: this.#ids,
      catalog: this.catalog,
      bodies: this.bodies,
      privileges: this.privileges,
      streams: this.streams,
      notifications: this.notifications,
      store: this.store,
      ...this.#options,
    });
  }

  /** As a kill and a new start: nothing of the old engine's memory is left. */
  async restart(prepare: () => void = () => undefined): Promise<void> {
    this.engine.stop();
    this.bodies = new FakeBodies();
    prepare();
    this.engine = this.#open();
    this.engine.start();
    await settled();
  }

  /** Puts a graph into the catalog and starts a run of it. */
  async execute(graph: GraphContent, config?: string): Promise<void> {
    this.catalog.put(graph);
    void this.engine.execute(graph.rootId, { config, by: 'USER' });
    await settled();
  }

  resume(graph: GraphContent): void {
    this.catalog.put({ ...graph, scheduleBase: this.clock.now() });
    this.catalog.started.add(graph.rootId);
    this.engine.resumed(graph.rootId);
  }

  suspend(rootId: string): void {
    this.catalog.started.delete(rootId);
    this.engine.disarmed(rootId);
  }

  /** Name → state of every task run of the latest graph run. */
  states(): Record<string, string> {
    const run = this.engine.history.graphRuns.at(-1);
    return Object.fromEntries([...(run?.tasks.values() ?? [])].map((task) => [nameOf(task), task.state]));
  }

  graphStates(): string[] {
    return this.engine.history.graphRuns.map((run) => run.state);
  }
}

export function nameOf(run: TaskRun): string {
  return run.graph.version.tasks[run.position]?.name ?? '';
}
