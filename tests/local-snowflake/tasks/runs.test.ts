import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TaskServer } from './task-server.ts';

// What a task's body can do and ask, with the bodies run by the server itself:
// https://docs.snowflake.com/en/sql-reference/sql/execute-task, user-guide/tasks-graphs, and the pages of the SYSTEM$ functions.

let tasks: TaskServer;

beforeAll(async () => {
  tasks = await TaskServer.start();
  await tasks.run('create database test_db');
});

afterAll(async () => {
  await tasks.close();
});

beforeEach(() => tasks.emptySchema('create table log (what varchar)'));

describe('EXECUTE TASK (execute-task)', () => {
  it('runs a suspended task once, and leaves it suspended', async () => {
    await tasks.run("create task t1 warehouse = compute_wh as insert into log values ('ran')");
    expect(await tasks.value('execute task t1')).toBe('Task T1 is scheduled to run immediately.');
    expect(await tasks.logged()).toEqual([]);
    await tasks.settle();
    expect(await tasks.logged()).toEqual(['ran']);
    const [row] = await tasks.rows('show tasks');
    expect(row?.['state']).toBe('suspended');
  });

  it('is seen in CURRENT_TASK_GRAPHS as soon as it has answered, in COMPLETE_TASK_GRAPHS when it has ended', async () => {
    await tasks.run('create task t2 warehouse = compute_wh as select 1', 'execute task t2');
    const current = await tasks.rows(
      "select run_id, state, scheduled_from from table(information_schema.current_task_graphs(root_task_name => 'T2'))",
    );
    expect(current).toEqual([{ RUN_ID: tasks.clock.now(), STATE: 'EXECUTING', SCHEDULED_FROM: 'EXECUTE TASK' }]);
    await tasks.settle();
    expect(await tasks.rows("select run_id from table(information_schema.current_task_graphs(root_task_name => 'T2'))")).toEqual(
      [],
    );
    const complete = await tasks.rows(
      "select run_id, state from table(information_schema.complete_task_graphs(root_task_name => 'T2'))",
    );
    expect(complete).toEqual([{ RUN_ID: current[0]?.['RUN_ID'], STATE: 'SUCCEEDED' }]);
  });

  it('AWAIT answers when the run has ended', async () => {
    await tasks.run("create task t3 warehouse = compute_wh as insert into log values ('awaited')");
    let ended = false;
    const answer = tasks.client.run('execute task t3 await').then((result) => {
      ended = true;
      return result;
    });
    while ((await tasks.rows("select * from table(information_schema.current_task_graphs(root_task_name => 'T3'))")).length === 0);
    expect(ended).toBe(false);
    await tasks.clock.advanceBy(1000);
    await answer;
    expect(await tasks.logged()).toEqual(['awaited']);
  });

  it('children run behind their predecessors, the finalizer at the end (tasks-graphs)', async () => {
    await tasks.run(
      "create task root warehouse = compute_wh as insert into log values ('1 root')",
      "create task a warehouse = compute_wh after root as insert into log select '2 a after ' || count(*) from log",
      "create task b warehouse = compute_wh after a as insert into log select '3 b after ' || count(*) from log",
      "create task fin warehouse = compute_wh finalize = root as insert into log select '4 fin after ' || count(*) from log",
      "select system$task_dependents_enable('root')",
    );
    await tasks.execute('root');
    expect(await tasks.logged()).toEqual(['1 root', '2 a after 1', '3 b after 2', '4 fin after 3']);
  });

  it('a failed body stops what is behind it; TASK_HISTORY has its error, COMPLETE_TASK_GRAPHS the first of the run', async () => {
    await tasks.run(
      'create task root2 warehouse = compute_wh as select 1',
      'create task bad warehouse = compute_wh after root2 as select 1 / 0',
      "create task behind warehouse = compute_wh after bad as insert into log values ('never')",
      "create task beside warehouse = compute_wh after root2 as insert into log values ('beside')",
      "create task fin2 warehouse = compute_wh finalize = root2 as insert into log values ('fin')",
      "select system$task_dependents_enable('root2')",
    );
    await tasks.execute('root2');
    expect(await tasks.logged()).toEqual(['beside', 'fin']);
    expect(await tasks.outcomes('root2')).toEqual({ ROOT2: 'SUCCEEDED', BAD: 'FAILED', BESIDE: 'SUCCEEDED', FIN2: 'SUCCEEDED' });
    expect(await tasks.historyOf('bad')).toMatchObject({
      ERROR_CODE: 100051,
      ERROR_MESSAGE: 'Division by zero',
      QUERY_TEXT: 'select 1 / 0',
    });
    const [graph] = await tasks.rows("select * from table(information_schema.complete_task_graphs(root_task_name => 'ROOT2'))");
    expect(graph).toMatchObject({
      STATE: 'FAILED',
      FIRST_ERROR_TASK_NAME: 'BAD',
      FIRST_ERROR_CODE: 100051,
      FIRST_ERROR_MESSAGE: 'Division by zero',
    });
  });

  it('a body that does not compile is a failed run with its code', async () => {
    await tasks.run('create task t4 warehouse = compute_wh as select * from no_such_table');
    await tasks.execute('t4');
    const row = await tasks.historyOf('t4');
    expect(row).toMatchObject({ STATE: 'FAILED', ERROR_CODE: 2003 });
    expect(row['ERROR_MESSAGE']).toContain("Object 'TEST_DB.TEST_SCHEMA.NO_SUCH_TABLE' does not exist or not authorized.");
  });

  it('the body is a query of its own in the history of queries', async () => {
    await tasks.run("create task t5 warehouse = compute_wh as select 'from a task'");
    await tasks.execute('t5');
    const row = await tasks.historyOf('t5');
    const entry = tasks.server.service.history(100).find((each) => each.queryId === row['QUERY_ID']);
    expect(entry).toMatchObject({ text: "select 'from a task'", user: 'SYSTEM', role: 'ACCOUNTADMIN', state: 'SUCCESS' });
  });

  it('only the root or a standalone task can be executed', async () => {
    await tasks.run(
      'create task r5 warehouse = compute_wh as select 1',
      'create task c5 warehouse = compute_wh after r5 as select 1',
    );
    expect(await tasks.refusal('execute task c5')).toContain(
      'Execute task cannot be called on non-root task TEST_DB.TEST_SCHEMA.C5. Call EXECUTE TASK on the root task of its graph instead.',
    );
  });
});

