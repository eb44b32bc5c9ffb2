import { describe, expect, test } from 'vitest';
import { checkScript } from '../../../local-snowflake/scripting/check-script.ts';
import { parseScript } from '../../../local-snowflake/scripting/parse-script.ts';

/** What compiling a block says, on one line; undefined when nothing. */
function refusal(block: string, returns?: 'TABLE' | 'SCALAR'): string | undefined {
  try {
    checkScript(parseScript(block), { names: [], returns });
    return undefined;
  } catch (error) {
    return (error as Error).message.replaceAll('\n', '|');
  }
}

const at = (position: number, sentence: string): string =>
  `SQL compilation error: error line 1 at position ${String(position)}${sentence}`;
const invalid = (position: number, name: string): string => at(position, `|invalid identifier '${name}'`);
const syntax = (position: number, token: string): string =>
  `SQL compilation error:|syntax error line 1 at position ${String(position)} unexpected '${token}'.`;

// Sentences and places as real accounts give them; a branch that never runs is compiled too.
describe('names that nothing declares', () => {
  test.each([
    ['BEGIN RETURN missing_name; END', 13, 'MISSING_NAME'],
    ['BEGIN IF (1 = 2) THEN RETURN missing_name; END IF; RETURN 99; END', 29, 'MISSING_NAME'],
    ['BEGIN RETURN "missing_name"; END', 13, '"missing_name"'],
    ['BEGIN RETURN later_v; LET later_v INTEGER := 1; END', 13, 'LATER_V'],
    ['BEGIN BEGIN LET inner_v INTEGER := 1; END; RETURN inner_v; END', 50, 'INNER_V'],
    ['BEGIN FOR i IN 1 TO 2 DO NULL; END FOR; RETURN i; END', 47, 'I'],
    ['BEGIN LET a NUMBER := missing; RETURN 5; END;', 22, 'MISSING'],
    ['BEGIN RETURN 1 + missing * 2; END', 17, 'MISSING'],
    ['BEGIN RETURN :nope; END', 13, 'nope'],
    ['BEGIN RETURN :NoPe; END', 13, 'NoPe'],
    ['BEGIN RETURN (SELECT :nope); END', 21, 'nope'],
    ['BEGIN IF (1 = 2) THEN SELECT :nosuch; END IF; RETURN 1; END;', 29, 'NOSUCH'],
    ['BEGIN INSERT INTO nosuch_table VALUES (:nosuch); END;', 39, 'NOSUCH'],
    ['BEGIN SELECT 1 INTO :zz; END', 21, 'ZZ'],
    ['BEGIN missing_name := 1; RETURN 2; END', 19, 'MISSING_NAME'],
    ['BEGIN OPEN nocur; RETURN 1; END', 11, 'NOCUR'],
    ['BEGIN RAISE nosuch_exc; RETURN 1; END', 12, 'NOSUCH_EXC'],
    ['BEGIN NULL; EXCEPTION WHEN nosuch THEN NULL; END', 27, 'NOSUCH'],
    ['BEGIN EXECUTE IMMEDIATE nosuch; END;', 24, 'NOSUCH'],
    ['BEGIN EXECUTE IMMEDIATE :nosuch; END;', 24, 'nosuch'],
    ["DECLARE x INT DEFAULT 5; BEGIN EXECUTE IMMEDIATE 'SELECT ?' USING (nosuch); RETURN 1; END;", 67, 'NOSUCH'],
    ["DECLARE e EXCEPTION (-20002, 'x'); BEGIN e := 5; RETURN 1; END;", 43, 'E'],
    ['BEGIN LET x INT := 1; NULL; EXCEPTION WHEN OTHER THEN RETURN x; END', 61, 'X'],
    ['BEGIN BEGIN LET x INT := 1; END; SELECT :x; END;', 40, 'X'],
  ])('%s', (block, position, name) => {
    expect(refusal(block)).toBe(invalid(position, name));
  });

  test.each([
    'BEGIN RETURN CURRENT_DATE; END',
    'BEGIN LET d DATE := DATEADD(day, 1, CURRENT_DATE()); RETURN DATEDIFF(month, d, d); END',
    'BEGIN RETURN (SELECT id FROM t WHERE nm LIKE pattern); END',
    'BEGIN LET x INT := 1; RETURN CASE WHEN x = 1 THEN CAST(x AS NUMBER(3,1)) ELSE x::FLOAT END; END',
    "BEGIN LET x INT := 1; RETURN {'a': x, 'b': [x]}; END",
    'BEGIN LET v VARIANT := NULL; RETURN v:a.b[0]; END',
    "BEGIN RETURN INTERVAL '1 day' + CURRENT_TIMESTAMP; END",
    'BEGIN RETURN EXTRACT(year FROM CURRENT_DATE()); END',
    'BEGIN RETURN seq1.NEXTVAL; END',
    'BEGIN RETURN $session_variable || 1; END',
    "BEGIN RETURN DATE '2020-01-01'; END",
    'BEGIN RETURN db.schm.my_function(1); END',
    'BEGIN RETURN SQLROWCOUNT; EXCEPTION WHEN OTHER THEN RETURN SQLERRM; END',
    'BEGIN LET counter := 0; RAISE e; EXCEPTION WHEN OTHER CONTINUE THEN counter := counter + 1; END'.replace(
      'RAISE e',
      'SELECT 1',
    ),
    'BEGIN SELECT id, :sqlcode FROM t WHERE nm = x; END',
  ])('lets pass: %s', (block) => {
    expect(refusal(block)).toBeUndefined();
  });
});

