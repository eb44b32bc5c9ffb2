import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteRange } from '../../../local-snowflake/wire/byte-range.ts';

// https://www.rfc-editor.org/rfc/rfc9110#name-range
describe('byteRange', () => {
  it.each([
    ['bytes=0-499', 10_000, { start: 0, end: 499 }],
    ['bytes=500-', 10_000, { start: 500, end: 9999 }],
    ['bytes=-500', 10_000, { start: 9500, end: 9999 }],
    ['bytes=-20000', 10_000, { start: 0, end: 9999 }],
    ['bytes=9500-20000', 10_000, { start: 9500, end: 9999 }],
    ['bytes=10000-', 10_000, 'unsatisfiable'],
    ['bytes=-0', 10_000, 'unsatisfiable'],
    ['bytes=0-0', 0, 'unsatisfiable'],
    ['bytes=5-2', 10_000, undefined],
    ['bytes=0-1,4-5', 10_000, undefined],
    ['bytes=-', 10_000, undefined],
    ['items=0-1', 10_000, undefined],
    [undefined, 10_000, undefined],
  ] as const)('%s of %i bytes', (header, size, expected) => {
    expect(byteRange(header, size)).toEqual(expected);
  });

  it('never leaves the file', () => {
    const number = fc.option(fc.nat(200), { nil: undefined });
    fc.assert(
      fc.property(number, number, fc.nat(100), (first, last, size) => {
        const range = byteRange(`bytes=${String(first ?? '')}-${String(last ?? '')}`, size);
        if (typeof range !== 'object') return;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.end).toBeGreaterThanOrEqual(range.start);
        expect(range.end).toBeLessThan(size);
      }),
    );
  });
});
