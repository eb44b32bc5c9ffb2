import fc from 'fast-check';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FakeClock } from '../../../local-snowflake/platform/clock.ts';
import { systemIds } from '../../../local-snowflake/platform/ids.ts';
import { silentLogger } from '../../../local-snowflake/platform/logger.ts';
import type { PythonFunctionDefinition } from '../../../local-snowflake/runtime/function-worker.ts';
import type { PythonCode } from '../../../local-snowflake/runtime/python-code.ts';
import { PythonRuntime } from '../../../local-snowflake/runtime/python-runtime.ts';
import type { PartitionedRows } from '../../../local-snowflake/runtime/table-call.ts';
import { argumentColumns } from '../../../local-snowflake/sql/argument-columns.ts';
import { cellsOf } from '../../../local-snowflake/sql/packed-column.ts';
import { type Cell, column, type Row } from '../../../local-snowflake/sql/result-set.ts';
import { type SnowflakeType, types } from '../../../local-snowflake/sql/types.ts';
import { testPython } from './support/test-host.ts';

let runtime: PythonRuntime;
let clock: FakeClock;

beforeAll(() => {
  clock = new FakeClock();
  runtime = new PythonRuntime({ python: testPython, clock, ids: systemIds, logger: silentLogger });
});

afterAll(async () => {
  await runtime.close();
});

function define(
  source: string | undefined,
  parameters: readonly SnowflakeType[],
  returns: PythonFunctionDefinition['returns'],
  code: Partial<PythonCode> = {},
  timezone = 'UTC',
): PythonFunctionDefinition {
  return {
    code: { name: 'F', handler: 'f', ...(source === undefined ? {} : { source }), imports: [], packages: [], ...code },
    parameters: parameters.map((type, index) => ({ name: `A${String(index)}`, type })),
    returns,
    timezone,
  };
}

async function callScalar(fn: PythonFunctionDefinition, rows: readonly Row[], signal?: AbortSignal): Promise<readonly Cell[]> {
  if ('table' in fn.returns) throw new Error('not a table function');
  return cellsOf(await runtime.callScalar(fn, argumentColumns(rows), signal), fn.returns);
}

interface OutputRow {
  readonly source: number;
  readonly cells: Row;
}

/** Calls a table function with partitions of rows, cut into batches of at most `size` rows. */
async function callTable(
  fn: PythonFunctionDefinition,
  partitions: readonly (readonly Row[])[],
  size = Number.POSITIVE_INFINITY,
): Promise<OutputRow[]> {
  if (!('table' in fn.returns)) throw new Error('not a scalar function');
  const returns = fn.returns.table;
  const outputs: OutputRow[] = [];
  const rows = partitions.flat();
  const ends = partitions.map((_, index) => partitions.slice(0, index + 1).flat().length);
  async function* batches(): AsyncGenerator<PartitionedRows> {
    for (let start = 0; ; start += size) {
      const last = start + size >= rows.length;
      const batch = last ? rows.slice(start) : rows.slice(start, start + size);
      // The end of a partition that is also the end of a batch comes with the next batch, as a reader finds it.
      yield {
        ...argumentColumns(batch),
        ends: ends.filter((end) => end >= start && (last || end < start + size)).map((end) => end - start),
      };
      if (last) return;
    }
  }
  await runtime.callTable(fn, batches(), async ({ sources, columns }) => {
    const cells = columns.map((packed, index) => cellsOf(packed, returns[index]?.type ?? types.varchar()));
    const from = cellsOf({ form: 'int64', bytes: sources }, types.number(18, 0));
    outputs.push(...from.map((source, row) => ({ source: Number(source), cells: cells.map((each) => each[row] ?? null) })));
  });
  return outputs;
}

const identity = 'def f(x):\n    return x';

