import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SdkConnection } from '../../support/sdk-connection.ts';
import { TaskServer } from '../tasks/task-server.ts';

/** What a statement says when it has come so often that all that is kept of it is used. */
describe('a statement that is repeated', () => {
  let server: TaskServer;

  beforeAll(async () => {
    server = await TaskServer.start();
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    await server.run('create or replace database d', 'create table t (id int, name varchar)', "insert into t values (1, 'one')");
  });

  const repeated = async (sql: string, client: SdkConnection = server.client): Promise<readonly unknown[]> => {
    let rows: readonly unknown[] = [];
    for (let time = 0; time < 4; time += 1) rows = (await client.rows(sql)).map((row) => Object.values(row).join(' '));
    return rows;
  };

  it.each([
    ['rows added', ["insert into t values (2, 'two')"], ['1 one', '2 two']],
    ['rows of values never seen', ['insert into t values (5000000, null)'], ['1 one', '5000000 ']],
    ['a row changed', ['update t set id = 7'], ['7 one']],
    ['a truncated table', ['truncate table t'], []],
    ['a table made anew', ['create or replace table t (id varchar, x int)', "insert into t values ('a', 3)"], ['a 3']],
    ['a table in its place', ['create table other (id int)', 'alter table t swap with other'], []],
    ['a new column', ['alter table t add column note varchar', "update t set note = 'new'"], ['1 one new']],
    ['a column gone', ['alter table t drop column name'], ['1']],
    ['a column renamed', ['alter table t rename column name to id2'], ['1 one']],
    ['a view instead', ['alter table t rename to base', "create view t as select id + 1 as id, 'view' from base"], ['2 view']],
    ['a temporary table before it', ['create temporary table t (id int)', 'insert into t values (9)'], ['9']],
    ['another schema', ['create schema s2', 'create table t (id int)', 'insert into t values (8)'], ['8']],
    ['rolled back rows', ['begin', 'delete from t', 'rollback'], ['1 one']],
    ['rows of an open transaction', ['begin', "insert into t values (0, 'zero')"], ['0 zero', '1 one']],
  ])('shows %s', async (_what, changes, expected) => {
    expect(await repeated('select * from t order by 1')).toEqual(['1 one']);
    await server.run(...changes);
    expect(await repeated('select * from t order by 1')).toEqual(expected);
    await server.run('rollback', 'drop table if exists t');
  });

  it('shows what another session has committed, and only then', async () => {
    const other = await server.connect();
    await other.run('use schema d.public');
    const sql = 'select count(*) from t where id > 1000';
    expect(await repeated(sql)).toEqual(['0']);
    await other.run('begin');
    await other.run("insert into t values (2000, 'x')");
    expect(await repeated(sql)).toEqual(['0']);
    expect(await repeated(sql, other)).toEqual(['1']);
    await other.run('commit');
    expect(await repeated(sql)).toEqual(['1']);
  });

  it('shows views, functions and sequences as they are now', async () => {
    await server.run(
      'create view v as select id from t',
      'create function f(x int) returns int as $$ x + 1 $$',
      'create sequence q',
    );
    expect(await repeated('select f(id) from v')).toEqual(['2']);
    await server.run('create or replace view v as select id * 10 as id from t');
    expect(await repeated('select f(id) from v')).toEqual(['11']);
    await server.run('create or replace function f(x int) returns int as $$ x - 1 $$');
    expect(await repeated('select f(id) from v')).toEqual(['9']);
    expect(await repeated('select q.nextval, id from t')).toEqual(['4 1']);
    await server.run('create or replace sequence q start = 100');
    expect(await repeated('select q.nextval, id from t')).toEqual(['103 1']);
  });

  it('goes by the time and the parameters of now', async () => {
    await server.run("alter session set timezone = 'UTC'", 'create table at (at timestamp_ltz)');
    await server.run("insert into at values ('2026-01-01 00:00:00')");
    const zoned = "select to_char(at, 'HH24:MI'), at = '2026-01-01 00:00:00'::timestamp_ltz from at";
    expect(await repeated(zoned)).toEqual(['00:00 true']);
    await server.run("alter session set timezone = 'Asia/Tokyo'");
    expect(await repeated(zoned)).toEqual(['09:00 false']);
    const now = "select to_char(convert_timezone('UTC', current_timestamp()), 'HH24:MI:SS') from t";
    const [before] = await repeated(now);
    await server.clock.advanceBy(1000);
    const [after] = await repeated(now);
    expect(after).not.toBe(before);
    await server.run('set x = 1');
    expect(await repeated('select $x + id from t')).toEqual(['2']);
    await server.run('set x = 2');
    expect(await repeated('select $x + id from t')).toEqual(['3']);
    await server.run("alter session set timestamp_ntz_output_format = 'YYYY'");
    expect(await repeated("select '2026-01-01'::timestamp::varchar from t")).toEqual(['2026']);
    await server.run('alter session unset timezone', 'alter session unset timestamp_ntz_output_format');
  });

  it('gives other random values and samples each time', async () => {
    await server.run('insert into t select seq4(), null from table(generator(rowcount => 1000))');
    for (const sql of [
      'select random() from t limit 1',
      'select uuid_string() from t limit 1',
      'select sum(id) from t sample (9 rows)',
    ]) {
      const seen = new Set<unknown>();
      for (let time = 0; time < 6; time += 1)
        seen.add((await server.client.rows(sql)).map((row) => Object.values(row).join()).join());
      expect(seen.size, sql).toBeGreaterThan(2);
    }
  });

  it('is refused once the privilege is taken away, and again allowed', async () => {
    await server.run(
      'create role reader',
      'grant usage on database d to role reader',
      'grant usage on schema public to role reader',
      'create warehouse w',
      'grant usage on warehouse w to role reader',
    );
    await server.run('grant select on table t to role reader', `grant role reader to user "${server.server.user}"`);
    const client = await server.connect();
    for (const use of ['use warehouse w', 'use role reader', 'use secondary roles none', 'use schema d.public'])
      await client.run(use);
    expect(await repeated('select id from t', client)).toEqual(['1']);
    await server.run('revoke select on table t from role reader');
    await expect(client.rows('select id from t')).rejects.toThrow('not authorized');
    await server.run('grant select on table t to role reader');
    expect(await repeated('select id from t', client)).toEqual(['1']);
    await client.run('use role public');
    await expect(client.rows('select id from t')).rejects.toThrow('not authorized');
    await server.run('drop role reader');
  });
});
