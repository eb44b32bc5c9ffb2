import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SdkConnection, SdkRow } from '../../support/sdk-connection.ts';
import { TaskServer } from './task-server.ts';

let tasks: TaskServer;
/** Hours that the serverless task ran; at XSMALL, an hour costs a credit. */
let hours: number;

beforeAll(async () => {
  tasks = await TaskServer.start();
  await tasks.run(
    'create warehouse task_wh',
    'create database test_db',
    'create schema test_db.test_schema',
    'use schema test_db.test_schema',
    "alter session set timezone = 'UTC'",
    "create task half_hour user_task_managed_initial_warehouse_size = 'XSMALL' as call system$wait(30, 'MINUTES')",
    'create task "On A Warehouse" warehouse = task_wh as call system$wait(1, \'MINUTES\')',
    'execute task half_hour',
    'execute task "On A Warehouse"',
  );
  const running = "select name from table(test_db.information_schema.task_history()) where state in ('SCHEDULED', 'EXECUTING')";
  do await tasks.clock.advanceBy(60_000);
  while ((await tasks.rows(running)).length > 0);
  hours = Number(
    await tasks.value(`select timestampdiff('millisecond', query_start_time, completed_time) / 3600000
      from table(test_db.information_schema.task_history(task_name => 'half_hour'))`),
  );
});

afterAll(async () => {
  await tasks.close();
});

const usage = (args: string, client: SdkConnection = tasks.client): ReturnType<SdkConnection['rows']> =>
  client.rows(`select * from table(test_db.information_schema.serverless_task_history(${args}))`);

const creditsOf = (rows: readonly SdkRow[]): number => rows.reduce((sum, row) => sum + Number(row['CREDITS_USED']), 0);

const range = "date_range_start => '2026-03-02 12:00:00 +0000', date_range_end => '2026-03-03 12:00:00 +0000'";

// https://docs.snowflake.com/en/sql-reference/functions/serverless_task_history
describe('SERVERLESS_TASK_HISTORY', () => {
  it('tells credits by task and hour, of serverless tasks alone', async () => {
    const rows = await usage(range);
    expect(Object.keys(rows[0] ?? {})).toEqual(['START_TIME', 'END_TIME', 'TASK_NAME', 'CREDITS_USED']);
    expect([rows[0]?.['START_TIME'], rows[0]?.['END_TIME']]).toEqual([
      new Date('2026-03-02T12:00:00Z'),
      new Date('2026-03-02T13:00:00Z'),
    ]);
    expect(new Set(rows.map((row) => row['TASK_NAME']))).toEqual(new Set(['HALF_HOUR']));
    expect(hours).toBeGreaterThanOrEqual(0.5);
    expect(creditsOf(rows)).toBeCloseTo(hours, 6);
  });

  it('keeps to one task, named with or without its schema', async () => {
    expect(await usage(`${range}, task_name => 'test_db.test_schema.half_hour'`)).toEqual(await usage(range));
    expect(await usage(`${range}, task_name => 'half_hour'`)).toEqual(await usage(range));
    expect(await usage(`${range}, task_name => '"half_hour"'`)).toEqual([]);
    expect(await usage(`${range}, task_name => '"On A Warehouse"'`)).toEqual([]);
  });

  it('goes back ten minutes from the beginning of the day when no range is given', async () => {
    expect(await usage('')).toEqual([]);
    expect(await usage("date_range_start => '2026-03-02 12:00:00'")).toEqual([]);
  });

  it('is for ACCOUNTADMIN, and for MONITOR USAGE without the names', async () => {
    await tasks.run(
      'create role accountant',
      'grant role accountant to user local_admin',
      'grant usage on database test_db to role accountant',
      'grant usage on warehouse task_wh to role accountant',
    );
    const accountant = await tasks.connect({ role: 'ACCOUNTANT', warehouse: 'TASK_WH' });
    await accountant.run('use secondary roles none');
    expect(await usage(range, accountant)).toEqual([]);
    await tasks.run('grant monitor usage on account to role accountant');
    const rows = await usage(range, accountant);
    expect(new Set(rows.map((row) => row['TASK_NAME']))).toEqual(new Set([null]));
    expect(creditsOf(rows)).toBeCloseTo(hours, 6);
  });

  it('adds up, as the cost of a task is asked for (tasks-intro: Task costs)', async () => {
    await tasks.run(`SET num_credits = (SELECT SUM(credits_used)
      FROM TABLE(test_db.information_schema.serverless_task_history(
        date_range_start=>dateadd(D, -1, current_timestamp()),
        date_range_end=>dateadd(D, 1, current_timestamp()),
        task_name => 'half_hour')
        )
      )`);
    expect(Number(await tasks.value('select $num_credits'))).toBeCloseTo(hours, 4);
  });

  it('has a view of ACCOUNT_USAGE (account-usage/serverless_task_history)', async () => {
    const rows =
      await tasks.rows(`SELECT start_time, end_time, task_id, task_name, credits_used, schema_id, schema_name, database_id,
      database_name FROM snowflake.account_usage.serverless_task_history ORDER BY start_time, task_id`);
    expect(rows[0]).toMatchObject({ TASK_NAME: 'HALF_HOUR', SCHEMA_NAME: 'TEST_SCHEMA', DATABASE_NAME: 'TEST_DB', TASK_ID: null });
    expect(creditsOf(rows)).toBeCloseTo(hours, 6);
    expect(Object.keys((await tasks.rows('select * from snowflake.account_usage.serverless_task_history'))[0] ?? {})).toEqual([
      'START_TIME',
      'END_TIME',
      'CREDITS_USED',
      'TASK_ID',
      'TASK_NAME',
      'SCHEMA_ID',
      'SCHEMA_NAME',
      'DATABASE_ID',
      'DATABASE_NAME',
      'INSTANCE_ID',
    ]);
  });
});
