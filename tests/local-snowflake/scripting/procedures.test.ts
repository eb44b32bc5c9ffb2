import { describe, expect, test } from 'vitest';
import { useScriptSession } from './support.ts';

const { run, value, refusal } = useScriptSession();

// https://docs.snowflake.com/en/developer-guide/snowflake-scripting/resultsets
describe('tables', () => {
  const setup = async (): Promise<void> => {
    await run('CREATE OR REPLACE TABLE t001 (a INTEGER, b VARCHAR)');
    await run("INSERT INTO t001 (a, b) VALUES (1, 'row1'), (2, 'row2')");
  };

  test('a RESULTSET is returned as a table, which RESULT_SCAN reads again', async () => {
    await setup();
    await run(`CREATE OR REPLACE PROCEDURE test_sp()
      RETURNS TABLE(a INTEGER)
      LANGUAGE SQL
      AS
        DECLARE
          res RESULTSET DEFAULT (SELECT a FROM t001 ORDER BY a);
        BEGIN
          RETURN TABLE(res);
        END;`);
    expect(await run('CALL test_sp()')).toEqual([{ A: 1 }, { A: 2 }]);
    expect(await run('SELECT * FROM TABLE(RESULT_SCAN(LAST_QUERY_ID())) WHERE a < 2')).toEqual([{ A: 1 }]);
  });

  test('EXECUTE IMMEDIATE … USING makes the query', async () => {
    await setup();
    await run(`CREATE OR REPLACE PROCEDURE test_sp_dynamic(table_name VARCHAR)
      RETURNS TABLE(a INTEGER)
      LANGUAGE SQL
      AS
      $$
        DECLARE
          res RESULTSET;
          query VARCHAR DEFAULT 'SELECT a FROM IDENTIFIER(?) ORDER BY a;';
        BEGIN
          res := (EXECUTE IMMEDIATE :query USING(table_name));
          RETURN TABLE(res);
        END
      $$`);
    expect(await run("CALL test_sp_dynamic('t001')")).toEqual([{ A: 1 }, { A: 2 }]);
  });

  test('a cursor reads a RESULTSET', async () => {
    await setup();
    await run(`CREATE OR REPLACE PROCEDURE test_sp_03()
      RETURNS VARCHAR
      LANGUAGE SQL
      AS
      DECLARE
        accumulator INTEGER DEFAULT 0;
        res1 RESULTSET DEFAULT (SELECT a FROM t001 ORDER BY a);
        cur1 CURSOR FOR res1;
      BEGIN
        FOR row_variable IN cur1 DO
          accumulator := accumulator + row_variable.a;
        END FOR;
        RETURN accumulator::VARCHAR;
      END;`);
    expect(await run('CALL test_sp_03()')).toEqual([{ TEST_SP_03: '3' }]);
  });

  test('DML, SHOW, DDL and blocks fill a RESULTSET with what they answer', async () => {
    await setup();
    expect(await run("BEGIN LET r RESULTSET := (INSERT INTO t001 VALUES (3, 'c'), (4, 'd')); RETURN TABLE(r); END")).toEqual([
      { 'number of rows inserted': 2 },
    ]);
    expect(await value("BEGIN LET r RESULTSET := (INSERT INTO t001 VALUES (3, 'c'), (4, 'd')); RETURN SQLROWCOUNT; END")).toBe(2);
    expect(await run("BEGIN LET r RESULTSET := (SHOW TABLES LIKE 'T001'); RETURN TABLE(r); END")).toMatchObject([{ name: 'T001' }]);
    expect(await value('BEGIN LET r RESULTSET := (CREATE OR REPLACE TABLE tq (a INT)); RETURN TABLE(r); END')).toBe(
      'Table TQ successfully created.',
    );
    expect(await run('BEGIN LET r RESULTSET := (BEGIN RETURN 7; END); RETURN TABLE(r); END')).toEqual([{ 'anonymous block': 7 }]);
    const field = `BEGIN LET r RESULTSET := (INSERT INTO t001 VALUES (9, 'x'));
      FOR row_var IN r DO RETURN row_var."number of rows inserted" + 1; END FOR; RETURN 0; END`;
    expect(await value(field)).toBe(2);
  });

  test('a table of another shape than declared, and no RETURN at all', async () => {
    await run(
      'CREATE OR REPLACE PROCEDURE wide() RETURNS TABLE (a INT) LANGUAGE SQL AS $$ DECLARE r RESULTSET DEFAULT (SELECT 1, 2); BEGIN RETURN TABLE(r); END $$',
    );
    expect(await refusal('CALL wide()')).toContain('data type of returned table does not match expected returned table type');
    await run('CREATE OR REPLACE PROCEDURE none() RETURNS TABLE (a INT) LANGUAGE SQL AS $$ BEGIN LET x := 1; END $$');
    expect(await refusal('CALL none()')).toContain('stored procedure is missing a return statement');
    await run(
      'CREATE OR REPLACE PROCEDURE any_table() RETURNS TABLE () LANGUAGE SQL AS $$ DECLARE r RESULTSET DEFAULT (SELECT 1 AS x, 2 AS y); BEGIN RETURN TABLE(r); END $$',
    );
    expect(await run('CALL any_table()')).toEqual([{ X: 1, Y: 2 }]);
    await run('CREATE OR REPLACE PROCEDURE scalar_for_table() RETURNS TABLE (a INT) LANGUAGE SQL AS $$ BEGIN RETURN 5; END $$');
    expect(await refusal('CALL scalar_for_table()')).toContain(
      "Declared return type 'TABLE' is incompatible with actual return type 'SCALAR'",
    );
  });
});

