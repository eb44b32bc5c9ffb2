import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TaskServer } from '../tasks/task-server.ts';

let server: TaskServer;

beforeEach(async () => {
  server = await TaskServer.start();
  await server.run('create database d', 'create table t (id int, name varchar)');
});

afterEach(async () => {
  await server.close();
});

/** What a stream gives: its rows without their ids, in the order of their text. */
async function changes(stream = 's'): Promise<string[]> {
  const rows = await server.rows(`select * exclude metadata$row_id from ${stream}`);
  return rows.map((row) => Object.values(row).join(' ')).sort();
}

const consume = 'create or replace temporary table consumed as select * from s';
const hasData = "select system$stream_has_data('s')";

// https://docs.snowflake.com/en/user-guide/dynamic-tables/streams-on-dts
describe('a stream on a dynamic table', () => {
  const doubled = (mode = ''): string =>
    `create dynamic table doubled target_lag = '10 minutes' warehouse = compute_wh ${mode} as select id * 2 as n, name from t`;
  const refresh = 'alter dynamic table doubled refresh';

  beforeEach(async () => {
    await server.run("insert into t values (1, 'one'), (2, 'two')", doubled('refresh_mode = incremental'));
    await server.run('create stream s on dynamic table doubled');
  });

  it('gives what refreshes have changed, net, until it is consumed', async () => {
    expect(await changes()).toEqual([]);
    await server.run("insert into t values (3, 'three')", "update t set name = 'zwei' where id = 2");
    expect(await changes()).toEqual([]);
    await server.run(refresh);
    expect(await changes()).toEqual(['4 two DELETE false', '4 zwei INSERT false', '6 three INSERT false']);
    // The changes of both refreshes collapse.
    await server.run("update t set name = 'two' where id = 2", 'delete from t where id = 3', refresh);
    expect(await changes()).toEqual([]);
    await server.run("insert into t values (1, 'one')", refresh);
    expect(await changes()).toEqual(['2 one INSERT false']);
    expect(await server.value(hasData)).toBe(true);
    await server.run(consume);
    expect([await changes(), await server.value(hasData)]).toEqual([[], false]);
    // One of two equal rows goes.
    await server.run('delete from t', "insert into t values (1, 'one'), (2, 'two')", refresh);
    expect(await changes()).toEqual(['2 one DELETE false']);
  });

  it('gives nothing when a refresh changes no rows', async () => {
    await server.run('delete from t', "insert into t values (2, 'two'), (1, 'one')", refresh);
    expect([await changes(), await server.value(hasData)]).toEqual([[], false]);
  });

  it('gives what the scheduled refresh has changed', async () => {
    await server.run("insert into t values (3, 'three')");
    await server.clock.advanceBy(600_000);
    while ((await server.value(hasData)) !== true);
    expect(await changes()).toEqual(['6 three INSERT false']);
  });

  it('is listed as such, and asks for SELECT alone', async () => {
    expect((await server.rows('show streams'))[0]).toMatchObject({
      source_type: 'Dynamic Table',
      mode: 'DEFAULT',
      table_name: 'D.PUBLIC.DOUBLED',
      base_tables: 'D.PUBLIC.DOUBLED',
      stale: 'false',
    });
    await server.run(
      'create role reader',
      'grant usage on warehouse compute_wh to role reader',
      'grant usage on database d to role reader',
      'grant usage, create stream on schema d.public to role reader',
      'grant select on dynamic table doubled to role reader',
      'grant role reader to user local_admin',
      doubled().replace('doubled', 'other'),
      'grant select on dynamic table other to role reader',
    );
    const reader = await server.connect({ role: 'READER', database: 'D', schema: 'PUBLIC' });
    await reader.run('use secondary roles none');
    await reader.run('create stream mine on dynamic table other');
    expect(await reader.rows('select * from mine')).toEqual([]);
  });

  it.each([
    ['create stream x on table doubled', "Object found is of type 'DYNAMIC_TABLE', not specified type 'TABLE'."],
    ['create stream x on dynamic table t', "Object found is of type 'TABLE', not specified type 'DYNAMIC_TABLE'."],
    ['create stream x on dynamic table doubled append_only = true', 'APPEND_ONLY'],
    ['create stream x on dynamic table doubled show_initial_rows = true', 'SHOW_INITIAL_ROWS'],
  ])('is refused: %s', async (sql, reason) => {
    expect(await server.refusal(sql)).toContain(reason);
  });

  it('is refused where refreshes are full', async () => {
    await server.run(doubled('refresh_mode = full').replace('doubled', 'whole'));
    expect(await server.refusal('create stream x on dynamic table whole')).toContain('whose refreshes are full');
  });

  it('is not on a view of one (streams-intro: native tables)', async () => {
    await server.run('create view v as select * from doubled');
    expect(await server.refusal('create stream x on view v')).toContain('something else than tables in the view of a stream');
  });

  it('goes on with a clone of the schema, and stops with OR REPLACE', async () => {
    await server.run('create schema copied clone public', 'use schema d.copied', "insert into t values (9, 'nine')");
    await server.run(refresh);
    expect(await changes()).toEqual(['18 nine INSERT false']);
    await server.run(doubled().replace('create', 'create or replace'));
    expect(await server.refusal('select * from s')).toContain('dropped, cannot read from stream');
  });
});