describe('a scalar function', () => {
  test('is called once for each row, in order', async () => {
    const rows = Array.from({ length: 50_001 }, (_, index) => [String(index), 'x']);
    const fn = define('def f(a, b):\n    return b + str(a + 1)', [types.number(), types.varchar()], types.varchar());
    const result = await callScalar(fn, rows);
    expect(result).toEqual(rows.map((_, index) => `x${String(index + 1)}`));
  });

  // The table at https://docs.snowflake.com/en/developer-guide/udf-stored-procedure-data-type-mapping#sql-python-data-type-mappings
  test.each<[string, SnowflakeType, string, string]>([
    ['NUMBER with scale 0', types.number(), '12', 'int'],
    ['NUMBER with a scale', types.number(10, 2), '-1.50', 'Decimal'],
    ['FLOAT', types.float, '0.1', 'float'],
    ['VARCHAR', types.varchar(), 'žluť', 'str'],
    ['BOOLEAN', types.boolean, '1', 'bool'],
    ['BINARY', types.binary(), 'CAFE', 'bytes'],
    ['DATE', types.date, '-1', 'date'],
    ['TIME', types.time(), '3661.500000000', 'time'],
    ['TIMESTAMP_NTZ', types.timestampNtz(), '-1.500000000', 'datetime'],
    ['TIMESTAMP_LTZ', types.timestampLtz(), '1700000000.123456000', 'datetime'],
    ['TIMESTAMP_TZ', types.timestampTz(), '1700000000.000000000 1980', 'datetime'],
    ['VARIANT', types.variant, '{"a":[1,2.5,null]}', 'dict'],
    ['OBJECT', types.object, '{"a":1}', 'dict'],
    ['ARRAY', types.array, '["a",1]', 'list'],
  ])('gets %s as the documented Python type and gives it back unchanged', async (_, type, text, python) => {
    const zone = 'America/Los_Angeles';
    expect(await callScalar(define(identity, [type], type, {}, zone), [[text], [null]])).toEqual([text, null]);
    const name = define('def f(x):\n    return type(x).__name__', [type], types.varchar(), {}, zone);
    expect(await callScalar(name, [[text]])).toEqual([python]);
  });

  test('takes any integer, text and instant through unchanged', async () => {
    const cells = fc.record({
      number: fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }),
      text: fc.string({ unit: 'binary' }),
      // datetime holds microseconds, of the years 1 to 9999.
      microseconds: fc.bigInt({ min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n }),
    });
    const number = define(identity, [types.number()], types.number());
    const text = define(identity, [types.varchar()], types.varchar());
    const instant = define(identity, [types.timestampNtz()], types.timestampNtz());
    await fc.assert(
      fc.asyncProperty(fc.array(cells, { minLength: 1, maxLength: 50 }), async (values) => {
        const numbers = values.map((each) => [each.number.toString()]);
        expect(await callScalar(number, numbers)).toEqual(numbers.flat());
        const texts = values.map((each) => [each.text]);
        expect(await callScalar(text, texts)).toEqual(texts.flat());
        const instants = values.map((each) => [secondsText(each.microseconds)]);
        expect(await callScalar(instant, instants)).toEqual(instants.flat());
      }),
      { numRuns: 30 },
    );
  });

  test('gives what its declared type says: rounding to the scale, text of anything, decimals in variants as text', async () => {
    const value = async (source: string, returns: SnowflakeType): Promise<Cell | undefined> =>
      (await callScalar(define(source, [], returns), [[]]))[0];
    expect(await value('def f(): return 2.5', types.number())).toBe('3');
    expect(await value('def f(): return 1.005', types.number(10, 2))).toBe('1.01');
    expect(await value('def f(): return 7', types.varchar())).toBe('7');
    expect(await value('import decimal\ndef f(): return {"a": decimal.Decimal("1.10")}', types.variant)).toBe('{"a":"1.10"}');
    expect(await value('import numpy\ndef f(): return numpy.int64(5)', types.number())).toBe('5');
    expect(await value('import numpy\ndef f(): return numpy.float32(0.5)', types.float)).toBe('0.5');
  });

  test.each<[string, string, SnowflakeType]>([
    ['a text for a number', 'def f(): return "seven"', types.number()],
    [
      'an aware datetime for TIMESTAMP_NTZ',
      'import datetime\ndef f(): return datetime.datetime.now(datetime.UTC)',
      types.timestampNtz(),
    ],
    ['a naive datetime for TIMESTAMP_TZ', 'import datetime\ndef f(): return datetime.datetime.now()', types.timestampTz()],
    ['a list for an OBJECT', 'def f(): return [1]', types.object],
    ['a text for BINARY', 'def f(): return "x"', types.binary()],
  ])('refuses %s', async (_, source, returns) => {
    await expect(callScalar(define(source, [], returns), [[]])).rejects.toThrow('Python Interpreter Error');
  });

  // https://docs.snowflake.com/en/developer-guide/udf/python/udf-python-examples#null-handling-in-python-udfs
  test('tells SQL NULL from a JSON null in a VARIANT', async () => {
    const source = `
def f(x):
    if hasattr(x, "is_sql_null"):
        return "passed null"
    return "passed JSON null" if x is None else "passed a value"
`;
    const fn = define(source, [types.variant], types.varchar());
    expect(await callScalar(fn, [[null], ['null'], ['1']])).toEqual(['passed null', 'passed JSON null', 'passed a value']);
  });

  test('that raises ends with the traceback, and the next statement works', async () => {
    const fn = define('def f(x):\n    return 1 // x', [types.number()], types.number());
    await expect(callScalar(fn, [['1'], ['0']])).rejects.toThrow(
      'Traceback (most recent call last):\n  File "_udf_code.py", line 2, in f\nZeroDivisionError: integer division or modulo by zero\n in function F with handler f',
    );
    expect(await callScalar(fn, [['1']])).toEqual(['1']);
  });

  test('whose parameters do not fit says so', async () => {
    await expect(callScalar(define(identity, [], types.number()), [[]])).rejects.toThrow(
      "does not take the function's 0 argument(s)",
    );
  });

  test('that does not end is killed when the statement is cancelled', async () => {
    const controller = new AbortController();
    const source = 'import time\ndef f(x):\n    while True: time.sleep(1)';
    const running = callScalar(define(source, [types.number()], types.number()), [['1']], controller.signal);
    controller.abort();
    await expect(running).rejects.toThrow('SQL execution canceled');
  });

  test('that dies says how', async () => {
    const fn = define('import os\ndef f(x):\n    os._exit(9)', [types.number()], types.number());
    await expect(callScalar(fn, [['1']])).rejects.toThrow('ended before it gave a result (exit code 9)');
  });
});

