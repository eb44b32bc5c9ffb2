import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FakeClock } from '../../../local-snowflake/platform/clock.ts';
import { TaskServer } from './task-server.ts';

// What is left of tasks and their runs when the server stops and starts again on the same folder.
// https://docs.snowflake.com/en/sql-reference/functions/task_history: history lasts, no run stays EXECUTING for ever

let folder: string;
let tasks: TaskServer;
let clock: FakeClock;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'durable-tasks-'));
  clock = new FakeClock('2026-03-02T12:00:00Z');
  tasks = await TaskServer.start(folder, clock);
  await tasks.run('create database test_db', 'create schema test_db.test_schema', 'create table log (what varchar)');
});

afterEach(async () => {
  await tasks.close();
  await rm(folder, { recursive: true, force: true });
});

async function restart(): Promise<void> {
  await tasks.close();
  tasks = await TaskServer.start(folder, clock);
  await tasks.run('use schema test_db.test_schema');
}

it('history, versions, return values and the graphs themselves last', async () => {
  await tasks.run(
    `create task root warehouse = compute_wh config = '{"a": 1}' as call system$set_return_value('kept')`,
    'create task child warehouse = compute_wh after root as select 1 / 0',
    "select system$task_dependents_enable('root')",
  );
  await tasks.execute('root');
  const query = 'select * from table(information_schema.task_history()) order by name';
  const graphs = 'select * from table(information_schema.complete_task_graphs())';
  const before = [await tasks.rows(query), await tasks.rows(graphs)];
  expect(before[0]).toHaveLength(2);
  await restart();
  expect([await tasks.rows(query), await tasks.rows(graphs)]).toEqual(before);
  await tasks.execute('root');
  expect(await tasks.rows(graphs)).toHaveLength(2);
  expect((await tasks.historyOf('root'))['GRAPH_VERSION']).toBe(1);
});

it('a schedule goes on; a due time that passed meanwhile is not caught up with', async () => {
  await tasks.run(
    "create task hourly warehouse = compute_wh schedule = 'USING CRON 30 * * * * UTC' as insert into log values ('ran')",
    'alter task hourly resume',
  );
  await clock.advanceBy(3_600_000);
  await tasks.settle();
  await tasks.close();
  // Down over 13:30.
  await clock.advanceBy(3_600_000);
  tasks = await TaskServer.start(folder, clock);
  await tasks.run('use schema test_db.test_schema');
  expect(await tasks.value('select count(*) from log')).toBe(1);
  await clock.advanceBy(3_600_000);
  await tasks.settle();
  expect(await tasks.value('select count(*) from log')).toBe(2);
});

it('a run that the stop interrupts ends as failed, and the graph can be retried', async () => {
  await tasks.run(
    "create task root warehouse = compute_wh as insert into log values ('root')",
    'create task waits warehouse = compute_wh after root as call system$wait(3600)',
    "create task behind warehouse = compute_wh after waits as insert into log values ('behind')",
    "select system$task_dependents_enable('root')",
    'execute task root',
  );
  await clock.advanceBy(1000);
  while (
    (await tasks.value(
      "select count(*) from table(information_schema.task_history(task_name => 'waits')) where state = 'EXECUTING'",
    )) === 0
  );
  await restart();
  await tasks.settle();
  expect(await tasks.ended()).toEqual(['ROOT SUCCEEDED', 'WAITS FAILED']);
  expect(await tasks.rows('select * from table(information_schema.current_task_graphs())')).toEqual([]);
  const [graph] = await tasks.rows('select state, graph_run_group_id from table(information_schema.complete_task_graphs())');
  expect(graph?.['STATE']).toBe('FAILED');
  await tasks.run('execute task root retry last');
  const [retry] = await tasks.rows(
    'select graph_run_group_id, attempt_number, scheduled_from from table(information_schema.current_task_graphs())',
  );
  expect(retry).toEqual({ GRAPH_RUN_GROUP_ID: graph?.['GRAPH_RUN_GROUP_ID'], ATTEMPT_NUMBER: 2, SCHEDULED_FROM: 'MANUAL RETRY' });
});

it('a run that was only asked for begins after the start', async () => {
  await tasks.run("create task t1 warehouse = compute_wh as insert into log values ('ran')", 'execute task t1');
  await restart();
  await tasks.settle();
  expect(await tasks.value('select count(*) from log')).toBe(1);
  expect(await tasks.ended()).toEqual(['T1 SUCCEEDED']);
});

it('links to a task that was dropped go with it, also when the server stops in the middle of DROP TASK (drop-task)', async () => {
  await tasks.run(
    'create task root warehouse = compute_wh as select 1',
    'create task child warehouse = compute_wh after root as select 2',
    'create task fin warehouse = compute_wh finalize = root as select 3',
  );
  // What DROP TASK has done by the first of its two steps.
  const { catalog } = tasks.server.service.internals;
  const root = catalog.ofKind('TASK').find(({ name }) => name === 'ROOT');
  if (root === undefined) throw new Error('no task ROOT');
  await catalog.change((change) => {
    catalog.drop(root, change);
  });
  await restart();
  const rows = await tasks.rows('show tasks');
  expect(rows.map((row) => [row['name'], row['task_relations']])).toEqual([
    ['CHILD', '{"Predecessors":[]}'],
    ['FIN', '{"Predecessors":[]}'],
  ]);
  await tasks.run('create task root warehouse = compute_wh as select 4');
  expect(await tasks.rows("select name from table(information_schema.task_dependents('root'))")).toEqual([{ NAME: 'ROOT' }]);
});
