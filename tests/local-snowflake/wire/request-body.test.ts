import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJsonBody } from '../../../local-snowflake/wire/request-body.ts';

function request(body: Buffer, headers: Record<string, string> = {}): IncomingMessage {
  const message = new IncomingMessage(new Socket());
  Object.assign(message.headers, headers);
  message.push(body);
  message.push(null);
  return message;
}

const gzip = { 'content-encoding': 'gzip' };

describe('readJsonBody', () => {
  it('reads what drivers send, compressed or not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const text = Buffer.from(JSON.stringify(value));
        const same = JSON.parse(text.toString()) as unknown;
        expect(await readJsonBody(request(text))).toEqual(same);
        expect(await readJsonBody(request(gzipSync(text), gzip))).toEqual(same);
        expect(await readJsonBody(request(deflateSync(text), { 'content-encoding': 'deflate' }))).toEqual(same);
      }),
      { numRuns: 20 },
    );
  });

  it('has no value for an empty body', async () => {
    expect(await readJsonBody(request(Buffer.alloc(0)))).toBeUndefined();
  });

  it.each([
    ['cut-off JSON', Buffer.from('{"data":{"PASSWORD":"secret'), {}, 400],
    ['text that is not gzip', Buffer.from('{}'), gzip, 400],
    ['cut-off gzip', gzipSync('{"a":1}').subarray(0, 12), gzip, 400],
    ['an unknown encoding', Buffer.from('{}'), { 'content-encoding': 'br' }, 415],
    ['a length above the limit', Buffer.from('{}'), { 'content-length': '1001' }, 413],
    ['a body above the limit', Buffer.from(`"${'x'.repeat(1000)}"`), {}, 413],
    ['few bytes that inflate to many', gzipSync(`"${'x'.repeat(100_000)}"`), gzip, 413],
  ])('refuses %s', async (_what, body, headers, status) => {
    const failure = await readJsonBody(request(body, headers), { maxBodyBytes: 1000, maxInflatedBytes: 10_000 }).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ name: 'MalformedRequest', statusCode: status });
    expect(String(failure)).not.toContain('secret');
  });
});
