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