// https://docs.snowflake.com/en/sql-reference/sql/create-stream#creating-a-standard-stream-on-a-directory-table
describe('a stream on a directory table', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'directory-stream-'));
    await server.run("create stage mystage encryption = (type = 'SNOWFLAKE_SSE') directory = (enable = true)");
    await put('before.txt', 'b');
    await server.run('alter stage mystage refresh', 'create stream s on stage mystage');
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function put(name: string, content: string): Promise<void> {
    await writeFile(join(folder, name), content);
    await server.run(`put 'file://${join(folder, name)}' @mystage auto_compress = false overwrite = true`);
  }

  const files = async (): Promise<string[]> =>
    (await server.rows('select relative_path || size || metadata$action || metadata$isupdate as r from s order by r')).map((row) =>
      String(row['R']),
    );

  it('gives the files that refreshes have found and missed', async () => {
    expect(await files()).toEqual([]);
    await put('file1.csv', '1,2');
    await put('file2.csv', '3');
    expect(await files()).toEqual([]);
    await server.run('alter stage mystage refresh');
    expect(await files()).toEqual(['file1.csv3INSERTfalse', 'file2.csv1INSERTfalse']);
    const [row = {}] = await server.rows("select * from s where relative_path = 'file1.csv'");
    expect(Object.keys(row)).toEqual([
      'RELATIVE_PATH',
      'SIZE',
      'LAST_MODIFIED',
      'MD5',
      'ETAG',
      'FILE_URL',
      'METADATA$ACTION',
      'METADATA$ISUPDATE',
      'METADATA$ROW_ID',
    ]);
    expect(row['METADATA$ROW_ID']).toBeNull();
    expect(await server.rows(`select * exclude (metadata$action, metadata$isupdate, metadata$row_id) from s order by 1`)).toEqual(
      await server.rows("select * from directory(@mystage) where relative_path <> 'before.txt' order by 1"),
    );
    await server.run(consume, 'remove @mystage/file1.csv');
    await put('file2.csv', 'other');
    await server.run('alter stage mystage refresh');
    expect(await files()).toEqual(['file1.csv3DELETEfalse', 'file2.csv1DELETEfalse', 'file2.csv5INSERTfalse']);
    expect(await server.value(hasData)).toBe(true);
  });

  it('is listed by the name of its stage', async () => {
    expect((await server.rows('show streams'))[0]).toMatchObject({ source_type: 'Stage', table_name: 'MYSTAGE', mode: 'DEFAULT' });
    expect(await server.value("select get_ddl('stream', 's')")).toBe('create or replace stream S on stage D.PUBLIC.MYSTAGE;');
  });

  it('is made, and read, with READ on the stage', async () => {
    await server.run(
      'create role reader',
      'grant usage on warehouse compute_wh to role reader',
      'grant usage on database d to role reader',
      'grant usage, create stream on schema d.public to role reader',
      'grant role reader to user local_admin',
    );
    const reader = await server.connect({ role: 'READER', database: 'D', schema: 'PUBLIC' });
    await reader.run('use secondary roles none');
    expect(await server.refusal('create stream mine on stage mystage', reader)).toContain('does not exist or not authorized');
    await server.run('grant read on stage mystage to role reader');
    await reader.run('create stream mine on stage mystage');
    await server.run('revoke read on stage mystage from role reader');
    expect(await server.refusal('select * from mine', reader)).toContain('does not exist or not authorized');
  });

  it('wants a directory table, and ends with its stage', async () => {
    await server.run('create stage plain');
    expect(await server.refusal('create stream x on stage plain')).toMatch(/directory/iu);
    expect(await server.refusal('create stream x on stage mystage append_only = true')).toContain('APPEND_ONLY');
    await server.run('drop stage mystage');
    expect(await server.refusal('select * from s')).toContain('dropped, cannot read from stream');
  });

  it('goes on in a clone of the schema', async () => {
    await server.run('create schema copied clone public include internal stages', 'use schema d.copied');
    await put('more.txt', 'm');
    await server.run('alter stage mystage refresh');
    expect(await files()).toContain('more.txt1INSERTfalse');
    expect(await server.rows('select * from d.public.s')).toEqual([]);
  });
});