describe('a warm worker', () => {
  const pid = define('import os\ndef f():\n    return os.getpid()', [], types.number());

  test('serves the next statement, until it has idled too long', async () => {
    const [first] = await callScalar(pid, [[]]);
    expect(await callScalar(pid, [[]])).toEqual([first]);
    await clock.advanceBy(9_000);
    expect(await callScalar(pid, [[]])).toEqual([first]);
    await clock.advanceBy(10_001);
    expect(await callScalar(pid, [[]])).not.toEqual([first]);
  });

  test('is not used once a file of its imports has changed', async () => {
    const stage = await mkdtemp(join(tmpdir(), 'stage-'));
    try {
      const path = join(stage, 'constant.py');
      const fn = define(undefined, [], types.number(), { handler: 'constant.value', imports: [{ name: 'constant.py', path }] });
      await writeFile(path, 'def value(): return 1');
      expect(await callScalar(fn, [[]])).toEqual(['1']);
      await writeFile(path, 'def value(): return 2');
      await utimes(path, 1, 1);
      expect(await callScalar(fn, [[]])).toEqual(['2']);
    } finally {
      await rm(stage, { recursive: true });
    }
  });
});

// https://docs.snowflake.com/en/developer-guide/udf/python/udf-python-batch
describe('a vectorised function', () => {
  test('gets a data frame and answers with a series', async () => {
    const source = `
import pandas
from _snowflake import vectorized

@vectorized(input=pandas.DataFrame)
def f(df):
  return df[0] + df[1]
`;
    const fn = define(source, [types.number(), types.float], types.float, { packages: ['pandas'] });
    const rows = [
      ['1', '3.14'],
      ['2', '1.59'],
      ['3', '-0.5'],
      [null, '1'],
    ];
    expect(await callScalar(fn, rows)).toEqual(['4.140000000000001', '3.59', '2.5', null]);
  });

  test.each<[string, SnowflakeType, string, string]>([
    ['NUMBER(4,0)', types.number(4, 0), '12', 'Int16'],
    ['NUMBER(9,0)', types.number(9, 0), '12', 'Int32'],
    ['NUMBER(18,0)', types.number(18, 0), '12', 'Int64'],
    ['NUMBER(38,0)', types.number(38, 0), '12', 'object'],
    ['NUMBER(10,2)', types.number(10, 2), '1.25', 'object'],
    ['FLOAT', types.float, '1.5', 'float64'],
    ['BOOLEAN', types.boolean, '0', 'boolean'],
    ['VARCHAR', types.varchar(), 'a', 'string'],
    ['DATE', types.date, '19000', 'datetime64[ns]'],
    ['TIME', types.time(), '3661.500000000', 'timedelta64[ns]'],
    ['TIMESTAMP_NTZ', types.timestampNtz(), '1700000000.123456789', 'datetime64[ns]'],
    ['TIMESTAMP_LTZ', types.timestampLtz(), '1700000000.123456789', 'datetime64[ns]'],
    ['TIMESTAMP_TZ', types.timestampTz(), '1700000000.123456000 1500', 'object'],
    ['VARIANT', types.variant, '{"a":1}', 'object'],
  ])('gets %s in the documented dtype and gives it back unchanged', async (_, type, text, dtype) => {
    const mark = '\nimport pandas\nf._sf_vectorized_input = pandas.DataFrame';
    const zone = 'Europe/Berlin';
    const same = define(`def f(df):\n    return df[0]${mark}`, [type], type, { packages: ['pandas'] }, zone);
    expect(await callScalar(same, [[text], [null]])).toEqual([text, null]);
    const seen = define(`def f(df):\n    return [str(df[0].dtype)] * len(df)${mark}`, [type], types.varchar(), {}, zone);
    expect(await callScalar(seen, [[text]])).toEqual([dtype]);
  });

  test('gets no more rows at once than it takes', async () => {
    const source =
      'import pandas\ndef f(df):\n    return [len(df)] * len(df)\nf._sf_vectorized_input = pandas.DataFrame\nf._sf_max_batch_size = 2';
    const fn = define(source, [types.number(9, 0)], types.number());
    expect(await callScalar(fn, [['1'], ['2'], ['3'], ['4'], ['5']])).toEqual(['2', '2', '2', '2', '1']);
  });

  test('that answers with another number of rows is refused', async () => {
    const source = 'import pandas\ndef f(df):\n    return [1]\nf._sf_vectorized_input = pandas.DataFrame';
    const fn = define(source, [types.number(9, 0)], types.number());
    await expect(callScalar(fn, [['1'], ['2']])).rejects.toThrow('Handler f returned 1 values for 2 rows');
  });
});

