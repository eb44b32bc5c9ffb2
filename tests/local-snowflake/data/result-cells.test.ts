import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { floatText, secondsText } from '../../../local-snowflake/sql/wire-number.ts';
import { SmallAccount } from './support/small-account.ts';

describe('cells of results', () => {
  let account: SmallAccount;

  beforeAll(async () => {
    account = await SmallAccount.open();
  });

  afterAll(async () => {
    await account.close();
  });

  it('writes numbers as casts to text do', async () => {
    const some = fc.sample(fc.double({ noNaN: true, noDefaultInfinity: true }), 200);
    const values = [...some, 0, 1, -1.5, 1e15, 1e16, 123456789012345680, 1e-4, 9.9e-5, 0.1 + 0.2, 5e-324, 1.7976931348623157e308];
    await account.run(
      `CREATE OR REPLACE TABLE f AS SELECT column1::FLOAT AS x FROM VALUES ${values.map((value) => `('${String(value)}')`).join(', ')}`,
    );
    const rows = await account.rows('SELECT x, x::VARCHAR FROM f');
    expect(rows.map(([cell]) => cell)).toEqual(rows.map(([, text]) => text));
    expect(rows.map(([cell]) => Number(cell))).toEqual(values.map((value) => (value === 0 ? 0 : value)));
  });

  it.each([
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'inf'],
    [Number.NEGATIVE_INFINITY, '-inf'],
    [-0, '0'],
    [1e-7, '1e-07'],
  ])('writes %d as %s', (value, text) => {
    expect(floatText(value)).toBe(text);
  });

  it.each([
    ['1704067200123456', 9, '1704067200.123456000'],
    ['1704067200123456', 3, '1704067200.123'],
    ['1704067200123456', 0, '1704067200'],
    ['-1500000', 9, '-1.500000000'],
    ['-1500000', 0, '-2'],
    ['-2000000', 0, '-2'],
    ['5', 6, '0.000005'],
  ])('writes %s microseconds with %i digits as %s seconds', (micros, digits, text) => {
    expect(secondsText(micros, digits)).toBe(text);
  });
});
