import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection } from '../../support/sdk-connection.ts';

let server: LocalServer;
let admin: SdkConnection;
let folder: string;

beforeAll(async () => {
  server = await startLocalServer();
  admin = await server.connect();
  for (const statement of [
    'create warehouse wh',
    'create database db',
    'create schema db.s',
    'create stage db.s.code',
    'use schema db.s',
    'create table employees(id number, name varchar, role varchar)',
    "insert into employees values (1, 'Alice', 'op'), (2, 'Bob', 'dev'), (3, 'Cindy', 'dev')",
  ]) {
    await admin.run(statement);
  }
  folder = await mkdtemp(join(tmpdir(), 'python-sql-'));
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function messageOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no error',
    (error: unknown) => (error as Error).message,
  );
}

describe('a Python procedure', () => {
  // https://docs.snowflake.com/en/developer-guide/stored-procedure/python/procedure-python-tabular-data
  test('returns rows of a query that it filters', async () => {
    await admin.run(`
CREATE OR REPLACE PROCEDURE filterByRole(tableName VARCHAR, role VARCHAR)
RETURNS TABLE(id NUMBER, name VARCHAR, role VARCHAR)
LANGUAGE PYTHON
RUNTIME_VERSION = '3.11'
PACKAGES = ('snowflake-snowpark-python')
HANDLER = 'filter_by_role'
AS
$$
from snowflake.snowpark.functions import col

def filter_by_role(session, table_name, role):
   df = session.table(table_name)
   return df.filter(col("role") == role)
$$`);
    expect(await admin.rows("CALL filterByRole('employees', 'dev')")).toEqual([
      { ID: 2, NAME: 'Bob', ROLE: 'dev' },
      { ID: 3, NAME: 'Cindy', ROLE: 'dev' },
    ]);
  });

  // https://docs.snowflake.com/en/sql-reference/sql/call-with
  test('can be anonymous, with code from a stage', async () => {
    await writeFile(
      join(folder, 'steps.py'),
      'def compute(session):\n    return session.sql("select count(*) from employees").collect()[0][0]\n',
    );
    await admin.run(`PUT 'file://${folder}/steps.py' @code AUTO_COMPRESS = FALSE`);
    const sql = `
WITH task_handler_sp AS PROCEDURE ()
RETURNS STRING
LANGUAGE PYTHON
RUNTIME_VERSION=3.11
IMPORTS=('@DB.S.CODE/steps.py')
PACKAGES=('snowflake-snowpark-python')


HANDLER='steps.compute'

CALL task_handler_sp()`;
    expect(await admin.value(sql)).toBe('3');
  });

  test('shares its caller’s temporary tables and leaves what it makes', async () => {
    await admin.run('create temporary table mine (n int)');
    await admin.run('insert into mine values (5)');
    await admin.run(`create or replace procedure copy_mine() returns int language python runtime_version = '3.11'
      packages = ('snowflake-snowpark-python') handler = 'main' execute as caller as $$
def main(session):
    session.sql("create or replace table copied as select n from mine").collect()
    return session.table("copied").count()
$$`);
    expect(await admin.value('call copy_mine()')).toBe(1);
    expect(await admin.value('select n from copied')).toBe(5);
  });

  test('that raises names its lines; SQL errors inside it are shown', async () => {
    await admin.run(`create or replace procedure failing() returns int language python runtime_version = '3.11'
      packages = ('snowflake-snowpark-python') handler = 'main' as $$
def main(session):
    session.table("no_such_table").collect()
$$`);
    const message = await messageOf(admin.run('call failing()'));
    expect(message).toMatch(
      /^Python Interpreter Error:\nTraceback \(most recent call last\):\n {2}File "_udf_code\.py", line 3, in main/u,
    );
    expect(message).toContain("Object 'DB.S.NO_SUCH_TABLE' does not exist or not authorized.");
    expect(message).toMatch(/ in function DB\.S\.FAILING with handler main$/u);
  });

  test('has its owner’s privileges, not its caller’s', async () => {
    for (const statement of [
      'create role caller',
      'grant role caller to user local_admin',
      'grant usage on database db to role caller',
      'grant usage on schema db.s to role caller',
      `create or replace procedure count_employees() returns int language python runtime_version = '3.11'
       packages = ('snowflake-snowpark-python') handler = 'main' as $$
def main(session):
    return session.table("employees").count()
$$`,
    ]) {
      await admin.run(statement);
    }
    const caller = await server.connect({ role: 'CALLER', database: 'DB', schema: 'S' });
    await caller.run('use secondary roles none');
    expect(await messageOf(caller.run('call count_employees()'))).toMatch(
      /does not exist or not authorized|Unknown user-defined|Insufficient/u,
    );
    await admin.run('grant usage on procedure count_employees() to role caller');
    expect(await caller.value('call count_employees()')).toBe(3);
    expect(await messageOf(caller.run('select * from employees'))).toContain('does not exist or not authorized');
  });

  test('that is cancelled ends', async () => {
    await admin.run(`create or replace procedure endless() returns int language python runtime_version = '3.11'
      packages = ('snowflake-snowpark-python') handler = 'main' as $$
import time
def main(session):
    session.sql("create or replace table endless_started (n int)").collect()
    while True:
        time.sleep(1)
$$`);
    let cancel = (): void => undefined;
    const ended = new Promise<string>((resolve) => {
      const statement = admin.driver.execute({
        sqlText: 'call endless()',
        complete: (error) => {
          resolve(error?.message ?? 'no error');
        },
      });
      cancel = () => {
        statement.cancel(() => undefined);
      };
    });
    await expect.poll(() => admin.rows("show tables like 'endless_started'"), { timeout: 10_000 }).toHaveLength(1);
    cancel();
    expect(await ended).toContain('SQL execution canceled');
  });

  test.each([
    ["packages = ('torch')", 'torch (not installed)'],
    ["packages = ('pandas==0.1')", 'pandas==0.1 (installed: '],
    ["packages = ('snowflake-snowpark-python') secrets = ('a' = b)", 'SECRETS'],
  ])('with %s is refused by name', async (clause, named) => {
    const sql = `create procedure p() returns int language python runtime_version = '3.11' ${clause} handler = 'f' as $$ $$`;
    expect(await messageOf(admin.run(sql))).toContain(named);
  });
});

