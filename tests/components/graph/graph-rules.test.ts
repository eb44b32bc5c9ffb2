import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { graphLimits, graphProblems, type RuledTask, topologicalOrder } from '../../../components/graph/graph-rules.ts';

/** A graph with one root in which every task comes after some of the tasks before it. */
const graphs = fc
  .array(fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), { maxLength: 30 })
  .map((choices): readonly RuledTask[] => [
    { name: 'T0', after: [] },
    ...choices.map((picks, index) => ({
      name: `T${index + 1}`,
      after: [...new Set(picks.map((pick) => `T${pick % (index + 1)}`))],
    })),
  ]);

describe('graphProblems', () => {
  it('finds nothing wrong with a graph that has one root and no cycle, in whatever order it is written', () => {
    fc.assert(
      fc.property(
        graphs.chain((tasks) => fc.shuffledSubarray([...tasks], { minLength: tasks.length })),
        (tasks) => {
          expect(graphProblems({ tasks })).toEqual([]);
        },
      ),
    );
  });

  it('finds the cycle that one more link closes, and names tasks that are on it', () => {
    fc.assert(
      fc.property(graphs, fc.nat(), fc.nat(), (tasks, from, to) => {
        // A link from a task to one of its descendants closes a cycle.
        const low = tasks[from % tasks.length]?.name ?? '';
        const descendants = descendantsOf(tasks, low);
        const high = descendants[to % Math.max(1, descendants.length)];
        fc.pre(high !== undefined && !tasks.find(({ name }) => name === low)?.after.includes(high));
        const closed = tasks.map((task) => (task.name === low ? { ...task, after: [...task.after, high ?? ''] } : task));
        const problems = graphProblems({ tasks: closed });
        expect(problems).toHaveLength(1);
        expect(problems[0]).toContain('is a cycle');
        const onCycle = (problems[0] ?? '').split(' is a cycle')[0]?.split(' → ') ?? [];
        expect(onCycle[0]).toBe(onCycle.at(-1));
        for (const [index, name] of onCycle.slice(1).entries()) {
          expect(closed.find((task) => task.name === name)?.after).toContain(onCycle[index]);
        }
      }),
    );
  });

  it('names both roots', () => {
    fc.assert(
      fc.property(graphs, (tasks) => {
        const problems = graphProblems({ tasks: [...tasks, { name: 'LONER', after: [] }] });
        expect(problems).toEqual([expect.stringMatching(/^T0 and LONER have no predecessor/u)]);
      }),
    );
  });

  it('names the task and the predecessor that does not exist', () => {
    const tasks = [
      { name: 'A', after: [] },
      { name: 'B', after: ['X'] },
    ];
    expect(graphProblems({ tasks })).toEqual(['B comes after X, which is not a task of this graph']);
  });

  it.each([
    [[{ name: 'A', after: ['A'] }], 'A comes after itself'],
    [
      [
        { name: 'A', after: [] },
        { name: 'B', after: ['A', 'A'] },
      ],
      'B names A twice as its predecessor',
    ],
    [
      [
        { name: 'A', after: [] },
        { name: 'A', after: [] },
      ],
      'two tasks are called A',
    ],
    [[{ name: 'prepare data', after: [] }], '"prepare data" is no task name'],
    [[], 'it has no task'],
  ])('refuses %j', (tasks, problem) => {
    expect(graphProblems({ tasks })[0]).toContain(problem);
  });

  it('refuses a finalizer with children', () => {
    const tasks = [
      { name: 'A', after: [] },
      { name: 'B', after: ['END'] },
    ];
    expect(graphProblems({ tasks, finalizer: 'END' })[0]).toContain('B comes after END, which is the finalizer');
  });

  it('refuses a branch on a task that does not come before', () => {
    const tasks = [
      { name: 'A', after: [] },
      { name: 'B', after: ['A'] },
      { name: 'C', after: ['A'], branchOf: 'B' },
    ];
    expect(graphProblems({ tasks })).toEqual(['C runs depending on what B returns, but does not come after it']);
  });

  it('accepts a branch on a task further up', () => {
    const tasks = [
      { name: 'A', after: [] },
      { name: 'B', after: ['A'] },
      { name: 'C', after: ['B'], branchOf: 'A' },
    ];
    expect(graphProblems({ tasks })).toEqual([]);
  });

  // https://docs.snowflake.com/en/user-guide/tasks-graphs
  it('keeps the limits of 1000 tasks, 100 predecessors and 100 children', () => {
    const children = (count: number): readonly RuledTask[] => [
      { name: 'ROOT', after: [] },
      ...Array.from({ length: count }, (_, index) => ({ name: `C${index}`, after: ['ROOT'] })),
    ];
    expect(graphProblems({ tasks: children(graphLimits.children) })).toEqual([]);
    expect(graphProblems({ tasks: children(graphLimits.children + 1) })).toEqual(['ROOT has 101 children; Snowflake allows 100']);

    const join = (count: number): readonly RuledTask[] => [
      { name: 'ROOT', after: [] },
      ...Array.from({ length: 2 }, (_, index) => ({ name: `HALF${index}`, after: ['ROOT'] })),
      ...Array.from({ length: count }, (_, index) => ({ name: `C${index}`, after: [`HALF${index % 2}`] })),
      { name: 'JOIN', after: Array.from({ length: count }, (_, index) => `C${index}`) },
    ];
    expect(graphProblems({ tasks: join(100) })).toEqual([]);
    expect(graphProblems({ tasks: join(101) })).toEqual(['JOIN has 101 predecessors; Snowflake allows 100']);

    const chain = (count: number): readonly RuledTask[] =>
      Array.from({ length: count }, (_, index) => ({ name: `T${index}`, after: index === 0 ? [] : [`T${index - 1}`] }));
    expect(graphProblems({ tasks: chain(999), finalizer: 'END' })).toEqual([]);
    expect(graphProblems({ tasks: chain(1000), finalizer: 'END' })).toEqual(['it has 1001 tasks; Snowflake allows 1000']);
  });
});

describe('topologicalOrder', () => {
  it('puts every task behind its predecessors', () => {
    fc.assert(
      fc.property(graphs, (tasks) => {
        const order = topologicalOrder(tasks);
        expect(order.toSorted()).toEqual(tasks.map(({ name }) => name).toSorted());
        for (const { name, after } of tasks) {
          for (const predecessor of after) expect(order.indexOf(predecessor)).toBeLessThan(order.indexOf(name));
        }
      }),
    );
  });
});

function descendantsOf(tasks: readonly RuledTask[], name: string): readonly string[] {
  const found = new Set<string>();
  const waiting = [name];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const task of tasks) {
      if (task.after.includes(next) && !found.has(task.name)) {
        found.add(task.name);
        waiting.push(task.name);
      }
    }
  }
  return [...found];
}
