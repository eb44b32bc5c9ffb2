import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { snappyCompress, snappyDecompress } from '../../../local-snowflake/data/native/snappy.ts';

const blocks = fc.array(
  fc.uint8Array({ maxLength: 200 }).chain((block) => fc.nat(400).map((times) => [block, times] as const)),
  {
    maxLength: 8,
  },
);

// https://github.com/google/snappy/blob/main/format_description.txt
describe('Snappy blocks', () => {
  test('what was compressed comes back', () => {
    fc.assert(
      fc.property(blocks, (parts) => {
        const bytes = Buffer.concat(parts.flatMap(([block, times]) => Array.from({ length: times }, () => block)));
        expect(Buffer.from(snappyDecompress(snappyCompress(bytes))).equals(bytes)).toBe(true);
      }),
    );
  });

  test('a copy may reach into what it writes', () => {
    // Seven bytes: the literal "ab", then five bytes from two back.
    expect(Buffer.from(snappyDecompress(Uint8Array.of(7, 1 << 2, 0x61, 0x62, (1 << 2) | 1, 2))).toString()).toBe('abababa');
  });

  test('other bytes are refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          snappyDecompress(bytes);
        } catch (error) {
          expect(error).toMatchObject({ message: expect.stringContaining('not a Snappy block') as string });
        }
      }),
    );
    expect(() => snappyDecompress(Uint8Array.of(9, 0x20))).toThrow('not a Snappy block');
  });
});
