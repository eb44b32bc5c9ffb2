import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection } from '../../support/sdk-connection.ts';

let server: LocalServer;
let admin: SdkConnection;
let bob: SdkConnection;

beforeAll(async () => {
  server = await startLocalServer();
  admin = await server.connect();
  for (const sql of [
    'create warehouse wh',
    'create role bobr_primary',
    'create role other',
    `create user bobr password = 'Secret-123' default_role = bobr_primary default_warehouse = wh default_secondary_roles = ()`,
    'grant role bobr_primary to user bobr',
    'create database d',
    'grant usage on warehouse wh to role bobr_primary with grant option',
    'grant execute task on account to role bobr_primary',
    'grant usage, create schema on database d to role bobr_primary',
    'grant usage on database d to role other',
  ]) {
    await admin.run(sql);
  }
  bob = await server.connect({ username: 'bobr', password: 'Secret-123' });
  for (const sql of [
    'create schema d.s',
    'create table d.s.t (n int)',
    'insert into d.s.t values (1)',
    'create task d.s.root warehouse = wh as select 1',
    'create task d.s.child warehouse = wh after d.s.root as select 2',
    'alter task d.s.child resume',
    'grant usage on schema d.s to role other',
    'grant usage on warehouse wh to role other',
  ]) {
    await bob.run(sql);
  }
});
afterAll(async () => {
  await server.close();
});

// https://docs.snowflake.com/en/sql-reference/sql/drop-role
describe('DROP ROLE', () => {
  test('refuses the current primary role', async () => {
    await admin.run('grant ownership on role bobr_primary to role accountadmin');
    await admin.run(`grant role bobr_primary to user ${server.user}`);
    await admin.run('use role bobr_primary');
    await admin.run('use secondary roles all');
    await expect(admin.run('drop role bobr_primary')).rejects.toMatchObject({
      message: 'SQL execution error: Cannot drop role BOBR_PRIMARY as it is the current primary role.',
    });
    await admin.run('use role accountadmin');
  });

  test('is for its owner', async () => {
    await expect(bob.run('drop role other')).rejects.toMatchObject({ code: '002003' });
  });

  test('passes on what it owned, with tasks suspended and linked, and takes its grants away', async () => {
    await admin.run('drop role bobr_primary');
    expect(await admin.rows('show schemas like $$s$$ in database d')).toMatchObject([{ owner: 'ACCOUNTADMIN' }]);
    expect(await admin.value('select n from d.s.t')).toBe(1);
    const tasks = await admin.rows('show tasks in schema d.s');
    expect(tasks.map(({ name, owner, state, predecessors }) => [name, owner, state, predecessors])).toEqual([
      ['CHILD', 'ACCOUNTADMIN', 'suspended', expect.stringContaining('ROOT')],
      ['ROOT', 'ACCOUNTADMIN', 'suspended', '[]'],
    ]);
    // Those that it made are gone with it; another's are not.
    expect((await admin.rows('show grants to role other')).map(({ privilege, name }) => [privilege, name])).toEqual([
      ['USAGE', 'D'],
    ]);
    expect(await admin.rows("show roles like 'bobr%'")).toEqual([]);
    await expect(bob.run('create schema d.x')).rejects.toMatchObject({ code: expect.stringMatching(/^00/u) });
  });

  test('IF EXISTS succeeds where there is none', async () => {
    await admin.run('drop role if exists bobr_primary');
    await expect(admin.run('drop role bobr_primary')).rejects.toMatchObject({ code: '002003' });
  });
});
