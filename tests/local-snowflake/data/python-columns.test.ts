import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PythonFunction } from '../../../local-snowflake/data/ports.ts';
import { FakeClock } from '../../../local-snowflake/platform/clock.ts';
import { systemIds } from '../../../local-snowflake/platform/ids.ts';
import { silentLogger } from '../../../local-snowflake/platform/logger.ts';
import { PythonRuntime } from '../../../local-snowflake/runtime/python-runtime.ts';
import { renderType, type SnowflakeType, types } from '../../../local-snowflake/sql/types.ts';
import { testPython } from '../runtime/support/test-host.ts';
import { SmallAccount } from './support/small-account.ts';

// An hour that is there twice has no naive datetime of its own: a zone that never had one.
const zone = 'Etc/GMT-5';

const scalar = 'def f(x):\n    return x';
const vectorised = 'import pandas\ndef f(df):\n    return df[0]\nf._sf_vectorized_input = pandas.DataFrame';

// https://docs.snowflake.com/en/developer-guide/udf-stored-procedure-data-type-mapping#sql-python-data-type-mappings
describe('columns on their way to Python and back', () => {
  let account: SmallAccount;
  let runtime: PythonRuntime;

  beforeAll(async () => {
    runtime = new PythonRuntime({ python: testPython, clock: new FakeClock(), ids: systemIds, logger: silentLogger });
    account = await SmallAccount.open();
  });

  afterAll(async () => {
    await account.close();
    await runtime.close();
  });

  function define(name: string, source: string, parameter: SnowflakeType, facts: Partial<PythonFunction> = {}): void {
    const fn: PythonFunction = {
      language: 'PYTHON',
      id: name,
      name: [name],
      parameters: [{ name: 'X', type: parameter }],
      returns: parameter,
      nullHandling: 'CALLED',
      volatility: 'VOLATILE',
      ...facts,
    };
    account.functions.set(name, fn);
    account.packedPython.set(name, (args) => {
      if ('table' in fn.returns) throw new Error('no table function');
      const code = { name, handler: 'f', source, imports: [], packages: [] };
      return runtime.callScalar({ code, parameters: fn.parameters, returns: fn.returns, timezone: zone }, args);
    });
  }

  const decimal = (precision: number, scale: number): fc.Arbitrary<string> =>
    fc.bigInt({ min: -(10n ** BigInt(precision)) + 1n, max: 10n ** BigInt(precision) - 1n }).map((digits) => {
      const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0');
      const point = text.length - scale;
      return `${digits < 0n ? '-' : ''}${text.slice(0, point)}${scale === 0 ? '' : `.${text.slice(point)}`}`;
    });
  // pandas keeps nanoseconds in 64 bits.
  const moment = (form: (iso: string) => string): fc.Arbitrary<string> =>
    fc
      .tuple(
        fc.date({ min: new Date('1700-01-01T00:00:00Z'), max: new Date('2200-01-01T00:00:00Z'), noInvalidDate: true }),
        fc.integer({ min: 0, max: 999 }),
      )
      .map(([date, micros]) => form(date.toISOString().replace('Z', String(micros).padStart(3, '0'))));
  const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

  const columns: readonly (readonly [SnowflakeType, fc.Arbitrary<string>])[] = [
    [types.number(4, 0), decimal(4, 0)],
    [types.number(9, 0), decimal(9, 0)],
    [types.number(18, 0), decimal(18, 0)],
    [types.number(38, 0), fc.oneof(decimal(38, 0), decimal(19, 0), decimal(5, 0))],
    [types.number(10, 2), decimal(10, 2)],
    [types.number(38, 37), decimal(38, 37)],
    [types.float, fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => `${String(value)}::FLOAT`)],
    [types.boolean, fc.boolean().map(String)],
    [types.varchar(), fc.string({ unit: 'grapheme' }).map(quoted)],
    [types.binary(), fc.uint8Array({ maxLength: 9 }).map((bytes) => `TO_BINARY('${Buffer.from(bytes).toString('hex')}')`)],
    [types.date, moment((iso) => `'${iso.slice(0, 10)}'::DATE`)],
    [types.time(), moment((iso) => `'${iso.slice(11)}'::TIME`)],
    [types.timestampNtz(), moment((iso) => `'${iso}'::TIMESTAMP_NTZ`)],
    [types.timestampLtz(), moment((iso) => `'${iso} +0200'::TIMESTAMP_LTZ`)],
    [types.timestampTz(), moment((iso) => `'${iso} -0330'::TIMESTAMP_TZ`)],
    [
      types.variant,
      fc
        .oneof(fc.integer(), fc.string(), fc.boolean(), fc.array(fc.integer()))
        .map((value) => `PARSE_JSON(${quoted(JSON.stringify(value))})`),
    ],
    [types.array, fc.array(fc.integer()).map((value) => `PARSE_JSON(${quoted(JSON.stringify(value))})::ARRAY`)],
    [types.object, fc.dictionary(fc.string(), fc.integer()).map((value) => `PARSE_JSON(${quoted(JSON.stringify(value))})::OBJECT`)],
  ];

  it.each(columns)('%o comes back as it was', async (type, values) => {
    define('SAME', scalar, type);
    define('SAMEVEC', vectorised, type);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(values), { minLength: 1, maxLength: 30 }), async (list) => {
        const rows = list.map((value, index) => `SELECT ${String(index)}, ${value ?? 'NULL'}`).join(' UNION ALL ');
        await account.run(`CREATE OR REPLACE TABLE v (n INT, x ${renderType(type)})`);
        await account.run(`INSERT INTO v ${rows}`);
        const given = await account.rows('SELECT x FROM v ORDER BY n');
        expect(await account.rows('SELECT same(x) FROM v ORDER BY n')).toEqual(given);
        expect(await account.rows('SELECT samevec(x) FROM v ORDER BY n')).toEqual(given);
      }),
      { numRuns: 5 },
    );
  });

  it('none of a table without rows', async () => {
    define('SAME', scalar, types.number());
    await account.run('CREATE OR REPLACE TABLE none (x INT)');
    expect(await account.rows('SELECT same(x) FROM none')).toEqual([]);
    expect(await account.rows('SELECT count(same(x)) FROM none')).toEqual([['0']]);
  });

  it('NaN and infinities are values, NULL is none', async () => {
    define('SAME', scalar, types.float);
    const values =
      "SELECT 1 n, 'NaN'::FLOAT x UNION ALL SELECT 2, 'inf'::FLOAT UNION ALL SELECT 3, '-inf'::FLOAT UNION ALL SELECT 4, NULL";
    const plain = await account.rows(`SELECT x, x IS NULL FROM (${values}) ORDER BY n`);
    expect(await account.rows(`SELECT same(x), same(x) IS NULL FROM (${values}) ORDER BY n`)).toEqual(plain);
  });

  it('results that do not fit their type are refused as before', async () => {
    define('LARGE', 'def f(x):\n    return 10000', types.number(3, 0));
    await expect(account.rows('SELECT large(1)')).rejects.toThrow('out of representable range');
  });

  it('batches of unlike results become one column', async () => {
    // The first batch is of plain integers, the second has one that is none.
    define('MIXED', 'import decimal\ndef f(x):\n    return decimal.Decimal("0.5") if x == 70000 else x', types.number());
    const numbers = 'SELECT row_number() OVER (ORDER BY 1) AS n FROM TABLE(GENERATOR(ROWCOUNT => 70000))';
    expect(await account.rows(`SELECT sum(mixed(n)), max(mixed(n)) FROM (${numbers})`)).toEqual([
      [String(69_999 * 35_000 + 1), '69999'],
    ]);
  });

  it('works inside a transaction, whose rows are not committed yet', async () => {
    define('SAME', scalar, types.number());
    await account.run('CREATE OR REPLACE TABLE t (x INT)');
    await account.connection.begin();
    await account.run('INSERT INTO t SELECT seq4() FROM TABLE(GENERATOR(ROWCOUNT => 5000))');
    expect(await account.rows('SELECT count(*) FROM (SELECT x, same(x) y FROM t) WHERE x = y')).toEqual([['5000']]);
    await account.connection.rollback();
  });

  describe('objects of a model', () => {
    // What snowflake-ml-python's generated function does, with a runner of our own.
    const method = (runner: string): string => `
import numpy as np, pandas as pd
from _snowflake import vectorized
Packager = type("ModelPackager", (), {"__module__": "snowflake.ml.model._packager.model_packager"})
pk = Packager()
def runner(df):
${runner}
@vectorized(input=pd.DataFrame)
def f(df):
    predictions_df = runner(df)
    return predictions_df.replace({pd.NA: None, np.nan: None}).to_dict("records")
`;
    const values = 'SELECT 0.5::FLOAT x UNION ALL SELECT 1 UNION ALL SELECT 1e-7 UNION ALL SELECT 0 UNION ALL SELECT 123456.25';
    const predict = (name: string, runner: string): void => {
      define(name, method(runner), types.float, { returns: types.object });
    };

    it.each([
      ['plain numbers', '    return pd.DataFrame({"b": df[0], "a": df[0] > 0.5, "n": [1] * len(df), "it\'s": -df[0]})'],
      ['single precision', '    return pd.DataFrame({"p": df[0].astype("float32") / 3})'],
      ['missing values', '    return pd.DataFrame({"a": df[0].where(df[0] > 0.5)})'],
      ['texts', '    return pd.DataFrame({"a": df[0].astype(str), "b": df[0]})'],
      ['keys of other scripts', '    return pd.DataFrame({"é": df[0], "z": df[0]})'],
    ])('of %s are the same as dictionaries', async (_, runner) => {
      predict('KEPT', runner);
      define('MADE', method(runner).replace('pk = Packager()', ''), types.float, { returns: types.object });
      const query = (name: string): string =>
        `SELECT p, p:a, p:a::VARCHAR, p:b::VARCHAR, p['p']::FLOAT, p:nothing FROM (SELECT x, ${name}(x) AS p FROM (${values})) ORDER BY x`;
      expect(await account.rows(query('kept'))).toEqual(await account.rows(query('made')));
      const nested = (name: string): string =>
        `WITH w AS (SELECT x, ${name}(x) AS p FROM (${values})) SELECT a.p:b, a.p:p::FLOAT, b.p['n']::FLOAT, b.p:nothing::FLOAT, a.p FROM w AS a JOIN (SELECT * FROM (SELECT x, ${name}(x) AS p FROM (${values})) ORDER BY p:b DESC LIMIT 9) AS b ON a.x = b.x WHERE a.x <> 1e-7 AND a.p:nothing IS NULL ORDER BY a.x`;
      expect(await account.rows(nested('kept'))).toEqual(await account.rows(nested('made')));
      const direct = (name: string): string =>
        `SELECT ${name}(x):b, ${name}(x):p::FLOAT, ${name}(x):n::FLOAT, ${name}(x):nothing::FLOAT FROM (${values}) WHERE x <> 1e-7 ORDER BY x`;
      expect(await account.rows(direct('kept'))).toEqual(await account.rows(direct('made')));
    });

    it('become text where a batch is not like those before it', async () => {
      predict('TURN', '    return pd.DataFrame({"a": df[0] if df[0].iloc[0] < 60000 else df[0].astype(str)})');
      const numbers = 'SELECT row_number() OVER (ORDER BY 1)::FLOAT AS n FROM TABLE(GENERATOR(ROWCOUNT => 70000))';
      expect(
        await account.rows(
          `SELECT count(*), sum(turn(n):a::FLOAT), max(typeof(turn(n):a)), min(typeof(turn(n):a)) FROM (${numbers})`,
        ),
      ).toEqual([['70000', '2450035000', 'VARCHAR', 'INTEGER']]);
    });
  });
});
