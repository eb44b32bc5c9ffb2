import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection } from '../../support/sdk-connection.ts';

let server: LocalServer;
let admin: SdkConnection;
let engineer: SdkConnection;

beforeAll(async () => {
  server = await startLocalServer();
  admin = await server.connect();
  for (const sql of [
    'create role engineer',
    `create user eve password = 'Secret-123' default_role = engineer default_secondary_roles = ()`,
    'grant role engineer to user eve',
    'create warehouse demo_wh',
    'create database snowbank',
    'create schema snowbank.ml',
  ]) {
    await admin.run(sql);
  }
  engineer = await server.connect({ username: 'eve', password: 'Secret-123' });
});

afterAll(async () => {
  await server.close();
});

// https://docs.snowflake.com/en/user-guide/security-access-control-overview
describe('privileges', () => {
  test('an object that nothing is held on does not exist', async () => {
    await expect(engineer.run('create schema snowbank.x')).rejects.toMatchObject({
      code: '002003',
      sqlState: '02000',
      message: expect.stringContaining("Database 'SNOWBANK' does not exist or not authorized."),
    });
    expect(await engineer.rows('show databases')).toEqual([]);
  });

  test('too little on it is refused by name', async () => {
    await admin.run('grant usage on database snowbank to role engineer');
    await expect(engineer.run('create schema snowbank.x')).rejects.toMatchObject({
      code: '003001',
      sqlState: '42501',
      message: "SQL access control error:\nInsufficient privileges to operate on database 'SNOWBANK'.",
    });
  });

  test('a grant allows it at once, a revoke forbids it at once', async () => {
    await admin.run('grant create schema on database snowbank to role engineer');
    await engineer.run('create schema snowbank.x');
    await engineer.run('drop schema snowbank.x');
    await admin.run('revoke create schema on database snowbank from role engineer');
    await expect(engineer.run('create schema snowbank.x')).rejects.toMatchObject({ code: '003001' });
  });

  test('privileges come through granted roles', async () => {
    await admin.run('create role reader');
    await admin.run('grant usage on warehouse demo_wh to role reader');
    await expect(engineer.run('use warehouse demo_wh')).rejects.toMatchObject({ code: '002003' });
    await admin.run('grant role reader to role engineer');
    await engineer.run('use warehouse demo_wh');
    await expect(admin.run('grant role engineer to role reader')).rejects.toMatchObject({
      message: expect.stringContaining('cycle'),
    });
  });

  test('the account has privileges of its own', async () => {
    await expect(engineer.run('create warehouse other')).rejects.toMatchObject({
      code: '003001',
      message: expect.stringContaining("Insufficient privileges to operate on account 'LOCAL'"),
    });
    await admin.run('grant create warehouse on account to role engineer');
    await engineer.run('create warehouse other');
    expect((await engineer.rows("show warehouses like 'other'"))[0]).toMatchObject({ owner: 'ENGINEER' });
  });

  test('a role that is not granted cannot be used', async () => {
    await expect(engineer.run('use role accountadmin')).rejects.toMatchObject({ code: '003013' });
    await expect(server.connect({ username: 'eve', password: 'Secret-123', role: 'ACCOUNTADMIN' })).rejects.toMatchObject({
      message: expect.stringContaining("Requested role 'ACCOUNTADMIN' is not assigned to the executing user"),
    });
  });

  // https://docs.snowflake.com/en/user-guide/security-access-control-configure#future-grants
  test('future grants hold for what is created later', async () => {
    await admin.run('grant usage on schema snowbank.ml to role engineer');
    await admin.run('grant read on future stages in schema snowbank.ml to role engineer');
    await admin.run('create stage snowbank.ml.code');
    expect(await engineer.rows('list @snowbank.ml.code')).toEqual([]);
    await expect(engineer.run('remove @snowbank.ml.code')).rejects.toMatchObject({ code: '003001' });
    expect(await admin.rows('show future grants in schema snowbank.ml')).toMatchObject([
      { privilege: 'READ', grant_on: 'STAGE', name: 'SNOWBANK.ML.<STAGE>', grant_to: 'ROLE', grantee_name: 'ENGINEER' },
    ]);
  });

  // https://docs.snowflake.com/en/sql-reference/sql/grant-ownership
  test('ownership moves, and with it everything', async () => {
    await admin.run('create stage snowbank.ml.own');
    await admin.run('grant read on stage snowbank.ml.own to role reader');
    await expect(admin.run('grant ownership on stage snowbank.ml.own to role engineer')).rejects.toMatchObject({
      message: expect.stringContaining('Dependent grant'),
    });
    await admin.run('grant ownership on stage snowbank.ml.own to role engineer revoke current grants');
    await engineer.run("alter stage snowbank.ml.own set comment = 'mine'");
    await engineer.run('drop stage snowbank.ml.own');
  });

  test('grants go with the object', async () => {
    await admin.run('create warehouse gone');
    await admin.run('grant usage on warehouse gone to role engineer');
    await admin.run('drop warehouse gone');
    const held = await admin.rows('show grants to role engineer');
    expect(held.filter((row) => row['name'] === 'GONE')).toEqual([]);
  });
});