it('streams that are made at the same time, the first on their source, all record what comes', async () => {
  await server.run(
    'create view v as select id from t',
    "create dynamic table dt target_lag = 'downstream' warehouse = compute_wh as select id from t",
    'create stage g directory = (enable = true)',
  );
  const clients = await Promise.all(Array.from({ length: 6 }, () => server.connect({ database: 'D', schema: 'PUBLIC' })));
  const sources = ['table t', 'view v', 'dynamic table dt', 'dynamic table dt', 'stage g', 'stage g'];
  await Promise.all(clients.map((client, index) => client.run(`create stream s${String(index)} on ${sources[index] ?? ''}`)));
  await server.run(
    "insert into t values (1, 'one')",
    'alter dynamic table dt refresh',
    'copy into @g/file from (select 1)',
    'alter stage g refresh',
  );
  for (const index of sources.keys()) expect(await server.value(`select count(*) from s${String(index)}`)).toBe(1);
});

it('streams on refreshed tables give the same after a restart, and go on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'stream-sources-'));
  try {
    let kept = await TaskServer.start(folder);
    const step = async (...statements: string[]): Promise<unknown[]> => {
      await kept.run(...statements, 'alter dynamic table dt refresh', 'alter stage g refresh');
      const rows = await kept.rows("select 'dt ' || n as r from on_dt union all select 'g ' || relative_path from on_g order by r");
      return rows.map((row) => row['R']);
    };
    await kept.run(
      'create database d',
      'create table t (n int)',
      "create dynamic table dt target_lag = 'downstream' warehouse = compute_wh as select n from t",
      'create stage g directory = (enable = true)',
      'create stream on_dt on dynamic table dt',
      'create stream on_g on stage g',
    );
    const first = await step(
      'insert into t values (1)',
      'copy into @g/one from (select 1) file_format = (compression = none) single = true',
    );
    expect(first).toEqual(['dt 1', 'g one']);
    await kept.close();
    kept = await TaskServer.start(folder, kept.clock);
    try {
      const more = await step(
        'use schema d.public',
        'insert into t values (2)',
        'copy into @g/two from (select 2) file_format = (compression = none) single = true',
      );
      expect(more).toEqual(['dt 1', 'dt 2', 'g one', 'g two']);
    } finally {
      await kept.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

// https://docs.snowflake.com/en/user-guide/streams-intro#join-results-behavior (append-only streams)
describe('an append-only stream on a view', () => {
  beforeEach(async () => {
    await server.run(
      'create table orders (id int, order_name varchar)',
      'create table customers (id int, customer_name varchar)',
      'create view v as select * from orders natural join customers',
      "insert into orders values (1, 'order1')",
      "insert into customers values (1, 'customer1')",
      "update orders set order_name = 'Order1'",
      'create stream s on view v append_only = true',
    );
  });

  it('joins what was inserted with what was there, and with what was inserted beside it', async () => {
    await server.run("insert into orders values (1, 'order2')", "insert into customers values (1, 'customer2')");
    const joined = ['1 Order1 customer2 INSERT false', '1 order2 customer1 INSERT false', '1 order2 customer2 INSERT false'];
    expect(await changes()).toEqual(joined);
    // Updates and deletes are no insertions.
    await server.run("update customers set customer_name = 'c'", 'truncate table orders');
    expect(await changes()).toEqual(joined);
    expect(await server.value(hasData)).toBe(true);
    await server.run(consume);
    await server.run("update customers set customer_name = 'd'");
    expect([await changes(), await server.value(hasData)]).toEqual([[], false]);
    expect((await server.rows('show streams'))[0]).toMatchObject({ mode: 'APPEND_ONLY', source_type: 'View' });
  });

  it('filters, and gives initial rows first', async () => {
    await server.run('create view few as select id, upper(name) as name from t where id > 1 union all select id, name from t');
    await server.run(
      "insert into t values (1, 'one')",
      'create stream few_s on view few append_only = true show_initial_rows = true',
    );
    await server.run("insert into t values (2, 'two')", 'delete from t where id = 1');
    expect(await changes('few_s')).toEqual(['1 one INSERT false']);
    await server.run('create temporary table seen as select * from few_s', "insert into t values (3, 'three')", 'delete from t');
    expect(await changes('few_s')).toEqual(['3 THREE INSERT false', '3 three INSERT false']);
  });
});
