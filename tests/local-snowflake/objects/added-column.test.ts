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
    ['c int as (c1 + 1)', '000002', "Unsupported feature 'computed column AS (…)'"],
  ])('refuses %s', async (column, code, message) => {
    const before = await client.rows('describe table t1');
    await expect(client.run(`alter table t1 add column ${column}`)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    });
    expect(await client.rows('describe table t1')).toEqual(before);
  });
});

// https://docs.snowflake.com/en/sql-reference/sql/alter-table, "Table column actions"
describe('ALTER TABLE … ADD COLUMN', () => {
  test.each(['default 1', 'autoincrement', 'identity (1, 2)', 'unique', 'primary key', 'references t1 (c1)'])(
    'refuses IF NOT EXISTS together with %s, also for a column that is there',
    async (clause) => {
      const before = await client.rows('describe table t1');
      for (const name of ['fresh', 'c1'])
        await expect(client.run(`alter table t1 add column if not exists ${name} int ${clause}`)).rejects.toMatchObject({
          code: '002012',
          message: expect.stringContaining('IF NOT EXISTS') as string,
        });
      expect(await client.rows('describe table t1')).toEqual(before);
    },
  );

  test('IF NOT EXISTS leaves a column that is there, and adds another', async () => {
    await client.run('create table t2 (a int)');
    await client.run("alter table t2 add column if not exists a varchar comment 'default', if not exists b varchar not null");
    expect((await client.rows('describe table t2')).map((row) => [row['name'], row['type'], row['null?']])).toEqual([
      ['A', 'NUMBER(38,0)', 'Y'],
      ['B', 'VARCHAR(16777216)', 'N'],
    ]);
  });

  test('refuses a NOT NULL column without a value for the rows that are there, and adds none of its statement', async () => {
    for (const sql of ['create table t3 (a int)', 'insert into t3 values (1)']) await client.run(sql);
    for (const required of ['c int not null', 'c int not null default null'])
      await expect(client.run(`alter table t3 add column b int, ${required}`)).rejects.toMatchObject({
        message: expect.stringContaining(
          "Non-nullable column 'C' cannot be added to non-empty table 'T3' unless it has a non-null default value.",
        ) as string,
      });
    await expect(client.run('alter table t3 add column b int, c int autoincrement')).rejects.toMatchObject({
      message: expect.stringContaining("Cannot add column 'C' with non-constant default to non-empty table 'T3'") as string,
    });
    expect(await client.rows('select * from t3')).toEqual([{ A: 1 }]);
    await client.run('alter table t3 add column b int, c int not null default 7');
    expect(await client.rows('select * from t3')).toEqual([{ A: 1, B: null, C: 7 }]);
    for (const sql of ['truncate table t3', 'alter table t3 add column d int not null']) await client.run(sql);
    await expect(client.run('insert into t3 (a, c) values (1, 2)')).rejects.toMatchObject({ code: '100072' });
  });
});
