import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitRecords } from '../../../local-snowflake/data/copy/split-records.ts';

const [zip, unzip] = [promisify(gzip), promisify(gunzip)];

// https://docs.snowflake.com/en/sql-reference/sql/copy-into-location#copy-options-copyoptions, MAX_FILE_SIZE
it('splits records between files: nothing is lost, cut or moved, and no file is above the size but for a single record', async () => {
  const records = fc.array(
    fc.string().map((text) => `${text.replaceAll('\n', ' ')}\n`),
    { maxLength: 30 },
  );
  await fc.assert(
    fc.asyncProperty(records, fc.constantFrom('', 'head\n'), fc.integer({ min: 1, max: 100 }), async (all, head, most) => {
      const parts = await splitRecords({ head, records: all }, (bytes) => Promise.resolve(bytes), most);
      const texts = parts.map((part) => part.bytes.toString('utf8'));
      expect(texts.every((text) => text.startsWith(head))).toBe(true);
      expect(texts.map((text) => text.slice(head.length)).join('')).toBe(all.join(''));
      for (const part of parts) expect(part.rows <= 1 || part.bytes.length <= most).toBe(true);
      expect(parts.reduce((sum, part) => sum + part.rows, 0)).toBe(all.length);
    }),
  );
});

it('means the size as stored', async () => {
  const all = Array.from({ length: 2000 }, (_, index) => `${String(index)},${'a'.repeat(50)}\n`);
  const whole = await zip(Buffer.from(all.join('')));
  expect(await splitRecords({ head: '', records: all }, zip, whole.length)).toHaveLength(1);
  const parts = await splitRecords({ head: '', records: all }, zip, Math.ceil(whole.length / 2));
  expect(parts.length).toBeGreaterThanOrEqual(2);
  expect(parts.length).toBeLessThanOrEqual(4);
  const texts = await Promise.all(parts.map(async (part) => (await unzip(part.bytes)).toString('utf8')));
  expect(texts.join('')).toBe(all.join(''));
});