// https://docs.snowflake.com/en/developer-guide/udf/python/udf-python-tabular-functions
describe('a table function', () => {
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
  const table = { table: [column('SYMBOL'), column('TOTAL', types.number(10, 2))] };

  test('has an object for each partition; rows belong to their input row or to the partition', async () => {
    const fn = define(stockSaleSum, [types.varchar(), types.number(), types.number(10, 2)], table);
    const result = await callTable(fn, [
      [
        ['A', '2', '1.50'],
        ['A', '1', '2.00'],
      ],
      [['B', '1', '9.99']],
    ]);
    expect(result).toEqual([
      { source: 0, cells: ['A', '3.00'] },
      { source: 1, cells: ['A', '2.00'] },
      { source: -1, cells: ['A', '5.00'] },
      { source: 2, cells: ['B', '9.99'] },
      { source: -2, cells: ['B', '9.99'] },
    ]);
  });

  test.each([1, 2, 3])('gives the same however its rows are cut: %i at once', async (size) => {
    const partitions = [
      [
        ['A', '2', '1.50'],
        ['A', '1', '2.00'],
        ['A', '3', '1.00'],
      ],
      [['B', '1', '9.99']],
    ];
    const fn = define(stockSaleSum, [types.varchar(), types.number(), types.number(10, 2)], table);
    expect(await callTable(fn, partitions, size)).toEqual(await callTable(fn, partitions));
  });

  test('begins anew after a call that failed', async () => {
    const source =
      'class f:\n    def __init__(self): self.n = 0\n    def process(self, n):\n        self.n += n\n        if n > 9: raise ValueError(n)\n    def end_partition(self): yield (self.n,)';
    const fn = define(source, [types.number()], { table: [column('N', types.number())] });
    await expect(callTable(fn, [[['1'], ['10']]])).rejects.toThrow('ValueError: 10');
    expect(await callTable(fn, [[['1'], ['2']]], 1)).toEqual([{ source: -1, cells: ['3'] }]);
  });

  test('skips rows for which it gives None', async () => {
    const fn = define(
      'class f:\n    def process(self, n):\n        if n < 1: yield None\n        else: yield (n,)',
      [types.number()],
      {
        table: [column('N', types.number())],
      },
    );
    expect(await callTable(fn, [[['0'], ['5']]])).toEqual([{ source: 1, cells: ['5'] }]);
  });

  // https://docs.snowflake.com/en/developer-guide/udf/python/udf-python-tabular-vectorized
  test('takes a whole partition as a data frame when end_partition is vectorised', async () => {
    const source = `
import pandas
from _snowflake import vectorized

class f:
    @vectorized(input=pandas.DataFrame)
    def end_partition(self, df):
        return df.describe().loc[["count", "mean"]].reset_index()
`;
    const fn: PythonFunctionDefinition = {
      ...define(source, [], { table: [column('WHAT'), column('X', types.float)] }, { packages: ['pandas'] }),
      parameters: [{ name: 'X', type: types.float }],
    };
    expect(await callTable(fn, [[['1'], ['3']]])).toEqual([
      { source: -1, cells: ['count', '2'] },
      { source: -1, cells: ['mean', '2'] },
    ]);
  });

  // https://docs.snowflake.com/en/developer-guide/udf/python/udf-python-tabular-vectorized
  test('takes batches as data frames when process is vectorised, a row out for each row in', async () => {
    const source = `
import pandas
class f:
    def __init__(self): self.seen = 0
    def process(self, df):
        self.seen += len(df)
        return (df["A0"] * 2, df["A0"] > 1)
    def end_partition(self): yield (self.seen, None)
f.process._sf_vectorized_input = pandas.DataFrame
f.process._sf_max_batch_size = 2
`;
    const returns = { table: [column('TWICE', types.number()), column('LARGE', types.boolean)] };
    const fn = define(source, [types.number(9, 0)], returns, { packages: ['pandas'] });
    expect(await callTable(fn, [[['1'], ['2'], ['3']]])).toEqual([
      { source: 0, cells: ['2', '0'] },
      { source: 1, cells: ['4', '1'] },
      { source: 2, cells: ['6', '1'] },
      { source: -1, cells: ['3', null] },
    ]);
  });

  test('yields data frames from a vectorised end_partition', async () => {
    const source =
      'import pandas\nclass f:\n    def end_partition(self, df):\n        yield df\n        yield df + 1\nf.end_partition._sf_vectorized_input = pandas.DataFrame';
    const fn = define(source, [types.number(9, 0)], { table: [column('N', types.number())] }, { packages: ['pandas'] });
    const output = await callTable(fn, [[['1']], [['5'], ['6']]], 1);
    expect(output.map(({ source: from, cells: [cell] }) => [from, cell])).toEqual([
      [-1, '1'],
      [-1, '2'],
      [-2, '5'],
      [-2, '6'],
      [-2, '6'],
      [-2, '7'],
    ]);
  });

  test('that gives rows of the wrong width is refused', async () => {
    const fn = define('class f:\n    def process(self, n):\n        yield (n, n)', [types.number()], { table: [column('N')] });
    await expect(callTable(fn, [[['1']]])).rejects.toThrow('gave a row of 2 value(s), RETURNS TABLE has 1');
  });
});

/** Seconds since the epoch with nine decimals. */
function secondsText(microseconds: bigint): string {
  const sign = microseconds < 0n ? '-' : '';
  const absolute = microseconds < 0n ? -microseconds : microseconds;
  return `${sign}${String(absolute / 1_000_000n)}.${String(absolute % 1_000_000n).padStart(6, '0')}000`;
}
