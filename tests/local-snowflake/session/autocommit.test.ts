import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection } from '../../support/sdk-connection.ts';

let server: LocalServer;
let client: SdkConnection;
let other: SdkConnection;

beforeAll(async () => {
  server = await startLocalServer();
  const admin = await server.connect();
  await admin.run('create warehouse w');
  await admin.run('create database d');
  const open = (): Promise<SdkConnection> => server.connect({ database: 'D', schema: 'PUBLIC', warehouse: 'W' });
  client = await open();
  other = await open();
});

afterAll(async () => {
  await server.close();
});

beforeEach(async () => {
  await client.run('create or replace table t (n int)');
  await client.run('alter session set autocommit = false');
});

const count = async (connection: SdkConnection): Promise<unknown> => connection.value('select count(*) from t');

// https://docs.snowflake.com/en/sql-reference/transactions#autocommit
describe('AUTOCOMMIT = FALSE', () => {
  it('the first DML statement begins a transaction, COMMIT and ROLLBACK end it, the next one begins another', async () => {
    await client.run('insert into t values (1)');
    expect([await count(client), await count(other)]).toEqual([1, 0]);
    await client.run('commit');
    expect(await count(other)).toBe(1);
    await client.run('delete from t');
    expect([await count(client), await count(other)]).toEqual([0, 1]);
    await client.run('rollback');
    expect(await count(client)).toBe(1);
  });

  it('DDL, and any ALTER SESSION SET AUTOCOMMIT, commit what is open', async () => {
    await client.run('insert into t values (1)');
    await client.run('create or replace table u (n int)');
    expect(await count(other)).toBe(1);
    await client.run('insert into t values (2)');
    await client.run('alter session set autocommit = false');
    expect(await count(other)).toBe(2);
    await client.run('alter session unset autocommit');
    await client.run('insert into t values (3)');
    expect(await count(other)).toBe(3);
  });

  it('the end of a session rolls back', async () => {
    const leaving = await server.connect({ database: 'D', schema: 'PUBLIC', warehouse: 'W' });
    await leaving.run('alter session set autocommit = false');
    await leaving.run('insert into t values (1)');
    await leaving.close();
    expect(await count(other)).toBe(0);
  });

  it('a procedure does not leave its transaction to its caller, and takes part in one of its caller', async () => {
    await client.run("create or replace procedure p() returns varchar as 'begin insert into t values (7); return ''done''; end'");
    await expect(client.run('call p()')).rejects.toThrow('Scoped transaction started in stored procedure is incomplete');
    expect(await count(client)).toBe(0);
    await client.run('insert into t values (1)');
    await client.run('call p()');
    expect([await count(client), await count(other)]).toEqual([2, 0]);
    await client.run('rollback');
    expect(await count(client)).toBe(0);
  });
});
