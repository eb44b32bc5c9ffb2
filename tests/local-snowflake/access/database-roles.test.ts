import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection } from '../../support/sdk-connection.ts';

// https://docs.snowflake.com/en/sql-reference/sql/create-database-role, …/grant-database-role, …/revoke-database-role
describe('database roles', () => {
  let server: LocalServer;
  let client: SdkConnection;

  const run = async (...statements: readonly string[]): Promise<void> => {
    for (const statement of statements) await client.run(statement);
  };
  const column = async (sql: string, ...names: readonly string[]): Promise<unknown[]> =>
    (await client.rows(sql)).map((row) => (names.length === 1 ? row[names[0] ?? ''] : names.map((name) => row[name])));

  beforeAll(async () => {
    server = await startLocalServer();
    client = await server.connect();
    await run(
      'create warehouse wh',
      'create database d1',
      'create schema d1.s',
      'create table d1.s.t as select 1 as n',
      'create database other',
      'create schema other.s',
      'create role sysanalyst',
      'grant role sysanalyst to user local_admin',
      'grant usage on warehouse wh to role sysanalyst',
      'use database d1',
    );
  });

  afterAll(() => server.close());

  it('give what they hold to the roles that they are granted to', async () => {
    await run(
      "create database role d1.dr1 comment = 'reads'",
      'create database role dr2',
      'grant usage on database d1 to database role d1.dr1',
      'grant usage on schema d1.s to database role dr1',
      'grant select on table d1.s.t to database role d1.dr1',
      'grant select on future tables in schema d1.s to database role d1.dr1',
      'grant database role dr1 to database role dr2',
      'use secondary roles none',
      'use role sysanalyst',
    );
    await expect(client.run('select n from d1.s.t')).rejects.toMatchObject({ code: '002003' });
    await run(
      'use role accountadmin',
      'grant database role d1.dr2 to role sysanalyst',
      'create table d1.s.later as select 2 as n',
      'use role sysanalyst',
    );
    expect(await client.value('select n from d1.s.t')).toBe(1);
    expect(await client.value('select n from d1.s.later')).toBe(2);
    // https://docs.snowflake.com/en/sql-reference/functions/is_database_role_in_session: relative names, in the database in use
    const inSession = "is_database_role_in_session('DR1')";
    expect(
      await client.rows(`select ${inSession} as a, ${inSession.replace('DR1', 'D1.DR1')} as b, is_role_in_session('DR1') as c`),
    ).toEqual([{ A: true, B: false, C: false }]);
    await run('use role accountadmin', 'use database other', 'use role sysanalyst');
    expect(await client.value(`select ${inSession}`)).toBe(false);
    await run('use role accountadmin', 'use database d1', 'use role sysanalyst');
    await run('use role accountadmin');
    const names = ['name', 'granted_to_roles', 'granted_to_database_roles', 'granted_database_roles', 'comment', 'owner'];
    expect(await column('show database roles in database d1', ...names)).toEqual([
      ['DR1', 0, 1, 0, 'reads', 'ACCOUNTADMIN'],
      ['DR2', 1, 0, 1, '', 'ACCOUNTADMIN'],
    ]);
    expect(await column("show database roles in database d1 limit 1 from 'DR2'", 'name')).toEqual(['DR2']);
    expect(
      await column('show grants to database role d1.dr1', 'privilege', 'granted_on', 'name', 'granted_to', 'grantee_name'),
    ).toEqual([
      ['USAGE', 'DATABASE', 'D1', 'DATABASE_ROLE', 'DR1'],
      ['USAGE', 'SCHEMA', 'D1.S', 'DATABASE_ROLE', 'DR1'],
      ['SELECT', 'TABLE', 'D1.S.T', 'DATABASE_ROLE', 'DR1'],
      ['SELECT', 'TABLE', 'D1.S.LATER', 'DATABASE_ROLE', 'DR1'],
    ]);
    expect(await column('show grants of database role d1.dr1', 'role', 'granted_to', 'grantee_name')).toEqual([
      ['D1.DR1', 'DATABASE_ROLE', 'DR2'],
    ]);
    expect(await column('show future grants to database role d1.dr1', 'privilege', 'grant_to')).toEqual([
      ['SELECT', 'DATABASE_ROLE'],
    ]);
    expect(await column('show grants to role sysanalyst', 'privilege', 'granted_on', 'name')).toContainEqual([
      'USAGE',
      'DATABASE_ROLE',
      'D1.DR2',
    ]);
    await run('revoke database role d1.dr1 from database role d1.dr2', 'use role sysanalyst');
    await expect(client.run('select n from d1.s.t')).rejects.toMatchObject({ code: '002003' });
    await run('use role accountadmin', 'revoke select on table d1.s.t from database role d1.dr1', 'drop database role d1.dr1');
    expect(await column('show database roles in database d1', 'name')).toEqual(['DR2']);
  });

  it.each([
    ['grant usage on schema other.s to database role d1.dr3', '003008'],
    ['grant create database on account to database role d1.dr3', '003008'],
    ['grant database role d1.nobody to role sysanalyst', '002003'],
    ['grant role sysanalyst to database role d1.dr3', '000002'],
    ['grant ownership on schema d1.s to database role d1.dr3', '000002'],
    ['create database role d1.dr3', '002002'],
  ])('refuse: %s', async (sql, code) => {
    await run('create database role if not exists d1.dr3');
    await expect(client.run(sql)).rejects.toMatchObject({ code });
  });

  it('are no obstacle to a database whose name is ROLE', async () => {
    await run('create database role', 'drop database role');
    expect(await column("show databases like 'role'", 'name')).toEqual([]);
  });

  it('go and come back with their database', async () => {
    await run('create database gone', 'create database role gone.r', 'drop database gone', 'undrop database gone');
    expect(await column('show database roles in database gone', 'name')).toEqual(['R']);
  });
});
