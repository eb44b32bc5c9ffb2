import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TaskServer } from '../tasks/task-server.ts';

describe('CLONE', () => {
  let server: TaskServer;

  beforeEach(async () => {
    server = await TaskServer.start();
    await server.run('create warehouse w', 'create database d', 'create schema d.s', 'create table t (id int, name varchar)');
    await server.run("insert into t values (1, 'one'), (2, 'two')");
  });

  afterEach(async () => {
    await server.close();
  });

  const names = async (sql: string): Promise<unknown[]> => (await server.rows(sql)).map((row) => row['name']);
  const privileges = async (on: string): Promise<string[]> =>
    (await server.rows(`show grants on ${on}`))
      .map((row) => `${String(row['privilege'])} ${String(row['grantee_name'])}`)
      .toSorted();

  // https://docs.snowflake.com/en/sql-reference/sql/create-clone (General usage notes)
  it('makes a table that goes its own way, with what is set on its source', async () => {
    await server.run(
      "create table source (id int identity start 5 increment 2, a int not null) data_retention_time_in_days = 3 comment = 'kept'",
      'insert into source (a) values (1), (2)',
      'create table copy clone source',
      'insert into copy (a) values (3)',
      'delete from source where a = 1',
    );
    expect(await server.rows('select * from copy order by a')).toEqual([
      { ID: 5, A: 1 },
      { ID: 7, A: 2 },
      { ID: 9, A: 3 },
    ]);
    expect(await server.value('select count(*) from source')).toBe(1);
    expect(await server.refusal('insert into copy (a) values (null)')).toMatch(/NULL result in a non-nullable column/u);
    const [copy] = await server.rows("show tables like 'copy'");
    expect(copy).toMatchObject({ comment: 'kept', retention_time: '3' });
    expect(await server.rows("create or replace table copy clone t comment = 'new'")).toEqual([
      { status: 'Table COPY successfully created.' },
    ]);
    expect(await server.value('select max(name) from copy')).toBe('two');
    expect(await server.refusal('create table copy clone t')).toMatch(/Object 'D.S.COPY' already exists/u);
    expect(await server.refusal('create table x clone nothing')).toMatch(/does not exist or not authorized/u);
  });

  // https://docs.snowflake.com/en/sql-reference/sql/create-clone (COPY GRANTS)
  it('has the future grants of its schema, or with COPY GRANTS those of its source, or of what it replaces', async () => {
    await server.run(
      'create role r',
      'grant select on table t to role r',
      'grant insert on future tables in schema s to role r',
      'create table plain clone t',
      'create table granted clone t copy grants',
    );
    expect(await privileges('table plain')).toEqual(['INSERT R', 'OWNERSHIP ACCOUNTADMIN']);
    expect(await privileges('table granted')).toEqual(['OWNERSHIP ACCOUNTADMIN', 'SELECT R']);
    await server.run('grant delete on table plain to role r', 'create or replace table plain clone t copy grants');
    expect(await privileges('table plain')).toEqual(['DELETE R', 'INSERT R', 'OWNERSHIP ACCOUNTADMIN']);
    await server.run('create or replace table plain (id int) copy grants');
    expect(await privileges('table plain')).toEqual(['DELETE R', 'INSERT R', 'OWNERSHIP ACCOUNTADMIN']);
    await server.run('create or replace table plain (id int)');
    expect(await privileges('table plain')).toEqual(['INSERT R', 'OWNERSHIP ACCOUNTADMIN']);
  });

  // https://docs.snowflake.com/en/user-guide/tables-temp-transient
  it('of what is transient or temporary is not permanent', async () => {
    await server.run('create transient table tr (id int)', 'create temporary table te (id int)');
    expect(await server.refusal('create table x clone tr')).toMatch(/Transient object cannot be cloned to a permanent object/u);
    expect(await server.refusal('create table x clone te')).toMatch(/Temp table cannot be cloned to a permanent table/u);
    await server.run('create transient table x clone tr', 'create temporary table y clone t');
    expect((await server.rows('show tables')).map((row) => `${String(row['name'])} ${String(row['kind'])}`)).toEqual([
      'T TABLE',
      'TE TEMPORARY',
      'TR TRANSIENT',
      'X TRANSIENT',
      'Y TEMPORARY',
    ]);
  });

  const furnish = [
    'create role r',
    'create tag owned_by',
    "alter table t set tag owned_by = 'me'",
    'create view v as select id from t',
    'create view qualified as select id from d.s.t',
    'create sequence q start 10',
    'create file format f type = json',
    'create stage listed directory = (enable = true)',
    'create stage bare',
    'copy into @listed/rows from t',
    'copy into @bare/rows from t',
    'create stream changes on table t',
    "insert into t values (3, 'three')",
    "create task root warehouse = w schedule = '1 hour' as insert into t values (4, 'four')",
    'create task child warehouse = w after root as select 1',
    "select system$task_dependents_enable('root')",
    'create procedure p() returns int as begin return (select count(*) from t); end',
    "create dynamic table dt target_lag = '1 hour' warehouse = w as select count(*) as n from t",
    'grant select on table t to role r',
    'grant usage on schema s to role r',
    'grant select on future views in schema s to role r',
  ];

  // https://docs.snowflake.com/en/user-guide/object-clone
  it('of a schema has all that is in it, with its grants, tasks suspended', async () => {
    await server.run(...furnish, 'select q.nextval', 'create schema c clone s include internal stages', 'use schema c');
    expect(await server.value('select count(*) from t')).toBe(3);
    await server.run("insert into t values (9, 'nine')");
    // A name without a schema is looked up in the clone; one with it is not.
    expect(await server.value('select count(*) from v')).toBe(4);
    expect(await server.value('select count(*) from qualified')).toBe(3);
    expect(await server.value('select q.nextval')).toBe(11);
    expect(await server.value('call p()')).toBe(4);
    expect(await names('show file formats in schema c')).toEqual(['F']);
    expect(await server.rows('list @listed')).toHaveLength(1);
    expect(await server.rows('list @bare')).toHaveLength(0);
    // What the source's stream had not given yet is out of reach; what comes is given.
    expect(await server.rows('select id from changes')).toEqual([{ ID: 9 }]);
    expect(await server.rows('select id from d.s.changes')).toEqual([{ ID: 3 }]);
    expect(
      (await server.rows('show tasks in schema d.c')).map((row) => [
        row['name'],
        row['state'],
        JSON.parse(String(row['predecessors'])),
      ]),
    ).toEqual([
      ['CHILD', 'suspended', ['D.C.ROOT']],
      ['ROOT', 'suspended', []],
    ]);
    const [dynamic] = await server.rows('show dynamic tables');
    expect(dynamic).toMatchObject({ scheduling_state: 'SUSPENDED', is_clone: 'true' });
    expect(await server.value('select n from dt')).toBe(3);
    await server.run('alter dynamic table dt refresh');
    expect(await server.value('select n from dt')).toBe(4);
    expect(await server.value("select system$get_tag('owned_by', 't', 'table')")).toBe('me');
    await server.run("alter tag owned_by set comment = 'of the clone'");
    expect((await server.rows('show tags in schema d.s'))[0]).toMatchObject({ comment: '' });
    expect(await privileges('table t')).toContain('SELECT R');
    expect(await privileges('schema c')).toEqual(['OWNERSHIP ACCOUNTADMIN']);
    expect((await server.rows('show future grants in schema c')).map((row) => row['privilege'])).toEqual(['SELECT']);
  });

  it('of a database has its schemas; the clone and its source are dropped each by itself', async () => {
    await server.run(...furnish, "alter database d set comment = 'first'", 'create database e clone d');
    expect(await server.value('select current_database()')).toBe('E');
    expect(await names('show schemas in database e')).toEqual(['PUBLIC', 'S']);
    expect(await names('show stages in database e')).toEqual([]);
    expect((await server.rows("show databases like 'e'"))[0]).toMatchObject({ comment: 'first' });
    await server.run('drop database d');
    expect(await server.value('select count(*) from e.s.v')).toBe(3);
    await server.run('create database if not exists e clone e', 'create or replace database e clone e');
    expect(await server.value('select count(*) from e.s.t')).toBe(3);
  });

  // https://docs.snowflake.com/en/user-guide/object-clone#cloning-and-default-sequences
  it('draws defaults from the sequence that was cloned with the table, else from the source', async () => {
    await server.run(
      'create sequence q start 10',
      'create table drawing (n int default d.s.q.nextval, x int)',
      'insert into drawing (x) values (1)',
      'create database e clone d',
      'create table d.s.alone clone d.s.drawing',
    );
    await server.run(
      'insert into d.s.drawing (x) values (2)',
      'insert into d.s.alone (x) values (3)',
      'insert into e.s.drawing (x) values (4)',
    );
    expect(await server.value('select n from d.s.drawing where x = 2')).toBe(11);
    expect(await server.value('select n from d.s.alone where x = 3')).toBe(12);
    expect(await server.value('select n from e.s.drawing where x = 4')).toBe(11);
    await server.run('drop database d', 'insert into e.s.drawing (x) values (5)');
    expect(await server.value('select n from e.s.drawing where x = 5')).toBe(12);
  });

  // https://docs.snowflake.com/en/sql-reference/sql/create-clone (Access control requirements)
  it('takes along what the role may clone', async () => {
    await server.run(
      ...furnish,
      'grant usage on database d to role r',
      'grant create schema on database d to role r',
      'grant usage on sequence q to role r',
      'grant role r to user local_admin',
      'use role r',
      'use secondary roles none',
      'create schema d.c clone d.s',
    );
    expect(await names('show tables in schema d.c')).toEqual(['T']);
    expect(await names('show sequences in schema d.c')).toEqual(['Q']);
    expect(await names('show views in schema d.c')).toEqual([]);
    expect(await names('show tasks in schema d.c')).toEqual([]);
    expect(await server.refusal('create table d.c.x clone d.s.dt')).toMatch(/does not exist|Insufficient privileges/u);
  });

  it('of single objects: file formats, sequences, streams, dynamic tables; internal stages go with their schema only', async () => {
    await server.run(
      ...furnish,
      'create file format g clone f',
      'create sequence q2 clone q',
      'create stream changes2 clone changes',
    );
    expect(await server.rows('select id from changes2')).toEqual([{ ID: 3 }]);
    expect(await server.value('select q2.nextval')).toBe(10);
    await server.run("create dynamic table dt2 clone dt target_lag = '2 hours'", 'create table fixed clone dt');
    expect((await server.rows("show dynamic tables like 'dt2'"))[0]).toMatchObject({ target_lag: '2 hours' });
    await server.run('insert into fixed values (7)');
    expect(await server.value('select sum(n) from fixed')).toBe(10);
    expect(await server.refusal('create stage x clone bare')).toMatch(
      /Internal stages can be cloned with their database or schema only/u,
    );
    expect(await server.refusal('create view x clone v')).toMatch(/syntax error/u);
  });
});
