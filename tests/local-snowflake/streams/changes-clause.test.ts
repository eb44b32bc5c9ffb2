import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakeClock } from '../../../local-snowflake/platform/clock.ts';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection } from '../../support/sdk-connection.ts';

// https://docs.snowflake.com/en/sql-reference/constructs/changes, whose examples these are

const clock = new FakeClock('2026-03-02T12:00:00Z');
let server: LocalServer;
let client: SdkConnection;

/** Each statement a second after the one before. */
async function run(sql: string): Promise<readonly Record<string, unknown>[]> {
  await clock.advanceTo(clock.now() + 1000);
  return (await client.run(sql)).rows;
}

beforeAll(async () => {
  server = await startLocalServer({ clock });
  client = await server.connect();
  for (const sql of [
    'create database d',
    'create or replace table t1 (id number(8) not null, c1 varchar(255) default null)',
    'alter table t1 set change_tracking = true',
    'set ts1 = (select current_timestamp())',
    "insert into t1 (id, c1) values (1, 'red'), (2, 'blue'), (3, 'green')",
    'set ts2 = (select current_timestamp())',
    'create stream s1 on table t1',
    'delete from t1 where id = 1',
    'set last_query_id = (select last_query_id())',
    "update t1 set c1 = 'purple' where id = 2",
    'create table untracked (a int)',
    'create view v as select * from t1',
  ])
    await run(sql);
});

afterAll(async () => {
  await server.close();
});

const changes = async (clauses: string): Promise<unknown[][]> =>
  (await run(`select * from t1 changes (${clauses} order by id, metadata$action`)).map((row) => [
    row['ID'],
    row['C1'],
    row['METADATA$ACTION'],
    row['METADATA$ISUPDATE'],
  ]);

test('the full delta up to now', async () => {
  expect(await changes('information => default) at (timestamp => $ts1)')).toEqual([
    [2, 'purple', 'INSERT', false],
    [3, 'green', 'INSERT', false],
  ]);
});

test('appended rows alone', async () => {
  const appended = [
    [1, 'red', 'INSERT', false],
    [2, 'blue', 'INSERT', false],
    [3, 'green', 'INSERT', false],
  ];
  expect(await changes('information => append_only) at (timestamp => $ts1)')).toEqual(appended);
  expect(await changes('information => append_only) at (timestamp => $ts1) end (timestamp => $ts2)')).toEqual(appended);
});

test('the end is part of the interval', async () => {
  expect(await changes('information => default) at (timestamp => $ts1) end (statement => $last_query_id)')).toEqual([
    [2, 'blue', 'INSERT', false],
    [3, 'green', 'INSERT', false],
  ]);
  expect(await changes('information => default) before (statement => $last_query_id)')).toEqual([
    [1, 'red', 'DELETE', false],
    [2, 'blue', 'DELETE', true],
    [2, 'purple', 'INSERT', true],
  ]);
});

test("from a stream's offset, which stays where it is", async () => {
  const expected = [
    [1, 'red', 'DELETE', false],
    [2, 'blue', 'DELETE', true],
    [2, 'purple', 'INSERT', true],
  ];
  expect(await changes("information => default) at (stream => 's1')")).toEqual(expected);
  expect(await changes("information => default) at (stream => 's1')")).toEqual(expected);
});

test.each([
  ['select * from untracked changes (information => default) at (offset => -1)', '002082'],
  ['select * from t1 changes (information => default) at (offset => -3600)', '002082'],
  ['select * from v changes (information => default) at (offset => -1)', '000002'],
])('%s is refused', async (sql, code) => {
  await expect(run(sql)).rejects.toMatchObject({ code });
});
