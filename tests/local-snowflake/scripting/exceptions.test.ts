import { describe, expect, test } from 'vitest';
import { useScriptSession } from './support.ts';

const { run, value, refusal } = useScriptSession();

// https://docs.snowflake.com/en/developer-guide/snowflake-scripting/exceptions
describe('uncaught', () => {
  test('a declared exception says its name, its place and its message', async () => {
    const block = `
DECLARE
  my_exception EXCEPTION (-20002, 'Raised MY_EXCEPTION.');
BEGIN
  LET counter := 0;
  LET should_raise_exception := true;
  IF (should_raise_exception) THEN
    RAISE my_exception;
  END IF;
  counter := counter + 1;
  RETURN counter;
END;
`;
    expect(await refusal(`EXECUTE IMMEDIATE $$${block}$$`)).toBe(
      "-20002 (P0001): Uncaught exception of type 'MY_EXCEPTION' on line 8 at position 4 : Raised MY_EXCEPTION.",
    );
  });

  // https://docs.snowflake.com/en/sql-reference/snowflake-scripting/raise
  test('without a number and a message', async () => {
    await run(`CREATE OR REPLACE PROCEDURE thrower()
RETURNS VARCHAR
LANGUAGE SQL
AS
$$
    DECLARE
        MY_EXCEPTION EXCEPTION;
    BEGIN
        RAISE MY_EXCEPTION;
    END;
$$
;`);
    expect(await refusal('CALL thrower();')).toBe(
      "-20000 (P0001): Uncaught exception of type 'MY_EXCEPTION' on line 5 at position 8",
    );
  });

  test('what a called procedure failed with keeps its code; each level adds its place', async () => {
    await run('CREATE OR REPLACE PROCEDURE inner_one() RETURNS INT LANGUAGE SQL AS $$BEGIN SELECT * FROM no_such_table; END$$');
    expect(await refusal('BEGIN CALL inner_one(); END')).toMatch(
      /^002003 \(42S02\): Uncaught exception of type 'STATEMENT_ERROR' on line 1 at position 6 : Uncaught exception of type 'STATEMENT_ERROR' on line 1 at position 6 : SQL compilation error:\n/u,
    );
  });

  test.each([
    [
      'BEGIN LET x NUMBER := 1; x := 1/0; END',
      "100051 (22012): Uncaught exception of type 'EXPRESSION_ERROR' on line 1 at position 30 : Division by zero",
    ],
    [
      'BEGIN\n  RETURN\n    1/0;\nEND',
      "100051 (22012): Uncaught exception of type 'EXPRESSION_ERROR' on line 3 at position 4 : Division by zero",
    ],
    [
      'BEGIN SELECT 1/0; END',
      "100051 (22012): Uncaught exception of type 'STATEMENT_ERROR' on line 1 at position 6 : Division by zero",
    ],
    [
      'DECLARE x NUMBER DEFAULT 1/0; BEGIN RETURN x; END',
      "100051 (22012): Uncaught exception of type 'EXPRESSION_ERROR' on line 1 at position 25 : Division by zero",
    ],
    [
      'BEGIN IF (1/0 = 1) THEN RETURN 1; END IF; END',
      "100051 (22012): Uncaught exception of type 'EXPRESSION_ERROR' on line 1 at position 10 : Division by zero",
    ],
    [
      "BEGIN LET x VARCHAR(2) := 'abcdef'; END",
      "100078 (22000): Uncaught exception of type 'EXPRESSION_ERROR' on line 1 at position 26 : String 'abcdef' is too long and would be truncated",
    ],
  ])('%s', async (block, message) => {
    expect(await refusal(block)).toBe(message);
  });
});