// https://docs.snowflake.com/en/developer-guide/stored-procedure/stored-procedures-snowflake-scripting
describe('arguments', () => {
  test('are read in expressions and, with a colon, in SQL', async () => {
    await run('CREATE OR REPLACE TABLE invoices (id INTEGER, price NUMBER(12, 2))');
    await run('INSERT INTO invoices (id, price) VALUES (1, 11.11), (2, 22.22)');
    await run(`CREATE OR REPLACE PROCEDURE find_invoice_by_id(id VARCHAR)
      RETURNS TABLE (id INTEGER, price NUMBER(12,2))
      LANGUAGE SQL
      AS
      DECLARE
        res RESULTSET DEFAULT (SELECT * FROM invoices WHERE id = :id);
      BEGIN
        RETURN TABLE(res);
      END;`);
    expect(await run("CALL find_invoice_by_id('2')")).toEqual([{ ID: 2, PRICE: 22.22 }]);
    await run(`CREATE OR REPLACE PROCEDURE return_greater(number_1 INTEGER, number_2 INTEGER)
      RETURNS INTEGER NOT NULL
      LANGUAGE SQL
      AS
      BEGIN
        IF (number_1 > number_2) THEN
          RETURN number_1;
        ELSE
          RETURN number_2;
        END IF;
      END;`);
    expect(await value('CALL return_greater(2, 3)')).toBe(3);
  });

  test('set properties and name objects', async () => {
    await run(`CREATE OR REPLACE PROCEDURE test_bind_comment(comment VARCHAR)
      RETURNS STRING
      LANGUAGE SQL
      AS
      BEGIN
        CREATE OR REPLACE TABLE test_table_with_comment(a VARCHAR, n NUMBER) COMMENT = :comment;
      END;`);
    await run("CALL test_bind_comment('My Test Table')");
    expect(await run("SHOW TABLES LIKE 'TEST_TABLE_WITH_COMMENT'")).toMatchObject([{ comment: 'My Test Table' }]);
    await run(`CREATE OR REPLACE PROCEDURE get_row_count(table_name VARCHAR)
      RETURNS INTEGER NOT NULL
      LANGUAGE SQL
      AS
      DECLARE
        row_count INTEGER DEFAULT 0;
        res RESULTSET DEFAULT (SELECT COUNT(*) AS COUNT FROM IDENTIFIER(:table_name));
        c1 CURSOR FOR res;
      BEGIN
        FOR row_variable IN c1 DO
          row_count := row_variable.count;
        END FOR;
        RETURN row_count;
      END;`);
    expect(await value("CALL get_row_count('invoices')")).toBe(2);
    await run(`CREATE OR REPLACE PROCEDURE count_greater_than(table_name VARCHAR, maximum_count INTEGER)
      RETURNS BOOLEAN NOT NULL
      LANGUAGE SQL
      AS
      DECLARE
        count1 NUMBER;
      BEGIN
        CALL get_row_count(:table_name) INTO :count1;
        IF (:count1 > maximum_count) THEN
          RETURN TRUE;
        ELSE
          RETURN FALSE;
        END IF;
      END;`);
    expect(await value("CALL count_greater_than('invoices', 3)")).toBe(false);
    expect(await value("CALL count_greater_than('invoices', 1)")).toBe(true);
  });

  test('a table made from a query under the names that are passed', async () => {
    await run(`CREATE OR REPLACE PROCEDURE ctas_sp(existing_table VARCHAR, new_table VARCHAR)
      RETURNS TEXT
      LANGUAGE SQL
      AS
      BEGIN
        CREATE OR REPLACE TABLE IDENTIFIER(:new_table) AS
          SELECT * FROM IDENTIFIER(:existing_table);
        RETURN 'Table created';
      END;`);
    expect(await value("CALL ctas_sp('invoices', 'invoices_backup')")).toBe('Table created');
    expect(await value('SELECT COUNT(*) FROM invoices_backup')).toBe(2);
  });

  test('one procedure calls another', async () => {
    await run('CREATE OR REPLACE TABLE int_table (value INTEGER)');
    await run(`CREATE OR REPLACE PROCEDURE insert_value(value INTEGER)
      RETURNS VARCHAR NOT NULL
      LANGUAGE SQL
      AS
      BEGIN
        INSERT INTO int_table VALUES (:value);
        RETURN 'Rows inserted: ' || SQLROWCOUNT;
      END;`);
    await run(`CREATE OR REPLACE PROCEDURE insert_two_values(value1 INTEGER, value2 INTEGER)
      RETURNS VARCHAR NOT NULL
      LANGUAGE SQL
      AS
      BEGIN
        CALL insert_value(:value1);
        CALL insert_value(:value2);
        RETURN 'Finished calling stored procedures';
      END;`);
    expect(await value('CALL insert_two_values(4, 5)')).toBe('Finished calling stored procedures');
    expect(await value('SELECT SUM(value) FROM int_table')).toBe(9);
  });

  test('an anonymous procedure: WITH … AS PROCEDURE', async () => {
    const sql = `WITH anonymous_output_message AS PROCEDURE (message VARCHAR)
      RETURNS VARCHAR NOT NULL
      LANGUAGE SQL
      AS
      $$
      BEGIN
        RETURN message;
      END;
      $$
      CALL anonymous_output_message('Hello World')`;
    expect(await value(sql)).toBe('Hello World');
  });
});

