import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SdkConnection } from '../../support/sdk-connection.ts';
import { TaskServer } from './task-server.ts';

let tasks: TaskServer;
let maker: SdkConnection;

beforeAll(async () => {
  tasks = await TaskServer.start();
  await tasks.run(
    'create database test_db',
    'create role maker',
    'create role taker',
    'grant execute task, execute managed task on account to role maker',
    'grant execute task, execute managed task on account to role taker',
    'grant usage on warehouse compute_wh to role maker',
    'grant usage on database test_db to role maker',
    'grant usage on database test_db to role taker',
    'grant role maker to user local_admin',
    'grant role taker to user local_admin',
    "create user ann default_secondary_roles = ('ALL')",
    'create role reader',
    'grant role reader to user ann',
  );
  maker = await tasks.connect({ role: 'MAKER', database: 'TEST_DB' });
  await maker.run('use secondary roles none');
});

afterAll(async () => {
  await tasks.close();
});

beforeEach(async () => {
  await tasks.run(
    'create or replace schema test_db.test_schema',
    'use schema test_db.test_schema',
    'grant usage, create task, create table on schema test_schema to role maker',
    'grant usage on schema test_schema to role taker',
  );
  for (const sql of [
    'use schema test_db.test_schema',
    'create task a as select 1',
    'create task b after a as select 1',
    'create task c after b as select 1',
    'create task f finalize = a as select 1',
    'alter task b resume',
    'alter task c resume',
    'alter task f resume',
  ]) {
    await maker.run(sql);
  }
});

const states = async (): Promise<Record<string, string>> => {
  const rows = await tasks.rows('show tasks in schema test_db.test_schema');
  return Object.fromEntries(
    rows.map((row) => [
      row['name'],
      [row['owner'], row['state'], String(row['last_suspended_reason']), row['predecessors']].join(' ').replaceAll(/\s+/gu, ' '),
    ]),
  );
};

// https://docs.snowflake.com/en/user-guide/tasks-graphs (Manage task graph ownership)
describe('ownership', () => {
  it('of one task, passed on, takes it out of its graph; its children become suspended roots', async () => {
    await tasks.run('grant ownership on task b to role taker');
    expect(await states()).toEqual({
      A: 'MAKER suspended null []',
      B: 'TAKER suspended GRANT_OWNERSHIP []',
      C: 'MAKER suspended CHILD_BECAME_ROOT []',
      F: 'MAKER started null []',
    });
    expect(JSON.parse(String(await tasks.shown('a', 'task_relations')))).toMatchObject({
      FinalizerTask: expect.stringContaining('F'),
    });
  });

  it('of the root, passed on, leaves a finalizer without its graph', async () => {
    await tasks.run('grant ownership on task a to role taker');
    expect(await states()).toMatchObject({
      A: 'TAKER suspended GRANT_OWNERSHIP []',
      B: 'MAKER suspended CHILD_BECAME_ROOT []',
      F: 'MAKER suspended FINALIZER_BECAME_ROOT []',
    });
  });

  it('of all tasks of the schema keeps the links; all are suspended', async () => {
    await tasks.run('grant ownership on all tasks in schema test_schema to role taker');
    expect(await states()).toEqual({
      A: 'TAKER suspended GRANT_OWNERSHIP []',
      B: 'TAKER suspended GRANT_OWNERSHIP [ "TEST_DB.TEST_SCHEMA.A" ]',
      C: 'TAKER suspended GRANT_OWNERSHIP [ "TEST_DB.TEST_SCHEMA.B" ]',
      F: 'TAKER suspended GRANT_OWNERSHIP []',
    });
  });

  it('is not passed on while the root is started (grant-ownership)', async () => {
    await maker.run('alter task a resume');
    expect(await tasks.refusal('grant ownership on task b to role taker')).toContain('root task is not suspended');
  });

  it('is the same for all tasks of a graph (create-task: AFTER)', async () => {
    await tasks.run('use role accountadmin', 'use schema test_db.test_schema');
    expect(await tasks.refusal('create task d after a as select 1')).toMatch(/owner/iu);
    // A clone by another role has no predecessor.
    await tasks.run('create task d clone b');
    expect(await states()).toMatchObject({ D: 'ACCOUNTADMIN suspended null []' });
    await maker.run('create task e clone b');
    expect(await tasks.shown('e', 'predecessors')).toContain('TEST_DB.TEST_SCHEMA.A');
  });
});

