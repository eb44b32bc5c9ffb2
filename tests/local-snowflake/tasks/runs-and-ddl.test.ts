import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SdkRow } from '../../support/sdk-connection.ts';
import { TaskServer } from './task-server.ts';

let tasks: TaskServer;

beforeEach(async () => {
  tasks = await TaskServer.start();
  await tasks.run(
    'create warehouse task_wh',
    'create database test_db',
    'create schema test_db.test_schema',
    'use schema test_db.test_schema',
    'create table log (what varchar)',
    "create task t warehouse = task_wh as begin call system$wait(600); insert into log values ('old'); end",
    'execute task t',
  );
  await tasks.clock.advanceBy(1000);
  await running();
});

afterEach(async () => {
  await tasks.close();
});

const history = (): Promise<readonly SdkRow[]> =>
  tasks.rows("select * from table(information_schema.task_history(task_name => 't'))");

/** The run once its body has begun; it then waits for ten minutes of the test's clock. */
async function running(): Promise<SdkRow> {
  for (;;) {
    const run = (await history()).find((row) => row['STATE'] === 'EXECUTING');
    if (run !== undefined) return run;
  }
}

/** Lets time pass until nothing runs any more. */
async function ended(): Promise<readonly SdkRow[]> {
  for (;;) {
    await tasks.clock.advanceBy(60_000);
    const rows = await history();
    if (rows.every((row) => row['STATE'] !== 'EXECUTING')) return rows;
  }
}

const logged = (): Promise<unknown> => tasks.value("select listagg(what, ',') within group (order by what) from log");

// https://docs.snowflake.com/en/sql-reference/sql/create-task (OR REPLACE), alter-task and drop-task (usage notes)
describe('a run under way', () => {
  it('is completed with the code it began with when its task is replaced, and is stopped by the id of its query alone', async () => {
    await tasks.run("create or replace task t warehouse = task_wh as insert into log values ('new')");
    expect(await tasks.value("select system$user_task_cancel_ongoing_executions('t')")).toContain(
      'Task T has no currently running executions.',
    );
    await ended();
    expect(await logged()).toBe('old');
    await tasks.execute('t');
    expect(await logged()).toBe('new,old');
    // A replaced task is another one, whose versions begin anew.
    const rows = await history();
    expect(rows.map((row) => row['GRAPH_VERSION'])).toEqual([1, 1]);
    expect(new Set(rows.map((row) => row['ROOT_TASK_ID'])).size).toBe(2);
  });

  it('is stopped by SYSTEM$CANCEL_QUERY after its task was replaced', async () => {
    const { QUERY_ID: query } = await running();
    await tasks.run("create or replace task t warehouse = task_wh as insert into log values ('new')");
    await tasks.run(`select system$cancel_query('${String(query)}')`);
    expect(await ended()).toMatchObject([{ STATE: 'CANCELLED', QUERY_ID: query }]);
    expect(await logged()).toBe('');
  });

  it('is completed when its task is suspended, and when it is dropped', async () => {
    await tasks.run('alter task t suspend', 'drop task t');
    expect(await ended()).toMatchObject([{ STATE: 'SUCCEEDED', NAME: 'T' }]);
    expect(await logged()).toBe('old');
  });

  it('keeps the version that it began with when its task is modified', async () => {
    await tasks.run("alter task t modify as insert into log values ('new')");
    await ended();
    expect(await logged()).toBe('old');
    await tasks.execute('t');
    expect(await logged()).toBe('new,old');
    expect((await history()).map((row) => row['GRAPH_VERSION'])).toEqual([2, 1]);
  });
});
