import { afterAll, beforeAll, expect, test } from 'vitest';

import type { PlainTask } from './programs/plain-tasks-program.ts';
import { TaskLab } from './support/task-lab.ts';

// `snowflake.Task` by itself, without this project's components, through the real engine and the real provider: one graph that each
// test changes further. One task at a time: the provider suspends and resumes the root for each by itself, so two at once get into each
// other's way (which is why this project's own graphs have a hold). https://registry.terraform.io/providers/snowflakedb/snowflake/latest/docs/resources/task
let lab: TaskLab;
beforeAll(async () => {
  lab = await TaskLab.open('plain-tasks-program.ts', 'PLAIN');
});
afterAll(async () => {
  await lab?.close();
});

const daily = { schedule: { minutes: 1440 } };
const task = (key: string, more: Partial<PlainTask> = {}): PlainTask => ({
  key,
  name: key.toUpperCase(),
  sqlStatement: `SELECT '${key}'`,
  started: true,
  ...more,
});

/** Deploys and gives what is then there; a preview finds nothing left to do. */
async function deployed(...tasks: readonly PlainTask[]): Promise<readonly string[]> {
  lab.project.write('tasks.json', JSON.stringify(tasks));
  await lab.project.succeed('up', '--yes', '--skip-preview', '--parallel=1');
  expect(await lab.project.preview()).toEqual([]);
  return shown();
}

/** The tasks as the account shows them, `+` for those that are resumed. */
async function shown(): Promise<readonly string[]> {
  return (await lab.tasks()).map((task) =>
    [
      `${task.started ? '+' : '-'} ${task.name}`,
      ...(task.schedule === null ? [] : ['scheduled']),
      ...(task.after.length === 0 ? [] : [`after ${task.after.join(', ')}`]),
      ...(task.finalizes === undefined ? [] : [`finalizes ${task.finalizes}`]),
    ].join(' '),
  );
}

test('a graph is created', async () => {
  expect(
    await deployed(
      task('root', daily),
      task('a', { after: ['root'] }),
      task('b', { after: ['root'] }),
      task('both', { after: ['a', 'b'] }),
      task('end', { finalize: 'root' }),
    ),
  ).toEqual(['+ A after ROOT', '+ B after ROOT', '+ BOTH after A, B', '+ END finalizes ROOT', '+ ROOT scheduled']);
});

test('predecessors come and go, a task is renamed, another one is the finalizer', async () => {
  expect(
    await deployed(
      task('root', daily),
      task('a', { after: ['root'] }),
      task('b', { after: ['root', 'a'] }),
      task('both', { after: ['b'], name: 'JOINED' }),
      task('end', { finalize: 'root', name: 'LAST' }),
    ),
  ).toEqual(['+ A after ROOT', '+ B after A, ROOT', '+ JOINED after B', '+ LAST finalizes ROOT', '+ ROOT scheduled']);
});

test('another root takes the place of the first, which is then a child; there is no finalizer', async () => {
  const rest = [task('a', { after: ['root'] }), task('b', { after: ['a'] }), task('both', { after: ['a', 'b'], name: 'JOINED' })];
  expect(await deployed(task('root', daily), ...rest)).toEqual([
    '+ A after ROOT',
    '+ B after A',
    '+ JOINED after A, B',
    '+ ROOT scheduled',
  ]);
  // Without it the provider ends in a panic of its own: a root's state has no list of predecessors to compare with.
  await lab.project.succeed('refresh', '--yes', '--skip-preview');
  expect(await deployed(task('begin', daily), task('root', { after: ['begin'] }), ...rest)).toEqual([
    '+ A after ROOT',
    '+ B after A',
    '+ BEGIN scheduled',
    '+ JOINED after A, B',
    '+ ROOT after BEGIN',
  ]);
});

test('the graph is taken away', async () => {
  await lab.project.succeed('destroy', '--yes', '--skip-preview', '--parallel=1');
  expect(await shown()).toEqual([]);
});