// The column of a CALL follows the value that was returned, unless that is a literal, a name or a cast.
describe('declared type of a scalar result', () => {
  const called = async (returns: string, body: string): Promise<unknown> => {
    await run(`CREATE OR REPLACE PROCEDURE typed() RETURNS ${returns} LANGUAGE SQL AS $$ ${body} $$`);
    return value('CALL typed()');
  };

  test.each([
    ['NUMBER(5,2)', 'BEGIN RETURN 1.7777; END', 1.78],
    ['NUMBER(5,2)', 'BEGIN LET x := 1.7777; RETURN x; END', 1.78],
    ['NUMBER(5,2)', 'BEGIN RETURN 1.7777::NUMBER(10,4); END', 1.78],
    ['NUMBER(5,2)', "BEGIN RETURN '1.7777'; END", 1.78],
    ['NUMBER(5,2)', 'BEGIN RETURN (SELECT 1.7777); END', 1.7777],
    ['NUMBER(5,2)', 'BEGIN RETURN ABS(1.7777); END', 1.7777],
    ['BOOLEAN', "BEGIN RETURN 'yes'; END", true],
    ['VARCHAR', 'BEGIN RETURN 123; END', '123'],
    ['INTEGER', 'BEGIN LET x := 1; END', null],
  ])('%s %s', async (returns, body, answer) => {
    expect(await called(returns, body)).toEqual(answer);
  });

  test('a value that does not convert is an error at the RETURN', async () => {
    await run("CREATE OR REPLACE PROCEDURE typed() RETURNS NUMBER LANGUAGE SQL AS $$ BEGIN RETURN 'abc'; END; $$");
    expect(await refusal('CALL typed()')).toBe(
      "100038 (22018): Uncaught exception of type 'EXPRESSION_ERROR' on line 1 at position 14 : Numeric value 'abc' is not recognized",
    );
  });
});

