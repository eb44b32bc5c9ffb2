import { describe, expect, test } from 'vitest';
import { useScriptSession } from './support.ts';

const { run, value, refusal, connection, server } = useScriptSession();

describe('scope', () => {
  // https://docs.snowflake.com/en/developer-guide/snowflake-scripting/variables
  test('a block sees its own variable of a name first', async () => {
    await run('CREATE OR REPLACE TABLE names (v VARCHAR)');
    await run(`CREATE OR REPLACE PROCEDURE duplicate_name(pv_name VARCHAR)
      RETURNS VARCHAR
      LANGUAGE SQL
      AS
      BEGIN
        DECLARE
          PV_NAME VARCHAR;
        BEGIN
          PV_NAME := 'middle block variable';
          DECLARE
            PV_NAME VARCHAR;
          BEGIN
            PV_NAME := 'innermost block variable';
            INSERT INTO names (v) VALUES (:PV_NAME);
          END;
          INSERT INTO names (v) VALUES (:PV_NAME);
        END;
        INSERT INTO names (v) VALUES (:PV_NAME);
        RETURN 'Completed.';
      END;`);
    await run("CALL duplicate_name('parameter')");
    expect(await run('SELECT * FROM names ORDER BY v')).toEqual([
      { V: 'innermost block variable' },
      { V: 'middle block variable' },
      { V: 'parameter' },
    ]);
  });

  test.each([
    ['BEGIN LET a := 1; IF (TRUE) THEN LET a := 2; END IF; RETURN a; END', 1],
    ['BEGIN LET a := 1; IF (TRUE) THEN a := 2; END IF; RETURN a; END', 2],
    ['BEGIN LET z := 0; FOR i IN 1 TO 3 DO LET z := z + 1; END FOR; RETURN z; END', 0],
    ['DECLARE i INT DEFAULT 0; BEGIN FOR i IN 1 TO 3 DO NULL; END FOR; RETURN i; END', 0],
    ['BEGIN LET a := 1; CASE WHEN TRUE THEN LET a := 2; END; RETURN a; END', 1],
    ['BEGIN LET a := 1; BEGIN LET a := 2; END; RETURN a; END', 1],
  ])('%s', async (block, answer) => {
    expect(await value(block)).toBe(answer);
  });

  test('columns come before variables of their name; a colon always means the variable', async () => {
    await run('CREATE OR REPLACE TABLE named (id INT, nm VARCHAR)');
    await run("INSERT INTO named VALUES (1, 'a'), (2, 'b')");
    expect(await value('DECLARE id INT DEFAULT 2; BEGIN RETURN (SELECT nm FROM named WHERE id = :id); END')).toBe('b');
    expect(await value('DECLARE id INT DEFAULT 2; BEGIN RETURN (SELECT COUNT(*) FROM named WHERE id = id); END')).toBe(2);
  });

  test('quoted names', async () => {
    expect(await value('DECLARE "my var" INT DEFAULT 1; "X" INT DEFAULT 2; BEGIN RETURN "my var" + X + "X"; END')).toBe(5);
    expect(await refusal('DECLARE "x" INT DEFAULT 1; BEGIN RETURN :x; END')).toContain("invalid identifier 'x'");
  });
});

