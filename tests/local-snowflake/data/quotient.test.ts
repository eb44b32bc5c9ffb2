import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SmallAccount } from './support/small-account.ts';

interface Decimal {
  readonly digits: bigint;
  readonly precision: number;
  readonly scale: number;
}

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

/** Digits of a decimal of any size up to the given ones, small and large ones alike. */
const decimal = (longest: number, scale: number): fc.Arbitrary<Decimal> =>
  fc
    .integer({ min: Math.max(1, scale), max: longest })
    .chain((precision) =>
      fc
        .tuple(fc.integer({ min: 1, max: precision }), fc.boolean())
        .chain(([size, negative]) =>
          fc
            .bigInt({ min: 0n, max: 10n ** BigInt(size) - 1n })
            .map((digits) => ({ digits: negative ? -digits : digits, precision, scale })),
        ),
    );

function text({ digits, scale }: Decimal): string {
  const padded = magnitude(digits)
    .toString()
    .padStart(scale + 1, '0');
  const point = padded.length - scale;
  return `${digits < 0n ? '-' : ''}${padded.slice(0, point)}${scale === 0 ? '' : `.${padded.slice(point)}`}`;
}

const typed = (value: Decimal): string => `'${text(value)}'::NUMBER(${String(value.precision)},${String(value.scale)})`;

/** https://docs.snowflake.com/en/sql-reference/operators-arithmetic#division: scale, rounded half away from zero. */
function divided(a: Decimal, b: Decimal): string {
  const scale = Math.max(a.scale, Math.min(a.scale + 6, 12));
  const top = magnitude(a.digits) * 10n ** BigInt(scale + b.scale - a.scale);
  const bottom = magnitude(b.digits);
  const digits = (2n * top + bottom) / (2n * bottom);
  return text({ digits: a.digits < 0n !== b.digits < 0n ? -digits : digits, precision: 38, scale });
}

const zeroless = (cell: string | null | undefined): string | null | undefined =>
  /^-0\.?0*$/u.test(cell ?? '') ? cell?.slice(1) : cell;

describe('division of NUMBERs', () => {
  let account: SmallAccount;

  beforeAll(async () => {
    account = await SmallAccount.open();
  });

  afterAll(() => account.close());

  it('is exact, whatever the sizes of the operands', async () => {
    const operands = fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 9 })).chain(([scaleA, scaleB]) => {
      // What a result of 38 digits has room for.
      const shift = Math.max(scaleA, Math.min(scaleA + 6, 12)) + 1 + scaleB - scaleA;
      return fc.tuple(
        fc.array(decimal(Math.max(scaleA + 1, Math.min(37 - shift - scaleB, 37 - scaleA)), scaleA), {
          minLength: 1,
          maxLength: 20,
        }),
        decimal(28 - scaleB, scaleB).filter(({ digits }) => digits !== 0n),
      );
    });
    await fc.assert(
      fc.asyncProperty(operands, async ([dividends, divisor]) => {
        const precision = Math.max(...dividends.map((each) => each.precision));
        const same = dividends.map((each) => ({ ...each, precision }));
        const rows = same.map((each, index) => `SELECT ${String(index)} AS n, ${typed(each)} AS a`).join(' UNION ALL ');
        const found = await account.rows(`SELECT a / ${typed(divisor)} FROM (${rows}) ORDER BY n`);
        expect(found.map(([cell]) => cell)).toEqual(same.map((each) => zeroless(divided(each, divisor))));
      }),
      { numRuns: 150 },
    );
  });

  it('is exact at the edges of what 64 bits hold', async () => {
    const edges = [11, 12, 17, 18, 19].flatMap((size) => [
      10n ** BigInt(size) - 1n,
      10n ** BigInt(size),
      -(10n ** BigInt(size)) + 1n,
    ]);
    const divisors = [1n, 3n, 7n, 10n ** 17n - 1n, 10n ** 17n, 10n ** 18n - 1n, 10n ** 18n, -3n];
    const cases = edges.flatMap((a) => divisors.map((b): readonly [Decimal, Decimal] => [whole(a), whole(b)]));
    const list = cases.map(([a, b], index) => `SELECT ${String(index)} AS n, ${typed(a)} AS a, ${typed(b)} AS b`);
    const found = await account.rows(`SELECT a / b FROM (${list.join(' UNION ALL ')}) ORDER BY n`);
    expect(found.map(([cell]) => cell)).toEqual(cases.map(([a, b]) => zeroless(divided(a, b))));
  });

  it('of or by NULL is NULL, by zero an error, in wide and in narrow numbers', async () => {
    for (const type of ['NUMBER(38,0)', 'NUMBER(9,2)', 'NUMBER(38,10)']) {
      expect(await account.rows(`SELECT NULL::${type} / 3::${type}, 3::${type} / NULL::${type}`)).toEqual([[null, null]]);
      await expect(account.rows(`SELECT 1::${type} / (x - x) FROM (SELECT 1::${type} AS x)`)).rejects.toThrow('Division by zero');
    }
  });

  it('of divisions of divisions keeps its text short enough to run', async () => {
    const chain = Array.from({ length: 40 }, () => '/ k').join(' ');
    expect(await account.rows(`SELECT k ${chain} FROM (SELECT 1::NUMBER(9,0) AS k)`)).toEqual([['1.000000000000']]);
  });

  it('has a digit before the point, where the type has room for none', async () => {
    expect(await account.rows("SELECT x, x::VARCHAR, -x, TO_VARIANT(x) FROM (SELECT '0.50'::NUMBER(2,2) AS x)")).toEqual([
      ['0.50', '0.50', '-0.50', '0.5'],
    ]);
  });

  it('averages as exactly', async () => {
    expect(await account.rows('SELECT avg(x) FROM (SELECT 1::INT AS x UNION ALL SELECT 1 UNION ALL SELECT 0)')).toEqual([
      ['0.666667'],
    ]);
    expect(await account.rows('SELECT avg(x) FROM (SELECT 1::INT AS x) WHERE x > 1')).toEqual([[null]]);
    expect(await account.rows(`SELECT avg(x) FROM (SELECT '99999999999999999999'::INT AS x)`)).toEqual([
      ['99999999999999999999.000000'],
    ]);
  });
});

function whole(digits: bigint): Decimal {
  return { digits, precision: 25, scale: 0 };
}