describe('handlers', () => {
  test('STATEMENT_ERROR, EXPRESSION_ERROR and OTHER', async () => {
    const handlers = `EXCEPTION
      WHEN STATEMENT_ERROR THEN RETURN 'statement ' || SQLCODE || ' ' || SQLSTATE || ' ' || SQLERRM;
      WHEN EXPRESSION_ERROR THEN RETURN 'expression ' || SQLCODE || ' ' || SQLSTATE || ' ' || SQLERRM;
      WHEN OTHER THEN RETURN 'other';
    END`;
    expect(await value(`BEGIN SELECT 1/0; ${handlers}`)).toBe('statement 100051 22012 Division by zero');
    expect(await value(`BEGIN LET x INT := 1/0; ${handlers}`)).toBe('expression 100051 22012 Division by zero');
    expect(await value(`DECLARE e EXCEPTION (-20010, 'm'); BEGIN RAISE e; ${handlers}`)).toBe('other');
  });

  test('one clause for several exceptions', async () => {
    const block = (
      raised: string,
    ): string => `DECLARE a EXCEPTION (-20001, 'a'); b EXCEPTION (-20002, 'b'); c EXCEPTION (-20003, 'c');
      BEGIN RAISE ${raised}; EXCEPTION WHEN a OR b THEN RETURN 'a or b'; WHEN OTHER THEN RETURN 'neither'; END`;
    expect(await value(block('a'))).toBe('a or b');
    expect(await value(block('b'))).toBe('a or b');
    expect(await value(block('c'))).toBe('neither');
  });

  test('RAISE alone raises what is being handled again', async () => {
    await run('CREATE OR REPLACE TABLE myexceptions (line VARCHAR)');
    const block = `BEGIN
  SELECT * FROM non_existent_table;
EXCEPTION
  WHEN OTHER THEN
    LET LINE := SQLCODE || ': ' || SQLERRM;
    INSERT INTO myexceptions VALUES (:line);
    RAISE; -- Raise the same exception that you are handling.
END;`;
    expect(await refusal(block)).toMatch(
      /^002003 \(42S02\): Uncaught exception of type 'STATEMENT_ERROR' on line 2 at position 2 : /u,
    );
    expect(await value('SELECT line FROM myexceptions')).toMatch(/^2003: SQL compilation error:\n/u);
  });

  test('what fails in a handler, and in DECLARE, is for the block around', async () => {
    expect(
      await value(
        "BEGIN BEGIN SELECT 1/0; EXCEPTION WHEN OTHER THEN LET x INT := 1/0; END; EXCEPTION WHEN EXPRESSION_ERROR THEN RETURN 'outer'; END",
      ),
    ).toBe('outer');
    expect(await refusal("DECLARE x INT DEFAULT 1/0; BEGIN RETURN x; EXCEPTION WHEN OTHER THEN RETURN 'own'; END")).toContain(
      'Division by zero',
    );
    expect(await value("BEGIN DECLARE x INT DEFAULT 1/0; BEGIN RETURN x; END; EXCEPTION WHEN OTHER THEN RETURN 'outer'; END")).toBe(
      'outer',
    );
  });

  test('EXIT leaves the block, and the block around goes on', async () => {
    expect(
      await value('BEGIN LET x := 1; BEGIN SELECT 1/0; x := 10; EXCEPTION WHEN OTHER EXIT THEN x := x + 1; END; RETURN x; END'),
    ).toBe(2);
  });

  // https://docs.snowflake.com/en/sql-reference/snowflake-scripting/exception
  test('CONTINUE goes on behind the statement, the branch, the loop whose condition failed', async () => {
    const continued = (body: string): string =>
      `DECLARE n INT DEFAULT 0; x INT; BEGIN ${body} RETURN n; EXCEPTION WHEN OTHER CONTINUE THEN n := n + 100; END`;
    expect(await value(continued('LET a INT := 1/0; n := n + 1;'))).toBe(101);
    expect(await value(continued('IF (1/0 = 1) THEN n := 5; ELSE n := 7; END IF; n := n + 1;'))).toBe(101);
    expect(await value(continued('IF (TRUE) THEN x := 1/0; n := 5; END IF; n := n + 1;'))).toBe(101);
    expect(await value(continued('CASE (1/0) WHEN 1 THEN n := 5; ELSE n := 6; END CASE; n := n + 1;'))).toBe(101);
    expect(await value(continued('FOR i IN 1 TO 1/0 DO n := 5; END FOR; n := n + 1;'))).toBe(101);
    expect(await value(continued('WHILE (1/0 = 1) DO n := 5; END WHILE; n := n + 1;'))).toBe(101);
    expect(await value(continued('REPEAT n := n + 1; UNTIL (1/0 = 1) END REPEAT; n := n + 1;'))).toBe(102);
    expect(await value(continued('FOR i IN 1 TO 3 DO n := n + 1; x := 1/0; n := 5000; END FOR;'))).toBe(303);
    expect(await value(continued('SELECT 1/0 INTO :x; n := n + 1;'))).toBe(101);
  });

  test('CONTINUE gives SQLCODE its former value back', async () => {
    expect(
      await value("BEGIN SELECT 1/0; RETURN COALESCE(SQLCODE::VARCHAR, 'none'); EXCEPTION WHEN OTHER CONTINUE THEN NULL; END"),
    ).toBe('none');
  });

  test('what the local Snowflake lacks, no handler takes for a fault of the script', async () => {
    const block =
      "BEGIN EXECUTE IMMEDIATE 'EXECUTE IMMEDIATE FROM @stage/file.sql USING (a => 1)'; EXCEPTION WHEN OTHER THEN RETURN 'swallowed'; END";
    expect(await refusal(block)).toContain('EXECUTE IMMEDIATE FROM');
  });
});

describe('statements that raise', () => {
  test('SELECT INTO of several rows', async () => {
    await run('CREATE OR REPLACE TABLE two (a INT)');
    await run('INSERT INTO two VALUES (1), (2)');
    expect(await refusal('DECLARE x INT; BEGIN SELECT a INTO :x FROM two; END')).toContain(
      'on line 1 at position 21 : A SELECT INTO statement expects exactly 1 returned row, but got 2.',
    );
    expect(await value('DECLARE x INT DEFAULT 5; BEGIN SELECT a INTO :x FROM two WHERE a = 9; RETURN x; END')).toBeNull();
    expect(await refusal('DECLARE x INT; BEGIN SELECT 1, 2 INTO :x; END')).toContain('STATEMENT_ERROR');
  });

  // https://docs.snowflake.com/en/developer-guide/snowflake-scripting/cursors
  test('cursors out of turn', async () => {
    expect(await refusal('DECLARE c CURSOR FOR SELECT 1; BEGIN CLOSE c; END')).toContain(
      'on line 1 at position 37 : CURSOR C is not open',
    );
    expect(await refusal('DECLARE c CURSOR FOR SELECT 1; x INT; BEGIN FETCH c INTO x; END')).toContain('CURSOR C is not open');
    expect(await refusal('DECLARE c CURSOR FOR SELECT 1; BEGIN OPEN c; OPEN c; END')).toContain('CURSOR C is already open');
    expect(
      await value("DECLARE c CURSOR FOR SELECT 1; BEGIN CLOSE c; EXCEPTION WHEN STATEMENT_ERROR THEN RETURN 'caught'; END"),
    ).toBe('caught');
    expect(await refusal('BEGIN LET r RESULTSET; RETURN TABLE(r); END')).toContain('RESULTSET R has not been assigned a query');
  });

  test('a placeholder that nothing fills', async () => {
    expect(await refusal('DECLARE c CURSOR FOR SELECT ?; BEGIN OPEN c; END')).toContain(
      "Uncaught exception of type 'STATEMENT_ERROR' on line 1 at position 37 : ",
    );
  });
});
