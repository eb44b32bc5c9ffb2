import { expect, test } from 'vitest';
import { bunzip2 } from '../../../local-snowflake/data/copy/bzip2.ts';

// Made by Python's bz2.
const table = 'QlpoOTFBWSZTWaAwe34AAAbZAAAQAAQwADYjIAAxANNNBAMQIEFFl0b17fi7kinChIUBg9vw';
const runs =
  'QlpoOTFBWSZTWYToUegAAMZ/////////////////////////////////////////////wAIcAAEmAAmAAJgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAkwAEwABMAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEmAAmAAJgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAFVUggAmGpgAATAAAJgAmATEyYDTQAARkZMBppMmmBMCegAEZNGCMAABGJgAAA1MmEyYGgh4L3QIIhCFI4R0jxHyQEhJESMkhJT4CTEnJQSkhj4SVErJYS0lxLyYExJkTMmhNSbE3JwTknROz4ieE9J8T8oBQShFDKIUUoxRykFJKUUsphTSnFPPjKgVEqRUyqFVKsVcrBWStHyFbK4V0rxXywFhLEfKWMshZT5izFnPnLQWktRay2FtLcQ5DwIiNgREILgQRCoyDIMuRcy6F1LsXcvBeS9F7L4X0vxfz6D6TAGBPqPrMEYM+wwhhTDGHMQYkxREmLIoxh9pjTHH3GPPvMgZEyRkzKGVPwMsZczBmTNGbPxIszhnTPGfNAaE0RozSGlNMac1B+R+ZqTVH6GrP1P2NYa01xrzYH7n8GxNkbM2htTbG3Nwbk3RuzeG9N8b84BwThHDP5P6OIcU4x/ZxzkHJOUcs5hzTnHPOgdE6R0zqHVOsdc7B2TtHbO4d0iYwij/DvHfP9PAeE8R4z/jyHlP/PMec9B6T1HrIaBGkWew9p7j3i7kinChIQnQo9AA==';

const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64');

test('a text', () => {
  expect(bunzip2(bytes(table)).toString()).toBe('id,name\n1,a\n2,b\n');
});

test('runs of one byte, and every byte', () => {
  const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  expect(bunzip2(bytes(runs))).toEqual(Buffer.concat([Buffer.from('a'.repeat(1000) + 'bbbaaaa'), every, every, every, every]));
});

test('files one behind the other', () => {
  expect(bunzip2(Buffer.concat([bytes(table), bytes(table)])).toString()).toBe('id,name\n1,a\n2,b\n'.repeat(2));
});

test.each([
  ['another file', Buffer.from('id,name'), 'not a bzip2 file'],
  ['half a file', bytes(table).subarray(0, 30), 'the file ends too early'],
  ['a damaged file', Buffer.from(bytes(table).map((byte, index) => (index === 11 ? byte ^ 1 : byte))), 'checksum'],
])('%s is refused', (_, file, message) => {
  expect(() => bunzip2(file)).toThrow(message);
});