// Types as real accounts infer and return them.
describe('types', () => {
  const typeOf = async (block: string): Promise<string> => {
    await run(block);
    await run('CREATE OR REPLACE TABLE block_result AS SELECT * FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()))');
    return String((await run('DESCRIBE TABLE block_result'))[0]?.['type']);
  };

  test.each([
    ['BEGIN RETURN 1 + 1; END', 'NUMBER(2,0)'],
    ['BEGIN RETURN 5; END', 'NUMBER(1,0)'],
    ["BEGIN RETURN 'abc'::VARCHAR(5); END", 'VARCHAR(16777216)'],
    ['BEGIN RETURN; END', 'VARCHAR(16777216)'],
    ['BEGIN LET x := 1; END', 'VARCHAR(16777216)'],
    ['BEGIN FOR i IN 1 TO 1 DO RETURN i; END FOR; END', 'VARCHAR(16777216)'],
    ['BEGIN FOR i IN 1 TO 1 DO RETURN i + 1; END FOR; END', 'NUMBER(10,0)'],
    ['BEGIN FOR i IN 1 TO 1 DO RETURN :i; END FOR; END', 'NUMBER(9,0)'],
    ['BEGIN LET n := 1.7777; n := 123.456789; RETURN n; END', 'FLOAT'],
    ['BEGIN LET n := 3; RETURN n; END', 'NUMBER(38,0)'],
    ['DECLARE x NUMBER(5,2) := 1.25; BEGIN RETURN x + 1; END', 'NUMBER(6,2)'],
    ['DECLARE v VARIANT := PARSE_JSON(\'{"a":1}\'); BEGIN RETURN v:a; END', 'VARIANT'],
    ["DECLARE d DATE := '2020-01-15'; BEGIN RETURN d + 1; END", 'DATE'],
    ['BEGIN RETURN [1, 2]; END', 'ARRAY'],
    ['BEGIN IF (TRUE) THEN RETURN 1 + 1; END IF; RETURN CURRENT_DATE(); END', 'NUMBER(2,0)'],
  ])('%s returns %s', async (block, type) => {
    expect(await typeOf(block)).toBe(type);
  });

  test('a variable converts what it is given', async () => {
    expect(await value('BEGIN LET n := 0; n := n + 1.5; RETURN n; END')).toBe(2);
    expect(await value('DECLARE x NUMBER(3,0) := 12.5; BEGIN RETURN x; END')).toBe(13);
    expect(await value("DECLARE b BOOLEAN; BEGIN b := 'yes'; RETURN b; END")).toBe(true);
    expect(await value('DECLARE a ARRAY := 5; BEGIN RETURN a; END')).toEqual([5]);
    expect(await value('DECLARE x INT; BEGIN RETURN x; END')).toBeNull();
  });

  test('the first value of a counter has nine digits at most', async () => {
    expect(await refusal("BEGIN FOR i IN 1000000000 TO 1 DO RETURN 'ran'; END FOR; END")).toContain(
      "Uncaught exception of type 'EXPRESSION_ERROR' on line 1 at position 15",
    );
    expect(await value('DECLARE x NUMBER := 0; BEGIN FOR i IN 999999999 TO 1000000000 DO x := x + 1; END FOR; RETURN x; END')).toBe(
      2,
    );
  });
});

// What a condition takes for true is a rule about its text.
describe('conditions', () => {
  test.each([
    ["'true'", 1],
    ["'True'", 1],
    ["'1'", 1],
    ['1', 1],
    ['1::FLOAT', 1],
    ["PARSE_JSON('true')", 1],
    ["TO_BOOLEAN('yes')", 1],
    ["'yes'", 2],
    ["' true'", 2],
    ["''", 2],
    ['2', 2],
    ['10/10', 2],
    ['NULL', 2],
    [`PARSE_JSON('"true"')`, 2],
  ])('IF (%s)', async (condition, branch) => {
    expect(await value(`BEGIN IF (${condition}) THEN RETURN 1; ELSE RETURN 2; END IF; END`)).toBe(branch);
  });

  test('CASE: the first match, no match, NULL matches nothing', async () => {
    expect(await value('BEGIN LET x INTEGER := 5; CASE WHEN x > 0 THEN RETURN 1; WHEN x > 1 THEN RETURN 2; END CASE; END')).toBe(1);
    expect(await value('BEGIN LET x INTEGER := 7; CASE x WHEN 1 THEN RETURN 1; END CASE; RETURN 0; END')).toBe(0);
    expect(await value('DECLARE x INT; BEGIN CASE (x) WHEN NULL THEN RETURN 1; ELSE RETURN 2; END; END')).toBe(2);
  });
});