// https://docs.snowflake.com/en/user-guide/tasks-intro (Run tasks with user privileges)
describe('EXECUTE AS USER', () => {
  const body = 'create or replace table who as select current_user() as u, current_role() as r, count(*) as n from for_readers';

  it('wants IMPERSONATE on the user, to be made and to be run', async () => {
    const create = `create task t execute as user ann as ${body}`;
    expect(await tasks.refusal(create, maker)).toMatch(/ANN/u);
    await tasks.run('grant impersonate on user ann to role maker');
    await maker.run(create);
    expect(await tasks.shown('t', 'execute_as_user')).toBe('ANN');
    // The owner has to be one of the user's roles, too.
    expect(await tasks.refusal('alter task t resume', maker)).toMatch(/ANN/u);
    await tasks.run('grant role maker to user ann');
    await maker.run('alter task t resume');
    await maker.run('alter task t suspend');
    await tasks.run('revoke role maker from user ann', 'revoke impersonate on user ann from role maker');
  });

  it('runs the body as the user, with the owner as primary role and the secondary roles of the user', async () => {
    await tasks.run('grant impersonate on user ann to role maker', 'grant role maker to user ann');
    await tasks.run(
      'create table for_readers (i int)',
      'grant usage on database test_db to role reader',
      'grant usage on schema test_schema to role reader',
      'grant select on table for_readers to role reader',
    );
    await maker.run(`create task t execute as user ann as ${body}`);
    await tasks.execute('t');
    expect(await maker.rows('select u, r, n from who')).toEqual([{ U: 'ANN', R: 'MAKER', N: 0 }]);
    // Without a user it is the system, with the owner alone.
    await maker.run('alter task t unset execute as user');
    expect(await tasks.shown('t', 'execute_as_user')).toBeNull();
    await tasks.execute('t');
    expect(String((await tasks.historyOf('T'))['ERROR_MESSAGE'])).toContain('FOR_READERS');
    await maker.run('alter task t modify as create or replace table who as select current_user() as u, current_role() as r');
    await tasks.execute('t');
    expect(await maker.rows('select u, r from who')).toEqual([{ U: 'SYSTEM', R: 'MAKER' }]);
    // A right that is taken away stops the runs that come.
    await maker.run('alter task t set execute as user ann');
    await tasks.run('revoke impersonate on user ann from role maker');
    expect(await tasks.refusal('execute task t')).toMatch(/ANN/u);
  });
});

// https://docs.snowflake.com/en/user-guide/contacts-using, create-task (WITH CONTACT), alter-task (CONTACT)
describe('contacts of a task', () => {
  const references = async (): Promise<unknown[]> =>
    (
      await tasks.rows(
        "select contact_name || ' ' || contact_purpose || ' ' || object_name as r from snowflake.account_usage.contact_references order by 1",
      )
    ).map((row) => row['R']);

  it('are given with it, replaced and taken away by their purpose', async () => {
    await tasks.run(
      "create contact support_dept url = 'http://internalsupport.example.com'",
      "create contact finance_dept email_distribution_list = 'fd_dl@example.com'",
      "create contact db_admins users = ('ex_admin1', 'ex_admin2')",
      'create task t with contact (steward = db_admins, support = support_dept) as select 1',
    );
    expect(await references()).toEqual(['DB_ADMINS STEWARD T', 'SUPPORT_DEPT SUPPORT T']);
    await tasks.run('alter task t set contact steward = finance_dept, access_approval = db_admins');
    expect(await references()).toEqual(['DB_ADMINS ACCESS_APPROVAL T', 'FINANCE_DEPT STEWARD T', 'SUPPORT_DEPT SUPPORT T']);
    // CREATE OR ALTER leaves them as they are.
    await tasks.run('create or alter task t as select 2', 'alter task t unset contact steward, access_approval');
    expect(await references()).toEqual(['SUPPORT_DEPT SUPPORT T']);
    expect((await tasks.rows("show contacts like 'db_admins'"))[0]).toMatchObject({ entries_in_users: 2, url: null });
    expect(await tasks.refusal("create contact c url = 'http://a.example' email_distribution_list = 'a@b.example'")).toContain(
      'URL',
    );
  });

  it.each([
    ['create task u with contact (boss = c1) as select 1', 'BOSS'],
    ['create task u with contact (support = nobody) as select 1', 'NOBODY'],
    ['create or alter task u with contact (support = c1) as select 1', 'CONTACT in CREATE OR ALTER TASK'],
    ["alter task a set contact support = c1 comment = 'x'", 'syntax error'],
    ["alter task a set comment = 'x' contact support = c1", 'syntax error'],
  ])('refuses %s', async (sql, what) => {
    await tasks.run("create or replace contact c1 url = 'http://a.example'");
    expect(await tasks.refusal(sql)).toContain(what);
  });
});
