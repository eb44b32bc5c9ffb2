import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection } from '../../support/sdk-connection.ts';

let server: LocalServer;
let admin: SdkConnection;
let eve: SdkConnection;
beforeAll(async () => {
  server = await startLocalServer();
  admin = await server.connect();
  for (const sql of [
    'create role engineer',
    'create warehouse wh',
    'create database d',
    'create table d.public.t as select 1 as n',
    'create stage d.public.s',
    'grant usage on warehouse wh to role engineer',
    'grant usage on database d to role engineer',
    'grant usage on schema d.public to role engineer',
    'grant select, insert on table d.public.t to role engineer',
    'grant read on stage d.public.s to role engineer',
    'create view d.public.v as select n from d.public.t',
    'grant select on view d.public.v to role engineer',
    "create procedure d.public.p() returns int language sql as 'begin let x int := (select count(*) from d.public.t); return x; end'",
    'grant usage on procedure d.public.p() to role engineer',
    `create user eve password = 'Secret-123' default_role = engineer default_warehouse = wh default_namespace = d.public default_secondary_roles = ()`,
    'grant role engineer to user eve',
  ]) {
    await admin.run(sql);
  }
  eve = await server.connect({ username: 'eve', password: 'Secret-123' });
});
afterAll(async () => {
  await server.close();
});

const noWarehouse = {
  code: '000606',
  sqlState: '57P03',
  message: "No active warehouse selected in the current session.  Select an active warehouse with the 'use warehouse' command.",
};

// https://docs.snowflake.com/en/user-guide/security-access-control-privileges#virtual-warehouse-privileges
describe('USAGE on the warehouse of the session', () => {
  test('taken away forbids the next statement that works on data, given back allows it', async () => {
    expect(await eve.value('select count(*) from t')).toBe(1);
    await admin.run('revoke usage on warehouse wh from role engineer');
    for (const sql of ['select n from t', 'select * from v', 'insert into t values (2)', 'select $1 from @s']) {
      await expect(eve.run(sql)).rejects.toMatchObject(noWarehouse);
    }
    await admin.run('grant usage on warehouse wh to role engineer');
    expect(await eve.value('select count(*) from v')).toBe(1);
  });

  test('is not asked of what the services layer does', async () => {
    await admin.run('revoke usage on warehouse wh from role engineer');
    expect(await eve.value('select 1 + 1')).toBe(2);
    expect(await eve.rows('show tables in schema d.public')).toHaveLength(1);
    expect(await eve.rows('describe table t')).toHaveLength(1);
    expect((await eve.run('select n from t', { describeOnly: true })).statement.getColumns()).toHaveLength(1);
    await admin.run('grant usage on warehouse wh to role engineer');
  });

  // https://docs.snowflake.com/en/developer-guide/stored-procedure/stored-procedures-rights: the caller's warehouse is used
  test('is not asked of the owner of a procedure', async () => {
    await admin.run('create role owner');
    await admin.run('grant ownership on procedure d.public.p() to role owner copy current grants');
    for (const on of ['database d', 'schema d.public']) await admin.run(`grant usage on ${on} to role owner`);
    await admin.run('grant select on table d.public.t to role owner');
    expect(await eve.value('call p()')).toBe(1);
  });
});

// https://docs.snowflake.com/en/user-guide/warehouses-overview#warehouse-usage-in-sessions
describe('a session without a warehouse', () => {
  let bare: SdkConnection;
  beforeAll(async () => {
    await admin.run("create user bare password = 'Secret-123' default_role = engineer default_namespace = d.public");
    await admin.run('grant role engineer to user bare');
    for (const what of ['view', 'table', 'dynamic table', 'sequence'])
      await admin.run(`grant create ${what} on schema d.public to role engineer`);
    bare = await server.connect({ username: 'bare', password: 'Secret-123' });
  });

  test.each([
    'select n from t',
    'select 1 from v',
    'with c as (select * from t) select 1 from c',
    'select $1 from @s',
    'insert into t values (2)',
    'create table made as select n from t',
    'set x = (select max(n) from t)',
    'call p()',
    'begin return (select count(*) from t); end',
    // info-schema: the warehouse "must be running and currently in use to query the views"
    'select table_name from information_schema.tables',
    'select name from table(information_schema.task_history())',
  ])('is refused %s', async (sql) => {
    await expect(bare.run(sql)).rejects.toMatchObject({ message: expect.stringContaining(noWarehouse.message) });
  });

  // https://docs.snowflake.com/en/sql-reference/sql/show-warehouses#usage-notes
  test.each([
    'select 1 + 1',
    'select current_role(), current_warehouse(), current_timestamp()',
    'select system$typeof(1)',
    'show tables',
    'describe table t',
    "set x = 'a'",
    'show variables',
    'select * from table(result_scan(last_query_id()))',
    'create view w as select n from t',
    'create table empty (n int)',
    'create or replace dynamic table lately target_lag = downstream warehouse = wh as select 1 as n',
    'begin let x := 1 + 1; create sequence numbers; return x; end',
    'list @s',
    'use role engineer',
    'use warehouse wh',
  ])('may %s', async (sql) => {
    await expect(bare.run(sql)).resolves.toBeDefined();
  });

  test('has one when it has made one', async () => {
    await admin.run('grant create warehouse on account to role engineer');
    const maker = await server.connect({ username: 'bare', password: 'Secret-123' });
    expect(await maker.value('select current_warehouse()')).toBeNull();
    await maker.run('create warehouse made_wh initially_suspended = true');
    expect(await maker.value('select current_warehouse()')).toBe('MADE_WH');
    expect(await maker.value('select count(*) > 0 from t')).toBe(true);
    await maker.run('drop warehouse made_wh');
    await expect(maker.run('select n from t')).rejects.toMatchObject(noWarehouse);
  });

  test('is none of the first user of an account', async () => {
    const first = await server.connect();
    expect(await first.rows("show warehouses like 'compute_wh'")).toMatchObject([
      {
        name: 'COMPUTE_WH',
        size: 'X-Small',
        auto_suspend: 600,
        auto_resume: 'true',
        owner: 'ACCOUNTADMIN',
        is_default: 'Y',
        is_current: 'Y',
      },
    ]);
    expect(await bare.rows("show warehouses like 'compute_wh'")).toEqual([]);
  });
});

// https://docs.snowflake.com/en/sql-reference/sql/create-warehouse (AUTO_RESUME)
describe('a suspended warehouse', () => {
  const state = async (): Promise<unknown> => (await admin.rows("show warehouses like 'wh'"))[0]?.['state'];

  test('is resumed by the first statement that works on data', async () => {
    await admin.run('alter warehouse wh suspend');
    await eve.run('select 1');
    await eve.run('show tables');
    expect(await state()).toBe('SUSPENDED');
    await eve.run('select n from t');
    expect(await state()).toBe('STARTED');
  });

  test('is not resumed without AUTO_RESUME', async () => {
    await admin.run('alter warehouse wh set auto_resume = false');
    await admin.run('alter warehouse wh suspend');
    await expect(eve.run('select n from t')).rejects.toMatchObject(noWarehouse);
    expect(await state()).toBe('SUSPENDED');
    await admin.run('alter warehouse wh resume');
    expect(await eve.value('select count(*) from t')).toBe(1);
  });
});
