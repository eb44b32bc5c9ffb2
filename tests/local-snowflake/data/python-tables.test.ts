import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PythonFunction } from '../../../local-snowflake/data/ports.ts';
import { FakeClock } from '../../../local-snowflake/platform/clock.ts';
import { systemIds } from '../../../local-snowflake/platform/ids.ts';
import { silentLogger } from '../../../local-snowflake/platform/logger.ts';
import { PythonRuntime } from '../../../local-snowflake/runtime/python-runtime.ts';
import { column } from '../../../local-snowflake/sql/result-set.ts';
import { types } from '../../../local-snowflake/sql/types.ts';
import { testPython } from '../runtime/support/test-host.ts';
import { attachPython } from './support/attach-python.ts';
import { SmallAccount } from './support/small-account.ts';

// https://docs.snowflake.com/en/developer-guide/udf/python/udf-python-tabular-functions#handler-class-example
const stockSaleSum = `
class f:
    def __init__(self):
        self._cost_total = 0
        self._symbol = ""

    def process(self, symbol, quantity, price):
      self._symbol = symbol
      cost = quantity * price
      self._cost_total += cost
      yield (symbol, cost)

    def end_partition(self):
      yield (self._symbol, self._cost_total)
`;

// https://docs.snowflake.com/en/developer-guide/udf/python/udf-python-tabular-vectorized
const summary = `
import pandas
class f:
    def end_partition(self, df):
        result = df[["COL1"]].describe().loc[["count", "mean"]].transpose()
        result.insert(loc=0, column="column_name", value=["col1"])
        return result
f.end_partition._sf_vectorized_input = pandas.DataFrame
`;

const numbers = 'class f:\n    def process(self, n):\n        for i in range(n or 0): yield (i,)';
const running =
  'class f:\n    def __init__(self): self.n = 0\n    def process(self, x):\n        self.n += x\n        yield (self.n,)';
const count =
  'class f:\n    def __init__(self): self.n = 0\n    def process(self, x): self.n += 1\n    def end_partition(self): yield (self.n,)';

const sources: Readonly<Record<string, string>> = { stock_sale_sum: stockSaleSum, summary, numbers, running, count };

function tableFunction(name: string, parameters: PythonFunction['parameters'], table: ReturnType<typeof column>[]): PythonFunction {
  return {
    language: 'PYTHON',
    id: name,
    name: ['DB', 'PUBLIC', name.toUpperCase()],
    parameters,
    returns: { table },
    nullHandling: 'CALLED',
    volatility: 'VOLATILE',
  };
}

const number = { name: 'N', type: types.number() };

