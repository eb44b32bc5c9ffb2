import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TaskServer } from '../tasks/task-server.ts';

const minute = 60_000;

// https://docs.snowflake.com/en/sql-reference/constructs/at-before
describe('AT and BEFORE', () => {
  let server: TaskServer;
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'at-before-'));
    server = await TaskServer.start(folder);
    await server.run('create warehouse w', 'create database d', 'create table t (id int, name varchar)');
    await server.run("alter session set timezone = 'UTC'");
  });

  afterEach(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Ids and names in the table, as it was. */
  const was = async (clause: string, table = 't'): Promise<string> =>
    String(await server.value(`select listagg(id || name, ' ') within group (order by id) as r from ${table} ${clause}`));

  /** Runs a statement and lets a minute pass; @returns its query id. */
  const then = async (sql: string): Promise<string> => {
    await server.run(sql);
    const id = String(await server.value('select last_query_id()'));
    await server.clock.advanceBy(minute);
    return id;
  };

  it('gives the rows of a time, an offset, a statement', async () => {
    await then("insert into t values (1, 'a'), (2, 'b')");
    const update = await then("update t set name = 'c' where id = 2");
    const removal = await then('delete from t where id = 1');
    const merge = await then(
      "merge into t using (select 2 as i union all select 3) v on t.id = v.i when matched then update set name = 'd' when not matched then insert values (v.i, 'e')",
    );
    const overwrite = await then("insert overwrite into t values (9, 'z')");
    expect(await was('')).toBe('9z');
    expect(await was('at(offset => -60)')).toBe('9z');
    expect(await was('at(offset => -60*2)')).toBe('2d 3e');
    expect(await was('at(offset => -60*3)')).toBe('2c');
    expect(await was('at(offset => -240)')).toBe('1a 2c');
    expect(await was('at(offset => -300)')).toBe('1a 2b');
    expect(await was("at(timestamp => '2026-03-02 12:02:30'::timestamp_ltz)")).toBe('2c');
    expect(await was("at(timestamp => '2026-03-02 12:02:30'::timestamp_ntz)")).toBe('2c');
    expect(await was("at(timestamp => '2026-03-02 14:02:30 +0200'::timestamp_tz)")).toBe('2c');
    expect(await was("at(timestamp => '2026-03-02 12:01:30')")).toBe('1a 2c');
    expect(await was('at(timestamp => dateadd(minute, -4, current_timestamp()))')).toBe('1a 2c');
    expect(await was(`before(statement => '${update}')`)).toBe('1a 2b');
    expect(await was(`at(statement => '${update}')`)).toBe('1a 2c');
    expect(await was(`before(statement => '${removal}')`)).toBe('1a 2c');
    expect(await was(`at(statement => '${removal}')`)).toBe('2c');
    expect(await was(`before(statement => '${merge}')`)).toBe('2c');
    expect(await was(`before(statement => '${overwrite}')`)).toBe('2d 3e');
    // A statement that wrote nothing stands for its time.
    await server.run('select 1');
    await server.clock.advanceBy(minute);
    await then('truncate table t');
    expect(await was('before(statement => last_query_id(-2))')).toBe('9z');
  });

  // https://docs.snowflake.com/en/sql-reference/constructs/at-before (Examples: the difference)
  it('joins what was with what is', async () => {
    await then("insert into t values (1, 'a'), (2, 'b')");
    const id = await then('delete from t where id = 1');
    expect(
      await server.rows(
        `select oldt.id as o, newt.id as n from t before(statement => '${id}') as oldt full outer join t at(statement => '${id}') as newt on oldt.id = newt.id where oldt.id is null or newt.id is null`,
      ),
    ).toEqual([{ O: 1, N: null }]);
    expect(await server.value('with c as (select * from t at(offset => -100)) select count(*) from c')).toBe(2);
    expect(await server.refusal('with c as (select * from t) select * from c at(offset => -100)')).toMatch(/common table/u);
  });

  it('shows the past as the table is defined now, through views too, and lasts', async () => {
    await server.run('create view v as select id, name from t where id > 1');
    await then("insert into t values (1, 'a'), (2, 'b'), (3, 'c')");
    await then('delete from t where id = 2');
    await server.run('alter table t add column extra int', 'alter table t rename column name to label', "update t set label = 'x'");
    expect(await server.rows('select * from t at(offset => -100) order by id')).toEqual([
      { ID: 1, LABEL: 'a', EXTRA: null },
      { ID: 2, LABEL: 'b', EXTRA: null },
      { ID: 3, LABEL: 'c', EXTRA: null },
    ]);
    await server.close();
    server = await TaskServer.start(folder, server.clock);
    await server.run('use schema d.public', 'use warehouse w', 'alter table t rename column label to name');
    expect(await was('at(offset => -100)')).toBe('1a 2b 3c');
    expect(await was('at(offset => -100)', 'v')).toBe('2b 3c');
    expect(await was('', 'v')).toBe('3x');
  });

  it('knows transactions by their commits', async () => {
    await then("insert into t values (1, 'a')");
    await then('begin');
    const inside = await then("insert into t values (2, 'b')");
    await then('delete from t where id = 1');
    // Its own changes are not committed yet.
    expect(await was('at(offset => 0)')).toBe('1a');
    expect(await was('')).toBe('2b');
    await then('commit');
    expect(await was('at(offset => -70)')).toBe('1a');
    expect(await was('at(offset => -50)')).toBe('2b');
    expect(await was(`before(statement => '${inside}')`)).toBe('1a');
    expect(await was(`at(statement => '${inside}')`)).toBe('2b');
    await server.run('begin', "insert into t values (7, 'gone')", 'rollback');
    expect(await was('at(offset => 0)')).toBe('2b');
  });

  it('is refused before the table was made, and longer ago than its past is kept', async () => {
    const message =
      'Time travel data is not available for table T. The requested time is either beyond the allowed time travel period or before the object creation time.';
    await then("insert into t values (1, 'a')");
    expect(await server.refusal('select * from t at(offset => -3600)')).toBe(message);
    await server.clock.advanceBy(25 * 60 * minute);
    const later = await server.connect();
    await later.run('use schema d.public');
    expect(await server.refusal('select * from t at(offset => -60*60*24 - 1)', later)).toBe(message);
    expect(await later.value('select count(*) from t at(offset => -60*60*24)')).toBe(1);
    for (const sql of [
      'alter table t set data_retention_time_in_days = 0',
      'delete from t',
      'alter table t unset data_retention_time_in_days',
    ])
      await later.run(sql);
    expect(await server.refusal('select * from t at(offset => -1)', later)).toBe(message);
    await later.run("insert into t values (2, 'b')");
    expect(await later.value('select id from t at(offset => 0)')).toBe(2);
    expect(await server.refusal("select * from t at(statement => 'nothing')", later)).toBe('Statement nothing not found');
    await later.run('create stream s on table t');
    expect(await server.refusal('select * from s at(offset => 0)', later)).toMatch(/AT and BEFORE on a stream/u);
  });

  // https://docs.snowflake.com/en/user-guide/data-time-travel#cloning-historical-objects
  it('clones what was: tables, schemas with what has been dropped since', async () => {
    await server.run('create schema s', 'create table early (id int)', 'insert into early values (1)');
    await server.run("create task k warehouse = w schedule = '1 hour' as select 1");
    await server.clock.advanceBy(minute);
    const removal = await then('delete from early');
    await server.run('drop table early', 'create table late (id int)');
    await server.run(`create schema before_it clone s before(statement => '${removal}')`);
    expect((await server.rows('show tables in schema before_it')).map((row) => row['name'])).toEqual(['EARLY']);
    expect(await server.value('select count(*) from before_it.early')).toBe(1);
    expect(await server.rows('show tasks in schema before_it')).toEqual([]);
    await server.run('use schema public');
    await then("insert into t values (1, 'a')");
    await then('truncate table t');
    await server.run('create or replace table t clone t at(offset => -90)');
    expect(await was('')).toBe('1a');
    expect(await server.refusal('create table x clone t at(offset => -3600)')).toMatch(
      /Time travel data is not available for table T/u,
    );
    expect(await server.refusal('create schema x clone s at(offset => -36000)')).toMatch(/not available for schema S/u);
  });

  it('begins streams at statements', async () => {
    await server.run('alter table t set change_tracking = true');
    await then("insert into t values (1, 'a')");
    const second = await then("insert into t values (2, 'b')");
    await server.run(
      `create stream s on table t before(statement => '${second}')`,
      `create stream u on table t at(statement => '${second}')`,
    );
    expect(await server.rows('select id from s')).toEqual([{ ID: 2 }]);
    expect(await server.rows('select id from u')).toEqual([]);
  });
});
