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
    'create schema other',
    'use schema public',
    'create table person (first_name varchar, last_name varchar, primary key (first_name, last_name) rely)',
    'create table customers (customer_id int primary key, email varchar unique rely, code int, unique (code, email))',
    'create table other.lookup (lookup_id int constraint pk_lookup primary key)',
    `create table orders (
       id int primary key,
       customer_id int references customers(customer_id),
       first_name varchar, last_name varchar,
       looked_up int not null references other.lookup rely,
       gone int references customers(customer_id) on delete cascade,
       kept int constraint kept_key references customers(customer_id) on delete no action on update no action,
       constraint fk_person foreign key (first_name, last_name) references person(first_name, last_name) not enforced)`,
  ])
    await client.run(sql);
});

afterAll(async () => {
  await server.close();
});

const system = expect.stringMatching(/^SYS_CONSTRAINT_[0-9a-f-]{36}$/u) as string;
const cells = async (sql: string, ...names: readonly string[]): Promise<unknown[][]> =>
  (await client.rows(sql)).map((row) => names.map((name) => row[name]));

// https://docs.snowflake.com/en/sql-reference/sql/show-unique-keys
test('SHOW UNIQUE KEYS: key by key, in the order of each', async () => {
  const keys = await cells('SHOW UNIQUE KEYS IN TABLE customers', 'column_name', 'key_sequence', 'constraint_name', 'rely');
  expect(keys).toEqual([
    ['EMAIL', 1, system, 'true'],
    ['CODE', 1, system, 'false'],
    ['EMAIL', 2, system, 'false'],
  ]);
  expect(new Set(keys.map((key) => key[2])).size).toBe(2);
});

// https://docs.snowflake.com/en/sql-reference/sql/show-imported-keys
test('SHOW IMPORTED KEYS: the keys of other tables that a table refers to', async () => {
  const names = [
    'pk_schema_name',
    'pk_table_name',
    'pk_column_name',
    'fk_column_name',
    'key_sequence',
    'fk_name',
    'pk_name',
    'rely',
  ];
  expect(await cells('SHOW IMPORTED KEYS IN TABLE orders', ...names)).toEqual([
    ['PUBLIC', 'CUSTOMERS', 'CUSTOMER_ID', 'CUSTOMER_ID', 1, system, system, 'false'],
    ['OTHER', 'LOOKUP', 'LOOKUP_ID', 'LOOKED_UP', 1, system, 'PK_LOOKUP', 'true'],
    ['PUBLIC', 'CUSTOMERS', 'CUSTOMER_ID', 'KEPT', 1, 'KEPT_KEY', system, 'false'],
    ['PUBLIC', 'PERSON', 'FIRST_NAME', 'FIRST_NAME', 1, 'FK_PERSON', system, 'false'],
    ['PUBLIC', 'PERSON', 'LAST_NAME', 'LAST_NAME', 2, 'FK_PERSON', system, 'false'],
  ]);
  expect(await cells('SHOW IMPORTED KEYS IN person', 'fk_name')).toEqual([]);
});

// https://docs.snowflake.com/en/sql-reference/sql/show-exported-keys
test('SHOW EXPORTED KEYS: the same, of the tables that are referred to', async () => {
  const names = ['pk_table_name', 'fk_table_name', 'fk_column_name', 'update_rule', 'delete_rule'];
  expect(await cells('SHOW EXPORTED KEYS IN TABLE other.lookup', ...names)).toEqual([
    ['LOOKUP', 'ORDERS', 'LOOKED_UP', 'NO ACTION', 'NO ACTION'],
  ]);
});

test('SHOW PRIMARY KEYS says whether queries may count on the key', async () => {
  expect(await cells('SHOW PRIMARY KEYS IN TABLE person', 'column_name', 'rely')).toEqual([
    ['FIRST_NAME', 'true'],
    ['LAST_NAME', 'true'],
  ]);
});

test('a name in front of NOT NULL, and properties that a key does not have', async () => {
  await client.run('create table named (a int constraint required not null)');
  expect(await cells('describe table named', 'null?')).toEqual([['N']]);
  await expect(client.run('create table wrong (a int references person on delete something)')).rejects.toMatchObject({
    code: '001003',
  });
});
