import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection } from '../../support/sdk-connection.ts';

let server: LocalServer;
let client: SdkConnection;
beforeAll(async () => {
  server = await startLocalServer();
  client = await server.connect();
  for (const sql of [
    'create database lab',
    'create schema lab.t',
    'create file format lab.t.f',
    'create tag lab.t.layer',
    'create table lab.t.kept (b varchar(200), c int)',
    'create warehouse owned_wh',
  ])
    await client.run(sql);
});
afterAll(async () => {
  await server.close();
});

// https://docs.snowflake.com/en/sql-reference/sql/create-or-alter
describe('CREATE OR ALTER', () => {
  test('makes what is not there, and gives what the statement leaves out its default again', async () => {
    const shown = async (): Promise<unknown> => {
      const [row] = await client.rows("show warehouses like 'coa_wh'");
      return [row?.['size'], row?.['auto_suspend'], row?.['auto_resume'], row?.['comment'], row?.['state']];
    };
    await client.run(
      "create or alter warehouse coa_wh warehouse_size = large auto_suspend = 60 comment = 'one' initially_suspended = true",
    );
    expect(await shown()).toEqual(['Large', 60, 'true', 'one', 'SUSPENDED']);
    await client.run('create or alter warehouse coa_wh warehouse_size = small auto_resume = false');
    // What is no property, the state, stays.
    expect(await shown()).toEqual(['Small', 600, 'false', '', 'SUSPENDED']);
  });

  test('resets parameters, keeps tags, grants and contents', async () => {
    await client.run("create or alter schema lab.s with managed access data_retention_time_in_days = 0 comment = 'one'");
    for (const sql of ['create tag lab.public.layer', 'create table lab.s.t (n int)', 'create role reader']) await client.run(sql);
    await client.run("alter schema lab.s set tag lab.public.layer = 'gold'");
    await client.run('grant usage on schema lab.s to role reader');
    await client.run('create or alter schema lab.s');
    const [row] = await client.rows("show schemas like 's' in database lab");
    expect([row?.['options'], row?.['retention_time'], row?.['comment']]).toEqual(['', '1', '']);
    expect(await client.rows("select system$get_tag('lab.public.layer', 'lab.s', 'schema') as tag")).toEqual([{ TAG: 'gold' }]);
    expect(await client.rows('show grants on schema lab.s')).toHaveLength(2);
    expect(await client.rows('show tables in schema lab.s')).toHaveLength(1);
  });

  test('takes the options of file formats, stages, tags and roles as a whole', async () => {
    await client.run("create or alter file format lab.s.f type = csv skip_header = 1 field_delimiter = '|'");
    await client.run('create or alter file format lab.s.f type = csv skip_header = 2');
    const [format] = await client.rows("show file formats like 'f' in schema lab.s");
    expect(JSON.parse(String(format?.['format_options']))).toEqual({ TYPE: 'CSV', SKIP_HEADER: 2 });
    await client.run("create or alter tag lab.s.tier allowed_values 'a', 'b' comment = 'c'");
    await client.run("create or alter tag lab.s.tier allowed_values 'a'");
    const [tag] = await client.rows("show tags like 'tier' in schema lab.s");
    expect([tag?.['allowed_values'], tag?.['comment']]).toEqual(['["a"]', '']);
    await client.run(
      "create or alter stage lab.s.files directory = (enable = true) encryption = (type = 'SNOWFLAKE_SSE') comment = 'x'",
    );
    await client.run('create or alter stage lab.s.files');
    const [stage] = await client.rows("show stages like 'files' in schema lab.s");
    expect([stage?.['type'], stage?.['directory_enabled'], stage?.['comment']]).toEqual(['INTERNAL NO CSE', 'N', '']);
    await client.run("create or alter role reader comment = 'reads'");
    expect((await client.rows("show roles like 'reader'"))[0]?.['comment']).toBe('reads');
  });

  // https://docs.snowflake.com/en/sql-reference/sql/create-table, "CREATE OR ALTER TABLE", with its example
  test('adds, drops and changes the columns of a table, whose rows stay', async () => {
    await client.run('use warehouse owned_wh');
    await client.run('create or alter table lab.t.my_table (a int primary key)');
    await client.run('insert into lab.t.my_table values (1)');
    await client.run(
      "create or alter table lab.t.my_table (a int primary key, b varchar(200)) change_tracking = true comment = 'c'",
    );
    await client.run(
      "create or alter table lab.t.my_table (a number(30, 0) comment 'one', b varchar(200) default 'x', c int not null default 3)",
    );
    expect(await client.rows('select * from lab.t.my_table')).toEqual([{ A: 1, B: null, C: 3 }]);
    const columns = await client.rows('describe table lab.t.my_table');
    expect(
      columns.map((row) => [row['name'], row['type'], row['null?'], row['default'], row['primary key'], row['comment']]),
    ).toEqual([
      ['A', 'NUMBER(30,0)', 'Y', null, 'N', 'one'],
      ['B', 'VARCHAR(200)', 'Y', "'x'", 'N', null],
      ['C', 'NUMBER(38,0)', 'N', '3', 'N', null],
    ]);
    const [row] = await client.rows("show tables like 'my_table' in schema lab.t");
    // CHANGE_TRACKING is not unset when it is left out.
    expect([row?.['change_tracking'], row?.['comment'], row?.['rows']]).toEqual(['ON', '', 1]);
    await client.run('create or alter table lab.t.my_table (b varchar(200), c int not null)');
    expect(await client.rows('select * from lab.t.my_table')).toEqual([{ B: null, C: 3 }]);
  });

  test.each([
    ['create or alter table lab.t.kept (c int, b varchar)', 'the order of columns: B'],
    ['create or alter table lab.t.kept (b varchar(200) autoincrement, c int)', 'AUTOINCREMENT of B'],
    ['create or alter transient table lab.t.kept (b varchar(200), c int)', 'CREATE OR ALTER TABLE that changes TRANSIENT'],
    ['create or alter table lab.t.kept as select 1 as b', 'CREATE OR ALTER TABLE … AS SELECT'],
    ['create or alter transient schema lab.t', 'CREATE OR ALTER SCHEMA that changes TRANSIENT'],
    ['create or alter file format lab.t.f type = json', 'CREATE OR ALTER FILE FORMAT that changes TYPE'],
    ["create or alter schema lab.t with tag (lab.t.layer = 'x')", 'TAG of CREATE OR ALTER SCHEMA'],
    ['create or alter user somebody', 'CREATE OR ALTER USER'],
  ])('refuses by name: %s', async (sql, feature) => {
    await expect(client.run(sql)).rejects.toMatchObject({ message: expect.stringContaining(feature) as string });
  });

  test('is for the owner', async () => {
    await client.run('create role stranger');
    await client.run('grant role stranger to role accountadmin');
    await client.run('grant create warehouse on account to role stranger');
    await client.run('grant usage on warehouse owned_wh to role stranger');
    await client.run('use secondary roles none');
    await client.run('use role stranger');
    await expect(client.run('create or alter warehouse owned_wh')).rejects.toMatchObject({ code: '003001' });
    await client.run('use role accountadmin');
  });
});
