import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PythonFunction } from '../../../local-snowflake/data/ports.ts';
import type { Cell } from '../../../local-snowflake/sql/result-set.ts';
import { types } from '../../../local-snowflake/sql/types.ts';
import { SmallAccount } from './support/small-account.ts';

function pythonFunction(id: string, facts: Partial<PythonFunction> = {}): PythonFunction {
  return {
    language: 'PYTHON',
    id,
    name: ['DB', 'PUBLIC', id.toUpperCase()],
    parameters: [{ name: 'X', type: types.number(38, 0) }],
    returns: types.number(38, 0),
    nullHandling: 'CALLED',
    volatility: 'VOLATILE',
    ...facts,
  };
}

// https://docs.snowflake.com/en/developer-guide/udf/python/udf-python-introduction
describe('Python functions', () => {
  let account: SmallAccount;
  let calls: (readonly Cell[])[][];

  beforeEach(async () => {
    calls = [];
    account = await SmallAccount.open();
    account.python = (fn, rows) => {
      calls.push([...rows]);
      return Promise.resolve(
        rows.map(([x]) =>
          x === null || x === undefined ? null : fn.id === 'half' ? String(Number(x) / 2) : String(2 * Number(x)),
        ),
      );
    };
    account.functions.set('TWICE', pythonFunction('twice'));
    account.functions.set('PURE', pythonFunction('pure', { volatility: 'IMMUTABLE' }));
    account.functions.set('STRICT', pythonFunction('strict', { nullHandling: 'STRICT' }));
    account.functions.set('HALF', pythonFunction('half', { returns: types.float }));
    await account.run('CREATE TABLE t (id INT, k INT)');
    await account.run('INSERT INTO t VALUES (1, 5), (2, 5), (3, 6), (4, NULL)');
  });

  afterEach(async () => {
    await account.close();
  });

  it('gets all rows in one call, in their types', async () => {
    expect(await account.rows('SELECT id, twice(k), half(id) FROM t ORDER BY id')).toEqual([
      ['1', '10', '0.5'],
      ['2', '10', '1'],
      ['3', '12', '1.5'],
      ['4', null, '2'],
    ]);
    expect(calls.map((rows) => rows.length)).toEqual([4, 4]);
  });

  it('gets many rows in batches, in their order, with the same arguments once where that is worth while', async () => {
    const numbers = 'SELECT row_number() OVER (ORDER BY 1) AS n FROM TABLE(GENERATOR(ROWCOUNT => 70001))';
    expect(await account.rows(`SELECT SUM(twice(n)), COUNT(*) FROM (${numbers})`)).toEqual([[String(70_001 * 70_002), '70001']]);
    expect(calls.map((rows) => [rows.length, rows[0]?.[0]])).toEqual([
      [65_536, '1'],
      [4465, '65537'],
    ]);
    calls = [];
    expect(await account.rows(`SELECT SUM(pure(n)), SUM(pure(n % 7)) FROM (${numbers})`)).toEqual([
      [String(70_001 * 70_002), String(2 * (10_000 * 21 + 1))],
    ]);
    expect(calls.map((rows) => rows.length).toSorted((a, b) => a - b)).toEqual([7, 4465, 65_536]);
  });

  it('gets different arguments once when it is immutable', async () => {
    expect(await account.rows('SELECT id, pure(k) FROM t ORDER BY id')).toEqual([
      ['1', '10'],
      ['2', '10'],
      ['3', '12'],
      ['4', null],
    ]);
    expect(calls).toHaveLength(1);
    expect(calls[0]?.map(([x]) => x).sort()).toEqual(['5', '6', null]);
  });

  it('is not called with NULL when it is strict', async () => {
    expect(await account.rows('SELECT strict(k) FROM t WHERE id > 2 ORDER BY id')).toEqual([['12'], [null]]);
    expect(calls).toEqual([[['6']]]);
  });

  it('works in conditions, inside itself and below aggregates', async () => {
    expect(await account.rows('SELECT id FROM t WHERE twice(k) = 12')).toEqual([['3']]);
    expect(await account.rows('SELECT twice(twice(id)) FROM t WHERE id = 3')).toEqual([['12']]);
    expect(await account.rows('SELECT k, sum(twice(id)) FROM t GROUP BY k ORDER BY k NULLS FIRST')).toEqual([
      [null, '8'],
      ['5', '6'],
      ['6', '6'],
    ]);
  });

  it('feeds tables', async () => {
    await account.run('CREATE TABLE u AS SELECT id, twice(id) AS d FROM t');
    await account.run('INSERT INTO u SELECT 9, twice(9)');
    await account.run('UPDATE u SET d = twice(d) WHERE id = 9');
    expect(await account.rows('SELECT d FROM u ORDER BY id')).toEqual([['2'], ['4'], ['6'], ['8'], ['36']]);
  });

  it('is described without being called', async () => {
    const [column] = await account.describe('SELECT half(id) FROM t');
    expect(column).toMatchObject({ name: 'HALF(ID)', type: types.float });
    expect(calls).toEqual([]);
  });

  it('ends the statement with its own error', async () => {
    account.python = () => Promise.reject(new Error('ValueError in function'));
    await expect(account.run('SELECT twice(id) FROM t')).rejects.toThrow('ValueError in function');
    expect(await account.rows('SELECT count(*) FROM t')).toEqual([['4']]);
  });

  it('keeps up with a hundred thousand rows', async () => {
    await account.run('CREATE TABLE big AS SELECT seq4() AS i FROM TABLE(GENERATOR(ROWCOUNT => 100000))');
    expect(await account.rows('SELECT count(*), sum(twice(i)) FROM big')).toEqual([['100000', '9999900000']]);
    expect(calls.flat()).toHaveLength(100_000);
    expect(calls.length).toBeLessThan(20);
  });
});
