import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SdkConnection } from '../../support/sdk-connection.ts';
import { TaskServer } from './task-server.ts';

let tasks: TaskServer;
let maker: SdkConnection;
let operator: SdkConnection;
let monitor: SdkConnection;

const insufficient = (what: string): string => `Insufficient privileges to operate on ${what}`;
const hidden = "Task 'TEST_DB.TEST_SCHEMA.T' does not exist or not authorized";

beforeAll(async () => {
  tasks = await TaskServer.start();
  await tasks.run('create warehouse task_wh', 'create warehouse query_wh', 'create database test_db');
  for (const role of ['maker', 'operator', 'monitor']) {
    await tasks.run(
      `create role ${role}`,
      `grant role ${role} to user local_admin`,
      `grant usage on database test_db to role ${role}`,
      `grant usage on warehouse query_wh to role ${role}`,
    );
  }
  const as = async (role: string): Promise<SdkConnection> => {
    const client = await tasks.connect({ role, database: 'TEST_DB', warehouse: 'QUERY_WH' });
    await client.run('use secondary roles none');
    return client;
  };
  maker = await as('MAKER');
  operator = await as('OPERATOR');
  monitor = await as('MONITOR');
});

afterAll(async () => {
  await tasks.close();
});

beforeEach(async () => {
  await tasks.run('create or replace schema test_db.test_schema', 'use schema test_db.test_schema');
  for (const role of ['maker', 'operator', 'monitor']) await tasks.run(`grant usage on schema test_schema to role ${role}`);
  await tasks.run(
    'grant execute task, execute managed task on account to role maker',
    'grant usage on warehouse task_wh to role maker',
    'grant create task on schema test_schema to role maker',
  );
  for (const client of [maker, operator, monitor]) await client.run('use schema test_db.test_schema');
  await maker.run('create task t warehouse = task_wh as select 1');
  await tasks.run('grant operate on task t to role operator', 'grant monitor on task t to role monitor');
});

const refusals = async (client: SdkConnection, ...statements: readonly string[]): Promise<string[]> => {
  const found: string[] = [];
  for (const sql of statements) found.push((await tasks.refusal(sql, client)).replaceAll(/\s+/gu, ' '));
  return found;
};
const all = (count: number, text: string): unknown[] => Array.from({ length: count }, () => expect.stringContaining(text));

const shown = ['show tasks', 'desc task t', "select * from table(information_schema.task_dependents('t'))"];
const operating = [
  'alter task t resume',
  'alter task t suspend',
  'execute task t',
  "select system$user_task_cancel_ongoing_executions('t')",
];
const owning = [
  "alter task t set comment = 'c'",
  'alter task t unset comment',
  'alter task t modify as select 2',
  'alter task t modify when true',
  'alter task t add after u',
  "select system$task_dependents_enable('t')",
  'drop task t',
];

// https://docs.snowflake.com/en/sql-reference/sql/create-task (Access control requirements)
describe('to make a task', () => {
  it('a role wants CREATE TASK on the schema', async () => {
    await tasks.run('revoke create task on schema test_schema from role maker');
    expect(
      await refusals(
        maker,
        'create task u as select 1',
        'create or replace task t as select 1',
        'create or alter task u as select 1',
      ),
    ).toEqual(all(3, insufficient("schema 'TEST_SCHEMA'")));
  });

  it('with a warehouse, it wants USAGE on that', async () => {
    await tasks.run('revoke usage on warehouse task_wh from role maker');
    expect(await refusals(maker, 'create task u warehouse = task_wh as select 1')).toEqual([
      expect.stringContaining('Nonexistent warehouse TASK_WH was specified'),
    ]);
  });

  it('CREATE OR ALTER of one that is there wants OWNERSHIP', async () => {
    await tasks.run('grant create task on schema test_schema to role operator');
    expect(await refusals(operator, 'create or alter task t as select 5')).toEqual(all(1, insufficient("task 'T'")));
  });
});

// https://docs.snowflake.com/en/sql-reference/sql/alter-task (usage notes), execute-task (usage notes)
describe('a task is', () => {
  it('resumed, suspended, executed and cancelled with OPERATE, and changed by its owner alone', async () => {
    expect(await refusals(operator, ...shown, ...operating)).toEqual(all(shown.length + operating.length, 'accepted'));
    expect(await refusals(operator, ...owning)).toEqual(all(owning.length, insufficient("task 'T'")));
  });

  it('only seen with MONITOR', async () => {
    expect(await refusals(monitor, ...shown)).toEqual(all(shown.length, 'accepted'));
    expect(await refusals(monitor, ...operating, ...owning)).toEqual(
      all(operating.length + owning.length, insufficient("task 'T'")),
    );
  });

  it('not there for a role without a privilege on it', async () => {
    await tasks.run('revoke monitor on task t from role monitor');
    expect(await monitor.rows('show tasks')).toEqual([]);
    expect(await refusals(monitor, 'desc task t', ...operating, 'drop task t')).toEqual(all(operating.length + 2, hidden));
  });

  it('not reached without a privilege on its schema', async () => {
    await tasks.run('revoke usage on schema test_schema from role operator');
    expect(await refusals(operator, 'alter task test_db.test_schema.t resume', 'execute task test_db.test_schema.t')).toEqual(
      all(2, 'does not exist or not authorized'),
    );
  });
});

// https://docs.snowflake.com/en/user-guide/tasks-intro (Running tasks)
describe('to run a task', () => {
  it.each([
    ['execute task on account', 'Cannot execute task, EXECUTE TASK privilege must be granted to owner role'],
    [
      'usage on warehouse task_wh',
      "Cannot execute task, USAGE privilege on the task's warehouse TASK_WH must be granted to owner role",
    ],
  ])('its owner wants %s, whoever asks', async (privilege, refusal) => {
    await tasks.run(`revoke ${privilege} from role maker`);
    expect(await refusals(operator, 'alter task t resume', 'execute task t')).toEqual(all(2, refusal));
  });

  it('without a warehouse, its owner wants EXECUTE MANAGED TASK besides', async () => {
    await maker.run('alter task t unset warehouse');
    expect(await refusals(operator, 'alter task t resume')).toEqual(['accepted']);
    await maker.run('alter task t suspend');
    await tasks.run('revoke execute managed task on account from role maker');
    expect(await refusals(operator, 'alter task t resume', 'execute task t')).toEqual(
      all(2, 'Cannot execute task, EXECUTE MANAGED TASK privilege must be granted to owner role'),
    );
  });

  it('the role that owns it may have the privileges from a role granted to it (tasks-intro: taskadmin)', async () => {
    await tasks.run('revoke execute task on account from role maker', 'create or replace role taskadmin');
    await tasks.run('grant execute task, execute managed task on account to role taskadmin');
    expect(await refusals(maker, 'execute task t')).toEqual(all(1, 'EXECUTE TASK privilege must be granted'));
    await tasks.run('grant role taskadmin to role maker');
    expect(await refusals(maker, 'execute task t')).toEqual(['accepted']);
    await tasks.run('revoke role taskadmin from role maker');
    expect(await refusals(maker, 'execute task t')).toEqual(all(1, 'EXECUTE TASK privilege must be granted'));
  });
});
