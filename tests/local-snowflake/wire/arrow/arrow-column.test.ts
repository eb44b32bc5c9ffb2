import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { types } from '../../../../local-snowflake/sql/types.ts';
import { arrowColumn } from '../../../../local-snowflake/wire/arrow/arrow-column.ts';
import type { ArrowType } from '../../../../local-snowflake/wire/arrow/arrow-field.ts';

// That drivers read the whole is tested with the Python connector: tests/clients/arrow-results.test.ts.
describe('a column as Arrow', () => {
  const widthOf = (cells: readonly (string | null)[], scale = 0): ArrowType =>
    arrowColumn(
      { name: 'N', type: types.number(38, scale), nullable: true },
      0,
      cells.map((cell) => [cell]),
    ).field.type;

  it.each([
    [['127', '-128', null], 0, 8],
    [['128'], 0, 16],
    [['-129'], 0, 16],
    [['1.27'], 2, 8],
    [['1.28'], 2, 16],
    [['32768'], 0, 32],
    [['2147483647', '-2147483648'], 0, 32],
    [['-2147483649'], 0, 64],
    [['9'.repeat(18)], 0, 64],
    [[`-${'9'.repeat(18)}`], 0, 64],
    [[], 0, 8],
  ])('of the numbers %j of scale %i has integers of %i bits', (cells, scale, bits) => {
    expect(widthOf(cells, scale)).toEqual({ kind: 'int', bits });
  });

  it('of longer numbers has decimals', () => {
    expect(widthOf(['1', '9'.repeat(19)])).toEqual({ kind: 'decimal', precision: 38, scale: 0 });
    expect(widthOf([`-1${'0'.repeat(12)}.000000`], 6)).toEqual({ kind: 'decimal', precision: 38, scale: 6 });
  });

  it('has each number where its width puts it', () => {
    const number = fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n });
    const small = fc.integer({ min: -200, max: 200 }).map(BigInt);
    const long = fc.bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n });
    fc.assert(
      fc.property(fc.oneof(fc.array(number), fc.array(small), fc.array(long)), fc.integer({ min: 0, max: 12 }), (values, scale) => {
        const cells = values.map((value) => pointed(value, scale));
        const column = arrowColumn(
          { name: 'N', type: types.number(38, scale), nullable: false },
          0,
          cells.map((cell) => [cell]),
        );
        const { type } = column.field;
        const [, data = new Uint8Array()] = column.encode(cells).buffers;
        const bytes = type.kind === 'int' ? type.bits / 8 : 16;
        expect(values.map((_, index) => whole(data.subarray(index * bytes, (index + 1) * bytes)))).toEqual(values);
      }),
    );
  });

  it('has the text of each row between two offsets', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.string({ unit: 'grapheme' }))), (cells) => {
        const column = arrowColumn({ name: 'S', type: types.varchar(), nullable: true }, 0, []);
        const [validity = new Uint8Array(), offsets = new Uint8Array(), data = new Uint8Array()] = column.encode(cells).buffers;
        const ends = new Int32Array(offsets.buffer);
        const read = cells.map((_, index) => {
          const there = validity.length === 0 || ((validity[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
          return there ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(data.subarray(ends[index], ends[index + 1])) : null;
        });
        expect(read).toEqual(cells);
      }),
    );
  });

  it.each([
    ['1.500000000', 1n, 500_000_000n],
    ['-1.500000000', -2n, 500_000_000n],
    ['-0.250000000', -1n, 750_000_000n],
    ['-3.000000000', -3n, 0n],
    ['253402300799.999999000', 253_402_300_799n, 999_999_000n],
  ])('of the moment %s has the seconds before it', (cell, epoch, fraction) => {
    const column = arrowColumn({ name: 'T', type: types.timestampNtz(9), nullable: false }, 0, []);
    const [, , seconds = new Uint8Array(), , nanos = new Uint8Array()] = column.encode([cell]).buffers;
    expect([whole(seconds), whole(nanos)]).toEqual([epoch, fraction]);
  });
});

/** A whole number of units as decimal text with the scale's digits. */
function pointed(value: bigint, scale: number): string {
  if (scale === 0) return String(value);
  const text = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  return `${value < 0n ? '-' : ''}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}

/** Little-endian, two's complement. */
function whole(bytes: Uint8Array): bigint {
  const value = [...bytes].reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
  return BigInt.asIntN(bytes.length * 8, value);
}