// https://docs.snowflake.com/en/developer-guide/snowflake-scripting/cursors
describe('cursors', () => {
  test('FETCH behind the last row gives NULL; more or fewer variables than columns', async () => {
    expect(
      await value(
        'DECLARE c CURSOR FOR SELECT 1 AS n; v INTEGER DEFAULT 99; BEGIN OPEN c; FETCH c INTO v; FETCH c INTO v; RETURN v; END',
      ),
    ).toBeNull();
    expect(await value('DECLARE c CURSOR FOR SELECT 1, 2; v INT; BEGIN OPEN c; FETCH c INTO v; RETURN v; END')).toBe(1);
    expect(
      await value(
        "DECLARE c CURSOR FOR SELECT 1; v INT; w INT DEFAULT 7; BEGIN OPEN c; FETCH c INTO v, w; RETURN v || ' ' || w; END",
      ),
    ).toBe('1 7');
  });

  test('FETCH inside of a FOR loop takes every second row', async () => {
    const block = `DECLARE c CURSOR FOR SELECT column1 AS n FROM VALUES (1), (2), (3), (4); v INT; seen VARCHAR DEFAULT '';
      BEGIN FOR r IN c DO seen := seen || r.n; FETCH c INTO v; END FOR; RETURN seen; END`;
    expect(await value(block)).toBe('13');
  });

  test('a table of all rows, however many were fetched', async () => {
    const block = `DECLARE c CURSOR FOR SELECT column1 AS n FROM VALUES (1), (2); v INT;
      BEGIN OPEN c; FETCH c INTO v; RETURN TABLE(RESULTSET_FROM_CURSOR(c)); END`;
    expect(await run(block)).toEqual([{ N: 1 }, { N: 2 }]);
  });

  test('a cursor opened again reads anew; variables of its query are read when it opens', async () => {
    const block = `DECLARE n INT DEFAULT 1; v INT; c CURSOR FOR SELECT :n * 10;
      BEGIN n := 2; OPEN c; FETCH c INTO v; CLOSE c; n := v; OPEN c; FETCH c INTO v; RETURN v; END`;
    expect(await value(block)).toBe(200);
  });
});

// https://docs.snowflake.com/en/sql-reference/sql/execute-immediate
describe('EXECUTE IMMEDIATE', () => {
  test('in a procedure, of variables and expressions', async () => {
    await run(`CREATE OR REPLACE PROCEDURE execute_immediate_local_variable()
      RETURNS VARCHAR
      AS
      DECLARE
        v1 VARCHAR DEFAULT 'CREATE OR REPLACE TABLE temporary1 (i INTEGER)';
        v2 VARCHAR DEFAULT 'INSERT INTO temporary1 (i) VALUES (76)';
        result INTEGER DEFAULT 0;
      BEGIN
        EXECUTE IMMEDIATE v1;
        EXECUTE IMMEDIATE v2  ||  ',(80)'  ||  ',(84)';
        result := (SELECT SUM(i) FROM temporary1);
        RETURN result::VARCHAR;
      END;`);
    expect(await value('CALL execute_immediate_local_variable()')).toBe('240');
  });

  test('of a session variable', async () => {
    await run('SET stmt = $$ SELECT 3 AS three; $$');
    expect(await run('EXECUTE IMMEDIATE $stmt')).toEqual([{ THREE: 3 }]);
  });

  test('of control flow', async () => {
    expect(await value("EXECUTE IMMEDIATE 'IF (1 = 1) THEN RETURN 5; END IF'")).toBe(5);
    expect(await value("EXECUTE IMMEDIATE 'FOR i IN 1 TO 3 DO IF (i = 2) THEN RETURN i + 0; END IF; END FOR;'")).toBe(2);
  });

  test('of a block: its RETURN is not that of the block around, whose variables it does not see', async () => {
    expect(await value('BEGIN LET r RESULTSET := (EXECUTE IMMEDIATE $$ BEGIN RETURN 7; END; $$); RETURN 1; END')).toBe(1);
    expect(await refusal("BEGIN LET x := 1; EXECUTE IMMEDIATE 'BEGIN RETURN x; END'; END")).toContain("invalid identifier 'X'");
  });

  test('of more statements than allowed', async () => {
    expect(await refusal("EXECUTE IMMEDIATE 'SELECT 1; SELECT 2'")).toBe(
      '000008 (0A000): Actual statement count 2 did not match the desired statement count 1.',
    );
    expect(await refusal("BEGIN EXECUTE IMMEDIATE 'SELECT 1; SELECT 2'; RETURN 1; END")).toBe(
      "000008 (0A000): Uncaught exception of type 'STATEMENT_ERROR' on line 1 at position 6 : Actual statement count 2 did not match the desired statement count 1.",
    );
    await run('ALTER SESSION SET MULTI_STATEMENT_COUNT = 0');
    expect(await value("EXECUTE IMMEDIATE 'CREATE OR REPLACE TABLE ms1 (a INT); CREATE OR REPLACE TABLE ms2 (a INT)'")).toBe(
      'Multiple statements executed successfully.',
    );
    await run('ALTER SESSION UNSET MULTI_STATEMENT_COUNT');
  });

  test('USING fills the placeholders', async () => {
    expect(
      await value(
        "DECLARE a INT DEFAULT 3; b INT DEFAULT 4; BEGIN LET r RESULTSET := (EXECUTE IMMEDIATE 'SELECT ? * 10 + ?' USING (a, b)); RETURN TABLE(r); END",
      ),
    ).toBe(34);
    expect(
      await value(
        "BEGIN SELECT 1/0; EXCEPTION WHEN OTHER THEN LET r RESULTSET := (EXECUTE IMMEDIATE 'SELECT ?' USING (sqlstate)); RETURN TABLE(r); END",
      ),
    ).toBe('22012');
  });
});

