import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection } from '../../support/sdk-connection.ts';

// https://docs.snowflake.com/en/sql-reference/functions/get_ddl
let server: LocalServer;
let admin: SdkConnection;
beforeAll(async () => {
  server = await startLocalServer();
  admin = await server.connect();
  for (const sql of ['create warehouse wh', 'create database books_db', 'create schema books_schema']) await admin.run(sql);
});
afterAll(async () => {
  await server.close();
});

const ddlOf = (type: string, name: string, ...more: readonly string[]): Promise<unknown> =>
  admin.value(`select get_ddl('${type}', '${name}'${more.map((each) => `, ${each}`).join('')})`);

describe('GET_DDL', () => {
  test('of a schema, with what is in it (the page’s example)', async () => {
    await admin.run('create table books_table (id number(38,0), title varchar(255), author varchar(255))');
    await admin.run('create view books_view as select title, author from books_table;');
    expect(await ddlOf('SCHEMA', 'books_schema', 'true')).toBe(
      [
        'create or replace schema BOOKS_DB.BOOKS_SCHEMA;',
        '',
        'create or replace TABLE BOOKS_DB.BOOKS_SCHEMA.BOOKS_TABLE (',
        '\tID NUMBER(38,0),',
        '\tTITLE VARCHAR(255),',
        '\tAUTHOR VARCHAR(255)',
        ');',
        '',
        'create or replace view BOOKS_DB.BOOKS_SCHEMA.BOOKS_VIEW(',
        '\tTITLE,',
        '\tAUTHOR',
        ') as select title, author from books_table;',
      ].join('\n'),
    );
  });

  test('of a database: its schemas with all in them', async () => {
    const text = await ddlOf('DATABASE', 'books_db');
    expect(text).toMatch(
      /^create or replace database BOOKS_DB;\n\ncreate or replace schema BOOKS_SCHEMA;\n\ncreate or replace TABLE/u,
    );
    expect(text).toMatch(/create or replace schema PUBLIC;$/u);
  });

  test('of a warehouse (the page’s example)', async () => {
    await admin.run('create or replace warehouse my_wh warehouse_size=large initially_suspended=true');
    expect(await ddlOf('WAREHOUSE', 'my_wh')).toBe(
      [
        'create or replace warehouse MY_WH',
        'with',
        "    warehouse_type='STANDARD'",
        "    warehouse_size='Large'",
        '    max_cluster_count=1',
        '    min_cluster_count=1',
        '    scaling_policy=STANDARD',
        '    auto_suspend=600',
        '    auto_resume=TRUE',
        '    initially_suspended=TRUE',
        '    enable_query_acceleration=FALSE',
        '    query_acceleration_max_scale_factor=8',
        '    max_concurrency_level=8',
        '    statement_queued_timeout_in_seconds=0',
        '    statement_timeout_in_seconds=172800',
        ';',
      ].join('\n'),
    );
  });

  test('finds a view as a TABLE and a table as a VIEW', async () => {
    expect(await ddlOf('TABLE', 'books_view')).toBe(await ddlOf('view', 'BOOKS_DB.BOOKS_SCHEMA.BOOKS_VIEW'));
    expect(await ddlOf('VIEW', 'books_table')).toMatch(/^create or replace TABLE BOOKS_TABLE /u);
  });

  // What GET_DDL prints makes the same object again: what it prints of that is the same.
  test.each([
    [
      'TABLE',
      'employees',
      `create transient table employees (id integer not null autoincrement start 5 increment 2 comment 'it''s the key', "full Name" varchar(100) default 'a''b',
        salary number(10,2) default 0, ok boolean unique, primary key (id)) cluster by (salary) comment = 'who works\\there' data_retention_time_in_days = 0`,
    ],
    ['VIEW', 'v', `create secure view v (a comment 'first', "b c") comment = 'two' as select 1, 'x''y' -- the end`],
    ['SEQUENCE', 'seq1', 'create sequence seq1 start 5 increment 2'],
    ['TAG', 'cost', `create tag cost allowed_values 'high', 'lo''w' comment = 'c'`],
    [
      'FILE_FORMAT',
      'ff',
      `create file format ff type = csv field_delimiter = '\\t' null_if = ('NULL', '\\\\N') skip_header = 1 trim_space = true`,
    ],
    [
      'FUNCTION',
      'multiply(number, number)',
      `create function multiply(a number, b number default 2) returns number comment = 'multiply two numbers' as 'a * b'`,
    ],
    [
      'PROCEDURE',
      'p(varchar)',
      `create procedure p("arg" varchar) returns table (n number) language sql execute as caller as
        $$ declare r resultset default (select 1 as n); begin if ('\\\\' = :arg) then return table(r); end if; return table(r); end $$`,
    ],
    [
      'DYNAMIC_TABLE',
      'dt',
      `create dynamic table dt (n comment 'c') target_lag = '1 day' warehouse = wh comment = 'x' cluster by (n) as select id as n from books_table`,
    ],
    ['STREAM', 'changes', `create stream changes on table employees append_only = true comment = 'what is new'`],
    ['SCHEMA', 'managed', 'create transient schema managed with managed access'],
  ])('of a %s makes it again', async (type, name, sql) => {
    await admin.run('use schema books_db.books_schema');
    await admin.run(sql);
    await admin.run('use schema books_db.books_schema');
    const text = String(await ddlOf(type, name));
    await admin.run(text);
    await admin.run('use schema books_db.books_schema');
    expect(await ddlOf(type, name)).toBe(text);
    expect(text).toMatch(/^create or replace /iu);
  });

  test('of a task names what it comes after', async () => {
    await admin.run(
      `create task root warehouse = wh schedule = '60 minutes' config = '{"a": "it''s"}' user_task_timeout_ms = 5000 comment = 'c' as select 1`,
    );
    await admin.run(
      `create task child warehouse = wh after root when system$get_predecessor_return_value('ROOT') = 'x' as call p('y')`,
    );
    await admin.run('create task last warehouse = wh finalize = root as select 2');
    expect(await ddlOf('TASK', 'child')).toBe(
      [
        'create or replace task CHILD',
        '\twarehouse=WH',
        '\tafter BOOKS_DB.BOOKS_SCHEMA.ROOT',
        "\twhen system$get_predecessor_return_value('ROOT') = 'x'",
        "\tas call p('y');",
      ].join('\n'),
    );
    for (const name of ['root', 'child', 'last']) {
      const text = String(await ddlOf('TASK', name));
      await admin.run(text);
      expect(await ddlOf('TASK', name)).toBe(text);
    }
    expect(await ddlOf('TASK', 'root')).toContain(`\tconfig='{"a": "it''s"}'`);
  });

  test('shows tags of tables', async () => {
    await admin.run(`alter table books_table set tag cost = 'high'`);
    expect(await ddlOf('TABLE', 'books_table')).toMatch(/\) WITH TAG \(BOOKS_DB\.BOOKS_SCHEMA\.COST='high'\);$/u);
  });

  test('wants what SHOW wants; code and secure views are their owner’s', async () => {
    for (const sql of [
      'create role reader',
      `grant role reader to user ${server.user}`,
      'grant usage on database books_db to role reader',
      'grant usage on schema books_db.books_schema to role reader',
      'grant select on view books_db.books_schema.v to role reader',
      'grant usage on procedure books_db.books_schema.p(varchar) to role reader',
    ]) {
      await admin.run(sql);
    }
    const reader = await server.connect({ role: 'READER', database: 'BOOKS_DB', schema: 'BOOKS_SCHEMA' });
    await reader.run('use secondary roles none');
    await expect(reader.run(`select get_ddl('TABLE', 'employees')`)).rejects.toMatchObject({ code: '002003' });
    await expect(reader.run(`select get_ddl('VIEW', 'v')`)).rejects.toMatchObject({ code: '003001' });
    await expect(reader.run(`select get_ddl('PROCEDURE', 'p(varchar)')`)).rejects.toMatchObject({ code: '003001' });
    await admin.run('grant select on table books_db.books_schema.employees to role reader');
    expect(await reader.value(`select get_ddl('TABLE', 'employees')`)).toMatch(/^create or replace TRANSIENT TABLE EMPLOYEES/u);
  });

  test('refuses kinds that it does not know, by name', async () => {
    await expect(ddlOf('PIPE', 'books_table')).rejects.toMatchObject({ message: expect.stringContaining("GET_DDL('PIPE', …)") });
    await expect(ddlOf('FUNCTION', 'nowhere(number)')).rejects.toMatchObject({ code: '002003' });
  });
});
