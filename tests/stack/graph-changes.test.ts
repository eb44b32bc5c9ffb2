import { afterAll, beforeAll, expect, test } from 'vitest';

import type { DescribedGraph } from './programs/graph-program.ts';
import { TaskLab } from './support/task-lab.ts';

// One live graph that becomes another again and again: tasks are renamed, take one another's places, and leave in every order.
let lab: TaskLab;
beforeAll(async () => {
  lab = await TaskLab.open('graph-program.ts', 'GRAPHS');
});
afterAll(async () => {
  await lab?.close();
});

/** `A > B C; B C > D; finally F`: what follows what, predecessors first. */
function graphOf(text: string): DescribedGraph {
  const after = new Map<string, string[]>();
  let finalizer: string | undefined;
  for (const part of text.split(';').map((each) => each.trim())) {
    if (part.startsWith('finally ')) finalizer = part.slice('finally '.length);
    else {
      const [before = '', behind = ''] = part.split('>').map((side) => side.trim());
      const sources = before.split(' ');
      for (const source of sources) if (!after.has(source)) after.set(source, []);
      for (const name of behind === '' ? [] : behind.split(' ')) after.set(name, [...(after.get(name) ?? []), ...sources]);
    }
  }
  const task = (name: string) => ({ name, body: `SELECT '${name}'` });
  return {
    schedule: '1d',
    tasks: [...after].map(([name, predecessors]) => ({ ...task(name), after: predecessors })),
    ...(finalizer === undefined ? {} : { finalizer: task(finalizer) }),
  };
}

/** What an account is to show: all of it resumed. */
const wanted = ({ tasks, finalizer }: DescribedGraph): readonly string[] =>
  [
    ...tasks.map(({ name, after = [] }) => `${name} after ${after.toSorted().join(' ')}`),
    ...(finalizer === undefined ? [] : [`${finalizer.name} finalizes ${tasks[0]?.name ?? ''}`]),
  ]
    .map((line) => `started ${line}`)
    .toSorted();

async function shown(): Promise<readonly string[]> {
  return (await lab.tasks())
    .map(({ name, started, after, finalizes }) => {
      const place = finalizes === undefined ? `after ${after.join(' ')}` : `finalizes ${finalizes}`;
      return `${started ? 'started' : 'suspended'} ${name} ${place}`;
    })
    .toSorted();
}

async function expectDeployed(text: string): Promise<void> {
  const graph = graphOf(text);
  lab.project.write('graph.json', JSON.stringify(graph));
  await lab.project.succeed('up', '--yes', '--skip-preview', '--refresh');
  expect(await shown()).toEqual(wanted(graph));
  expect(await lab.project.preview()).toEqual([]);
}

const chain = 'A > B; B > C; finally F';

test('a chain with a finalizer', () => expectDeployed(chain));

test('a root gets predecessors only after a refresh; without one nothing is changed', async () => {
  lab.project.write('graph.json', JSON.stringify(graphOf('C > B; B > A; finally F')));
  const { code, output } = await lab.project.up();
  expect(code).not.toBe(0);
  expect(output).toContain('A, which was the root of this graph, is to come after other tasks.');
  expect(output).toContain('run "pulumi up --refresh"');
  expect(await shown()).toEqual(wanted(graphOf(chain)));
});

test.each([
  ['the chain the other way round', 'C > B; B > A; finally F'],
  ['root and finalizer renamed', 'C2 > B; B > A; finally F2'],
  ['the finalizer inside, another at the end', 'C2 > F2; F2 > B; finally A'],
  ['root and finalizer change places', 'A > F2; F2 > B; finally C2'],
  ['the root at the end, a diamond in place of the chain', 'B > X Y; X Y > JOIN; finally A'],
  ['one task alone', 'X'],
])('%s', (_, text) => expectDeployed(text));
