import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SmallAccount } from './support/small-account.ts';

describe('faults of statements', () => {
  let account: SmallAccount;

  beforeAll(async () => {
    account = await SmallAccount.open();
    await account.run('CREATE TABLE t (id INT NOT NULL, s VARCHAR(3), n NUMBER(4,2), d DATE)');
    await account.run("INSERT INTO t VALUES (1, 'x', 1, '2024-01-01'), (2, NULL, NULL, NULL)");
  });

  afterAll(async () => {
    await account.close();
  });

  // Codes and words: https://docs.snowflake.com/en/sql-reference/functions/try_cast and answers pasted from accounts.
  it.each([
    ['SELECT s::INT FROM t', '100038', "Numeric value 'x' is not recognized"],
    ["SELECT 'x'::INT", '100038', "Numeric value 'x' is not recognized"],
    ["SELECT '2024-13-01'::DATE", '100040', "Date '2024-13-01' is not recognized"],
    ["SELECT 'noon'::TIMESTAMP", '100035', "Timestamp 'noon' is not recognized"],
    ["SELECT 'perhaps'::BOOLEAN", '100037', "Boolean value 'perhaps' is not recognized"],
    ['SELECT 1 / 0', '100051', 'Division by zero'],
    ['SELECT id / (id - 1) FROM t', '100051', 'Division by zero'],
    ['SELECT 100::NUMBER(4,2)', '100046', 'Number out of representable range: type FIXED(4,2), value 100'],
    ["SELECT parse_json('{')", '100069', 'Error parsing JSON'],
    ['INSERT INTO t (id) VALUES (NULL)', '100072', 'NULL result in a non-nullable column'],
    ["INSERT INTO t (id, s) VALUES (1, 'long')", '100078', "String 'long' is too long and would be truncated"],
    ['INSERT INTO t (id, n) VALUES (1, 100)', '100046', 'Number out of representable range'],
    ['SELECT (SELECT id FROM t)', '090150', 'Single-row subquery returns more than one row'],
    ['SELECT nope FROM t', '000904', "invalid identifier 'NOPE'"],
    ['SELECT a.id FROM t', '000904', "invalid identifier 'A.ID'"],
    ['SELECT id FROM t a, t b', '002028', "ambiguous column name 'ID'"],
    ['SELECT * FROM nope', '002003', "Object 'NOPE' does not exist or not authorized."],
    ['SELECT nope(1)', '002140', 'Unknown function NOPE'],
    ['SELECT upper()', '000938', 'not enough arguments for function [UPPER], expected 1, got 0'],
    ["SELECT upper('a', 'b')", '000939', 'too many arguments for function [UPPER] expected 1, got 2'],
    ["SELECT abs(DATE '2024-01-01')", '001044', "Invalid argument types for function 'ABS'"],
    ['SELECT id, count(*) FROM t', '000979', 'is not a valid group by expression'],
    ['SELECT FROM t WHERE', '001003', 'syntax error line 1'],
    ['INSERT INTO t VALUES (1)', '002057', 'Insert value list does not match column list expecting 4 but got 1'],
    ['SELECT 1 UNION SELECT 1, 2', '001789', 'invalid number of result columns'],
    ['INSERT INTO t (d) SELECT 42', '002023', 'expecting DATE but got NUMBER(2,0) for column D'],
  ])('%s', async (sql, code, message) => {
    const failed = account.run(sql);
    await expect(failed).rejects.toMatchObject({ code });
    await expect(failed).rejects.toThrow(message);
  });

  it.each([
    ['SELECT id FROM t CONNECT BY NOCYCLE PRIOR id = id', 'NOCYCLE'],
    ['SELECT sum(id) OVER (ORDER BY id GROUPS 1 PRECEDING) FROM t', 'GROUPS window frame'],
    ['SELECT round(EXPR => 1.5)', 'named arguments of ROUND'],
  ])('%s is refused by name', async (sql, feature) => {
    const failed = account.run(sql);
    await expect(failed).rejects.toMatchObject({ symbol: 'unsupported' });
    await expect(failed).rejects.toThrow(feature);
  });

  it('raises nothing for TRY_ conversions', async () => {
    expect(
      await account.rows("SELECT try_cast('x' AS INT), try_to_date('2024-13-01'), try_to_boolean('perhaps'), try_parse_json('{')"),
    ).toEqual([[null, null, null, null]]);
  });

  it('raises a fault of a branch only where the branch is taken', async () => {
    expect(await account.rows("SELECT id, iff(s = 'x', 0, s::INT) FROM t ORDER BY id")).toEqual([
      ['1', '0'],
      ['2', null],
    ]);
  });

  it.each([0, 1, 3, 10, 30])('ends with queryCancelled when its signal is aborted %i turns later', async (turns) => {
    const abort = new AbortController();
    const endless = account.connection
      .run('SELECT sum(seq4()) FROM TABLE(GENERATOR(ROWCOUNT => 3000000000))', { ...account.ports(), signal: abort.signal })
      .catch((error: unknown) => error);
    for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    abort.abort();
    expect(await endless).toMatchObject({ code: '000604' });
    expect(await account.rows('SELECT count(*) FROM t')).toEqual([['2']]);
  });
});
