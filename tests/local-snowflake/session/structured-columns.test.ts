import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection } from '../../support/sdk-connection.ts';

// https://docs.snowflake.com/en/sql-reference/data-types-structured and data-types-vector, through Snowflake's Node.js driver

let server: LocalServer;
let client: SdkConnection;

beforeAll(async () => {
  server = await startLocalServer();
  client = await server.connect();
  for (const sql of [
    'create database d',
    'use schema d.public',
    'create table t (a array(number not null), o object(x int, "Y z" varchar(3)), m map(varchar, double), v vector(float, 3))',
    `insert into t select [1, 2]::array(number), {'x': 1, 'Y z': 'abc'}::object(x int, "Y z" varchar), {'k': 1.5}::map(varchar, double), [1, 2.5, 3]::vector(float, 3)`,
  ])
    await client.run(sql);
});

afterAll(async () => {
  await server.close();
});

const types = [
  'ARRAY(NUMBER(38,0) NOT NULL)',
  'OBJECT(x NUMBER(38,0), "Y z" VARCHAR(3))',
  'MAP(VARCHAR(16777216), FLOAT)',
  'VECTOR(FLOAT, 3)',
];

test('drivers get structured values as semi-structured ones, and vectors as text', async () => {
  const { rows } = await client.run('select * from t');
  expect(rows).toEqual([{ A: [1, 2], O: { x: 1, 'Y z': 'abc' }, M: { k: 1.5 }, V: '[1.000000,2.500000,3.000000]' }]);
});

test.each(['describe table t', 'describe view w', 'describe table c', 'describe table q'])('%s shows the types', async (sql) => {
  await client.run('create or replace view w as select * from t');
  await client.run('create or replace table c clone t');
  await client.run('create or replace table q as select * from t');
  const { rows } = await client.run(sql);
  expect(rows.map((row) => row['type'])).toEqual(types);
});

test('SHOW COLUMNS has the types inside, INFORMATION_SCHEMA the basic one alone', async () => {
  const { rows } = await client.run('show columns in table t');
  expect(rows.map((row) => JSON.parse(String(row['data_type'])) as unknown)).toMatchObject([
    { type: 'ARRAY', elementType: { type: 'FIXED', nullable: false } },
    { type: 'OBJECT', fields: [{ fieldName: 'x' }, { fieldName: 'Y z', fieldType: { type: 'TEXT', length: 3 } }] },
    { type: 'MAP', keyType: { type: 'TEXT' }, valueType: { type: 'REAL' } },
    { type: 'VECTOR', dimension: 3 },
  ]);
  const basic = await client.run(
    `select data_type from information_schema.columns where table_name = 'T' order by ordinal_position`,
  );
  expect(basic.rows.map((row) => row['DATA_TYPE'])).toEqual(['ARRAY', 'OBJECT', 'MAP', 'VECTOR']);
});

test('functions and procedures take and give them', async () => {
  await client.run(`create function f(loc object(city varchar, zip number)) returns varchar as 'loc:city || loc:zip'`);
  await client.run(
    `create procedure p(a array(int)) returns array(int) language sql as 'begin return array_append(a, 9)::array(int); end'`,
  );
  const value = await client.run(`select f({'city': 'X', 'zip': 1}::object(city varchar, zip number)) as r`);
  expect(value.rows).toEqual([{ R: 'X1' }]);
  expect((await client.run('call p([1]::array(int))')).rows).toEqual([{ P: [1, 9] }]);
  await client.run('drop function f(object(city varchar, zip number))');
});

test('columns are added and changed', async () => {
  await client.run('create table u (id int)');
  await client.run('insert into u values (1)');
  await client.run('alter table u add column phone array(varchar)');
  await client.run(`update u set phone = ['1', '2']::array(varchar)`);
  await client.run(`merge into u using (select ['3']::array(varchar) as p) s on true when matched then update set phone = s.p`);
  expect((await client.run('select phone, phone[0] as p from u')).rows).toEqual([{ PHONE: ['3'], P: '3' }]);
});
