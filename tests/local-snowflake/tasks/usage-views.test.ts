import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TaskServer } from './task-server.ts';

let tasks: TaskServer;

beforeAll(async () => {
  tasks = await TaskServer.start();
  await tasks.run(
    'create warehouse task_wh',
    'create database test_db',
    'create schema test_db.test_schema',
    'use schema test_db.test_schema',
    `create task root warehouse = task_wh config = '{"k": 1}' schedule = '60 MINUTES' as call system$set_return_value('v')`,
    "create task unwanted warehouse = task_wh after root when system$get_predecessor_return_value() = 'w' as select 2",
    'create task bad warehouse = task_wh after root as select 1 / 0',
    "select system$task_dependents_enable('root')",
    'create task other warehouse = task_wh as select 1',
  );
  await tasks.execute('root');
  await tasks.execute('other');
});

afterAll(async () => {
  await tasks.close();
});

async function columnsOf(view: string): Promise<string[]> {
  const { statement } = await tasks.client.run(`select * from snowflake.account_usage.${view}`, { describeOnly: true });
  return (statement.getColumns() ?? []).map((column) => `${column.getName()} ${column.getType()}`);
}

// https://docs.snowflake.com/en/sql-reference/account-usage/task_history
describe('ACCOUNT_USAGE.TASK_HISTORY', () => {
  it('has the columns of its page, in their order and types', async () => {
    expect(await columnsOf('task_history')).toEqual([
      'NAME text',
      'QUERY_TEXT text',
      'CONDITION_TEXT text',
      'SCHEMA_NAME text',
      'TASK_SCHEMA_ID fixed',
      'DATABASE_NAME text',
      'TASK_DATABASE_ID fixed',
      'SCHEDULED_TIME timestamp_ltz',
      'COMPLETED_TIME timestamp_ltz',
      'STATE text',
      'RETURN_VALUE text',
      'QUERY_ID text',
      'QUERY_START_TIME timestamp_ltz',
      'ERROR_CODE text',
      'ERROR_MESSAGE text',
      'GRAPH_VERSION fixed',
      'RUN_ID fixed',
      'ROOT_TASK_ID text',
      'SCHEDULED_FROM text',
      'ATTEMPT_NUMBER fixed',
      'INSTANCE_ID fixed',
      'CONFIG text',
      'QUERY_HASH text',
      'QUERY_HASH_VERSION fixed',
      'QUERY_PARAMETERIZED_HASH text',
      'QUERY_PARAMETERIZED_HASH_VERSION fixed',
      'GRAPH_RUN_GROUP_ID text',
      'BACKFILL_INFO object',
      'SPCS_JOB_ID fixed',
    ]);
  });

  it('has what has ended, not what is scheduled', async () => {
    const rows = await tasks.rows(
      'select name, state, error_message, return_value, config from snowflake.account_usage.task_history order by name',
    );
    const config = '{"k": 1}';
    expect(rows).toEqual([
      { NAME: 'BAD', STATE: 'FAILED', ERROR_MESSAGE: 'Division by zero', RETURN_VALUE: null, CONFIG: config },
      { NAME: 'OTHER', STATE: 'SUCCEEDED', ERROR_MESSAGE: null, RETURN_VALUE: null, CONFIG: null },
      { NAME: 'ROOT', STATE: 'SUCCEEDED', ERROR_MESSAGE: null, RETURN_VALUE: 'v', CONFIG: config },
      { NAME: 'UNWANTED', STATE: 'SKIPPED', ERROR_MESSAGE: null, RETURN_VALUE: null, CONFIG: config },
    ]);
    // The root is scheduled again; the table function shows it.
    expect(await tasks.rows("select name from table(information_schema.task_history()) where state = 'SCHEDULED'")).toEqual([
      { NAME: 'ROOT' },
    ]);
  });
});

// https://docs.snowflake.com/en/sql-reference/account-usage/complete_task_graphs
describe('ACCOUNT_USAGE.COMPLETE_TASK_GRAPHS', () => {
  it('has the columns of the table function', async () => {
    const { statement } = await tasks.client.run('select * from table(information_schema.complete_task_graphs())', {
      describeOnly: true,
    });
    const columns = (statement.getColumns() ?? []).map((column) => `${column.getName()} ${column.getType()}`);
    expect(await columnsOf('complete_task_graphs')).toEqual(columns);
  });

  it('tells of each graph how it ended and what failed first, also after more than an hour', async () => {
    await tasks.run('alter task root suspend');
    await tasks.clock.advanceBy(2 * 3_600_000);
    const rows = await tasks.rows(`select root_task_name, state, first_error_task_name, first_error_code, attempt_number
      from snowflake.account_usage.complete_task_graphs order by root_task_name`);
    expect(rows).toEqual([
      { ROOT_TASK_NAME: 'OTHER', STATE: 'SUCCEEDED', FIRST_ERROR_TASK_NAME: null, FIRST_ERROR_CODE: null, ATTEMPT_NUMBER: 1 },
      { ROOT_TASK_NAME: 'ROOT', STATE: 'FAILED', FIRST_ERROR_TASK_NAME: 'BAD', FIRST_ERROR_CODE: 100051, ATTEMPT_NUMBER: 1 },
    ]);
    expect(await tasks.rows('select * from table(information_schema.complete_task_graphs())')).toEqual([]);
  });
});

// https://docs.snowflake.com/en/sql-reference/sql/execute-task
describe('EXECUTE TASK', () => {
  it('retries a group of the task that it names alone', async () => {
    const group = await tasks.value("select graph_run_group_id from snowflake.account_usage.task_history where name = 'BAD'");
    expect(await tasks.refusal(`execute task other retry graph run group '${String(group)}'`)).toContain(
      `Graph run group with ID ${String(group)} not found`,
    );
    await tasks.run(`execute task root retry graph run group '${String(group)}'`);
    await tasks.settle();
    const attempts = await tasks.rows(
      `select name, attempt_number, scheduled_from from table(information_schema.task_history()) where graph_run_group_id = '${String(group)}' and attempt_number = 2`,
    );
    expect(attempts).toEqual([{ NAME: 'BAD', ATTEMPT_NUMBER: 2, SCHEDULED_FROM: 'MANUAL RETRY' }]);
  });

  it('goes before the run that a schedule will bring, whose time it leaves as it is', async () => {
    await tasks.run('alter task root resume');
    const due = new Date(tasks.clock.now() + 3_600_000);
    await tasks.execute('root');
    const [scheduled] = await tasks.rows(
      "select scheduled_time from table(information_schema.current_task_graphs(root_task_name => 'ROOT'))",
    );
    expect(scheduled?.['SCHEDULED_TIME']).toEqual(due);
    const run = await tasks.historyOf('root');
    expect(run).toMatchObject({ STATE: 'SUCCEEDED', SCHEDULED_FROM: 'EXECUTE TASK' });
    await tasks.run('alter task root suspend');
  });
});

// https://docs.snowflake.com/en/sql-reference/account-usage/task_history: a year; the function has seven days.
it('ACCOUNT_USAGE.TASK_HISTORY reaches back further than the table function', async () => {
  const runs = Number(await tasks.value('select count(*) from snowflake.account_usage.task_history'));
  await tasks.clock.advanceBy(8 * 86_400_000);
  const later = await tasks.connect();
  expect(await later.rows('select name from table(snowflake.information_schema.task_history())')).toEqual([]);
  expect(await later.value('select count(*) from snowflake.account_usage.task_history')).toBe(runs);
});
