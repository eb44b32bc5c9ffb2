import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection } from '../../support/sdk-connection.ts';

let server: LocalServer;
let client: SdkConnection;
beforeAll(async () => {
  server = await startLocalServer();
  client = await server.connect();
  for (const sql of ['create database lab', 'create table t1 (c1 int)', 'insert into t1 values (1)']) await client.run(sql);
});
afterAll(async () => {
  await server.close();
});

// https://docs.snowflake.com/en/sql-reference/sql/alter-table, "Table column actions"
describe('ALTER TABLE … ADD COLUMN … DEFAULT', () => {
  test('gives the rows that are there the default', async () => {
    await client.run(
      "alter table t1 add column country varchar default 'ES', score number(4, 1) default -1.5, seen boolean default true",
    );
    await client.run("alter table t1 add column since date default date '2023-01-01', none int default null");
    await client.run('insert into t1 (c1) values (2)');
    const row = { COUNTRY: 'ES', SCORE: -1.5, SEEN: true, S: '2023-01-01', NONE: null };
    expect(await client.rows('select country, score, seen, since::varchar as s, none from t1 order by c1')).toEqual([row, row]);
  });

  test.each([
    ['c5 varchar default 12345::varchar', '002263', 'Invalid column default expression [12345::varchar]'],
    ['c5 timestamp_ntz default current_timestamp()', '002263', 'Invalid column default expression'],
    [
      "c6 date default '20230101'",
      '002023',
      'Expression type does not match column data type, expecting DATE but got VARCHAR(8) for column C6',
    ],
  ])('refuses %s', async (column, code, message) => {
    const before = await client.rows('describe table t1');
    await expect(client.run(`alter table t1 add column ${column}`)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    });
    expect(await client.rows('describe table t1')).toEqual(before);
  });
});
