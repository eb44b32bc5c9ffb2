import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection } from '../../support/sdk-connection.ts';

let server: LocalServer;
let client: SdkConnection;
beforeAll(async () => {
  server = await startLocalServer();
  client = await server.connect();
  for (const sql of [
    'create database my_db',
    'create table plain (a int)',
    'create table alone (a int primary key, b int)',
    'create table several (column_y int, b int, column_x int, constraint pkey1 primary key (column_x, column_y))',
    'create table inline_named (a int constraint pk_a primary key)',
    'create schema other',
    'create table other_table (id int, primary key (id))',
    'use schema public',
  ])
    await client.run(sql);
});
afterAll(async () => {
  await server.close();
});

const system = /^SYS_CONSTRAINT_[0-9a-f-]{36}$/u;
const keys = async (sql: string): Promise<unknown[][]> =>
  (await client.rows(sql)).map((row) => [row['table_name'], row['column_name'], row['key_sequence'], row['constraint_name']]);
const matching = expect.stringMatching(system) as string;

// https://docs.snowflake.com/en/sql-reference/sql/show-primary-keys
test.each([
  ['SHOW PRIMARY KEYS IN TABLE plain', []],
  ['SHOW PRIMARY KEYS IN alone', [['ALONE', 'A', 1, matching]]],
  [
    'SHOW PRIMARY KEYS IN my_db.public.several',
    [
      ['SEVERAL', 'COLUMN_X', 1, 'PKEY1'],
      ['SEVERAL', 'COLUMN_Y', 2, 'PKEY1'],
    ],
  ],
  ['SHOW TERSE PRIMARY KEYS IN inline_named', [['INLINE_NAMED', 'A', 1, 'PK_A']]],
  ['SHOW /* sqlalchemy:_get_schema_primary_keys */PRIMARY KEYS IN SCHEMA my_db.other', [['OTHER_TABLE', 'ID', 1, matching]]],
])('%s', async (sql, expected) => {
  expect(await keys(sql)).toEqual(expected);
});

// The page does not list rely, which accounts answer all the same.
test('the names are those of the page, and the name of a key stays', async () => {
  const rows = await client.rows('SHOW PRIMARY KEYS');
  expect(Object.keys(rows[0] ?? {})).toEqual([
    'created_on',
    'database_name',
    'schema_name',
    'table_name',
    'column_name',
    'key_sequence',
    'comment',
    'constraint_name',
    'rely',
  ]);
  expect(rows.map((row) => row['table_name'])).toEqual(['OTHER_TABLE', 'ALONE', 'INLINE_NAMED', 'SEVERAL', 'SEVERAL']);
  expect(await client.rows('SHOW PRIMARY KEYS IN ACCOUNT')).toEqual(rows);
  await expect(client.run('show primary keys in missing')).rejects.toMatchObject({ code: '002003' });
});