// https://docs.snowflake.com/en/developer-guide/stored-procedure/stored-procedures-snowflake-scripting#using-nested-stored-procedures
describe('nested procedures', () => {
  test('share the variables of their block', async () => {
    expect(
      await value(`EXECUTE IMMEDIATE $$
        DECLARE
          counter NUMBER := 0;
          simple_counter PROCEDURE()
            RETURNS VARCHAR
            AS
            BEGIN
              counter := counter + 1;
              RETURN counter;
            END;
        BEGIN
          CALL simple_counter();
          CALL simple_counter();
          CALL simple_counter();
          RETURN counter;
        END;
        $$`),
    ).toBe(3);
  });

  test('take arguments, return tables, call one another', async () => {
    await run('CREATE OR REPLACE TABLE log_nested_values(col1 INT, col2 INT)');
    await run(`CREATE OR REPLACE PROCEDURE nested_procedure_example_arguments()
      RETURNS NUMBER
      LANGUAGE SQL
      AS
      $$
      DECLARE
        a NUMBER;
        b NUMBER;
        x NUMBER;
        log_and_multiply_numbers PROCEDURE(num1 NUMBER, num2 NUMBER)
          RETURNS NUMBER
          AS
          BEGIN
            INSERT INTO log_nested_values VALUES(:num1, :num2);
            x := :num1 * :num2;
            RETURN x;
          END;
      BEGIN
        a := 5;
        b := 10;
        CALL log_and_multiply_numbers(:a, :b);
        RETURN x;
      END;
      $$`);
    expect(await value('CALL nested_procedure_example_arguments()')).toBe(50);
    expect(await run('SELECT * FROM log_nested_values')).toEqual([{ COL1: 5, COL2: 10 }]);
    await run(`CREATE OR REPLACE PROCEDURE nested_procedure_example_table()
      RETURNS TABLE()
      LANGUAGE SQL
      AS
      $$
      DECLARE
        res RESULTSET;
        nested_return_table PROCEDURE()
          RETURNS TABLE()
          AS
          DECLARE
            res2 RESULTSET;
          BEGIN
            INSERT INTO nested_table VALUES(1);
            INSERT INTO nested_table VALUES(2);
            res2 := (SELECT * FROM nested_table);
            RETURN TABLE(res2);
          END;
      BEGIN
        CREATE OR REPLACE TABLE nested_table(col1 INT);
        res := (CALL nested_return_table());
        RETURN TABLE(res);
      END;
      $$`);
    expect(await run('CALL nested_procedure_example_table()')).toEqual([{ COL1: 1 }, { COL1: 2 }]);
    await run(`CREATE OR REPLACE PROCEDURE nested_procedure_example_call_from_nested()
      RETURNS NUMBER
      LANGUAGE SQL
      AS
      $$
      DECLARE
        counter NUMBER := 0;
        counter_nested_proc PROCEDURE()
          RETURNS NUMBER
          AS
          DECLARE
            var1 NUMBER := 10;
          BEGIN
            counter := counter + var1;
          END;
        call_counter_nested_proc PROCEDURE()
          RETURNS NUMBER
          AS
          DECLARE
            var2 NUMBER := 15;
          BEGIN
            counter := counter + var2;
            CALL counter_nested_proc();
          END;
      BEGIN
        counter := 0;
        CALL counter_nested_proc();
        CALL call_counter_nested_proc();
        RETURN counter;
      END;
      $$`);
    expect(await value('CALL nested_procedure_example_call_from_nested()')).toBe(35);
  });

  test('a CONTINUE handler goes on behind the call', async () => {
    const sql = `EXECUTE IMMEDIATE $$
      DECLARE
        x INT := 0;
        myproc PROCEDURE() RETURNS STRING AS BEGIN x := 1/0; x := 7; END;
      BEGIN
        CALL myproc();
        x := x + 2;
        RETURN x;
      EXCEPTION
        WHEN OTHER CONTINUE THEN
          x := 100;
      END;
      $$`;
    expect(await value(sql)).toBe(102);
  });
});

