import { describe, expect, it } from 'vitest';
import { column } from '../../../local-snowflake/sql/result-set.ts';
import { types } from '../../../local-snowflake/sql/types.ts';
import { encodeRows, withScale } from '../../../local-snowflake/wire/cell-text.ts';

describe('withScale', () => {
  // The Python connector reads the digits behind the point as a whole number in the column's scale
  // (snowflake/connector/converter.py, get_seconds_microseconds).
  it.each([
    ['1700000000.123456789', 9, '1700000000.123456789'],
    ['1700000000.123456789', 3, '1700000000.123'],
    ['1700000000.123456789', 0, '1700000000'],
    ['1700000000', 2, '1700000000.00'],
    ['-1.500000000', 1, '-1.5'],
    ['1700000000.100000000 1500', 3, '1700000000.100 1500'],
  ])('%s in scale %i', (cell, scale, expected) => {
    expect(withScale(cell, scale)).toBe(expected);
  });
});

it('encodeRows changes times only', () => {
  const columns = [column('N', types.number(10, 2)), column('T', types.timestampNtz(0)), column('V'), column('D', types.date)];
  expect(
    encodeRows(columns, [
      ['1.50', '1.000000000', '1.000', '19000'],
      [null, null, null, null],
    ]),
  ).toEqual([
    ['1.50', '1', '1.000', '19000'],
    [null, null, null, null],
  ]);
});
