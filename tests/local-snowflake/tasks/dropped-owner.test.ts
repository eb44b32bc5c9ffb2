import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SdkConnection, SdkRow } from '../../support/sdk-connection.ts';
import { TaskServer } from './task-server.ts';

// https://docs.snowflake.com/en/user-guide/tasks-intro (Drop a task owner role): "If you drop the role while the task is running, the task run
// completes processing under the dropped role."
describe('a run whose owner role is dropped', () => {
  let folder: string;
  let tasks: TaskServer;
  let maker: SdkConnection;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dropped-owner-'));
    tasks = await TaskServer.start(folder);
    await tasks.run(
      'create database test_db',
      'create schema test_db.test_schema',
      'use schema test_db.test_schema',
      'create table log (what varchar)',
      'create table elsewhere (n int)',
      'create role helper',
      'create role maker',
      'grant execute task on account to role maker',
      'grant usage on warehouse compute_wh to role maker',
      'grant usage on database test_db to role maker',
      'grant usage, create task, create table on schema test_schema to role maker',
      'grant select, insert on table log to role maker',
      'grant insert on table elsewhere to role helper',
      'grant role helper to role maker',
      'grant role maker to user local_admin',
    );
    maker = await tasks.connect({ role: 'MAKER', database: 'TEST_DB', schema: 'TEST_SCHEMA' });
    const definitions = [
      'use secondary roles none',
      'create table mine (n int)',
      `create task root warehouse = compute_wh task_auto_retry_attempts = 1 as begin
        call system$wait(600);
        insert into log select 'root as ' || current_role();
        insert into mine values (1);
        insert into elsewhere values (1);
        create table made as select 7 as n;
        insert into made select n + 1 from made;
      end`,
      "create task child warehouse = compute_wh after root as insert into log select 'child as ' || current_role()",
      'alter task child resume',
      'execute task root',
    ];
    for (const sql of definitions) await maker.run(sql);
    await tasks.clock.advanceBy(1000);
    while (!(await history()).some((row) => row['STATE'] === 'EXECUTING'));
  });

  afterEach(async () => {
    await tasks.close();
    await rm(folder, { recursive: true, force: true });
  });

  const history = (): Promise<readonly SdkRow[]> =>
    tasks.rows(
      "select * from table(test_db.information_schema.task_history()) where state <> 'SCHEDULED' order by query_start_time",
    );

  /** Lets the body come to the end of its wait, and the graph to its own. */
  async function end(): Promise<readonly SdkRow[]> {
    for (;;) {
      await tasks.clock.advanceBy(60_000);
      if (
        (await tasks.rows("select 1 from table(test_db.information_schema.current_task_graphs()) where state = 'EXECUTING'"))
          .length === 0
      )
        return history();
    }
  }

  it("completes under it, with the tasks behind it; what it made is its heir's", async () => {
    await tasks.run('drop role maker');
    // Clients have nothing of it any more.
    expect(await tasks.refusal('select * from mine', maker)).toMatch(/does not exist|not authorized|No current/iu);
    const runs = await end();
    expect(runs.map((row) => [row['NAME'], row['STATE'], row['ERROR_MESSAGE']])).toEqual([
      ['ROOT', 'SUCCEEDED', null],
      ['CHILD', 'SUCCEEDED', null],
    ]);
    expect(await tasks.logged()).toEqual(['child as MAKER', 'root as MAKER']);
    expect(await tasks.rows('select n from made order by n')).toEqual([{ N: 7 }, { N: 8 }]);
    expect((await tasks.rows('show tables')).map((row) => [row['name'], row['owner']])).toEqual([
      ['ELSEWHERE', 'ACCOUNTADMIN'],
      ['LOG', 'ACCOUNTADMIN'],
      ['MADE', 'ACCOUNTADMIN'],
      ['MINE', 'ACCOUNTADMIN'],
    ]);
    expect((await tasks.rows('show tasks')).map((row) => [row['owner'], row['state']])).toEqual([
      ['ACCOUNTADMIN', 'suspended'],
      ['ACCOUNTADMIN', 'suspended'],
    ]);
    expect(await tasks.rows("show roles like 'maker'")).toEqual([]);
  });

  it('fails once the server was stopped: the rights were in memory', async () => {
    await tasks.run('drop role maker');
    await tasks.close();
    tasks = await TaskServer.start(folder, tasks.clock);
    await tasks.run('use schema test_db.test_schema');
    const runs = await end();
    expect(runs.map((row) => [row['NAME'], row['STATE'], row['ATTEMPT_NUMBER']])).toEqual(
      expect.arrayContaining([
        ['ROOT', 'FAILED', 1],
        ['ROOT', 'FAILED', 2],
      ]),
    );
    expect(runs.find((row) => row['ATTEMPT_NUMBER'] === 2)?.['ERROR_MESSAGE']).toContain('EXECUTE TASK');
    expect(await tasks.logged()).toEqual([]);
  });
});
