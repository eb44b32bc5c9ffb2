import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TaskServer } from './task-server.ts';

let tasks: TaskServer;

beforeAll(async () => {
  tasks = await TaskServer.start();
  await tasks.run('create warehouse task_wh', 'create database test_db');
});

afterAll(async () => {
  await tasks.close();
});

beforeEach(() => tasks.emptySchema('create table log (what varchar)', 'create task t warehouse = task_wh as select 1'));

// https://docs.snowflake.com/en/sql-reference/parameters
describe('parameters of tasks', () => {
  it.each([
    ['suspend_task_after_num_failures', '10', ['5', '4', '3', '2']],
    ['task_auto_retry_attempts', '0', ['5', '4', '3', '2']],
    ['user_task_timeout_ms', '3600000', ['50', '40', '30', '20']],
    ['user_task_minimum_trigger_interval_in_seconds', '30', ['50', '40', '30', '20']],
  ])(
    '%s holds for what is within the account, the database, the schema, and goes before what is above',
    async (name, initial, values) => {
      const levels = ['account', 'database test_db', 'schema test_schema', 'task t'];
      expect(await tasks.parameter('t', name)).toBe(initial);
      for (const [index, level] of levels.entries()) {
        await tasks.run(`alter ${level} set ${name} = ${values[index] ?? ''}`);
        expect(await tasks.parameter('t', name)).toBe(values[index]);
      }
      for (const [index, level] of [...levels.entries()].reverse()) {
        await tasks.run(`alter ${level} unset ${name}`);
        expect(await tasks.parameter('t', name)).toBe(values[index - 1] ?? initial);
      }
    },
  );

  it('sizes of serverless tasks hold from the account down, and are weighed against each other (create-task)', async () => {
    await tasks.run("alter account set serverless_task_max_statement_size = 'SMALL'", 'create or replace task t as select 1');
    expect(await tasks.parameter('t', 'serverless_task_max_statement_size')).toBe('SMALL');
    await tasks.run('alter account unset serverless_task_max_statement_size');
    const refusal = (properties: string): Promise<string> => tasks.refusal(`create task u ${properties} as select 1`);
    expect(await refusal("serverless_task_min_statement_size = 'LARGE' serverless_task_max_statement_size = 'SMALL'")).toContain(
      'SERVERLESS_TASK_MIN_STATEMENT_SIZE (LARGE) cannot be greater than SERVERLESS_TASK_MAX_STATEMENT_SIZE (SMALL)',
    );
    expect(
      await refusal("serverless_task_min_statement_size = 'LARGE' user_task_managed_initial_warehouse_size = 'SMALL'"),
    ).toContain('cannot be less than SERVERLESS_TASK_MIN_STATEMENT_SIZE (LARGE)');
    expect(
      await refusal("serverless_task_max_statement_size = 'SMALL' user_task_managed_initial_warehouse_size = 'LARGE'"),
    ).toContain('cannot be greater than SERVERLESS_TASK_MAX_STATEMENT_SIZE (SMALL)');
    expect(await refusal("warehouse = task_wh user_task_managed_initial_warehouse_size = 'SMALL'")).toContain(
      'Cannot set both WAREHOUSE and USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE',
    );
    expect(await refusal("serverless_task_max_statement_size = 'X2LARGE'")).toBe('accepted');
  });

  it('DML of a task fails while AUTOCOMMIT is FALSE on the account, until the task sets it (alter-task: usage notes)', async () => {
    await tasks.run("alter task t modify as insert into log values ('x')", 'alter account set autocommit = false');
    await tasks.execute('t');
    expect(await tasks.historyOf('t')).toMatchObject({ STATE: 'FAILED' });
    expect(String((await tasks.historyOf('t'))['ERROR_MESSAGE'])).toContain('AUTOCOMMIT');
    await tasks.run('alter task t modify as select 1');
    await tasks.execute('t');
    expect(await tasks.historyOf('t')).toMatchObject({ STATE: 'SUCCEEDED' });
    await tasks.run("alter task t modify as insert into log values ('x')", 'alter task t set autocommit = true');
    await tasks.execute('t');
    await tasks.run('alter account unset autocommit');
    expect(await tasks.historyOf('t')).toMatchObject({ STATE: 'SUCCEEDED' });
    expect(await tasks.value('select count(*) from log')).toBe(1);
  });

  it('are set by blanks, commas and new lines, and unset without a value (alter-task)', async () => {
    await tasks.run("alter task t set comment = 'a', user_task_timeout_ms = 5\n suspend_task_after_num_failures = 3");
    expect([await tasks.shown('t', 'comment'), await tasks.parameter('t', 'user_task_timeout_ms')]).toEqual(['a', '5']);
    expect(await tasks.parameter('t', 'suspend_task_after_num_failures')).toBe('3');
    expect(await tasks.refusal("alter task t unset comment = 'a'")).toContain("unexpected '='");
    await tasks.run('alter task t unset comment, user_task_timeout_ms, suspend_task_after_num_failures');
    expect([await tasks.shown('t', 'comment'), await tasks.parameter('t', 'user_task_timeout_ms')]).toEqual(['', '3600000']);
  });
});

// https://docs.snowflake.com/en/sql-reference/sql/create-task (TAG), alter-task (SET TAG)
describe('tags of tasks', () => {
  const tagged = (task: string): Promise<unknown> => tasks.value(`select system$get_tag('team', '${task}', 'task')`);

  it('are given, changed and taken away, and stay through CREATE OR ALTER', async () => {
    await tasks.run('create tag team', "create task u with tag (team = 'a') as select 1");
    expect(await tagged('u')).toBe('a');
    await tasks.run("alter task u set tag team = 'b'", 'create or alter task u as select 2');
    expect(await tagged('u')).toBe('b');
    await tasks.run('alter task u unset tag team');
    expect(await tagged('u')).toBeNull();
  });

  it('have values of at most 256 characters', async () => {
    await tasks.run('create tag team', `alter task t set tag team = '${'x'.repeat(256)}'`);
    expect(await tasks.refusal(`alter task t set tag team = '${'x'.repeat(257)}'`)).toContain('256 characters');
    expect(await tasks.refusal(`create task u with tag (team = '${'x'.repeat(257)}') as select 1`)).toContain('256 characters');
  });
});

// https://docs.snowflake.com/en/sql-reference/sql/show-tasks
describe('SHOW TASKS', () => {
  it('lists at most 10,000, and refuses by name the applications that are not there', async () => {
    expect(await tasks.refusal('show tasks limit 10001')).toContain('exceeds maximum allowable value (10,000)');
    expect(await tasks.refusal('show tasks limit 10000')).toBe('accepted');
    expect(await tasks.refusal('show tasks in application app')).toContain("Unsupported feature 'IN APPLICATION'");
  });

  it('TERSE keeps six columns, without a kind', async () => {
    const [row] = await tasks.rows("show terse tasks like 't'");
    expect(Object.keys(row ?? {})).toEqual(['created_on', 'name', 'kind', 'database_name', 'schema_name', 'schedule']);
    expect(row).toMatchObject({ kind: null, schedule: null });
  });
});
