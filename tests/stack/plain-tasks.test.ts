import { afterAll, beforeAll, expect, test } from 'vitest';

import { type LocalServer, startLocalServer } from '../support/local-server.ts';
import type { SdkConnection } from '../support/sdk-connection.ts';
import type { PlainTask } from './programs/plain-tasks-program.ts';
import { StackProject } from './support/stack-project.ts';

// `snowflake.Task` by itself, without this project's components, through the real engine and the real provider: one graph that each
// test changes further. One task at a time: the provider suspends and resumes the root for each by itself, so two at once get into each
// other's way (which is why this project's own graphs have a hold). https://registry.terraform.io/providers/snowflakedb/snowflake/latest/docs/resources/task
let server: LocalServer;
let admin: SdkConnection;
let project: StackProject;
beforeAll(async () => {
  server = await startLocalServer();
  admin = await server.connect();
  for (const statement of ['CREATE DATABASE LAB', 'CREATE SCHEMA LAB.PLAIN', 'CREATE WAREHOUSE LAB_WH']) {
    await admin.run(statement);
  }
  project = new StackProject({ server, program: 'plain-tasks-program.ts' });
  await project.create();
});
afterAll(async () => {
  project?.remove();
  await server?.close();
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
  project.write('tasks.json', JSON.stringify(tasks));
  await project.succeed('up', '--yes', '--skip-preview', '--parallel=1');
  expect(await project.preview()).toEqual([]);
  return shown();
}

/** The tasks as the account shows them, `+` for those that are resumed. */
async function shown(): Promise<readonly string[]> {
  const { rows } = await admin.run('SHOW TASKS IN SCHEMA LAB.PLAIN');
  const nameOf = (qualified: string): string => qualified.split('.').at(-1)?.replaceAll('"', '') ?? '';
  return rows.map((row) => {
    const relations = JSON.parse(String(row['task_relations'])) as { Predecessors: string[]; FinalizedRootTask?: string };
    return [
      `${row['state'] === 'started' ? '+' : '-'} ${String(row['name'])}`,
      ...(row['schedule'] === null ? [] : ['scheduled']),
      ...(relations.Predecessors.length === 0 ? [] : [`after ${relations.Predecessors.map(nameOf).toSorted().join(', ')}`]),
      ...(relations.FinalizedRootTask === undefined ? [] : [`finalizes ${nameOf(relations.FinalizedRootTask)}`]),
    ].join(' ');
  });
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
  await project.succeed('refresh', '--yes', '--skip-preview');
  expect(await deployed(task('begin', daily), task('root', { after: ['begin'] }), ...rest)).toEqual([
    '+ A after ROOT',
    '+ B after A',
    '+ BEGIN scheduled',
    '+ JOINED after A, B',
    '+ ROOT after BEGIN',
  ]);
});

test('the graph is taken away', async () => {
  await project.succeed('destroy', '--yes', '--skip-preview', '--parallel=1');
  expect(await shown()).toEqual([]);
});
