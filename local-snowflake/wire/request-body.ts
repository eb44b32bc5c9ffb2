import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, gunzipSync, inflateSync } from 'node:zlib';
import { MalformedRequest } from './malformed-request.ts';

/** Bytes of a request's body as it travels. */
export const maxBodyBytes = 64 * 1024 * 1024;
/** Bytes of the body once inflated. Stops a few kilobytes of gzip from filling the memory. */
export const maxInflatedBytes = 256 * 1024 * 1024;

const smallBody = 256 * 1024;
const gunzipLater = promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip);

/**
 * The JSON value in a request's body, which drivers send with or without gzip; undefined for an empty body.
 * @throws MalformedRequest 400 for JSON or gzip that cannot be read, 413 when too large, 415 for another encoding
 */
export async function readJsonBody(request: IncomingMessage, limits = { maxBodyBytes, maxInflatedBytes }): Promise<unknown> {
  const body = await readBytes(request, limits.maxBodyBytes);
  if (body.length === 0) return undefined;
  const plain = await inflate(body, request.headers['content-encoding'] ?? '', limits.maxInflatedBytes);
  try {
    return JSON.parse(plain.toString('utf8')) as unknown;
  } catch {
    // The parser's own message quotes the body, which may hold a password.
    throw new MalformedRequest(400, 'The request body is not valid JSON.');
  }
}

/** By events: iterating over a request costs several times what reading a statement does. */
function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limit) return Promise.reject(tooLarge(limit));
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    request.on('data', (part: Buffer) => {
      size += part.length;
      parts.push(part);
      if (size <= limit) return;
      // What is still to come is thrown away once the answer has been sent.
      request.pause();
      reject(tooLarge(limit));
    });
    request.on('end', () => {
      resolve(Buffer.concat(parts, size));
    });
    request.on('error', reject);
    request.on('close', () => {
      reject(new MalformedRequest(400, 'The request was broken off.'));
    });
  });
}

async function inflate(body: Buffer, encoding: string, limit: number): Promise<Buffer> {
  const options = { maxOutputLength: limit };
  try {
    switch (encoding.trim().toLowerCase()) {
      case '':
      case 'identity':
        return body;
      case 'gzip':
        // A hop to the thread pool costs more than inflating a statement does.
        return body.length <= smallBody ? gunzipSync(body, options) : await gunzipLater(body, options);
      case 'deflate':
        return inflateSync(body, options);
    }
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(limit);
    throw new MalformedRequest(400, `The request body is not valid ${encoding}.`);
  }
  throw new MalformedRequest(415, `Content-Encoding '${encoding}' is not supported; send gzip or nothing.`);
}

function tooLarge(limit: number): MalformedRequest {
  return new MalformedRequest(413, `The request body is larger than ${String(limit)} bytes.`);
}
