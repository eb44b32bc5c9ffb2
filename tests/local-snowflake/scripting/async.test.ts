import { describe, expect, test } from 'vitest';
import { useScriptSession } from './support.ts';

const { run, value, refusal } = useScriptSession();

// https://docs.snowflake.com/en/developer-guide/snowflake-scripting/asynchronous-child-jobs
describe('asynchronous child jobs', () => {
  test('query tables for RESULTSETs', async () => {
    await run('CREATE OR REPLACE TABLE orders_q1_2024 (order_id INT, order_amount NUMBER(12,2))');
    await run('INSERT INTO orders_q1_2024 VALUES (1, 500.00), (2, 225.00), (3, 725.00), (4, 150.00), (5, 900.00)');
    await run('CREATE OR REPLACE TABLE orders_q2_2024 (order_id INT, order_amount NUMBER(12,2))');
    await run('INSERT INTO orders_q2_2024 VALUES (1, 100.00), (2, 645.00), (3, 275.00), (4, 800.00), (5, 250.00)');
    await run(`CREATE OR REPLACE PROCEDURE test_sp_async_child_jobs_query()
      RETURNS INTEGER
      LANGUAGE SQL
      AS
      DECLARE
        accumulator1 INTEGER DEFAULT 0;
        accumulator2 INTEGER DEFAULT 0;
        res1 RESULTSET DEFAULT ASYNC (SELECT order_amount FROM orders_q1_2024);
        res2 RESULTSET DEFAULT ASYNC (SELECT order_amount FROM orders_q2_2024);
      BEGIN
        AWAIT res1;
        LET cur1 CURSOR FOR res1;
        OPEN cur1;
        AWAIT res2;
        LET cur2 CURSOR FOR res2;
        OPEN cur2;
        FOR row_variable IN cur1 DO
            accumulator1 := accumulator1 + row_variable.order_amount;
        END FOR;
        FOR row_variable IN cur2 DO
            accumulator2 := accumulator2 + row_variable.order_amount;
        END FOR;
        RETURN accumulator1 + accumulator2;
      END;`);
    expect(await value('CALL test_sp_async_child_jobs_query()')).toBe(4570);
  });

  test('insert rows, with the values that variables had when they were started', async () => {
    await run(`CREATE OR REPLACE PROCEDURE test_sp_async_child_jobs_insert(arg1 INT, arg2 NUMBER(12,2), arg3 INT, arg4 NUMBER(12,2))
      RETURNS TABLE()
      LANGUAGE SQL
      AS
      BEGIN
        CREATE OR REPLACE TABLE orders_q3_2024 (order_id INT, order_amount NUMBER(12,2));
        LET insert_1 RESULTSET := ASYNC (INSERT INTO orders_q3_2024 SELECT :arg1, :arg2);
        arg1 := 99;
        LET insert_2 RESULTSET := ASYNC (INSERT INTO orders_q3_2024 SELECT :arg3, :arg4);
        AWAIT insert_1;
        AWAIT insert_2;
        LET res RESULTSET := (SELECT * FROM orders_q3_2024 ORDER BY order_id);
        RETURN TABLE(res);
      END;`);
    expect(await run('CALL test_sp_async_child_jobs_insert(1, 325, 2, 241)')).toEqual([
      { ORDER_ID: 1, ORDER_AMOUNT: 325 },
      { ORDER_ID: 2, ORDER_AMOUNT: 241 },
    ]);
  });

  test('call procedures, and all are waited for by AWAIT ALL', async () => {
    await run(`CREATE OR REPLACE PROCEDURE test_async_child_job_inserts() RETURNS VARCHAR LANGUAGE SQL AS
      BEGIN
        CREATE OR REPLACE TABLE test_child_job_queries1 (col1 INT);
        ASYNC (INSERT INTO test_child_job_queries1(col1) VALUES(1));
        ASYNC (INSERT INTO test_child_job_queries1(col1) VALUES(2));
        ASYNC (INSERT INTO test_child_job_queries1(col1) VALUES(3));
        AWAIT ALL;
      END;`);
    await run('CREATE OR REPLACE TABLE test_child_job_queries2 (id INT, cola INT)');
    await run('INSERT INTO test_child_job_queries2 VALUES (1, 100), (2, 101), (3, 102)');
    await run(`CREATE OR REPLACE PROCEDURE test_async_child_job_updates() RETURNS VARCHAR LANGUAGE SQL AS
      BEGIN
        ASYNC (UPDATE test_child_job_queries2 SET cola=200 WHERE id=1);
        ASYNC (UPDATE test_child_job_queries2 SET cola=201 WHERE id=2);
        ASYNC (UPDATE test_child_job_queries2 SET cola=202 WHERE id=3);
        AWAIT ALL;
      END;`);
    await run(`CREATE OR REPLACE PROCEDURE test_async_child_job_calls() RETURNS VARCHAR LANGUAGE SQL AS
      BEGIN
        ASYNC (CALL test_async_child_job_inserts());
        ASYNC (CALL test_async_child_job_updates());
        AWAIT ALL;
      END;`);
    await run('CALL test_async_child_job_calls()');
    expect(await run('SELECT col1 FROM test_child_job_queries1 ORDER BY col1')).toEqual([{ COL1: 1 }, { COL1: 2 }, { COL1: 3 }]);
    expect(await run('SELECT cola FROM test_child_job_queries2 ORDER BY id')).toEqual([
      { COLA: 200 },
      { COLA: 201 },
      { COLA: 202 },
    ]);
  });

  // https://docs.snowflake.com/en/developer-guide/snowflake-scripting/asynchronous-child-jobs (inserts in a loop)
  test('are started in loops', async () => {
    await run(
      "CREATE OR REPLACE TABLE async_loop_test1 AS SELECT column1 AS col1, column2 AS col2 FROM VALUES ('child', 0), ('job', 1)",
    );
    await run('CREATE OR REPLACE TABLE async_loop_test2 (col1 INT, col2 VARCHAR)');
    await run(`EXECUTE IMMEDIATE $$
      BEGIN
        LET res RESULTSET := (SELECT * FROM async_loop_test1 ORDER BY 1);
        FOR record IN res DO
          LET v VARCHAR := record.col1;
          LET x INT := record.col2;
          ASYNC (INSERT INTO async_loop_test2(col1, col2) VALUES (:x, (SELECT 'async_' || :v)));
        END FOR;
        AWAIT ALL;
      END; $$`);
    expect(await run('SELECT * FROM async_loop_test2 ORDER BY col1')).toEqual([
      { COL1: 0, COL2: 'async_child' },
      { COL1: 1, COL2: 'async_job' },
    ]);
  });

  // https://docs.snowflake.com/en/sql-reference/snowflake-scripting/await (Usage notes)
  test('fail where they are waited for', async () => {
    const block = (last: string): string => `EXECUTE IMMEDIATE $$BEGIN
    LET res RESULTSET := ASYNC (SELECT * FROM invalid_table);
    ${last}
END;$$`;
    const uncaught = "Uncaught exception of type 'STATEMENT_ERROR' on line 2 at position 4 : SQL compilation error:";
    for (const last of ['AWAIT res;', 'AWAIT ALL;']) {
      const message = await refusal(block(last));
      expect(message).toContain(uncaught);
      expect(message).toContain("INVALID_TABLE' does not exist or not authorized");
    }
    // A job that nobody waits for is cancelled with its script.
    expect(await value(block("RETURN 'done';"))).toBe('done');
    expect(
      await value(`EXECUTE IMMEDIATE $$BEGIN
        ASYNC (SELECT 1);
        ASYNC (SELECT * FROM invalid_table);
        AWAIT ALL;
      EXCEPTION WHEN STATEMENT_ERROR THEN RETURN SQLCODE; END$$`),
    ).toBe('2003');
  });

  test('cannot be read before they were waited for', async () => {
    expect(
      await refusal('EXECUTE IMMEDIATE $$BEGIN LET r RESULTSET := ASYNC (SELECT 1 AS a); FOR x IN r DO RETURN x.a; END FOR; END$$'),
    ).toContain('RESULTSET R cannot be read before AWAIT');
  });

  test('give their query ids at once, and their counts when they were waited for', async () => {
    await run('CREATE OR REPLACE TABLE counted (i INT)');
    const [row] = await run(`EXECUTE IMMEDIATE $$
      DECLARE
        id VARCHAR;
        before INT;
        after INT;
        again INT;
      BEGIN
        LET res RESULTSET := ASYNC (INSERT INTO counted VALUES (1), (2));
        id := SQLID;
        before := SQLROWCOUNT;
        AWAIT res;
        after := SQLROWCOUNT;
        ASYNC (INSERT INTO counted VALUES (3));
        AWAIT ALL;
        again := SQLROWCOUNT;
        RETURN [id, before, after, again];
      END; $$`);
    const [id, ...counts] = Object.values(row ?? {})[0] as unknown[];
    expect(id).toMatch(/^[0-9a-f-]{36}$/u);
    expect(counts.map((count) => (typeof count === 'number' ? count : null))).toEqual([null, 2, null]);
  });

  // https://docs.snowflake.com/en/sql-reference/functions/system_get_resultset_status (Examples)
  test('tell how far they are', async () => {
    expect(
      await value(`EXECUTE IMMEDIATE $$
      DECLARE
        status2 VARCHAR DEFAULT 'invalid';
      BEGIN
        LET res RESULTSET := ASYNC (SELECT SYSTEM$WAIT(3, 'MILLISECONDS'));
        LET status VARCHAR := SYSTEM$GET_RESULTSET_STATUS(res);
        AWAIT res;
        status2 := SYSTEM$GET_RESULTSET_STATUS(res);
        RETURN [status, status2];
      END; $$`),
    ).toEqual(['RUNNING', 'SUCCESS']);
  });

  // https://docs.snowflake.com/en/sql-reference/snowflake-scripting/cancel
  test('are cancelled', async () => {
    expect(
      await value(`EXECUTE IMMEDIATE $$
      BEGIN
        LET res RESULTSET := ASYNC (SELECT SYSTEM$WAIT(1000));
        CANCEL res;
        RETURN SYSTEM$GET_RESULTSET_STATUS(res);
      END; $$`),
    ).toBe('ABORTED');
    expect(await value('EXECUTE IMMEDIATE $$BEGIN LET res RESULTSET := ASYNC (SELECT SYSTEM$WAIT(1000)); RETURN 7; END$$')).toBe(7);
    expect(
      await value(`EXECUTE IMMEDIATE $$
      BEGIN
        LET res RESULTSET := ASYNC (SELECT 5 AS a);
        AWAIT res;
        CANCEL res;
        FOR r IN res DO RETURN r.a; END FOR;
      END; $$`),
    ).toBe(5);
  });
});

