import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TaskServer } from '../tasks/task-server.ts';

const hour = 3_600_000;

describe('UNDROP', () => {
  let server: TaskServer;
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'undrop-'));
    server = await TaskServer.start(folder);
    await server.run('create database d', 'create schema d.s', 'create table t (id int)', 'insert into t values (1), (2)');
  });

  afterEach(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const restartOutside = async (): Promise<void> => {
    await server.close();
    server = await TaskServer.start(folder, server.clock);
  };

  const restart = async (): Promise<void> => {
    await restartOutside();
    await server.run('use schema d.s');
  };

  const names = async (sql: string, client = server.client): Promise<unknown[]> =>
    (await client.rows(sql)).map((row) => row['name']);
  const tables = (): Promise<string[]> => server.server.service.internals.data.tables.listTables();

  // https://docs.snowflake.com/en/sql-reference/sql/undrop-table (Basic example)
  it('brings back a table with its rows, its grants and its stream', async () => {
    await server.run('create role reader', 'grant select on table t to role reader', 'create stream changes on table t');
    await server.run('insert into t values (3)', 'drop table t');
    expect(await server.refusal('select * from t')).toMatch(/Object 'D.S.T' does not exist/u);
    expect(await names('show tables')).toEqual([]);
    await restart();
    expect(await server.rows('undrop table t')).toEqual([{ status: 'Table T successfully restored.' }]);
    expect(await server.value('select sum(id) from t')).toBe(6);
    expect(await server.value('select id from changes')).toBe(3);
    expect((await server.rows('show grants on table t')).map((row) => [row['privilege'], row['grantee_name']])).toContainEqual([
      'SELECT',
      'READER',
    ]);
    await server.run('insert into t values (4)');
    expect(await server.value('select count(*) from changes')).toBe(2);
  });

  // https://docs.snowflake.com/en/user-guide/data-time-travel (Example: Dropping and restoring a table multiple times)
  it('brings back the version that was dropped last, then the one before it', async () => {
    await server.run(
      'drop table t',
      'create table t (c1 number)',
      'insert into t values (1111)',
      'create or replace table t (c1 varchar)',
    );
    const history = 'show tables history';
    expect((await server.rows(history)).map((row) => [row['name'], row['rows'], row['dropped_on'] === null])).toEqual([
      ['T', 0, true],
      ['T', 1, false],
      ['T', 2, false],
    ]);
    expect(await server.refusal('undrop table t')).toMatch(/Object 'D.S.T' already exists/u);
    await server.run('alter table t rename to t3', 'undrop table t');
    expect(await server.value('select * from t')).toBe(1111);
    await server.run('alter table t rename to t2', 'undrop table t');
    expect(await server.value('select count(*) from t')).toBe(2);
    expect((await server.rows(history)).every((row) => row['dropped_on'] === null)).toBe(true);
    expect(await server.refusal('undrop table never_there')).toBe('Table NEVER_THERE did not exist or was purged.');
  });

  // https://docs.snowflake.com/en/sql-reference/sql/undrop-schema, https://docs.snowflake.com/en/sql-reference/sql/undrop-database
  it('brings back a schema and a database with all that is in them; tasks are suspended', async () => {
    await server.run(
      'create warehouse w',
      'create view v as select * from t',
      'create sequence q',
      "create task k warehouse = w schedule = '1 minute' as select 1",
      'alter task k resume',
      'create procedure p() returns int as begin return 1; end',
      'drop table t',
      'drop schema s',
    );
    expect(await names('show schemas in database d')).not.toContain('S');
    expect(await names('show schemas history in database d')).toContain('S');
    await server.run('drop database d');
    expect(await names('show databases')).not.toContain('D');
    await server.clock.advanceBy(5 * 60_000);
    await restartOutside();
    expect(await server.rows('undrop database d')).toEqual([{ status: 'Database D successfully restored.' }]);
    await server.run('use database d');
    expect(await server.rows('undrop schema s')).toEqual([{ status: 'Schema S successfully restored.' }]);
    await server.run('use schema d.s', 'undrop table t');
    expect(await server.value('select count(*) from v')).toBe(2);
    expect(await server.value('select q.nextval')).toBe(1);
    expect(await server.value('call p()')).toBe(1);
    const [task] = await server.rows('show tasks');
    expect(task).toMatchObject({ state: 'suspended', last_suspended_reason: 'SCHEMA_OR_DATABASE_DELETED' });
  });

  // https://docs.snowflake.com/en/sql-reference/sql/undrop-tag, https://docs.snowflake.com/en/sql-reference/sql/undrop-dynamic-table
  it('brings back tags with what they stand on, and dynamic tables', async () => {
    await server.run(
      'create warehouse w',
      'create tag cost_center',
      "alter table t set tag cost_center = 'finance'",
      "create dynamic table sums target_lag = '1 hour' warehouse = w as select sum(id) as s from t",
      'drop tag cost_center',
      'drop dynamic table sums',
    );
    expect(await server.refusal("select system$get_tag('cost_center', 't', 'table')")).toMatch(/does not exist/u);
    await server.run('undrop tag cost_center', 'undrop dynamic table sums', 'insert into t values (4)');
    expect(await server.value("select system$get_tag('cost_center', 't', 'table')")).toBe('finance');
    expect(await server.value('select s from sums')).toBe(3);
    await server.run('alter dynamic table sums refresh');
    expect(await server.value('select s from sums')).toBe(7);
    expect(await server.refusal('undrop dynamic table absent')).toBe('Dynamic_table ABSENT did not exist or was purged.');
  });

  // https://docs.snowflake.com/en/user-guide/data-time-travel#data-retention-period
  it('ends with the retention time, which a container passes on and 0 takes away', async () => {
    await server.run(
      'alter schema s set data_retention_time_in_days = 2',
      'create table gone (id int) data_retention_time_in_days = 0',
    );
    expect((await server.rows('show tables')).map((row) => [row['name'], row['retention_time']])).toEqual([
      ['GONE', '0'],
      ['T', '2'],
    ]);
    await server.run('drop table gone', 'drop table t');
    expect(await server.refusal('undrop table gone')).toBe('Table GONE did not exist or was purged.');
    // A change for the container does not concern what was dropped before.
    await server.run('alter schema s set data_retention_time_in_days = 1');
    await server.clock.advanceBy(47 * hour);
    expect(await names('show tables history in schema d.s', await server.connect())).toEqual(['T']);
    await server.clock.advanceBy(2 * hour);
    const later = await server.connect();
    expect(await names('show tables history in schema d.s', later)).toEqual([]);
    expect(await server.refusal('undrop table d.s.t', later)).toBe('Table T did not exist or was purged.');
    await restartOutside();
    expect(await tables()).toEqual([]);
  });

  it('frees what came to its end while the server stood still', async () => {
    await server.run('drop table t');
    await server.close();
    await server.clock.advanceBy(25 * hour);
    server = await TaskServer.start(folder, server.clock);
    expect(await tables()).toEqual([]);
  });

  it('is for the owner, who may create there', async () => {
    await server.run(
      'create role other',
      'grant usage on database d to role other',
      'grant all on schema s to role other',
      'drop table t',
    );
    await server.run('grant role other to user local_admin', 'use role other', 'use secondary roles none');
    expect(await server.refusal('undrop table d.s.t')).toBe('Table T did not exist or was purged.');
    expect(await names('show tables history in schema d.s')).toEqual([]);
  });

  it('refuses retention times that there are not', async () => {
    expect(await server.refusal('alter table t set data_retention_time_in_days = 91')).toMatch(/invalid value \[91\]/u);
    expect(await server.refusal('create transient table x (id int) data_retention_time_in_days = 2')).toMatch(
      /invalid value \[2\]/u,
    );
    expect(await server.refusal('undrop view v')).toMatch(/Unsupported feature 'UNDROP VIEW'/u);
  });
});
