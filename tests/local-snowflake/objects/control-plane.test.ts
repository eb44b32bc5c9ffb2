import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection } from '../../support/sdk-connection.ts';

let server: LocalServer;
let client: SdkConnection;

beforeAll(async () => {
  server = await startLocalServer();
  client = await server.connect();
  await client.run('create database snowbank');
  await client.run('create schema snowbank.ml');
});

afterAll(async () => {
  await server.close();
});

describe('CREATE', () => {
  // https://docs.snowflake.com/en/sql-reference/sql/create-warehouse
  test('IF NOT EXISTS keeps what is there, OR REPLACE makes it anew', async () => {
    await client.run("create warehouse w warehouse_size = 'small'");
    await expect(client.run('create warehouse w')).rejects.toMatchObject({
      code: '002002',
      message: "SQL compilation error:\nObject 'W' already exists.",
    });
    await client.run("create warehouse if not exists w warehouse_size = 'large'");
    expect((await client.rows("show warehouses like 'w'"))[0]).toMatchObject({ size: 'Small' });
    await client.run('create or replace warehouse w');
    expect((await client.rows("show warehouses like 'w'"))[0]).toMatchObject({
      size: 'X-Small',
      auto_suspend: 600,
      auto_resume: 'true',
    });
  });

  test.each([
    ['create warehouse w2 warehouse_size = huge', '001008', "invalid value [huge] for parameter 'WAREHOUSE_SIZE'"],
    ['create warehouse w2 colour = red', '001420', "invalid property 'colour' for 'WAREHOUSE'"],
    ['create warehouse w2 auto_suspend = 1 auto_suspend = 2', '001065', "duplicate property 'AUTO_SUSPEND'"],
    ['create or replace warehouse if not exists w2', '002012', 'options OR REPLACE and IF NOT EXISTS are incompatible.'],
    ['create warehouse w2 auto_suspend = soon', '001003', "unexpected 'soon'"],
    ['create spaceship x', '000002', "Unsupported feature 'CREATE SPACESHIP'"],
    ['create secret s type = oauth2', '000002', "Unsupported feature 'secrets of type OAUTH2'"],
    ["create stage s url = 's3://x'", '000002', "Unsupported feature 'external stages (URL)'"],
  ])('%s', async (sql, code, message) => {
    const before = await client.rows('show warehouses');
    await expect(client.run(sql)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    expect(await client.rows('show warehouses')).toEqual(before);
  });

  test('names are folded, quoted ones kept', async () => {
    await client.run('create stage "my stage"');
    await client.run('create stage MyStage');
    expect((await client.rows("show stages like '%my%stage'")).map((row) => row['name'])).toEqual(['MYSTAGE', 'my stage']);
    expect(await client.rows('list @"my stage"')).toEqual([]);
  });
});

describe('ALTER and DROP', () => {
  // https://docs.snowflake.com/en/sql-reference/sql/alter-warehouse
  test('SET, UNSET, RENAME, SUSPEND, RESUME', async () => {
    await client.run("create warehouse a comment = 'x'");
    await client.run("alter warehouse a set warehouse_size = medium auto_suspend = 120 comment = 'it''s'");
    expect((await client.rows("show warehouses like 'a'"))[0]).toMatchObject({
      size: 'Medium',
      auto_suspend: 120,
      comment: "it's",
    });
    await client.run('alter warehouse a unset auto_suspend, comment');
    expect((await client.rows("show warehouses like 'a'"))[0]).toMatchObject({ auto_suspend: 600, comment: '' });
    await client.run('alter warehouse a suspend');
    await expect(client.run('alter warehouse a suspend')).rejects.toMatchObject({
      message: expect.stringContaining('cannot be suspended'),
    });
    await expect(client.run('alter warehouse b resume if suspended')).rejects.toMatchObject({ code: '002003' });
    await client.run('alter warehouse a rename to b');
    await client.run('alter warehouse b resume if suspended');
    expect(await client.rows("show warehouses like 'a'")).toEqual([]);
  });

  test('DROP of what is not there', async () => {
    await expect(client.run('drop warehouse nothing')).rejects.toMatchObject({
      code: '002003',
      message: "SQL compilation error:\nWarehouse 'NOTHING' does not exist or not authorized.",
    });
    expect(await client.value('drop warehouse if exists nothing')).toBe(
      'Drop statement executed successfully (NOTHING already dropped).',
    );
  });

  test('dropping a database drops what is in it', async () => {
    await client.run('create database gone');
    await client.run('create stage gone.public.s');
    await client.run('drop database gone');
    await client.run('create database gone');
    expect(await client.rows('show stages in database gone')).toEqual([]);
    await client.run('drop database gone');
    await client.run('use schema snowbank.ml');
  });
});

describe('SHOW', () => {
  // https://docs.snowflake.com/en/sql-reference/sql/show-stages
  test('LIKE, IN, STARTS WITH, LIMIT … FROM', async () => {
    await client.run('create schema snowbank.shown');
    for (const name of ['AA', 'AB', 'BA', '"ab"']) await client.run(`create stage ${name}`);
    const names = async (sql: string): Promise<unknown[]> => (await client.rows(sql)).map((row) => row['name']);
    expect(await names('show stages in schema snowbank.shown')).toEqual(['AA', 'AB', 'BA', 'ab']);
    expect(await names("show stages like 'a%' in snowbank.shown")).toEqual(['AA', 'AB', 'ab']);
    expect(await names("show stages in schema starts with 'A'")).toEqual(['AA', 'AB']);
    expect(await names("show stages in schema snowbank.shown limit 2 from 'AB'")).toEqual(['AB', 'BA']);
    expect(await names('show stages in account')).toContain('AA');
    await client.run('use schema snowbank.ml');
  });

  test('secrets are never shown', async () => {
    await client.run("create secret token type = generic_string secret_string = 'open sesame'");
    const answers = [await client.rows('show secrets'), await client.rows('describe secret token'), server.service.history(100)];
    expect(JSON.stringify(answers)).not.toContain('open sesame');
    expect((await client.rows("show secrets like 'token'"))[0]).toMatchObject({
      name: 'TOKEN',
      secret_type: 'GENERIC_STRING',
      schema_name: 'ML',
      database_name: 'SNOWBANK',
    });
  });

  // https://docs.snowflake.com/en/sql-reference/sql/show-parameters
  test('parameters say at which level they were set', async () => {
    await client.run('create schema tuned data_retention_time_in_days = 3');
    await client.run('alter account set suspend_task_after_num_failures = 5');
    const rows = await client.rows('show parameters in schema tuned');
    const by = Object.fromEntries(rows.map((row) => [row['key'], row]));
    expect(by['DATA_RETENTION_TIME_IN_DAYS']).toMatchObject({ value: '3', default: '1', level: 'SCHEMA' });
    expect(by['SUSPEND_TASK_AFTER_NUM_FAILURES']).toMatchObject({ value: '5', default: '10', level: 'ACCOUNT' });
    expect(by['LOG_LEVEL']).toMatchObject({ value: 'OFF', level: '' });
    await client.run('alter account unset suspend_task_after_num_failures');
  });
});

describe('notification integrations', () => {
  // https://docs.snowflake.com/en/sql-reference/sql/create-notification-integration-webhooks
  test.each([
    ["webhook_url = 'http://hooks.slack.com/services/x'", 'Invalid value for WEBHOOK_URL'],
    ["webhook_url = 'https://evil.example/services/x'", 'Invalid value for WEBHOOK_URL'],
    ["webhook_url = 'https://hooks.slack.com/services/x' webhook_body_template = '{}'", "'Content-Type'"],
    ["webhook_url = 'https://hooks.slack.com/services/x' default_subject = 'x'", "invalid property 'DEFAULT_SUBJECT'"],
  ])('refuses %s', async (properties, message) => {
    await expect(client.run(`create notification integration n type = webhook enabled = true ${properties}`)).rejects.toMatchObject(
      {
        message: expect.stringContaining(message),
      },
    );
  });

  // https://docs.snowflake.com/en/sql-reference/sql/create-notification-integration-email
  test('refuses recipients that are no users', async () => {
    await expect(
      client.run("create notification integration n type = email enabled = true allowed_recipients = ('who@example.com')"),
    ).rejects.toMatchObject({
      message: expect.stringContaining('who@example.com'),
    });
  });
});

test('everything survives a restart', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'durable-'));
  const listing = async (from: SdkConnection): Promise<unknown> =>
    Promise.all(
      ['show databases', 'show schemas', 'show roles', 'show grants to role engineer', 'show secrets in account', 'show users'].map(
        (sql) => from.rows(sql),
      ),
    );
  const first = await startLocalServer({ dataDir });
  let connection = await first.connect();
  for (const sql of [
    'create database d',
    "create secret s type = generic_string secret_string = 'x'",
    'create role engineer',
    'grant usage on database d to role engineer',
  ]) {
    await connection.run(sql);
  }
  await connection.run('use role accountadmin');
  const fresh = await first.connect();
  const before = await listing(fresh);
  await first.close();
  const second = await startLocalServer({ dataDir });
  connection = await second.connect();
  expect(await listing(connection)).toEqual(before);
  await second.close();
  await rm(dataDir, { recursive: true });
});
