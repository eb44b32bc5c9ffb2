import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { splitPipe } from '../../../local-snowflake/sql/pipe.ts';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection } from '../../support/sdk-connection.ts';

// https://docs.snowflake.com/en/sql-reference/operators-flow
describe('the pipe operator', () => {
  let server: LocalServer;
  let connection: SdkConnection;

  beforeAll(async () => {
    server = await startLocalServer();
    connection = await server.connect();
    for (const sql of ['CREATE WAREHOUSE wh', 'CREATE DATABASE db']) await connection.run(sql);
  });
  afterAll(() => server.close());

  it('gives the columns of SHOW to a query', async () => {
    await connection.run('CREATE TABLE test_table1 (a INT)');
    expect(
      await connection.rows(`SHOW TABLES
        ->> SELECT "name" AS table_name, "owner" AS table_owner FROM $1 WHERE "created_on" > '2025-04-15'::DATE`),
    ).toEqual([{ TABLE_NAME: 'TEST_TABLE1', TABLE_OWNER: 'ACCOUNTADMIN' }]);
  });

  it('gives the rows of queries to those behind them', async () => {
    await connection.run(`CREATE OR REPLACE TABLE dept_pipe_demo (deptno NUMBER(2), dname VARCHAR(14), loc VARCHAR(13)) AS SELECT * FROM VALUES
      (10, 'ACCOUNTING', 'NEW YORK'), (20, 'RESEARCH', 'DALLAS'), (30, 'SALES', 'CHICAGO'), (40, 'OPERATIONS', 'BOSTON')`);
    await connection.run(`CREATE OR REPLACE TABLE emp_pipe_demo (empno NUMBER(4), ename VARCHAR(10), sal NUMBER(7,2), deptno NUMBER(2)) AS SELECT * FROM VALUES
      (7369, 'SMITH', 800, 20), (7499, 'ALLEN', 1600, 30), (7521, 'WARD', 1250, 30), (7698, 'BLAKE', 2850, 30), (7782, 'CLARK', 2450, 10)`);
    expect(
      await connection.rows(`SELECT * FROM dept_pipe_demo WHERE dname = 'SALES'
        ->> SELECT * FROM emp_pipe_demo WHERE sal > 1500 AND deptno IN (SELECT deptno FROM $1)
        ->> SELECT ename, sal FROM $1 ORDER BY 2 DESC;`),
    ).toEqual([
      { ENAME: 'BLAKE', SAL: 2850 },
      { ENAME: 'ALLEN', SAL: 1600 },
    ]);
  });

  it('counts what DML changed, in a transaction too', async () => {
    expect(
      await connection.rows(`CREATE OR REPLACE TABLE test_sql_pipe_dml (a INT, b INT)
        ->> INSERT INTO test_sql_pipe_dml VALUES (1, 2)
        ->> INSERT INTO test_sql_pipe_dml VALUES (3, 4)
        ->> INSERT INTO test_sql_pipe_dml VALUES (5, 6)
        ->> INSERT INTO test_sql_pipe_dml VALUES (7, 8)
        ->> SELECT (SELECT $1 FROM $4) + (SELECT $1 FROM $3) + (SELECT $1 FROM $2) + (SELECT $1 FROM $1) AS "Number of rows"`),
    ).toEqual([{ 'Number of rows': 4 }]);
    expect(
      await connection.rows(`BEGIN TRANSACTION
        ->> INSERT INTO test_sql_pipe_dml VALUES (1, 2)
        ->> DELETE FROM test_sql_pipe_dml WHERE a = 1
        ->> UPDATE test_sql_pipe_dml SET b = 2
        ->> COMMIT
        ->> SELECT (SELECT $1 FROM $4) AS "Inserted rows", (SELECT $1 FROM $3) AS "Deleted rows", (SELECT $1 FROM $2) AS "Updated rows"`),
    ).toEqual([{ 'Inserted rows': 1, 'Deleted rows': 2, 'Updated rows': 3 }]);
  });

  it('keeps the rows of a table that is dropped on the way', async () => {
    expect(
      await connection.rows(`CREATE OR REPLACE TABLE test_sql_pipe_drop (id INT IDENTITY START 10 INCREMENT 1, data VARCHAR)
        ->> INSERT INTO test_sql_pipe_drop (data) VALUES ('row1'), ('row2'), ('row3')
        ->> SELECT * FROM test_sql_pipe_drop
        ->> DROP TABLE test_sql_pipe_drop
        ->> SELECT COUNT(*) "Number of rows", MAX(id) AS "Last ID" FROM $2`),
    ).toEqual([{ 'Number of rows': 3, 'Last ID': 12 }]);
  });

  it('ends with the first error', async () => {
    await connection.run('CREATE OR REPLACE TABLE kept (a INT)');
    await expect(connection.run('SELECT 1/0 ->> INSERT INTO kept VALUES (1)')).rejects.toThrow('Division by zero');
    expect(await connection.value('SELECT COUNT(*) AS n FROM kept')).toBe(0);
    await expect(connection.run('SELECT 1 ->> SELECT * FROM $2')).rejects.toThrow("Invalid pipe reference '$2'");
    await expect(connection.run('SELECT ? ->> SELECT * FROM $1', { binds: [1] })).rejects.toThrow('bind variables with the pipe');
  });

  it.each([
    ["SELECT 'a ->> b'", ["SELECT 'a ->> b'"]],
    ['SELECT 1 -- ->> SELECT 2', ['SELECT 1 -- ->> SELECT 2']],
    ['BEGIN LET r RESULTSET; r := (SELECT 1 ->> SELECT * FROM $1); END', undefined],
    ['CREATE TASK t AS SELECT 1 ->> SELECT * FROM $1', undefined],
    ['BEGIN ->> SELECT 1 ->> COMMIT', ['BEGIN', 'SELECT 1', 'COMMIT']],
  ])('splits %s', (text, parts) => {
    expect(splitPipe(text)).toEqual(parts ?? [text]);
  });
});
