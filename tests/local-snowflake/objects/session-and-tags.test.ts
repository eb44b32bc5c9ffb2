import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection } from '../../support/sdk-connection.ts';

let server: LocalServer;
let client: SdkConnection;
beforeAll(async () => {
  server = await startLocalServer();
  client = await server.connect();
  for (const sql of ['create database snowbank', 'create schema snowbank.ml', 'create table snowbank.ml.loans (id int)']) {
    await client.run(sql);
  }
});
afterAll(async () => {
  await server.close();
});

// https://docs.snowflake.com/en/sql-reference/info-schema
describe('USE SCHEMA … INFORMATION_SCHEMA', () => {
  test('reads the views of the database without their schema, and makes nothing there', async () => {
    await client.run('use schema snowbank.information_schema');
    expect(await client.rows('select current_database() as d, current_schema() as s')).toEqual([
      { D: 'SNOWBANK', S: 'INFORMATION_SCHEMA' },
    ]);
    expect(await client.rows("select table_name from tables where table_schema = 'ML'")).toEqual([{ TABLE_NAME: 'LOANS' }]);
    await expect(client.run('create table t (a int)')).rejects.toMatchObject({ code: '002003' });
    await expect(client.run('select * from loans')).rejects.toMatchObject({ message: expect.stringContaining('LOANS') });
    await client.run('use schema ml');
    expect(await client.value('select count(*) from loans')).toBe(0);
    await client.run('use schema information_schema');
    expect(await client.value("select count(*) from tables where table_name = 'LOANS'")).toBe(1);
    await client.run('use database snowbank');
    expect(await client.value('select current_schema()')).toBe('PUBLIC');
  });

  test('wants a database that is there', async () => {
    await expect(client.run('use schema nowhere.information_schema')).rejects.toMatchObject({ code: '002003' });
    const fresh = await server.connect();
    await expect(fresh.run('use schema information_schema')).rejects.toMatchObject({ code: '090105' });
  });
});

// https://docs.snowflake.com/en/sql-reference/sql/create-tag
describe('a tag with ALLOWED_VALUES', () => {
  beforeAll(async () => {
    await client.run('use schema snowbank.ml');
    await client.run("create tag cost_center allowed_values 'finance', 'engineering'");
    await client.run('create warehouse wh');
  });

  test.each([
    "alter table loans set tag cost_center = 'sales'",
    "create stage s with tag (cost_center = 'sales')",
    "create view v with tag (cost_center = 'sales') as select 1 as a",
    "create task t warehouse = wh with tag (cost_center = 'sales') as select 1",
  ])('has no other: %s', async (sql) => {
    await expect(client.run(sql)).rejects.toMatchObject({
      message: expect.stringContaining("invalid value [sales] for tag 'COST_CENTER'. Allowed values: 'finance', 'engineering'"),
    });
  });

  test('takes those, and others once they are added', async () => {
    await client.run("alter table loans set tag cost_center = 'finance'");
    await client.run("alter tag cost_center add allowed_values 'sales'");
    await client.run("alter table loans set tag cost_center = 'sales'");
    await client.run("alter tag cost_center drop allowed_values 'finance', 'sales'");
    await expect(client.run("alter table loans set tag cost_center = 'finance'")).rejects.toMatchObject({ code: '001008' });
    await client.run('alter tag cost_center unset allowed_values');
    await client.run("alter table loans set tag cost_center = 'whatever'");
    expect(await client.value("select system$get_tag('cost_center', 'loans', 'table')")).toBe('whatever');
  });
});

// https://docs.snowflake.com/en/sql-reference/parameters#log-event-level
test('LOG_EVENT_LEVEL is a parameter of sessions and of objects', async () => {
  await client.run("alter session set log_event_level = 'WARN'");
  await client.run("alter schema snowbank.ml set log_event_level = 'ERROR'");
  expect(await client.rows("show parameters like 'log_event_level' in session")).toMatchObject([
    { key: 'LOG_EVENT_LEVEL', value: 'WARN', default: 'OFF', level: 'SESSION' },
  ]);
  expect(await client.rows("show parameters like 'log_event_level' in schema snowbank.ml")).toMatchObject([
    { value: 'ERROR', default: 'OFF', level: 'SCHEMA' },
  ]);
});

// By this number snowflake-ml-python (dataset_errors.py) knows that there is no such dataset.
test('ALTER DATASET of a dataset that is not there', async () => {
  await expect(client.run("alter dataset snowbank.ml.nothing add version 'v1' from (select 1 as a)")).rejects.toMatchObject({
    code: '399019',
    message: expect.stringContaining("Dataset 'SNOWBANK.ML.NOTHING' does not exist or not authorized."),
  });
  await client.run("alter dataset if exists snowbank.ml.nothing drop version 'v1'");
});

// https://docs.snowflake.com/en/sql-reference/sql/show-services
test('SHOW JOB SERVICES and SHOW SERVICES EXCLUDE JOBS leave out what they are about', async () => {
  const columns = async (sql: string): Promise<readonly string[]> => {
    const { statement } = await client.run(sql, { describeOnly: true });
    return (statement.getColumns() ?? []).map((each) => each.getName());
  };
  const all = await columns('show services');
  expect(all).toEqual(expect.arrayContaining(['is_job', 'is_async_job']));
  expect(await columns('show job services in account')).toEqual(all.filter((name) => name !== 'is_job'));
  expect(await columns("show services exclude jobs like 'x%'")).toEqual(
    all.filter((name) => name !== 'is_job' && name !== 'is_async_job'),
  );
});