describe('cancelling (system_user_task_cancel_ongoing_executions, tasks-graphs)', () => {
  it('a task with nothing running says so', async () => {
    await tasks.run('create task t1 warehouse = compute_wh as select 1');
    expect(await tasks.value("select system$user_task_cancel_ongoing_executions('t1')")).toBe(
      'Task T1 has no currently running executions. If the task was dropped or replaced after a previous execution started, use SYSTEM$CANCEL_QUERY along with the query id to cancel the run.',
    );
  });

  it('a running body is stopped, what is behind it does not run, the graph is CANCELLED', async () => {
    await tasks.run(
      'create task root warehouse = compute_wh as call system$wait(3600)',
      "create task behind warehouse = compute_wh after root as insert into log values ('never')",
      "select system$task_dependents_enable('root')",
      'execute task root',
    );
    await tasks.clock.advanceBy(1000);
    const answer = String(await tasks.value("select system$user_task_cancel_ongoing_executions('root')"));
    await tasks.settle();
    const row = await tasks.historyOf('root');
    expect(answer).toBe(
      `Marked 1 task runs for cancellation. It may take a few seconds for cancellation to complete. Query ids canceled: [${String(row['QUERY_ID'])}]`,
    );
    expect(row['STATE']).toBe('CANCELLED');
    expect(await tasks.outcomes('root')).toEqual({ ROOT: 'CANCELLED' });
    const [graph] = await tasks.rows("select state from table(information_schema.complete_task_graphs(root_task_name => 'ROOT'))");
    expect(graph?.['STATE']).toBe('CANCELLED');
  });

  it('a body that takes longer than USER_TASK_TIMEOUT_MS fails with the timeout (tasks-errors-integrate)', async () => {
    await tasks.run(
      'create task slow warehouse = compute_wh user_task_timeout_ms = 10000 as call system$wait(3600)',
      'execute task slow',
    );
    await tasks.clock.advanceBy(1000);
    await tasks.clock.advanceBy(10_000);
    await tasks.settle();
    expect(await tasks.historyOf('slow')).toMatchObject({
      STATE: 'FAILED',
      ERROR_CODE: 630,
      ERROR_MESSAGE: 'Statement reached its statement or warehouse timeout of 10 second(s) and was canceled.',
    });
  });
});

