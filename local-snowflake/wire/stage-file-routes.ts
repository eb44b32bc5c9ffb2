import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { writeFileAtomically } from '../platform/atomic-file.ts';
import { presignedPrefix } from '../session/service.ts';
import { byteRange } from './byte-range.ts';
import type { WireContext } from './wire-context.ts';

/**
 * Files of stages by presigned URL, for clients that do not share the file system, and for GET_PRESIGNED_URL.
 * Bodies are stored as they come, whatever their Content-Encoding says of the file.
 */
export function stageFileRoutes(server: FastifyInstance, { service }: WireContext): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_request, payload, done) => {
    done(null, payload);
  });

  server.route({
    method: ['GET', 'HEAD'],
    url: `${presignedPrefix}*`,
    handler: async (request, reply) => {
      const file = await service.presigned(presignedPath(request), 'GET');
      if (file === undefined) return refused(reply, 403, 'This URL has expired or was never given out.');
      const facts = await stat(file.path).catch(() => undefined);
      if (facts?.isFile() !== true) return refused(reply, 404, 'There is no such file on the stage.');
      return sendFile(request, reply, file.path, facts);
    },
  });

  server.put(`${presignedPrefix}*`, async (request, reply) => {
    const file = await service.presigned(presignedPath(request), 'PUT');
    if (file === undefined) return refused(reply, 403, 'This URL has expired or was never given out.');
    await writeFileAtomically(file.path, request.body === undefined ? '' : (request.body as Readable));
    return reply.code(200).send();
  });
}

function presignedPath(request: FastifyRequest): string {
  // As it was given out: no decoding, no query string.
  return (request.raw.url ?? '').slice(presignedPrefix.length).replace(/\?.*$/su, '');
}

function refused(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).type('text/plain').send(`${message}\n`);
}

function sendFile(request: FastifyRequest, reply: FastifyReply, path: string, facts: { size: number; mtime: Date }): FastifyReply {
  const range = byteRange(request.headers.range, facts.size);
  reply
    .type('application/octet-stream')
    .header('accept-ranges', 'bytes')
    .header('last-modified', facts.mtime.toUTCString())
    .header('etag', `"${facts.size.toString(16)}-${facts.mtime.getTime().toString(16)}"`);
  if (range === 'unsatisfiable') {
    return reply
      .code(416)
      .header('content-range', `bytes */${String(facts.size)}`)
      .send();
  }
  const { start, end } = range ?? { start: 0, end: facts.size - 1 };
  if (range !== undefined) reply.code(206).header('content-range', `bytes ${String(start)}-${String(end)}/${String(facts.size)}`);
  reply.header('content-length', end - start + 1);
  if (request.method === 'HEAD' || facts.size === 0) return reply.send();
  return reply.send(createReadStream(path, { start, end }));
}