// https://docs.snowflake.com/en/developer-guide/stored-procedure/stored-procedures-rights
describe('rights', () => {
  test("the caller's session variables are seen with caller's rights only", async () => {
    await run('SET example_use_variable = 2');
    const create = (rights: string): string => `CREATE OR REPLACE PROCEDURE use_sql_variable_proc()
      RETURNS NUMBER
      LANGUAGE SQL
      EXECUTE AS ${rights}
      AS
      DECLARE
        sess_var_x_2 NUMBER;
      BEGIN
        sess_var_x_2 := 2 * $example_use_variable;
        RETURN sess_var_x_2;
      END;`;
    await run(create('CALLER'));
    expect(await value('CALL use_sql_variable_proc()')).toBe(4);
    await run('SET example_use_variable = 9');
    expect(await value('CALL use_sql_variable_proc()')).toBe(18);
    await run(create('OWNER'));
    expect(await refusal('CALL use_sql_variable_proc()')).toContain("Uncaught exception of type 'EXPRESSION_ERROR' on line 4");
  });

  test("an owner's-rights procedure reads what its caller may not", async () => {
    await run('CREATE OR REPLACE ROLE reader');
    await run('CREATE OR REPLACE TABLE kept_secret (a INT)');
    await run('INSERT INTO kept_secret VALUES (42)');
    const create = (name: string, rights: string): string =>
      `CREATE OR REPLACE PROCEDURE ${name}() RETURNS INT LANGUAGE SQL EXECUTE AS ${rights} AS $$ BEGIN RETURN (SELECT a FROM kept_secret); END $$`;
    await run(create('as_owner', 'OWNER'));
    await run(create('as_caller', 'CALLER'));
    const current = String(await value('SELECT CURRENT_ROLE()'));
    await run('GRANT ROLE reader TO USER LOCAL_ADMIN');
    await run('GRANT USAGE ON DATABASE scripts TO ROLE reader');
    await run('GRANT USAGE ON SCHEMA scripts.public TO ROLE reader');
    await run('GRANT USAGE ON PROCEDURE as_owner() TO ROLE reader');
    await run('GRANT USAGE ON PROCEDURE as_caller() TO ROLE reader');
    await run('USE SECONDARY ROLES NONE');
    await run('USE ROLE reader');
    expect(await value('CALL as_owner()')).toBe(42);
    expect(await refusal('CALL as_caller()')).toContain('does not exist or not authorized');
    await run(`USE ROLE ${current}`);
  });
});

// https://docs.snowflake.com/en/sql-reference/transactions#scoped-transactions
describe('transactions', () => {
  test('begin, commit and roll back in a block', async () => {
    await run('CREATE OR REPLACE TABLE ledger (a INT)');
    await run(
      'BEGIN BEGIN TRANSACTION; INSERT INTO ledger VALUES (1); COMMIT; BEGIN TRANSACTION; INSERT INTO ledger VALUES (2); ROLLBACK; END',
    );
    expect(await run('SELECT a FROM ledger')).toEqual([{ A: 1 }]);
    await run('BEGIN BEGIN; INSERT INTO ledger VALUES (3); ROLLBACK WORK; END');
    expect(await run('SELECT a FROM ledger')).toEqual([{ A: 1 }]);
  });

  test('one that a procedure leaves open is rolled back', async () => {
    await run('CREATE OR REPLACE TABLE sct_t (i INTEGER)');
    await run(
      "CREATE OR REPLACE PROCEDURE p_open_txn() RETURNS VARCHAR LANGUAGE SQL AS BEGIN BEGIN TRANSACTION; INSERT INTO sct_t VALUES (1); RETURN 'left open'; END",
    );
    expect(await refusal('CALL p_open_txn()')).toContain(
      'Scoped transaction started in stored procedure is incomplete and it was rolled back.',
    );
    expect(await value('SELECT COUNT(*) FROM sct_t')).toBe(0);
  });

  test("the caller's goes on in a procedure that starts none", async () => {
    await run('CREATE OR REPLACE TABLE sct_o (i INTEGER)');
    await run(
      "CREATE OR REPLACE PROCEDURE p_no_txn() RETURNS VARCHAR LANGUAGE SQL EXECUTE AS CALLER AS BEGIN INSERT INTO sct_o VALUES (3); RETURN 'ok'; END",
    );
    await run('BEGIN TRANSACTION');
    await run('CALL p_no_txn()');
    await run('ROLLBACK');
    expect(await value('SELECT COUNT(*) FROM sct_o')).toBe(0);
  });
});

describe('creation', () => {
  test('a body that does not parse is refused before anything is created', async () => {
    const create = (body: string): string => `CREATE OR REPLACE PROCEDURE broken() RETURNS INT LANGUAGE SQL AS $$${body}$$`;
    expect(await refusal(create('BEGIN\n  LET x INT = 1;\n  RETURN x; END'))).toBe(
      "001003 (42000): SQL compilation error:\nsyntax error line 2 at position 12 unexpected '='.",
    );
    expect(await refusal(create('BEGIN IF (TRUE) THEN RETURN 1; END'))).toContain("unexpected '<EOF>'");
    expect(await refusal('CALL broken()')).toContain('Unknown');
  });

  test('names are looked up when it is called', async () => {
    await run('CREATE OR REPLACE PROCEDURE unready() RETURNS INT LANGUAGE SQL AS $$BEGIN RETURN no_such_name; END$$');
    expect(await refusal('CALL unready()')).toContain("invalid identifier 'NO_SUCH_NAME'");
  });
});
