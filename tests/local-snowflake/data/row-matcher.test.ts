import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchedRows } from '../../../local-snowflake/data/native/match-functions.ts';
import { RowMatcher } from '../../../local-snowflake/data/native/row-matcher.ts';
import { parseRowPattern, type RowPattern } from '../../../local-snowflake/data/native/row-pattern.ts';

// https://docs.snowflake.com/en/sql-reference/constructs/match_recognize

const pattern = fc.letrec<{ part: RowPattern }>((tie) => ({
  part: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('a', 'b', 'c').map((name): RowPattern => ({ kind: 'symbol', name })),
    fc.constantFrom<RowPattern>({ kind: 'start' }, { kind: 'end' }),
    fc
      .tuple(fc.constantFrom('sequence' as const, 'alternatives' as const), fc.array(tie('part'), { minLength: 1, maxLength: 3 }))
      .map(([kind, parts]): RowPattern => ({ kind, parts })),
    fc
      .tuple(tie('part'), fc.nat(2), fc.constantFrom(0, 1, 2, Infinity), fc.boolean())
      .map(([part, least, more, greedy]): RowPattern => ({ kind: 'repeated', part, least, most: least + more, greedy })),
  ),
})).part;

/** The same pattern as a regular expression of JavaScript, over a text with a letter for each row. */
function expression(part: RowPattern): string {
  switch (part.kind) {
    case 'symbol':
      return part.name;
    case 'start':
      return '^';
    case 'end':
      return '$';
    case 'sequence':
      return `(?:${part.parts.map(expression).join('')})`;
    case 'alternatives':
      return `(?:${part.parts.map(expression).join('|')})`;
    case 'excluded':
      return expression(part.part);
    case 'repeated':
      return `(?:${expression(part.part)}){${String(part.least)},${part.most === Infinity ? '' : String(part.most)}}${part.greedy ? '' : '?'}`;
  }
}

test('matches what a regular expression over letters matches', () => {
  fc.assert(
    fc.property(pattern, fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 }), (tree, letters) => {
      const text = letters.join('');
      const matcher = new RowMatcher(tree);
      for (let start = 0; start < text.length; start += 1) {
        const sticky = new RegExp(expression(tree), 'uy');
        sticky.lastIndex = start;
        const found = matcher.match(start, text.length, (symbol, row) => text[row] === symbol);
        expect(found?.symbols.join('')).toBe(sticky.exec(text)?.[0]);
      }
    }),
  );
});

test('an alternative binds closer than a sequence', () => {
  const alternatives: RowPattern = {
    kind: 'alternatives',
    parts: [
      { kind: 'symbol', name: 'B' },
      { kind: 'symbol', name: 'C' },
    ],
  };
  expect(parseRowPattern('a b | c d')).toEqual({
    kind: 'sequence',
    parts: [{ kind: 'symbol', name: 'A' }, alternatives, { kind: 'symbol', name: 'D' }],
  });
});

test.each(['', 'a |', '(a', 'a)', '{- a', 'a{', 'a{}', 'PERMUTE(a', '* a', 'PERMUTE(a, b, c, d, e, f, g)'])(
  'refuses the pattern %s',
  (text) => {
    expect(() => parseRowPattern(text)).toThrow(/PATTERN|PERMUTE/u);
  },
);

test('a match of a hundred thousand rows needs no depth of its own', () => {
  const masks = Array.from({ length: 100_000 }, () => '1');
  const rows = matchedRows('a+', ['A'], { to: 'PAST' }, false, masks);
  expect(rows.length).toBe(masks.length);
  expect(rows.at(-1)).toEqual([100_000, 1, 100_000, 'A', 0, 1, 'M']);
});
