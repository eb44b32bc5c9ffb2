import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunkText, paginate } from '../../../local-snowflake/wire/result-pages.ts';

const row = fc.array(fc.option(fc.string(), { nil: null }), { minLength: 2, maxLength: 2 });
const limits = { inlineLimit: 100, firstPageLimit: 20, chunkLimit: 50 };

describe('paginate', () => {
  it('puts every row into exactly one page, in order', () => {
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        const { inline, chunks } = paginate(rows, limits);
        const pages = [inline, ...chunks];
        expect(pages.flatMap((page) => rows.slice(page.from, page.to))).toEqual(rows);
        expect(pages.at(0)?.from).toBe(0);
        expect(pages.at(-1)?.to).toBe(rows.length);
      }),
    );
  });

  it('keeps chunks below their limit unless one row alone is above it, and never makes an empty one', () => {
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        for (const chunk of paginate(rows, limits).chunks) {
          expect(chunk.to).toBeGreaterThan(chunk.from);
          if (chunk.to - chunk.from > 1) expect(chunk.characters).toBeLessThanOrEqual(limits.chunkLimit);
        }
      }),
    );
  });

  it('leaves a result of ordinary size in one piece', () => {
    const rows = Array.from({ length: 1000 }, (_, index) => [String(index), null]);
    expect(paginate(rows).chunks).toEqual([]);
  });

  it('starts with an empty page when the first row is larger than one', () => {
    const { inline, chunks } = paginate([['x'.repeat(200)], ['y']], limits);
    expect(inline).toMatchObject({ from: 0, to: 0 });
    expect(chunks.map(({ from, to }) => [from, to])).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });
});

it('chunkText is a JSON array without its brackets', () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 1 }), (rows) => {
      expect(JSON.parse(`[${chunkText(rows)}]`)).toEqual(rows);
    }),
  );
});
