import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addedLines } from '../../pipeline/run/job-tails.ts';

describe('lines added to a log', () => {
  it('are what follows the last window', () => {
    expect(addedLines([], ['a', 'b'])).toEqual(['a', 'b']);
    expect(addedLines(['a', 'b'], ['a', 'b'])).toEqual([]);
    expect(addedLines(['a', 'b'], ['a', 'b', 'c'])).toEqual(['c']);
    expect(addedLines(['a', 'b', 'c'], ['b', 'c', 'd'])).toEqual(['d']);
    expect(addedLines(['a', 'b'], ['x', 'y'])).toEqual(['x', 'y']);
    expect(addedLines(['a'], [])).toEqual([]);
  });

  it('add up to the whole log, however it grows, when no line repeats and each look overlaps the last', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { maxLength: 30 }), fc.integer({ min: 10, max: 20 }), (growth, size) => {
        const log: string[] = [];
        const collected: string[] = [];
        let window: readonly string[] = [];
        for (const count of growth) {
          for (let at = 0; at < count; at++) log.push(`line ${log.length}`);
          const next = log.slice(-size);
          collected.push(...addedLines(window, next));
          window = next;
        }
        expect(collected).toEqual(log);
      }),
    );
  });
});