describe('misuse', () => {
  test.each([
    ['DECLARE x INT; x INT; BEGIN RETURN 1; END;', 15, "| Variable with name 'X' declared twice."],
    ['BEGIN LET y INT := 1; LET y INT := 2; RETURN y; END', 22, "| Variable with name 'Y' declared twice."],
    ['DECLARE c CURSOR FOR SELECT 1; BEGIN c := 5; RETURN 1; END;', 39, "| Assignment to variable 'C' is not permitted."],
    ["BEGIN FOR i IN 1 TO 1 DO i := 5; END FOR; RETURN 'ok'; END;", 27, "| Assignment to variable 'I' is not permitted."],
    ['DECLARE c CURSOR FOR SELECT 1; BEGIN SELECT 1 INTO :c; RETURN 1; END;', 52, "| Invalid use of cursor 'C'."],
    ['DECLARE r RESULTSET DEFAULT (SELECT 1); BEGIN SELECT 1 INTO :r; RETURN 1; END;', 61, "| Invalid use of resultset 'R'."],
    [
      'DECLARE x INT; BEGIN SELECT 1, 2 INTO :x, :x; RETURN x; END',
      21,
      "| Repeated variable with name 'X' inside the INTO clause.",
    ],
    ['BEGIN BREAK; END', 6, '| BREAK is not allowed outside of a loop.'],
    ['BEGIN LOOP BREAK other; END LOOP mine; END', 17, "| Label 'OTHER' does not name an enclosing loop or block."],
  ])('%s', (block, position, sentence) => {
    expect(refusal(block)).toBe(at(position, sentence));
  });

  test.each([
    "BEGIN FOR i IN 1 TO 1 DO LET i := 5; i := 6; END FOR; RETURN 'ok'; END;",
    "BEGIN FOR i IN 1 TO 1 DO SELECT 1 INTO :i; END FOR; RETURN 'ok'; END;",
    "DECLARE c CURSOR FOR SELECT 1 AS a; BEGIN FOR r IN c DO r := 5; END FOR; RETURN 'ok'; END;",
    'BEGIN LOOP LOOP BREAK outer_one; END LOOP; END LOOP outer_one; END',
    'BEGIN BEGIN BREAK my_block; END my_block; END',
  ])('lets pass: %s', (block) => {
    expect(refusal(block)).toBeUndefined();
  });

  test.each([
    ['DECLARE x INT; BEGIN x := (SHOW TABLES); RETURN x; END', 'Invalid expression value (SHOW TABLES) for assignment.'],
    [
      'DECLARE x INT; BEGIN x := (BEGIN RETURN 1; END); RETURN x; END;',
      'Invalid expression value (BEGIN RETURN 1; END) for assignment.',
    ],
  ])('a command is no value: %s', (block, sentence) => {
    expect(refusal(block)).toBe(`SQL compilation error:|${sentence}`);
  });

  test('RETURN of the other kind', () => {
    expect(refusal(' BEGIN RETURN 5; END; ', 'TABLE')).toBe(
      at(7, "| Declared return type 'TABLE' is incompatible with actual return type 'SCALAR'"),
    );
    expect(refusal(' DECLARE res RESULTSET DEFAULT (SELECT 1 AS a); BEGIN RETURN TABLE(res); END; ', 'SCALAR')).toBe(
      at(54, "| Declared return type 'SCALAR' is incompatible with actual return type 'TABLE'"),
    );
    expect(refusal(' DECLARE res RESULTSET DEFAULT (SELECT 1 AS a); BEGIN RETURN TABLE(nosuch_rs); END; ', 'TABLE')).toBe(
      invalid(54, 'NOSUCH_RS'),
    );
  });
});

