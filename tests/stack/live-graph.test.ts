import { afterAll, beforeAll, expect, test } from 'vitest';

import type { DescribedGraph } from './programs/graph-program.ts';
import { TaskLab } from './support/task-lab.ts';

// One graph that is changed step by step: each test goes on where the one before it ended.
let lab: TaskLab;
beforeAll(async () => {
  lab = await TaskLab.open('graph-program.ts', 'GRAPHS');
});
afterAll(async () => {
  await lab?.close();
});

const prepare = { name: 'PREPARE', body: 'SELECT 1' };
const train = { name: 'TRAIN', body: 'SELECT 2', after: ['PREPARE'] };
const check = { name: 'CHECK', body: 'SELECT 3', after: ['TRAIN'] };
const cleanup = { name: 'CLEANUP', body: 'SELECT 9' };
const daily: DescribedGraph = { schedule: '1d', config: { model: 'M' }, tasks: [prepare, train, check], finalizer: cleanup };
const dailyTasks = [
  '+ CHECK (SELECT 3) after TRAIN',
  '+ CLEANUP (SELECT 9) finalizes PREPARE',
  '+ PREPARE (SELECT 1) every 1440 MINUTE',
  '+ TRAIN (SELECT 2) after PREPARE',
];

/** The tasks as an account shows them, `+` for those that are resumed. */
async function tasks(): Promise<readonly string[]> {
  return (await lab.tasks()).map((task) =>
    [
      task.started ? '+' : '-',
      task.name,
      `(${task.definition})`,
      ...(task.schedule === null ? [] : [`every ${task.schedule}`]),
      ...(task.after.length === 0 ? [] : [`after ${task.after.join(', ')}`]),
      ...(task.finalizes === undefined ? [] : [`finalizes ${task.finalizes}`]),
    ].join(' '),
  );
}

const describeGraph = (graph: DescribedGraph): void => lab.project.write('graph.json', JSON.stringify(graph));

/** Deploys the graph and gives what is then there; throws when a preview finds something left to do. */
async function deployed(graph: DescribedGraph): Promise<readonly string[]> {
  describeGraph(graph);
  await lab.project.succeed('up', '--yes', '--skip-preview');
  expect(await lab.project.preview()).toEqual([]);
  return tasks();
}

test('a new graph runs once all of it is there, and nothing is left to do, not even after a refresh', async () => {
  expect(await deployed(daily)).toEqual(dailyTasks);
  await lab.project.succeed('refresh', '--yes', '--skip-preview');
  expect(await lab.project.preview()).toEqual([]);
});

test('a changed task is an update of that task alone, made under a suspended root', async () => {
  describeGraph({ ...daily, tasks: [prepare, { ...train, body: 'SELECT 22' }, check] });
  expect(await lab.project.preview()).toEqual([
    { op: 'update', resource: 'GraphActivation lab-activation', changes: ['generation'] },
    { op: 'update', resource: 'GraphHold lab-hold', changes: ['definitions'] },
    { op: 'update', resource: 'Task lab-train', changes: ['sqlStatement'] },
  ]);
  const { output } = await lab.project.succeed('preview');
  // The engine prints what resources say in an order of its own.
  const statements = output.match(/^ {4}ALTER TASK "LAB"."GRAPHS"."\w+" \w+;$/gmu)?.map((line) => line.trim());
  expect(statements?.sort()).toEqual([
    'ALTER TASK "LAB"."GRAPHS"."PREPARE" RESUME;',
    'ALTER TASK "LAB"."GRAPHS"."PREPARE" SUSPEND;',
  ]);
  const { output: said } = await lab.project.succeed('up', '--yes', '--skip-preview');
  expect(said).toMatch(/PREPARE is suspended while its graph changes[^]+GraphActivation lab-activation updated/u);
  expect(await tasks()).toEqual(dailyTasks.with(3, '+ TRAIN (SELECT 22) after PREPARE'));
});

test('tasks come and go, in the middle and at the end', async () => {
  const split = { name: 'SPLIT', body: 'SELECT 4', after: ['PREPARE'] };
  const alert = { name: 'ALERT', body: 'SELECT 5', after: ['TRAIN', 'CHECK'] };
  const larger = { ...daily, tasks: [prepare, split, { ...train, after: ['SPLIT'] }, check, alert] };
  expect(await deployed(larger)).toEqual([
    '+ ALERT (SELECT 5) after CHECK, TRAIN',
    ...dailyTasks.slice(0, 3),
    '+ SPLIT (SELECT 4) after PREPARE',
    '+ TRAIN (SELECT 2) after SPLIT',
  ]);
  expect(await deployed(daily)).toEqual(dailyTasks);
});

