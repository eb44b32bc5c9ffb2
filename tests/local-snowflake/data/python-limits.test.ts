import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { types } from '../../../local-snowflake/sql/types.ts';
import { SmallAccount } from './support/small-account.ts';

// https://docs.snowflake.com/en/sql-reference/constructs/limit
describe('LIMIT above Python functions', () => {
  let account: SmallAccount;
  let called: number;

  beforeAll(async () => {
    account = await SmallAccount.open();
    account.python = (_, rows) => {
      called += rows.length;
      return Promise.resolve(rows.map(([x]) => (x === null || x === undefined ? null : String(2 * Number(x)))));
    };
    account.functions.set('TWICE', {
      language: 'PYTHON',
      id: 'twice',
      name: ['TWICE'],
      parameters: [{ name: 'X', type: types.number() }],
      returns: types.number(),
      nullHandling: 'CALLED',
      volatility: 'VOLATILE',
    });
    await account.run('CREATE TABLE t AS SELECT seq4() AS id, 1000 - seq4() AS k FROM TABLE(GENERATOR(ROWCOUNT => 1000))');
    await account.run('CREATE VIEW doubled AS SELECT id, twice(id) AS d FROM t');
  });

  beforeEach(() => {
    called = 0;
  });

  afterAll(() => account.close());

  it.each([
    ['SELECT twice(id) FROM t LIMIT 10', 10, 10],
    ['SELECT twice(id) FROM t LIMIT 10 OFFSET 5', 10, 15],
    ['SELECT TOP 3 twice(id) FROM t', 3, 3],
    ['SELECT twice(id) FROM t LIMIT 0', 0, 0],
    ['SELECT twice(twice(id)) FROM t LIMIT 4', 4, 8],
    ['SELECT twice(id) FROM t WHERE k > 500 LIMIT 4', 4, 4],
    ['SELECT * FROM (SELECT id, twice(id) AS d FROM t) LIMIT 6', 6, 6],
    ['SELECT id, d + 1 FROM ((SELECT id, twice(id) AS d FROM t)) LIMIT 6', 6, 6],
    ['SELECT twice(d) FROM (SELECT twice(id) AS d FROM t) LIMIT 6', 6, 12],
    ['SELECT * FROM doubled LIMIT 7', 7, 7],
  ])('calls for no more rows than it takes: %s', async (query, rows, calls) => {
    expect(await account.rows(query)).toHaveLength(rows);
    expect(called).toBe(calls);
  });

  it('calls for the first rows of an order that needs no results', async () => {
    expect(await account.rows('SELECT twice(id) AS d, k FROM t ORDER BY k LIMIT 2')).toEqual([
      ['1998', '1'],
      ['1996', '2'],
    ]);
    expect(await account.rows('SELECT twice(id), k + 1 AS n FROM t ORDER BY n DESC, 1 LIMIT 1')).toEqual([['0', '1001']]);
    expect(called).toBe(2 + 1000);
    expect(await account.rows('SELECT k + 1 AS n, twice(id) FROM t ORDER BY n, 1 LIMIT 1 OFFSET 1')).toEqual([['3', '1996']]);
    expect(called).toBe(2 + 1000 + 2);
  });

  it.each([
    ['SELECT twice(id) AS d FROM t ORDER BY d LIMIT 1', [['0']]],
    ['SELECT twice(id) AS d FROM t ORDER BY twice(k) LIMIT 1', [['1998']]],
    ['SELECT id FROM t WHERE twice(id) = 1998 LIMIT 1', [['999']]],
    ['SELECT sum(twice(id)) FROM t LIMIT 1', [['999000']]],
    ['SELECT DISTINCT twice(id) - 2 * id FROM t LIMIT 1', [['0']]],
    ['SELECT max(id) FROM t GROUP BY twice(id) - 2 * id LIMIT 1', [['999']]],
    ['SELECT sum(twice(id)) OVER () FROM t LIMIT 1', [['999000']]],
    ['SELECT twice(count(*) OVER ()) FROM t LIMIT 1', [['2000']]],
    ['SELECT id FROM t QUALIFY row_number() OVER (ORDER BY twice(id) DESC) = 1 LIMIT 1', [['999']]],
    ['SELECT id FROM (SELECT id, twice(id) AS d FROM t) WHERE d = 1998 LIMIT 1', [['999']]],
    ['SELECT count(*) FROM (SELECT twice(id) FROM t) LIMIT 1', [['1000']]],
    ['SELECT id FROM (SELECT id, twice(id) AS d FROM t) ORDER BY d DESC LIMIT 1', [['999']]],
  ])('calls for every row where the result needs them: %s', async (query, rows) => {
    expect(await account.rows(query)).toEqual(rows);
    expect(called).toBeGreaterThanOrEqual(1000);
  });
});