// https://docs.snowflake.com/en/developer-guide/udf/udf-calling-sql#table-functions-and-partitions
describe('Python table functions', () => {
  let runtime: PythonRuntime;
  let account: SmallAccount;
  let batches: number;

  beforeAll(() => {
    runtime = new PythonRuntime({ python: testPython, clock: new FakeClock(), ids: systemIds, logger: silentLogger });
  });

  afterAll(() => runtime.close());

  beforeEach(async () => {
    batches = 0;
    account = await SmallAccount.open();
    attachPython(account, runtime, sources, () => {
      batches += 1;
    });
    const symbol = { name: 'SYMBOL', type: types.varchar() };
    const price = { name: 'PRICE', type: types.number(10, 2) };
    account.functions.set(
      'STOCK_SALE_SUM',
      tableFunction(
        'stock_sale_sum',
        [symbol, { name: 'QUANTITY', type: types.number() }, price],
        [column('SYMBOL'), column('TOTAL', types.number(10, 2))],
      ),
    );
    account.functions.set(
      'SUMMARY_STATS',
      tableFunction(
        'summary',
        [
          { name: 'ID', type: types.varchar() },
          { name: 'COL1', type: types.float },
        ],
        [column('COLUMN_NAME'), column('COUNT', types.number()), column('MEAN', types.float)],
      ),
    );
    account.functions.set('NUMBERS', tableFunction('numbers', [number], [column('I', types.number())]));
    account.functions.set('RUNNING', tableFunction('running', [number], [column('TOTAL', types.number())]));
    account.functions.set('ROWS_OF', tableFunction('count', [number], [column('ROWS', types.number())]));
    await account.run('CREATE TABLE stocks_table (symbol VARCHAR, quantity INT, price NUMBER(10,2))');
    await account.run("INSERT INTO stocks_table VALUES ('A', 2, 1.5), ('B', 1, 9.99), ('A', 1, 2)");
  });

  afterEach(() => account.close());

  it('get their rows partition by partition', async () => {
    const sql =
      'SELECT stock_sale_sum.symbol, total FROM stocks_table, TABLE(stock_sale_sum(symbol, quantity, price) OVER (PARTITION BY symbol)) ORDER BY 1, 2';
    expect(await account.rows(sql)).toEqual([
      ['A', '2.00'],
      ['A', '3.00'],
      ['A', '5.00'],
      ['B', '9.99'],
      ['B', '9.99'],
    ]);
  });

  it('have beside the rows of a partition only the columns that it is partitioned by', async () => {
    await account.run('CREATE TABLE test_values (id VARCHAR, col1 FLOAT)');
    await account.run("INSERT INTO test_values VALUES ('x', 1), ('x', 3), ('y', 5)");
    const call = 'SELECT * FROM test_values, TABLE(summary_stats(id, col1) OVER (PARTITION BY';
    expect(await account.rows(`${call} id)) ORDER BY id`)).toEqual([
      ['x', null, 'col1', '2', '2'],
      ['y', null, 'col1', '1', '5'],
    ]);
    expect(await account.rows(`${call} 1))`)).toEqual([[null, null, 'col1', '3', '3']]);
  });

  it('are called with constants, without a table', async () => {
    expect(await account.rows('SELECT * FROM TABLE(numbers(3)) ORDER BY i')).toEqual([['0'], ['1'], ['2']]);
    expect(await account.rows('SELECT t.x + 1 FROM TABLE(numbers(2)) AS t (x) ORDER BY 1')).toEqual([['1'], ['2']]);
  });

  it('give their rows beside those of the table, which an outer join keeps', async () => {
    const sql = (join: string): string =>
      `SELECT symbol, i FROM (SELECT symbol, quantity - 1 AS q FROM stocks_table) AS s ${join} TABLE(numbers(s.q)) AS n ORDER BY 1, 2`;
    expect(await account.rows(sql('JOIN'))).toEqual([['A', '0']]);
    expect(await account.rows(sql('LEFT JOIN'))).toEqual([
      ['A', '0'],
      ['A', null],
      ['B', null],
    ]);
    await expect(account.rows(sql('RIGHT JOIN'))).rejects.toThrow('RIGHT JOIN of a Python table function');
  });

  it('get rows in the order of OVER, and NULL as a partition of its own', async () => {
    await account.run('CREATE TABLE steps (g VARCHAR, k INT, x INT)');
    await account.run("INSERT INTO steps VALUES ('a', 2, 10), ('a', 1, 1), (NULL, 1, 5), ('a', 3, 100), (NULL, 0, 7)");
    const sql = (order: string): string =>
      `SELECT g, k, total FROM steps, TABLE(running(x) OVER (PARTITION BY g ORDER BY k ${order})) ORDER BY g, k`;
    expect(await account.rows(sql('ASC'))).toEqual([
      ['a', '1', '1'],
      ['a', '2', '11'],
      ['a', '3', '111'],
      [null, '0', '7'],
      [null, '1', '12'],
    ]);
    expect((await account.rows(sql('DESC'))).map((row) => row[2])).toEqual(['111', '110', '100', '12', '5']);
  });

  it('join further, in common tables, views and new tables', async () => {
    await account.run('CREATE VIEW v AS SELECT symbol, i FROM stocks_table, TABLE(numbers(quantity))');
    await account.run(
      'CREATE TABLE made AS WITH w AS (SELECT * FROM v) SELECT w.*, s.price FROM w JOIN stocks_table s ON s.quantity = w.i + 1',
    );
    expect(await account.rows('SELECT symbol, i, price FROM made ORDER BY 1, 2, 3')).toEqual([
      ['A', '0', '2.00'],
      ['A', '0', '2.00'],
      ['A', '0', '9.99'],
      ['A', '0', '9.99'],
      ['A', '1', '1.50'],
      ['B', '0', '2.00'],
      ['B', '0', '9.99'],
    ]);
  });

  it('are described without being called', async () => {
    const columns = await account.describe('SELECT * FROM stocks_table, TABLE(numbers(quantity))');
    expect(columns.map((each) => each.name)).toEqual(['SYMBOL', 'QUANTITY', 'PRICE', 'I']);
    expect(batches).toBe(0);
  });

  it('say what they cannot do', async () => {
    await expect(account.rows('SELECT numbers(1)')).rejects.toThrow('table function');
    await expect(
      account.rows('SELECT * FROM stocks_table s, LATERAL (SELECT max(i) FROM TABLE(numbers(s.quantity)))'),
    ).rejects.toThrow("outer query's columns");
  });

  it('keep up with a hundred thousand rows in thirty thousand partitions, in few calls', async () => {
    await account.run('CREATE TABLE big AS SELECT seq4() AS i FROM TABLE(GENERATOR(ROWCOUNT => 100000))');
    const sql =
      'SELECT count(*), sum(rows), max(rows), count(g) FROM (SELECT i % 30000 AS g, i FROM big), TABLE(rows_of(i) OVER (PARTITION BY g))';
    expect(await account.rows(sql)).toEqual([['30000', '100000', '4', '30000']]);
    expect(batches).toBeLessThan(10);
  });
});