// https://docs.snowflake.com/en/developer-guide/snowflake-scripting/variables
describe('types that cannot be inferred', () => {
  const notInferred = (position: number, name: string): string =>
    at(position, `| variable '${name}' cannot have its type inferred from initializer`);

  test.each([
    ['DECLARE c CURSOR FOR SELECT 1 AS a; BEGIN FOR r IN c DO LET price := r.a; END FOR; END', 56, 'PRICE'],
    ['BEGIN LET a := missing; RETURN 5; END;', 6, 'A'],
    ['BEGIN LET a := (SELECT x FROM t WHERE y = 1); RETURN 5; END;', 6, 'A'],
    ['BEGIN LET a := 1; LET b := :a + 1; RETURN b; END', 18, 'B'],
    ['BEGIN LET a := 1; LET b := (SELECT :a); RETURN b; END', 18, 'B'],
    ['DECLARE a DEFAULT 1; b DEFAULT :a + 1; BEGIN RETURN b; END;', 21, 'B'],
  ])('%s', (block, position, name) => {
    expect(refusal(block)).toBe(notInferred(position, name));
  });

  test.each([
    'BEGIN LET a := 1; LET b := :a; RETURN b; END',
    'BEGIN LET a := 1; LET b := ((:a)); RETURN b; END',
    'BEGIN LET a := 1; LET b := :a::NUMBER; RETURN b; END',
    'BEGIN LET a := 1; LET b := CAST(:a AS NUMBER); RETURN b; END',
    'BEGIN LET a := 1; LET b := (:a + 1)::NUMBER(10, 2)::VARCHAR; RETURN b; END',
    'BEGIN LET a := 1; LET b := a + 1; RETURN b; END',
    'BEGIN LET b := (SELECT 1); RETURN b; END',
    'BEGIN LET d := CURRENT_DATE; RETURN d; END',
  ])('can: %s', (block) => {
    expect(refusal(block)).toBeUndefined();
  });

  test('a bind that nothing declares is told first', () => {
    expect(refusal('BEGIN LET b := :nosuch + 1; RETURN b; END')).toBe(
      at(15, "|invalid identifier 'NOSUCH'").replace('NOSUCH', 'nosuch'),
    );
  });
});

describe('syntax', () => {
  test.each([
    [' BEGIN WHILE (FALSE) DO END WHILE; RETURN 1; END; ', 24, 'END'],
    [' BEGIN LOOP END LOOP; RETURN 1; END; ', 12, 'END'],
    [' BEGIN REPEAT UNTIL (TRUE) END REPEAT; RETURN 1; END; ', 14, 'UNTIL'],
    [' BEGIN IF (TRUE) THEN END IF; RETURN 1; END; ', 22, 'END'],
    [' BEGIN CASE WHEN TRUE THEN END CASE; RETURN 1; END; ', 27, 'END'],
    [' BEGIN IF (TRUE) THEN RETURN 1; ELSE END IF; RETURN 1; END; ', 37, 'END'],
    [' BEGIN END; ', 7, 'END'],
    [' BEGIN RETURN 1; EXCEPTION WHEN OTHER THEN END; ', 43, 'END'],
    [' BEGIN LOOP BREAK; END LOOP END; ', 28, 'END'],
    [" BEGIN IF n > 10 THEN RETURN 'a'; END IF; RETURN 'b'; END ", 10, 'n'],
    [" DECLARE c INTEGER DEFAULT 0; BEGIN WHILE c < n DO c := c + 1; END WHILE; RETURN 'x'; END ", 42, 'c'],
    ['BEGIN RETURN 42; END; END;', 22, 'END'],
    ['DECLARE x INTEGER; BEGIN BEGIN x := 1; RETURN x; END;', 53, '<EOF>'],
    ['DECLARE x INTEGER; BEGIN', 24, '<EOF>'],
    ['BEGIN LET a := 1 RETURN a; END', 17, 'RETURN'],
    ['BEGIN LET r RESULTSET := (SHOW TABLES;); RETURN 1; END;', 37, ';'],
    ["DECLARE x INT DEFAULT 5; BEGIN EXECUTE IMMEDIATE 'SELECT ?' USING (-5); RETURN 1; END;", 67, '-'],
    ['DECLARE c CURSOR FOR SELECT 10 AS price; BEGIN FOR r IN c DO INSERT INTO t VALUES (:r.price); END FOR; END', 85, '.'],
    ['DECLARE x; BEGIN NULL; END', 9, ';'],
  ])('%s', (block, position, token) => {
    expect(refusal(block)).toBe(syntax(position, token));
  });

  test('statements that nest too deep', () => {
    const nested = (depth: number): string => `${'BEGIN '.repeat(depth)} NULL; ${'END; '.repeat(depth)}`;
    expect(refusal(nested(200))).toBeUndefined();
    expect(refusal(nested(201))).toContain('statements nested 200 deep');
    expect(refusal(nested(50_000))).toContain('statements nested 200 deep');
  });

  test('places on later lines', () => {
    expect(refusal('BEGIN\n  LET r RESULTSET := 1;\n  RETURN 5;\nEND;')).toBe(
      "SQL compilation error:|syntax error line 2 at position 21 unexpected '1'.",
    );
  });

  test.each([
    'BEGIN SELECT 1 INTO :x UNION SELECT 2; END',
    'DECLARE x INT; BEGIN LET r RESULTSET := (SELECT 1 INTO :x); END',
    'DECLARE x INT; c CURSOR FOR SELECT 1 INTO :x; BEGIN RETURN x; END;',
  ])('INTO where it may not stand: %s', (block) => {
    expect(refusal(block)).toContain('INTO clause is not allowed in this context');
  });
});
