import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TaskGraphServer } from './task-graph-server.ts';

let graphs: TaskGraphServer;

beforeAll(async () => {
  graphs = await TaskGraphServer.start();
});

afterAll(() => graphs.tasks.close());

interface ModelTask {
  readonly body: string;
  readonly after: string | null;
  readonly resumed: boolean;
}

/** Tasks by name as they are now, those in front of which they stand first. */
type ModelTasks = ReadonlyMap<string, ModelTask>;

const root = 'R';

/** One edit; the numbers choose among the tasks that there are. */
const edit = fc.record({
  kind: fc.constantFrom('add', 'body', 'state', 'unlink', 'link', 'drop', 'commit', 'commit', 'execute'),
  task: fc.nat(50),
  other: fc.nat(50),
});

/** What the graph of tasks is to the graph object: the root and all behind it. */
function membersOf(tasks: ModelTasks): Map<string, ModelTask> {
  const reaches = (name: string): boolean => {
    const after = tasks.get(name)?.after ?? null;
    return name === root || (after !== null && reaches(after));
  };
  return new Map([...tasks].filter(([name]) => reaches(name)));
}

class Model {
  readonly tasks = new Map<string, ModelTask>([[root, { body: root, after: null, resumed: false }]]);
  committed = membersOf(this.tasks);
  #made = 0;

  pick(number: number, among: readonly string[]): string | undefined {
    return among[number % Math.max(1, among.length)];
  }

  newName(): string {
    this.#made += 1;
    return `T${String(this.#made)}`;
  }

  change(name: string, change: Partial<ModelTask>): void {
    const task = this.tasks.get(name);
    if (task !== undefined) this.tasks.set(name, { ...task, ...change });
  }

  /** A task that loses its predecessor is on its own, and suspended. */
  unlink(name: string): void {
    this.change(name, { after: null, resumed: false });
  }

  drop(name: string): void {
    this.tasks.delete(name);
    for (const [child, task] of this.tasks) if (task.after === name) this.unlink(child);
  }

  /** All resumed members run: a suspended one is passed over. */
  written(): string[] {
    return [...this.committed].filter(([name, task]) => name === root || task.resumed).map(([, task]) => task.body);
  }

  changes(): string[] {
    const now = membersOf(this.tasks);
    const names = new Set([...this.committed.keys(), ...now.keys()]);
    return [...names].filter((name) => JSON.stringify(this.committed.get(name)) !== JSON.stringify(now.get(name))).sort();
  }
}

/** Does one edit to the account and to the model. */
async function apply(model: Model, { kind, task, other }: { kind: string; task: number; other: number }): Promise<void> {
  const all = [...model.tasks.keys()];
  const any = model.pick(task, all) ?? root;
  const child = model.pick(
    task,
    all.filter((name) => model.tasks.get(name)?.after !== null),
  );
  switch (kind) {
    case 'add': {
      const name = model.newName();
      await graphs.run(`create task ${name} after ${any} as insert into log values ('${name}')`, `alter task ${name} resume`);
      model.tasks.set(name, { body: name, after: any, resumed: true });
      return;
    }
    case 'body': {
      const body = `${any} ${String(other)}`;
      await graphs.run(`alter task ${any} modify as insert into log values ('${body}')`);
      model.change(any, { body });
      return;
    }
    case 'state': {
      if (child === undefined) return;
      const resumed = model.tasks.get(child)?.resumed !== true;
      await graphs.run(`alter task ${child} ${resumed ? 'resume' : 'suspend'}`);
      model.change(child, { resumed });
      return;
    }
    case 'unlink': {
      if (child === undefined) return;
      await graphs.run(`alter task ${child} remove after ${model.tasks.get(child)?.after ?? ''}`);
      model.unlink(child);
      return;
    }
    case 'link': {
      const alone = model.pick(
        task,
        all.filter((name) => name !== root && model.tasks.get(name)?.after === null),
      );
      const members = [...membersOf(model.tasks).keys()];
      const predecessor = model.pick(other, members);
      if (alone === undefined || predecessor === undefined) return;
      await graphs.run(`alter task ${alone} add after ${predecessor}`);
      model.change(alone, { after: predecessor });
      return;
    }
    case 'drop': {
      if (any === root) return;
      const refusal = await graphs.refusal(`drop task ${any}`);
      if (model.committed.has(any)) expect(refusal).toContain('committed version');
      else {
        expect(refusal).toBe('accepted');
        model.drop(any);
      }
      return;
    }
    case 'commit':
      await graphs.run('alter task graph g commit');
      model.committed = membersOf(model.tasks);
      return;
    default:
      await graphs.execute();
      expect((await graphs.written()).map(String).toSorted()).toEqual(model.written().toSorted());
  }
}

// https://docs.snowflake.com/en/user-guide/task-graph-object, https://docs.snowflake.com/en/sql-reference/functions/task_graph_changes
it('what runs is what was committed last, whatever is done to the tasks; TASK_GRAPH_CHANGES tells the difference', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 6, maxLength: 14 }), async (edits) => {
      await graphs.clear();
      const model = new Model();
      await graphs.run(`create task ${root} as insert into log values ('${root}')`, `create task graph g roots = (${root})`);
      await graphs.run('alter task graph g commit');
      for (const each of edits) await apply(model, each);
      expect((await graphs.changes()).map((row) => String(row['ENTITY_NAME'])).toSorted()).toEqual(model.changes());
      await apply(model, { kind: 'execute', task: 0, other: 0 });
    }),
    { numRuns: 8 },
  );
}, 120_000);