describe('a Python function', () => {
  // https://docs.snowflake.com/en/developer-guide/udf/python/udf-python-creating
  test('is called for the rows of a query', async () => {
    await admin.run(`create or replace function addone(i int) returns int language python runtime_version = '3.11' handler = 'addone_py' as $$
def addone_py(i):
  return i + 1
$$`);
    expect(await admin.rows('select id, addone(id) as next from employees where addone(id) > 2 order by id')).toEqual([
      { ID: 2, NEXT: 3 },
      { ID: 3, NEXT: 4 },
    ]);
  });

  // https://docs.snowflake.com/en/developer-guide/udf/python/udf-python-batch
  test('may take its rows as a data frame', async () => {
    await admin.run(`CREATE FUNCTION add_inputs(x INT, y FLOAT) RETURNS FLOAT LANGUAGE PYTHON RUNTIME_VERSION = 3.11 PACKAGES = ('pandas') HANDLER = 'add_inputs' AS $$
import pandas
from _snowflake import vectorized

@vectorized(input=pandas.DataFrame)
def add_inputs(df):
  return df[0] + df[1]
$$`);
    const rows = await admin.rows(
      'SELECT add_inputs(x, y) AS s FROM (SELECT 1 AS x, 3.14::FLOAT as y UNION ALL SELECT 2, 1.59 UNION ALL SELECT 3, -0.5) ORDER BY x',
    );
    expect(rows.map((row) => Number(row['S']).toFixed(2))).toEqual(['4.14', '3.59', '2.50']);
  });

  test('that raises ends the query with its traceback', async () => {
    await admin.run(`create or replace function picky(i int) returns int language python runtime_version = '3.11' handler = 'f' as $$
def f(i):
  raise ValueError(f"not {i}")
$$`);
    expect(await messageOf(admin.run('select picky(id) from employees order by id'))).toContain(
      'File "_udf_code.py", line 3, in f\nValueError: not 1',
    );
  });
});
