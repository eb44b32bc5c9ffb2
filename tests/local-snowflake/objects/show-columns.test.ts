import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection } from '../../support/sdk-connection.ts';

let server: LocalServer;
let client: SdkConnection;
beforeAll(async () => {
  server = await startLocalServer();
  client = await server.connect();
  for (const sql of [
    'create database my_db',
    'create schema my_schema',
    `CREATE OR REPLACE TABLE test_show_columns (
      n1 NUMBER DEFAULT 5, n3_bigint BIGINT AUTOINCREMENT, n4_dec DECIMAL IDENTITY (1,10), f2_double DOUBLE, s1 STRING, s3_char CHAR,
      "s5_case_sensitive" VARCHAR, b1 BINARY, bool1 BOOLEAN, d1 DATE, t1 TIME, ts1 TIMESTAMP, ts2_ltz TIMESTAMP_LTZ,
      ts4_tz TIMESTAMP_TZ, v VARIANT NOT NULL COMMENT 'anything')`,
    'create view v as select n1, s1 from test_show_columns',
    'create schema other',
    'create table my_db.other.t (n1 int, zz varchar(10))',
    'use schema my_schema',
  ])
    await client.run(sql);
});
afterAll(async () => {
  await server.close();
});

const names = async (sql: string): Promise<string[]> =>
  (await client.rows(sql)).map((row) => `${String(row['table_name'])}.${String(row['column_name'])}`);

// https://docs.snowflake.com/en/sql-reference/sql/show-columns, "Examples"
describe('SHOW COLUMNS', () => {
  test('prints types as JSON, defaults and identities', async () => {
    const rows = await client.rows('SHOW COLUMNS IN TABLE test_show_columns');
    expect(Object.keys(rows[0] ?? {})).toEqual([
      'table_name',
      'schema_name',
      'column_name',
      'data_type',
      'null?',
      'default',
      'kind',
      'expression',
      'comment',
      'database_name',
      'autoincrement',
      'schema_evolution_record',
    ]);
    expect(rows.map((row) => [row['column_name'], row['data_type'], row['null?'], row['default'], row['autoincrement']])).toEqual([
      ['N1', '{"type":"FIXED","precision":38,"scale":0,"nullable":true}', 'true', '5', ''],
      [
        'N3_BIGINT',
        '{"type":"FIXED","precision":38,"scale":0,"nullable":true}',
        'true',
        '',
        'IDENTITY START 1 INCREMENT 1 NOORDER',
      ],
      ['N4_DEC', '{"type":"FIXED","precision":38,"scale":0,"nullable":true}', 'true', '', 'IDENTITY START 1 INCREMENT 10 NOORDER'],
      ['F2_DOUBLE', '{"type":"REAL","nullable":true}', 'true', '', ''],
      ['S1', '{"type":"TEXT","length":16777216,"byteLength":16777216,"nullable":true,"fixed":false}', 'true', '', ''],
      ['S3_CHAR', '{"type":"TEXT","length":1,"byteLength":4,"nullable":true,"fixed":false}', 'true', '', ''],
      [
        's5_case_sensitive',
        '{"type":"TEXT","length":16777216,"byteLength":16777216,"nullable":true,"fixed":false}',
        'true',
        '',
        '',
      ],
      ['B1', '{"type":"BINARY","length":8388608,"byteLength":8388608,"nullable":true,"fixed":true}', 'true', '', ''],
      ['BOOL1', '{"type":"BOOLEAN","nullable":true}', 'true', '', ''],
      ['D1', '{"type":"DATE","nullable":true}', 'true', '', ''],
      ['T1', '{"type":"TIME","precision":0,"scale":9,"nullable":true}', 'true', '', ''],
      ['TS1', '{"type":"TIMESTAMP_NTZ","precision":0,"scale":9,"nullable":true}', 'true', '', ''],
      ['TS2_LTZ', '{"type":"TIMESTAMP_LTZ","precision":0,"scale":9,"nullable":true}', 'true', '', ''],
      ['TS4_TZ', '{"type":"TIMESTAMP_TZ","precision":0,"scale":9,"nullable":true}', 'true', '', ''],
      ['V', '{"type":"VARIANT","nullable":false}', 'NOT_NULL', '', ''],
    ]);
    expect(rows.at(-1)).toMatchObject({
      table_name: 'TEST_SHOW_COLUMNS',
      schema_name: 'MY_SCHEMA',
      database_name: 'MY_DB',
      kind: 'COLUMN',
      expression: '',
      comment: 'anything',
      schema_evolution_record: null,
    });
  });

  test.each([
    ["show columns like 'N1'", ['TEST_SHOW_COLUMNS.N1', 'V.N1', 'T.N1']],
    ["show columns like '%zz%' in account", ['T.ZZ']],
    ["show columns like 'n1' in database my_db", ['TEST_SHOW_COLUMNS.N1', 'V.N1', 'T.N1']],
    ["show columns like 'n1' in database", ['TEST_SHOW_COLUMNS.N1', 'V.N1', 'T.N1']],
    ['show columns in schema other', ['T.N1', 'T.ZZ']],
    ["show columns like 'n1' in schema", ['TEST_SHOW_COLUMNS.N1', 'V.N1']],
    ["show columns like 'n1' in table", ['TEST_SHOW_COLUMNS.N1', 'V.N1']],
    ['show columns in v', ['V.N1', 'V.S1']],
    ['show columns in view v', ['V.N1', 'V.S1']],
    ['show columns in other.t', ['T.N1', 'T.ZZ']],
    ['show columns in table my_db.other.t ->> select * from $1 where "column_name" = \'ZZ\'', ['T.ZZ']],
  ])('%s', async (sql, expected) => {
    expect(await names(sql)).toEqual(expected);
  });

  test('shows only what the role has a privilege on', async () => {
    for (const sql of [
      'create role reader',
      'grant usage on database my_db to role reader',
      'grant usage on schema my_db.other to role reader',
      'grant usage on schema my_db.my_schema to role reader',
      'grant select on table my_db.other.t to role reader',
      'grant role reader to role accountadmin',
      'use role reader',
      'use secondary roles none',
    ])
      await client.run(sql);
    try {
      expect(await names('show columns in database my_db')).toEqual(['T.N1', 'T.ZZ']);
      await expect(client.run('show columns in table my_db.my_schema.test_show_columns')).rejects.toMatchObject({
        message: expect.stringContaining('does not exist or not authorized') as string,
      });
    } finally {
      await client.run('use role accountadmin');
      await client.run('use secondary roles all');
    }
  });

  test('refuses what there is not', async () => {
    await expect(client.run('show columns in table missing')).rejects.toMatchObject({ code: '002003' });
    await expect(client.run('show columns in application shop')).rejects.toMatchObject({
      message: expect.stringContaining('IN APPLICATION') as string,
    });
  });
});
