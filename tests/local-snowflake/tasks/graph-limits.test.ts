import { describe, expect, it } from 'vitest';
import { checkShape, graphLimits, type ProposedTask } from '../../../local-snowflake/objects/task/graph-rules.ts';
import type { GraphTask, TaskGraph } from '../../../local-snowflake/objects/task/task-graph.ts';

/** Tasks by name, without an account. */
class Tasks implements TaskGraph {
  readonly #tasks = new Map<string, GraphTask>();
  readonly #children = new Map<string, string[]>();

  add(name: string, predecessors: readonly string[], finalizes: string | null = null): void {
    this.#tasks.set(name, task(name, predecessors, finalizes));
    for (const predecessor of predecessors) this.#children.set(predecessor, [...(this.#children.get(predecessor) ?? []), name]);
  }

  get(name: string): GraphTask | undefined {
    return this.#tasks.get(name);
  }

  childrenOf(name: string): string[] {
    return this.#children.get(name) ?? [];
  }

  finalizerOf(name: string): string | undefined {
    return [...this.#tasks.values()].find((each) => each.finalizes === name)?.name;
  }
}

function task(name: string, predecessors: readonly string[], finalizes: string | null = null): ProposedTask {
  return {
    name,
    predecessors,
    finalizes,
    owner: 'role',
    started: false,
    hasSchedule: false,
    hasConfig: false,
    overlap: undefined,
    hasRetries: false,
  };
}

const naming = { plain: (name: string) => name, qualified: (name: string) => name };
const check = (tasks: Tasks, proposed: ProposedTask): void => {
  checkShape(tasks, proposed, naming);
};

// https://docs.snowflake.com/en/user-guide/tasks-graphs (Considerations)
describe('a task graph', () => {
  it('has at most 1,000 tasks, with its root and its finalizer', () => {
    const tasks = new Tasks();
    tasks.add('ROOT', []);
    for (let index = 1; index < 999; index += 1) tasks.add(`T${String(index)}`, [index === 1 ? 'ROOT' : `T${String(index - 1)}`]);
    check(tasks, task('LAST', ['T5']));
    check(tasks, task('FINAL', [], 'ROOT'));
    tasks.add('LAST', ['T5']);
    expect(() => {
      check(tasks, task('MORE', ['T7']));
    }).toThrow(/1,?000/u);
    expect(() => {
      check(tasks, task('FINAL', [], 'ROOT'));
    }).toThrow(/1,?000/u);
  });

  it('has at most 100 predecessors and 100 children at each task', () => {
    const tasks = new Tasks();
    tasks.add('ROOT', []);
    const names = Array.from({ length: 100 }, (_, index) => `T${String(index)}`);
    for (const name of names) tasks.add(name, ['ROOT']);
    check(tasks, task('JOIN', names));
    expect(() => {
      check(tasks, task('JOIN', ['ROOT', ...names]));
    }).toThrow(/100/u);
    expect(() => {
      check(tasks, task('CHILD', ['ROOT']));
    }).toThrow(/100/u);
  });

  it('belongs to an account with at most 30,000 started tasks (create-task)', () => {
    expect(graphLimits.started).toBe(30_000);
  });
});