describe('limits', () => {
  test("a client's values reach the placeholders of a block", async () => {
    expect(
      await connection().value('BEGIN LET a INT := ?; SELECT ? + :a INTO :a; RETURN a * 10 + ?; END', { binds: [1, 2, 3] }),
    ).toBe(33);
  });

  // https://docs.snowflake.com/en/sql-reference/sql/call
  test('the placeholders of a CALL count from its start, wherever they stand in its arguments', async () => {
    await run(
      "CREATE OR REPLACE PROCEDURE joined(a VARCHAR, b VARCHAR, c VARCHAR) RETURNS VARCHAR LANGUAGE SQL AS 'BEGIN RETURN a || b || c; END'",
    );
    const binds = ['x', 'y', 'z'];
    expect(await connection().value('CALL joined(?::VARCHAR, ?, UPPER(?))', { binds })).toBe('xyZ');
    expect(await connection().value('CALL joined(c => ?, b => ? || 1, a => LOWER(?::VARCHAR))', { binds })).toBe('zy1x');
  });

  test('procedures that call one another without end', async () => {
    await run(
      'CREATE OR REPLACE PROCEDURE endless(n INT) RETURNS INT LANGUAGE SQL AS $$ BEGIN LET m INT := n + 1; CALL endless(:m); RETURN 1; END $$',
    );
    expect(await refusal('CALL endless(0)')).toContain('maximum call depth of 64 exceeded');
    await run(
      "CREATE OR REPLACE PROCEDURE deeper() RETURNS INT LANGUAGE SQL AS $$ BEGIN EXECUTE IMMEDIATE 'BEGIN CALL deeper(); END'; RETURN 1; END $$",
    );
    expect(await refusal('CALL deeper()')).toContain('maximum call depth of 64 exceeded');
  });

  test('a loop without end can be cancelled, and no handler keeps it alive', async () => {
    const endless =
      'BEGIN LOOP BEGIN NULL; EXCEPTION WHEN OTHER CONTINUE THEN NULL; END; END LOOP; EXCEPTION WHEN OTHER THEN RETURN 1; END';
    const { statement } = await connection().run(endless, { asyncExec: true });
    const other = await server().connect();
    expect(await other.value(`SELECT SYSTEM$CANCEL_QUERY('${statement.getQueryId()}')`)).toMatch(/^query \[/u);
    await expect(connection().resultOf(statement.getQueryId())).rejects.toThrow('SQL execution canceled');
  });

  test('statements of a block are in the history under ids of their own', async () => {
    const id = await value('BEGIN CREATE OR REPLACE TABLE in_history (a INT); RETURN SQLID; END');
    expect(await value(`SELECT "status" FROM TABLE(RESULT_SCAN('${String(id)}'))`)).toBe('Table IN_HISTORY successfully created.');
  });
});