// https://docs.snowflake.com/en/developer-guide/stored-procedure/stored-procedures-snowflake-scripting#using-arguments-passed-to-a-stored-procedure
describe('output arguments', () => {
  test('return several values from several calls', async () => {
    await run(`CREATE OR REPLACE PROCEDURE multiple_out_sp_demo(
        p1_in NUMBER, p1_out OUT NUMBER, p2_in VARCHAR(100), p2_out OUT VARCHAR(100), p3_in BOOLEAN, p3_out OUT BOOLEAN)
      RETURNS NUMBER
      LANGUAGE SQL
      AS
      $$
      BEGIN
        p1_in := p1_in + 1;
        p1_out := p1_out + 1;
        p2_in := p2_in || ' hi ';
        p2_out := p2_out || ' hi ';
        p3_in := (NOT p3_in);
        p3_out := (NOT p3_out);
        RETURN 1;
      END;
      $$`);
    const block = (call: string): string => `EXECUTE IMMEDIATE $$
      BEGIN
        LET x_in INT := 1;
        LET x_out INT := 1;
        LET y_in VARCHAR(100) := 'hello';
        LET y_out VARCHAR(100) := 'hello';
        LET z_in BOOLEAN := true;
        LET z_out BOOLEAN := true;
        ${call}
        ${call}
        ${call}
        RETURN [x_in, x_out, y_in, y_out, z_in, z_out];
      END; $$`;
    const results = [1, 4, 'hello', 'hello hi  hi  hi ', true, false];
    expect(await value(block('CALL multiple_out_sp_demo(:x_in, :x_out, :y_in, :y_out, :z_in, :z_out);'))).toEqual(results);
    expect(await value(block('CALL scripts.public.multiple_out_sp_demo(:x_in, :x_out, :y_in, :y_out, :z_in, :z_out);'))).toEqual(
      results,
    );
    const named = 'p3_in => :z_in, p3_out => :z_out, p1_in => :x_in, p1_out => :x_out, p2_in => :y_in, p2_out => :y_out';
    expect(await value(block(`CALL multiple_out_sp_demo(${named});`))).toEqual(results);
    await run('CREATE OR REPLACE PROCEDURE twice(a OUT INT, b OUT INT) RETURNS INT LANGUAGE SQL AS BEGIN RETURN 1; END');
    expect(await refusal(block('CALL twice(:x_out, :x_out);'))).toContain(
      "Variable 'X_OUT' cannot be passed to several output arguments",
    );
    expect(
      await refusal(block('ASYNC (CALL multiple_out_sp_demo(:x_in, :x_out, :y_in, :y_out, :z_in, :z_out)); AWAIT ALL;')),
    ).toContain('output arguments in asynchronous child jobs');
  });

  test('are converted to the type of the variable', async () => {
    await run(`CREATE OR REPLACE PROCEDURE sp_out_coercion(x OUT NUMBER) RETURNS STRING LANGUAGE SQL AS
      BEGIN
        x := x * 2;
        RETURN 'Done';
      END;`);
    expect(await value("EXECUTE IMMEDIATE $$BEGIN LET a FLOAT := 500.662; CALL sp_out_coercion(:a); RETURN a || ''; END$$")).toBe(
      '1002',
    );
  });

  test('come from SELECT … INTO, and may begin without a value', async () => {
    await run(`CREATE OR REPLACE TABLE quarterly_sales(empid INT, amount INT, quarter TEXT) AS SELECT * FROM VALUES
      (1, 8000, '2023_Q4'), (2, 800, '2023_Q4'), (2, 4500, '2023_Q4'), (3, 2700, '2023_Q4')`);
    await run(`CREATE OR REPLACE PROCEDURE sales_total_out_sp_demo(id INT, quarter VARCHAR(20), total_sales OUTPUT NUMBER(38,0))
      RETURNS STRING LANGUAGE SQL AS
      $$
      BEGIN
        SELECT SUM(amount) INTO total_sales FROM quarterly_sales WHERE empid = :id AND quarter = :quarter;
        RETURN 'Done';
      END;
      $$`);
    await run(`CREATE OR REPLACE PROCEDURE emp_quarter_calling_sp_demo(id INT, quarter VARCHAR(20)) RETURNS STRING LANGUAGE SQL AS
      BEGIN
        LET x NUMBER(38,0);
        CALL sales_total_out_sp_demo(:id, :quarter, :x);
        RETURN 'Total sales for employee ' || id || ' in quarter ' || quarter || ': ' || x;
      END;`);
    expect(await value("CALL emp_quarter_calling_sp_demo(2, '2023_Q4')")).toBe(
      'Total sales for employee 2 in quarter 2023_Q4: 5300',
    );
  });

  test('are those of procedures within a script as well', async () => {
    expect(
      await value(`EXECUTE IMMEDIATE $$
      DECLARE
        double PROCEDURE(x IN INT, y OUT INT) RETURNS INT AS BEGIN y := x * 2; RETURN 0; END;
        v INT;
      BEGIN
        CALL double(21, :v);
        RETURN v;
      END; $$`),
    ).toBe(42);
  });

  // Limitations
  test.each([
    [
      'CREATE PROCEDURE p(x OUT INT DEFAULT 1) RETURNS INT LANGUAGE SQL AS BEGIN RETURN 1; END',
      "output argument 'X' cannot have a default",
    ],
    ['CREATE FUNCTION f(x OUT INT) RETURNS INT AS $$ 1 $$', 'output arguments of functions'],
    [
      "CREATE PROCEDURE p(x OUT INT) RETURNS INT LANGUAGE PYTHON RUNTIME_VERSION = '3.11' PACKAGES = ('snowflake-snowpark-python') HANDLER = 'f' AS $$def f(s, x): pass$$",
      'output arguments of LANGUAGE PYTHON',
    ],
  ])('are refused: %s', async (sql, message) => {
    expect(await refusal(sql)).toContain(message);
  });
});
