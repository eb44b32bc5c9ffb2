import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatDuration } from '../../pipeline/terminal/duration.ts';

it.each([
  [0, '0.0s'],
  [-5, '0.0s'],
  [449, '0.4s'],
  [12_345, '12.3s'],
  [59_949, '59.9s'],
  [59_950, '1m 00s'],
  [185_000, '3m 05s'],
  [3_599_499, '59m 59s'],
  [3_599_500, '1h 00m'],
  [7_620_000, '2h 07m'],
  [86_370_000, '1d 00h'],
  [356_400_000, '4d 03h'],
])('writes %i ms as %s', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});

it('never shows sixty of a smaller unit', () => {
  fc.assert(
    fc.property(fc.nat(30 * 86_400_000), (milliseconds) => {
      expect(formatDuration(milliseconds)).not.toMatch(/\b60(\.0)?[sm]/);
    }),
  );
});
