import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameReader, encodeFrame } from '../../../local-snowflake/runtime/frame-codec.ts';
import { OutputTail } from '../../../local-snowflake/runtime/output-tail.ts';

test('frames come out as they went in, however the bytes are cut', () => {
  const frame = fc.record({ header: fc.dictionary(fc.string(), fc.jsonValue()), payload: fc.uint8Array({ maxLength: 300 }) });
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 8 }), fc.infiniteStream(fc.integer({ min: 1, max: 50 })), (frames, sizes) => {
      const bytes = Buffer.concat(frames.map((each) => encodeFrame(each.header, each.payload)));
      const reader = new FrameReader();
      const out = [];
      for (let start = 0; start < bytes.length;) {
        const size = sizes.next().value as number;
        out.push(...reader.push(bytes.subarray(start, start + size)));
        start += size;
      }
      expect(out.map(({ header, payload }) => ({ header: JSON.stringify(header), payload: [...payload] }))).toEqual(
        frames.map(({ header, payload }) => ({ header: JSON.stringify(header), payload: [...payload] })),
      );
    }),
  );
});

test('bytes that are no frame are refused', () => {
  expect(() => new FrameReader().push(Buffer.from('GET / HTTP/1.1\r\n'))).toThrow('not a frame');
});

test('a tail holds the last bytes, whole characters only', () => {
  const tail = new OutputTail(5);
  for (const piece of ['abc', 'deé', 'fgh']) tail.add(Buffer.from(piece));
  expect(tail.text()).toBe('éfgh');
  const cut = new OutputTail(4);
  cut.add(Buffer.from('éfgh'));
  expect(cut.text()).toBe('fgh');
});
