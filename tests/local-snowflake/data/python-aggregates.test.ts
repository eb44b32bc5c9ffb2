import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PythonFunction } from '../../../local-snowflake/data/ports.ts';
import { FakeClock } from '../../../local-snowflake/platform/clock.ts';
import { systemIds } from '../../../local-snowflake/platform/ids.ts';
import { silentLogger } from '../../../local-snowflake/platform/logger.ts';
import { PythonRuntime } from '../../../local-snowflake/runtime/python-runtime.ts';
import { types } from '../../../local-snowflake/sql/types.ts';
import { testPython } from '../runtime/support/test-host.ts';
import { attachPython } from './support/attach-python.ts';
import { SmallAccount } from './support/small-account.ts';

const pythonAvg = `
from dataclasses import dataclass

@dataclass
class AvgAggState:
    count: int
    sum: int

class f:
    def __init__(self):
        self._agg_state = AvgAggState(0, 0)

    @property
    def aggregate_state(self):
        return self._agg_state

    def accumulate(self, input_value):
        self._agg_state.sum += input_value
        self._agg_state.count += 1

    def merge(self, other_agg_state):
        self._agg_state.sum += other_agg_state.sum
        self._agg_state.count += other_agg_state.count

    def finish(self):
        return self._agg_state.sum / self._agg_state.count
`;

// https://docs.snowflake.com/en/developer-guide/udf/python/udf-python-aggregate-functions
describe('Python aggregates', () => {
  let runtime: PythonRuntime;
  let account: SmallAccount;

  beforeAll(() => {
    runtime = new PythonRuntime({ python: testPython, clock: new FakeClock(), ids: systemIds, logger: silentLogger });
  });

  afterAll(() => runtime.close());

  beforeEach(async () => {
    account = await SmallAccount.open();
    attachPython(account, runtime, { python_avg: pythonAvg });
    const fn: PythonFunction = {
      language: 'PYTHON',
      id: 'python_avg',
      name: ['DB', 'PUBLIC', 'PYTHON_AVG'],
      parameters: [{ name: 'A', type: types.number() }],
      returns: types.float,
      nullHandling: 'CALLED',
      volatility: 'VOLATILE',
      aggregate: true,
    };
    account.functions.set('PYTHON_AVG', fn);
    account.functions.set('STRICT_AVG', { ...fn, nullHandling: 'STRICT' });
    await account.run('CREATE TABLE sales (item STRING, price INT)');
    await account.run(
      "INSERT INTO sales VALUES ('car', 10000), ('motorcycle', 5000), ('car', 7500), ('motorcycle', 3500), ('motorcycle', 1500), ('car', 20000)",
    );
  });

  afterEach(() => account.close());

  it('give a row, or one for each group', async () => {
    expect(await account.rows('SELECT python_avg(price), avg(price) FROM sales')).toEqual([['7916.666666666667', '7916.666667']]);
    const grouped = [
      ['car', '12500', '3'],
      ['motorcycle', '3333.3333333333335', '3'],
    ];
    expect(await account.rows('SELECT item, python_avg(price), count(*) FROM sales GROUP BY item ORDER BY item')).toEqual(grouped);
    expect(await account.rows('SELECT item, python_avg(price), count(*) FROM sales GROUP BY 1 ORDER BY 2 DESC')).toEqual(grouped);
  });

  it('stand in expressions, beside WHERE, in HAVING and ORDER BY, of groups by expressions', async () => {
    const sql =
      'SELECT upper(item) AS u, round(python_avg(price + 1)) + 1 AS a FROM sales WHERE price < 15000 GROUP BY upper(item) HAVING python_avg(price) > 100 ORDER BY python_avg(price)';
    expect(await account.rows(sql)).toEqual([
      ['MOTORCYCLE', '3335'],
      ['CAR', '8752'],
    ]);
  });

  it('are given NULL unless they are strict; NULL is a group', async () => {
    await account.run("INSERT INTO sales VALUES (NULL, 4), ('car', NULL)");
    await expect(account.rows('SELECT python_avg(price) FROM sales')).rejects.toThrow('TypeError');
    expect(await account.rows('SELECT item, strict_avg(price) FROM sales GROUP BY item ORDER BY item')).toEqual([
      ['car', '12500'],
      ['motorcycle', '3333.3333333333335'],
      [null, '4'],
    ]);
  });

  it('say where they cannot stand', async () => {
    await expect(account.rows('SELECT python_avg(price) OVER (PARTITION BY item) FROM sales')).rejects.toThrow('OVER');
    await expect(account.rows('SELECT item FROM sales WHERE python_avg(price) > 1')).rejects.toThrow('PYTHON_AVG');
    await expect(account.rows('SELECT item, python_avg(price) FROM sales GROUP BY ROLLUP (item)')).rejects.toThrow('ROLLUP');
  });
});