describe('schedules (create-task, tasks-intro)', () => {
  it('a resumed task runs at its times, and no more once suspended', async () => {
    await tasks.run(
      `create task every_hour warehouse = compute_wh schedule = 'USING CRON 0 * * * * Europe/Berlin' as insert into log select current_timestamp()::timestamp_ntz::varchar`,
      'alter task every_hour resume',
    );
    const upcoming = await tasks.rows(
      "select scheduled_time, state from table(information_schema.task_history(task_name => 'every_hour'))",
    );
    expect(upcoming.map((row) => row['STATE'])).toEqual(['SCHEDULED']);
    await tasks.clock.advanceBy(3_600_000);
    await tasks.settle();
    await tasks.clock.advanceBy(3_600_000);
    await tasks.settle();
    await tasks.run('alter task every_hour suspend');
    await tasks.clock.advanceBy(7_200_000);
    await tasks.settle();
    expect(await tasks.logged()).toHaveLength(2);
    const rows = await tasks.rows(
      "select scheduled_from, state from table(information_schema.task_history(task_name => 'every_hour'))",
    );
    expect(rows).toEqual([
      { SCHEDULED_FROM: 'SCHEDULE', STATE: 'SUCCEEDED' },
      { SCHEDULED_FROM: 'SCHEDULE', STATE: 'SUCCEEDED' },
    ]);
  });
});

describe("the owner's privileges (tasks-intro, security-access-control-privileges)", () => {
  beforeAll(async () => {
    await tasks.run(
      'create role engineer',
      'grant role engineer to user local_admin',
      'grant usage on database test_db to role engineer',
      'grant usage on warehouse compute_wh to role engineer',
      'grant execute task on account to role engineer',
    );
  });

  beforeEach(async () => {
    await tasks.run('grant usage, create task, create table on schema test_schema to role engineer', 'use role engineer');
  });

  it('a body runs with the rights of its owner, not of who executes it', async () => {
    await tasks.run("create task theirs warehouse = compute_wh as insert into log values ('x')", 'use role accountadmin');
    await tasks.execute('theirs');
    expect(await tasks.historyOf('theirs')).toMatchObject({ STATE: 'FAILED' });
    await tasks.run('grant insert, select on table log to role engineer');
    await tasks.execute('theirs');
    expect(await tasks.historyOf('theirs')).toMatchObject({ STATE: 'SUCCEEDED' });
    expect(await tasks.logged()).toEqual(['x']);
  });

  it('no run starts once EXECUTE TASK is taken from the owner', async () => {
    await tasks.run(
      "create task hourly warehouse = compute_wh schedule = '60 MINUTES' as select 1",
      'alter task hourly resume',
      'use role accountadmin',
      'revoke execute task on account from role engineer',
    );
    await tasks.clock.advanceBy(3_600_000);
    await tasks.settle();
    const row = await tasks.historyOf('hourly');
    expect(row).toMatchObject({ STATE: 'FAILED', QUERY_START_TIME: null });
    expect(row['ERROR_MESSAGE']).toContain('Cannot execute task, EXECUTE TASK privilege must be granted to owner role');
    expect(await tasks.refusal('execute task hourly')).toContain(
      'Cannot execute task, EXECUTE TASK privilege must be granted to owner role',
    );
    await tasks.run('grant execute task on account to role engineer');
  });
});
