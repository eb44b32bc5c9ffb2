import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TaskServer } from '../tasks/task-server.ts';

const metadata = "METADATA$ACTION || ' ' || METADATA$ISUPDATE";

describe('streams', () => {
  let server: TaskServer;

  beforeEach(async () => {
    server = await TaskServer.start();
    await server.run('create database d', 'create table t (id int, name varchar)');
  });

  afterEach(async () => {
    await server.close();
  });

  /** What the stream gives: `id name ACTION isupdate`. */
  const changes = async (stream = 's', client = server.client): Promise<unknown[]> =>
    (
      await client.rows(`select id || ' ' || coalesce(name, '-') || ' ' || ${metadata} as r from ${stream} order by id, name, r`)
    ).map((row) => row['R']);

  // https://docs.snowflake.com/en/sql-reference/functions/system_stream_has_data (Examples)
  it('says whether it has data, until that is consumed', async () => {
    await server.run('create stream s on table t', 'create table copy (id int)');
    expect(await server.value("select system$stream_has_data('S')")).toBe(false);
    await server.run("insert into t values (1, 'one')");
    expect(await server.value("select system$stream_has_data('d.public.s')")).toBe(true);
    await server.run('begin', 'insert into copy select id from s', 'commit');
    expect(await server.value("select system$stream_has_data('S')")).toBe(false);
    expect(await server.rows('select id from copy')).toEqual([{ ID: 1 }]);
  });

  // https://docs.snowflake.com/en/user-guide/streams-intro#types-of-streams
  it('gives the smallest set of changes between its offset and now', async () => {
    await server.run("insert into t values (1, 'one'), (2, 'two'), (3, 'three')", 'create stream s on table t');
    await server.run(
      "insert into t values (4, 'four'), (5, 'five')",
      'delete from t where id = 1',
      "update t set name = 'zwei' where id = 2",
    );
    // What came and went in between is not there; what came and was changed is an insert.
    await server.run(
      'delete from t where id = 5',
      "update t set name = 'vier' where id = 4",
      "update t set name = 'deux' where id = 2",
    );
    expect(await changes()).toEqual(['1 one DELETE false', '2 deux INSERT true', '2 two DELETE true', '4 vier INSERT false']);
  });

  it('gives back what was deleted and inserted again as two rows', async () => {
    await server.run("insert into t values (1, 'one')", 'create stream s on table t');
    await server.run("insert overwrite into t values (1, 'one'), (2, 'two')");
    expect(await changes()).toEqual(['1 one DELETE false', '1 one INSERT false', '2 two INSERT false']);
    await server.run('truncate table t');
    expect(await changes()).toEqual(['1 one DELETE false']);
  });

  it('sees what MERGE, INSERT ALL and COPY write', async () => {
    await server.run("insert into t values (1, 'one'), (2, 'two')", 'create stream s on table t');
    await server.run(
      `merge into t using (select column1 as id, column2 as name from values (1, 'eins'), (2, 'x'), (3, 'three')) v on t.id = v.id
       when matched and v.name = 'x' then delete when matched then update set name = v.name when not matched then insert values (v.id, v.name)`,
      "insert all into t values (a, 'all') into t values (a + 1, 'all') select 7 as a",
    );
    expect(await changes()).toEqual([
      '1 eins INSERT true',
      '1 one DELETE true',
      '2 two DELETE false',
      '3 three INSERT false',
      '7 all INSERT false',
      '8 all INSERT false',
    ]);
    await server.run(
      'create stage g',
      "copy into @g/rows from (select 9, 'nine')",
      'create or replace stream s on table t',
      'copy into t from @g',
    );
    expect(await changes()).toEqual(['9 nine INSERT false']);
  });

  // https://docs.snowflake.com/en/sql-reference/sql/create-stream#optional-parameters (APPEND_ONLY)
  it('records inserts alone when it is append-only', async () => {
    await server.run('create stream s on table t append_only = true');
    await server.run('insert into t select seq4(), null from table(generator(rowcount => 10))', 'delete from t where id < 5');
    await server.run("update t set name = 'changed'");
    expect(await server.value('select count(*) from s')).toBe(10);
    expect((await server.rows('show streams'))[0]).toMatchObject({ mode: 'APPEND_ONLY' });
    await server.run('create temporary table unused as select * from s where 1 = 0', 'truncate table t');
    expect(await server.value("select system$stream_has_data('s')")).toBe(false);
  });

  // https://docs.snowflake.com/en/sql-reference/sql/create-stream#optional-parameters (SHOW_INITIAL_ROWS)
  it('gives first the rows that were there when SHOW_INITIAL_ROWS asks for that', async () => {
    await server.run("insert into t values (1, 'one')", 'create stream s on table t show_initial_rows = true');
    await server.run("insert into t values (2, 'two')", "update t set name = 'eins' where id = 1");
    expect(await server.value("select system$stream_has_data('s')")).toBe(true);
    expect(await changes()).toEqual(['1 one INSERT false']);
    await server.run('create table seen as select * from s');
    await server.run("insert into t values (3, 'three')");
    expect(await changes()).toEqual(['3 three INSERT false']);
  });

  describe('offset', () => {
    beforeEach(async () => {
      await server.run('create stream s on table t', 'create table copy like t', "insert into t values (1, 'one')");
    });

    // https://docs.snowflake.com/en/user-guide/streams-intro#table-versioning
    it('advances with DML alone, however much of the stream that takes', async () => {
      await server.rows('select * from s');
      await server.run('begin', 'select * from s', 'commit');
      expect(await changes()).toHaveLength(1);
      await server.run('insert into copy select id, name from s where 0 = 1');
      expect(await changes()).toEqual([]);
    });

    it('stays when the transaction is rolled back or the statement fails', async () => {
      await server.run('begin', 'insert into copy select id, name from s', 'rollback');
      expect(await changes()).toHaveLength(1);
      expect(await server.refusal('insert into copy select name::int, name from s')).toContain(
        "Numeric value 'one' is not recognized",
      );
      expect(await changes()).toHaveLength(1);
    });

    // https://docs.snowflake.com/en/user-guide/streams-intro#repeatable-read-isolation
    it('is the same for all statements of a transaction, and its own changes come after it', async () => {
      const other = await server.connect({ database: 'D', schema: 'PUBLIC' });
      await server.run('begin', 'insert into copy select id, name from s', "insert into t values (2, 'two')");
      await other.run("insert into t values (3, 'three')");
      expect(await changes()).toEqual(['1 one INSERT false']);
      await server.run('insert into copy select id, name from s', 'commit');
      expect(await server.rows('select id from copy')).toEqual([{ ID: 1 }, { ID: 1 }]);
      expect(await changes()).toEqual(['2 two INSERT false', '3 three INSERT false']);
    });

    it('is taken by one transaction at a time', async () => {
      const other = await server.connect({ database: 'D', schema: 'PUBLIC' });
      await server.run('begin', 'insert into copy select id, name from s');
      const second = other.run('insert into copy select id, name from s');
      await server.run('commit');
      await second;
      expect(await server.rows('select id from copy')).toEqual([{ ID: 1 }]);
    });

    it('is of each stream its own', async () => {
      await server.run('create stream s2 clone s', "create stream s3 on table t at (stream => 's')", 'create stream s4 on table t');
      await server.run('insert into copy select id, name from s');
      expect(
        [await changes('s'), await changes('s2'), await changes('s3'), await changes('s4')].map((each) => each.length),
      ).toEqual([0, 1, 1, 0]);
    });

    // https://docs.snowflake.com/en/sql-reference/sql/create-stream#optional-parameters (AT | BEFORE)
    it('can be put to a time since when changes are recorded', async () => {
      await server.clock.advanceBy(60_000);
      await server.run("insert into t values (2, 'two')");
      await server.clock.advanceBy(60_000);
      await server.run('create stream s2 on table t at (offset => -60*2)', 'create stream s3 on table t before (offset => -60)');
      await server.run("create stream s4 on table t at (timestamp => '2026-03-02 12:00:00 +0000'::timestamp_tz)");
      expect(await changes('s2')).toEqual(['2 two INSERT false']);
      expect(await changes('s3')).toEqual(['2 two INSERT false']);
      expect(await changes('s4')).toEqual(['2 two INSERT false']);
      expect(await server.refusal('create stream s5 on table t at (offset => -3600)')).toContain('Change tracking is not enabled');
    });
  });

  // https://docs.snowflake.com/en/user-guide/streams-intro#stream-columns
  it('tells rows apart by ids that stay with them', async () => {
    await server.run("insert into t values (1, 'one'), (2, 'two')", 'create stream s on table t', 'create stream s2 on table t');
    await server.run("update t set name = name || '!'");
    const ids = await server.rows('select id, metadata$row_id as r from s order by id, metadata$action');
    expect(new Set(ids.map((row) => row['R'])).size).toBe(2);
    expect(String(ids[0]?.['R'])).toMatch(/^[0-9a-f]{40}$/u);
    expect(ids[0]?.['R']).toBe(ids[1]?.['R']);
    expect(await server.rows('select id, metadata$row_id as r from s2 order by id, metadata$action')).toEqual(ids);
    expect(Object.keys((await server.rows('select * from s'))[0] ?? {})).toEqual([
      'ID',
      'NAME',
      'METADATA$ACTION',
      'METADATA$ISUPDATE',
      'METADATA$ROW_ID',
    ]);
  });

  it('follows the columns of its table', async () => {
    await server.run('create stream s on table t', "insert into t values (1, 'one')");
    await server.run('alter table t add column more int', 'alter table t drop column name', 'insert into t values (2, 20)');
    expect(await server.rows('select id, more, metadata$action a from s order by id')).toEqual([
      { ID: 1, MORE: null, A: 'INSERT' },
      { ID: 2, MORE: 20, A: 'INSERT' },
    ]);
  });

  // https://docs.snowflake.com/en/user-guide/streams-intro#data-retention-period-and-staleness
  it('cannot be read when its table was dropped or replaced, but follows a new name', async () => {
    await server.run('create stream s on table t', "insert into t values (1, 'one')", 'alter table t rename to u');
    expect(await changes()).toEqual(['1 one INSERT false']);
    await server.run('create or replace table u (id int, name varchar)');
    expect(await server.refusal('select * from s')).toContain(
      "Base table 'D.PUBLIC.T' dropped, cannot read from stream 'D.PUBLIC.S'.",
    );
  });

  // https://docs.snowflake.com/en/sql-reference/sql/create-stream#access-control-requirements: the recording locks the table.
  it('begins when transactions that are under way have ended', async () => {
    const other = await server.connect({ database: 'D', schema: 'PUBLIC' });
    await other.run('begin');
    await other.run("insert into t values (1, 'one')");
    const made = server.run('create stream s on table t');
    await other.run("insert into t values (2, 'two')");
    await other.run('commit');
    await made;
    // What was committed before is there, and is no change.
    expect(await server.value('select count(*) from t')).toBe(2);
    expect(await changes()).toEqual([]);
    await other.run('delete from t where id = 1');
    expect(await changes()).toEqual(['1 one DELETE false']);
  });

  it('records what a transaction writes that has begun before it', async () => {
    await server.run('create table seen (n int)', "insert into t values (1, 'one')");
    const other = await server.connect({ database: 'D', schema: 'PUBLIC' });
    await other.run('begin');
    await other.run('select * from t');
    await server.run('create stream s on table t');
    await other.run("insert into t values (2, 'two')");
    await other.run("update t set name = 'eins' where id = 1");
    await other.run('commit');
    expect(await changes()).toEqual(['1 eins INSERT true', '1 one DELETE true', '2 two INSERT false']);
  });

  it('cannot be read when the recording was ended', async () => {
    await server.run('create stream s on table t', 'alter table t set change_tracking = false', "insert into t values (1, 'one')");
    for (const sql of ['select * from s', "select system$stream_has_data('s')"])
      expect(await server.refusal(sql)).toContain(
        "Change tracking is not enabled or has been missing for the time range requested on table 'D.PUBLIC.T'",
      );
    await server.run('create or replace stream s on table t', "insert into t values (2, 'two')");
    expect(await changes()).toEqual(['2 two INSERT false']);
    expect(await server.refusal("insert into s values (1, 'one')")).toContain('INSERT on something else than a table');
  });

  // https://docs.snowflake.com/en/user-guide/streams-intro#join-results-behavior
  it('tracks the tables of a view', async () => {
    await server.run(
      'create table orders (id int, order_name varchar)',
      'create table customers (id int, customer_name varchar)',
      'create view ordersByCustomer as select * from orders natural join customers',
      "insert into orders values (1, 'order1')",
      "insert into customers values (1, 'customer1')",
      'create stream s on view ordersByCustomer',
    );
    const given = async (): Promise<unknown[]> =>
      (await server.rows('select * exclude metadata$row_id from s order by 2, 3')).map((row) => Object.values(row).join(' '));
    expect(await given()).toEqual([]);
    await server.run("insert into orders values (1, 'order2')");
    expect(await given()).toEqual(['1 order2 customer1 INSERT false']);
    await server.run("insert into customers values (1, 'customer2')");
    expect(await given()).toEqual([
      '1 order1 customer2 INSERT false',
      '1 order2 customer1 INSERT false',
      '1 order2 customer2 INSERT false',
    ]);
    await server.run(
      'create table copy as select * from s',
      "update customers set customer_name = 'c1' where customer_name = 'customer1'",
    );
    await server.run("delete from orders where order_name = 'order2'");
    expect(await given()).toEqual([
      '1 order1 c1 INSERT true',
      '1 order1 customer1 DELETE true',
      '1 order2 customer1 DELETE false',
      '1 order2 customer2 DELETE false',
    ]);
    expect((await server.rows('show streams'))[0]).toMatchObject({ source_type: 'View', table_name: 'D.PUBLIC.ORDERSBYCUSTOMER' });
  });

  // https://docs.snowflake.com/en/user-guide/streams-intro#streams-on-views
  it.each([
    ['select id from t group by id', 'GROUP BY'],
    ['select distinct id from t', 'DISTINCT'],
    ['select id from t limit 1', 'LIMIT'],
    ['select id from t where id in (select id from t)', 'a subquery outside FROM'],
    ['select id from t qualify row_number() over (order by id) = 1', 'QUALIFY'],
    ['select count(*) as c from t', 'aggregate functions'],
    ['select a.id from t a left join t b on a.id = b.id', 'LEFT JOIN'],
    ['select id from t union select id from t', 'UNION'],
  ])('is refused on the view %s', async (query, what) => {
    await server.run(`create view v as ${query}`);
    expect(await server.refusal('create stream s on view v')).toContain(`${what} in the view of a stream`);
  });

  it('is made on nested views, subqueries in FROM and UNION ALL', async () => {
    await server.run(
      'create view v1 as select id, name from t where id > 0',
      'create view v2 as select x.id, upper(x.name) as name from (select * from v1) x union all select id, name from v1',
      "insert into t values (1, 'one')",
      'create stream s on view v2',
      "insert into t values (2, 'two')",
    );
    expect(await changes()).toEqual(['2 TWO INSERT false', '2 two INSERT false']);
  });

  // https://docs.snowflake.com/en/sql-reference/sql/show-streams
  it('is listed, described, altered and dropped', async () => {
    await server.run("create stream s on table t comment = 'first'", 'create tag g');
    const [shown] = await server.rows("show streams like 's' in database d");
    expect(Object.keys(shown ?? {})).toEqual([
      'created_on',
      'name',
      'database_name',
      'schema_name',
      'owner',
      'comment',
      'table_name',
      'source_type',
      'base_tables',
      'type',
      'stale',
      'mode',
      'stale_after',
      'invalid_reason',
      'owner_role_type',
    ]);
    expect(shown).toMatchObject({
      name: 'S',
      comment: 'first',
      table_name: 'D.PUBLIC.T',
      source_type: 'Table',
      base_tables: 'D.PUBLIC.T',
      type: 'DELTA',
      stale: 'false',
      mode: 'DEFAULT',
      invalid_reason: 'N/A',
    });
    expect(await server.rows('describe stream s')).toEqual([shown]);
    // https://docs.snowflake.com/en/sql-reference/sql/alter-stream
    await server.run(
      "alter stream s set comment = 'second'",
      "alter stream if exists s set tag g = 'v'",
      'alter stream s unset tag g',
    );
    expect((await server.rows('show streams'))[0]).toMatchObject({ comment: 'second' });
    await server.run('alter stream s unset comment', "create or alter stream s on table t comment = 'third'");
    expect((await server.rows('show streams'))[0]).toMatchObject({ comment: 'third' });
    expect(await server.refusal('create or alter stream s on table t append_only = true')).toContain('CREATE OR ALTER STREAM');
    // The name is one of the tables'.
    expect(await server.refusal('create table s (x int)')).toContain('already exists');
    expect((await server.rows('show tables'))[0]).toMatchObject({ change_tracking: 'ON' });
    expect(Object.keys((await server.rows('show terse streams'))[0] ?? {})).toEqual([
      'created_on',
      'name',
      'kind',
      'database_name',
      'schema_name',
      'tableOn',
    ]);
    await server.run('drop stream s', 'drop stream if exists s');
    expect(await server.rows('show streams')).toEqual([]);
  });

  // https://docs.snowflake.com/en/sql-reference/sql/create-stream#access-control-requirements
  it('asks for privileges on its table', async () => {
    await server.run(
      'create role reader',
      'grant usage on warehouse compute_wh to role reader',
      'grant usage on database d to role reader',
      'grant usage, create stream on schema d.public to role reader',
      'grant select on table t to role reader',
      'grant role reader to user local_admin',
    );
    const reader = await server.connect({ role: 'READER', database: 'D', schema: 'PUBLIC' });
    await reader.run('use secondary roles none');
    expect(await server.refusal('create stream mine on table t', reader)).toContain('Insufficient privileges');
    await server.run('alter table t set change_tracking = true');
    await reader.run('create stream mine on table t');
    await server.run("insert into t values (1, 'one')", 'revoke select on table t from role reader');
    expect(await server.refusal('select * from mine', reader)).toMatch(/Insufficient privileges|does not exist/u);
  });

  // https://docs.snowflake.com/en/user-guide/streams-manage#label-enabling-change-tracking-views
  it('is made on a view by others once the changes of the view and its tables are tracked', async () => {
    await server.run(
      'create view v as select * from t',
      'create view w change_tracking = true as select * from t',
      'create role viewer',
      'grant usage on warehouse compute_wh to role viewer',
      'grant usage on database d to role viewer',
      'grant usage, create stream on schema d.public to role viewer',
      'grant select on all views in schema d.public to role viewer',
      'grant role viewer to user local_admin',
    );
    const viewer = await server.connect({ role: 'VIEWER', database: 'D', schema: 'PUBLIC' });
    await viewer.run('use secondary roles none');
    expect(await server.refusal('create stream s on view v', viewer)).toMatch(/Insufficient privileges|not authorized/u);
    await server.run('alter view v set change_tracking = true');
    expect(await server.refusal('create stream s on view v', viewer)).toMatch(/Insufficient privileges|not authorized/u);
    await server.run('alter table t set change_tracking = true');
    await viewer.run('create stream s on view v');
    await viewer.run('create stream s2 on view w');
    await server.run("insert into t values (1, 'one')");
    expect(await changes('s', viewer)).toEqual(['1 one INSERT false']);
    expect((await server.rows('show views')).map((row) => row['change_tracking'])).toEqual(['ON', 'ON']);
  });

  it.each([
    ['create stream s on external table t', 'CREATE STREAM … ON EXTERNAL TABLE'],
    ['create stream s on table t insert_only = true', 'INSERT_ONLY'],
  ])('is refused by name: %s', async (sql, what) => {
    expect(await server.refusal(sql)).toContain(what);
  });
});