test('another root and another finalizer take the places of those before them', async () => {
  const begin = { name: 'BEGIN', body: 'SELECT 0' };
  const tidy = { name: 'TIDY', body: 'SELECT 10' };
  const led = { ...daily, tasks: [begin, { ...prepare, after: ['BEGIN'] }, train, check], finalizer: tidy };
  expect(await deployed(led)).toEqual([
    '+ BEGIN (SELECT 0) every 1440 MINUTE',
    '+ CHECK (SELECT 3) after TRAIN',
    '+ PREPARE (SELECT 1) after BEGIN',
    '+ TIDY (SELECT 10) finalizes BEGIN',
    '+ TRAIN (SELECT 2) after PREPARE',
  ]);
  expect(await deployed(daily)).toEqual(dailyTasks);
});

test('a graph without a schedule waits to be run', async () => {
  const { schedule: _, ...rest } = daily;
  expect(await deployed({ ...rest, schedule: 'none', config: { model: 'N' } })).toEqual(dailyTasks.with(2, '- PREPARE (SELECT 1)'));
  expect(await deployed({ ...rest, schedule: '0 3 * * * Europe/Berlin' })).toEqual(
    dailyTasks.with(2, '+ PREPARE (SELECT 1) every USING CRON 0 3 * * * Europe/Berlin'),
  );
});

test('an update that fails half-way says what it left, and the next one completes it', async () => {
  await lab.admin.run('CREATE TASK LAB.GRAPHS.EXTRA AS SELECT 1');
  const extra = { name: 'EXTRA', body: 'SELECT 6', after: ['CHECK'] };
  const wanted = { ...daily, tasks: [prepare, { ...train, body: 'SELECT 23' }, check, extra] };
  describeGraph(wanted);
  const { code, output } = await lab.project.up();
  expect(code).not.toBe(0);
  expect(output).toContain("Object 'LAB.GRAPHS.EXTRA' already exists.");
  expect(output).toContain('Root task PREPARE is suspended while its graph changes. Should this update stop half-way it stays so');
  expect(await tasks()).toContain('- PREPARE (SELECT 1) every 1440 MINUTE');

  await lab.admin.run('DROP TASK LAB.GRAPHS.EXTRA');
  expect(await deployed(wanted)).toEqual([
    ...dailyTasks.slice(0, 2),
    '+ EXTRA (SELECT 6) after CHECK',
    '+ PREPARE (SELECT 1) every 1440 MINUTE',
    '+ TRAIN (SELECT 23) after PREPARE',
  ]);
});

test('tasks that were suspended by hand are found without a refresh, and resumed', async () => {
  for (const name of ['PREPARE', 'CHECK']) await lab.admin.run(`ALTER TASK LAB.GRAPHS.${name} SUSPEND`);
  const { code, output } = await lab.project.run('preview', '--expect-no-changes');
  expect(code).not.toBe(0);
  expect(output).toContain('task CHECK is suspended; task PREPARE is suspended');
  expect(await deployed(daily)).toEqual(dailyTasks);
});

test('what was changed by hand is shown by a refresh, and mended', async () => {
  for (const statement of [
    'PREPARE SUSPEND',
    "PREPARE SET SCHEDULE = '5 MINUTE'",
    'CHECK REMOVE AFTER LAB.GRAPHS.TRAIN',
    'CHECK ADD AFTER LAB.GRAPHS.PREPARE',
    'CHECK RESUME',
    'TRAIN MODIFY AS SELECT 666',
    'PREPARE RESUME',
  ]) {
    await lab.admin.run(`ALTER TASK LAB.GRAPHS.${statement}`);
  }
  await lab.project.succeed('refresh', '--yes', '--skip-preview');
  const steps = await lab.project.preview();
  expect(steps.filter(({ resource }) => resource.startsWith('Task'))).toEqual([
    { op: 'update', resource: 'Task lab-check', changes: ['afters[0]'] },
    { op: 'update', resource: 'Task lab-prepare', changes: ['schedule.minutes', 'started'] },
    { op: 'update', resource: 'Task lab-train', changes: ['sqlStatement'] },
  ]);
  expect(await deployed(daily)).toEqual(dailyTasks);
});

test('a graph that is destroyed leaves nothing', async () => {
  await lab.project.succeed('destroy', '--yes', '--skip-preview');
  expect(await tasks()).toEqual([]);
});
