import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../local-snowflake/data/native/json-value.ts';
import { variantKey } from '../../../local-snowflake/data/native/variant-key.ts';

const key = (text: string): string => variantKey(parseJson(text));
// Adding zero turns -0 into 0, which toBe tells apart.
const sign = (value: number): number => Math.sign(value) + 0;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

describe('variantKey', () => {
  it('sorts numbers by their value, whatever their notation', () => {
    const number = fc.oneof(
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom(0, 1, 1.5, -1.5, 10),
    );
    const written = number.chain((value) => fc.constantFrom(String(value), value.toExponential()).map((text) => ({ value, text })));
    fc.assert(
      fc.property(written, written, (a, b) => {
        // Fifteen digits of a double are kept inside a VARIANT.
        fc.pre(a.value === b.value || Math.abs(a.value - b.value) > Math.abs(a.value) * 1e-14);
        expect(compare(key(a.text), key(b.text))).toBe(sign(a.value - b.value));
      }),
    );
  });

  it('sorts integers beyond what a double holds', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt(), (a, b) => {
        expect(compare(key(String(a)), key(String(b)))).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
  });

  it('sorts text by its code points', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(compare(key(JSON.stringify(a)), key(JSON.stringify(b)))).toBe(compare(a, b));
      }),
    );
  });

  it('sorts arrays item by item, a beginning before the whole', () => {
    const list = fc.array(fc.integer({ min: -20, max: 20 }), { maxLength: 4 });
    const expected = (a: readonly number[], b: readonly number[]): number => {
      for (const [index, item] of a.entries()) {
        const other = b[index];
        if (other === undefined) return 1;
        if (item !== other) return sign(item - other);
      }
      return sign(a.length - b.length);
    };
    fc.assert(
      fc.property(list, list, (a, b) => {
        expect(compare(key(JSON.stringify(a)), key(JSON.stringify(b)))).toBe(expected(a, b));
      }),
    );
  });

  it('sorts kinds apart', () => {
    const kinds = ['false', 'true', '-1', '9', '10', '""', '"10"', '"9"', '{}', '{"a":1}', '[]', '[1]', 'null'];
    expect([...kinds].reverse().sort((a, b) => compare(key(a), key(b)))).toEqual(kinds);
  });
});
