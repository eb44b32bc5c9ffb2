import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderType } from '../../../local-snowflake/sql/types.ts';
import { SmallAccount } from './support/small-account.ts';

describe('types of expressions', () => {
  let account: SmallAccount;

  beforeAll(async () => {
    account = await SmallAccount.open();
    await account.run(
      'CREATE TABLE t (n NUMBER(10,2) NOT NULL, m NUMBER(5,3), i INT, f FLOAT, s VARCHAR(20), b BOOLEAN, d DATE, ts TIMESTAMP_NTZ(3), tz TIMESTAMP_TZ, v VARIANT, a ARRAY, o OBJECT, x BINARY)',
    );
  });

  afterAll(async () => {
    await account.close();
  });

  const typeOf = async (expression: string): Promise<string> => {
    const [column] = await account.describe(`SELECT ${expression} FROM t`);
    if (column === undefined) throw new Error('no column');
    return `${renderType(column.type)}${column.nullable ? '' : ' NOT NULL'}`;
  };

  // https://docs.snowflake.com/en/sql-reference/operators-arithmetic#scale-and-precision-in-arithmetic-operations
  it.each([
    ['n + m', 'NUMBER(12,3)'],
    ['n - n', 'NUMBER(11,2) NOT NULL'],
    ['n * m', 'NUMBER(15,5)'],
    ['n / m', 'NUMBER(19,8)'],
    ['n / n', 'NUMBER(18,8) NOT NULL'],
    ['i / i', 'NUMBER(38,6)'],
    ['i % 3', 'NUMBER(38,0)'],
    ['-n', 'NUMBER(10,2) NOT NULL'],
    ['n + f', 'FLOAT'],
    ['1.50', 'NUMBER(3,2) NOT NULL'],
    ['1e3', 'NUMBER(4,0) NOT NULL'],
  ])('%s is %s', async (expression, type) => {
    expect(await typeOf(expression)).toBe(type);
  });

  it.each([
    ["s || 'abc'", 'VARCHAR(23)'],
    ["'abc'", 'VARCHAR(3) NOT NULL'],
    ['upper(s)', 'VARCHAR(20)'],
    ["coalesce(s, 'x')", 'VARCHAR(20) NOT NULL'],
    ['coalesce(m, n)', 'NUMBER(11,3) NOT NULL'],
    ['iff(b, n, m)', 'NUMBER(11,3)'],
    ['case when b then 1 else 2.5 end', 'NUMBER(2,1) NOT NULL'],
    ['case when b then 1 end', 'NUMBER(1,0)'],
    ['n = m', 'BOOLEAN'],
    ['n is null', 'BOOLEAN NOT NULL'],
    ['d + 1', 'DATE'],
    ['d - d', 'NUMBER(9,0)'],
    ['dateadd(day, 1, d)', 'DATE'],
    ['dateadd(hour, 1, d)', 'TIMESTAMP_NTZ(9)'],
    ['datediff(day, d, ts)', 'NUMBER(9,0)'],
    ['ts', 'TIMESTAMP_NTZ(3)'],
    ['ts::date', 'DATE'],
    ['current_timestamp()', 'TIMESTAMP_LTZ(9) NOT NULL'],
    ['v:a.b', 'VARIANT'],
    ['v:a::int', 'NUMBER(38,0)'],
    ['v:a::varchar(7)', 'VARCHAR(7)'],
    ['a[0]', 'VARIANT'],
    ['array_size(a)', 'NUMBER(9,0)'],
    ["object_construct('k', n)", 'OBJECT NOT NULL'],
    ['try_cast(s as number(4,1))', 'NUMBER(4,1)'],
    ['x', 'BINARY(8388608)'],
  ])('%s is %s', async (expression, type) => {
    expect(await typeOf(expression)).toBe(type);
  });

  // https://docs.snowflake.com/en/sql-reference/functions-aggregation
  it.each([
    ['count(*)', 'NUMBER(18,0) NOT NULL'],
    ['sum(n)', 'NUMBER(22,2)'],
    ['avg(n)', 'NUMBER(28,8)'],
    ['avg(i)', 'NUMBER(38,6)'],
    ['max(s)', 'VARCHAR(20)'],
    ['stddev(n)', 'FLOAT'],
    ['median(n)', 'NUMBER(13,5)'],
    ['array_agg(n)', 'ARRAY NOT NULL'],
    ['listagg(s)', 'VARCHAR(16777216) NOT NULL'],
    ['row_number() over (order by n)', 'NUMBER(18,0) NOT NULL'],
    ['sum(n) over (order by i)', 'NUMBER(22,2)'],
    ['lag(n) over (order by i)', 'NUMBER(10,2)'],
  ])('%s is %s', async (expression, type) => {
    expect(await typeOf(expression)).toBe(type);
  });

  it('makes columns of the outer side of a join nullable', async () => {
    const columns = await account.describe('SELECT l.n, r.n AS rn FROM t l LEFT JOIN t r ON l.n = r.n');
    expect(columns.map(({ name, nullable }) => [name, nullable])).toEqual([
      ['N', false],
      ['RN', true],
    ]);
  });

  it('names columns by what was written', async () => {
    const columns = await account.describe(`SELECT n, t.m, "N" + 1, count( * ), 'a"B', n as "lower", max(s)  from t group by all`);
    expect(columns.map(({ name }) => name)).toEqual(['N', 'M', '"N" + 1', 'COUNT( * )', `'A"B'`, 'lower', 'MAX(S)']);
  });
});
