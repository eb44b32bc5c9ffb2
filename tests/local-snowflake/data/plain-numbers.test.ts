import fc from 'fast-check';
import { expect, test } from 'vitest';
import { floatText, parseJson, plainNumbers, writeJson } from '../../../local-snowflake/data/native/json-value.ts';

const doubles = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);

// https://docs.snowflake.com/en/sql-reference/data-types-semistructured#label-data-type-variant
test('floating-point numbers keep their value, with an exponent and without', () => {
  fc.assert(
    fc.property(doubles, (value) => {
      const marked = floatText(value);
      expect(Number(marked)).toBe(value);
      const plain = writeJson(plainNumbers(parseJson(marked)));
      expect(plain).toMatch(/^-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/u);
      expect(Number(plain) === value).toBe(true);
    }),
  );
});

test('numbers are plain at any depth, text is left alone', () => {
  expect(writeJson(plainNumbers(parseJson('{"a":[1.5e+00,"1e+00"],"b":2.0e+03}')))).toBe('{"a":[1.5,"1e+00"],"b":2000}');
});
