import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { arrowStream } from './arrow/arrow-stream.ts';
import { encodeRows } from './cell-text.ts';
import { chunkText } from './result-pages.ts';
import type { WireContext } from './wire-context.ts';

const compress = promisify<string | Buffer, { level: number }, Buffer>(gzip);

/**
 * The chunks of large results, as drivers fetch them from cloud storage: gzip, an Arrow stream or a JSON array
 * without its brackets.
 * 403 for what is gone makes drivers ask for the result, and so for new URLs, again.
 */
export function chunkRoutes(server: FastifyInstance, { chunks }: WireContext): void {
  server.get<{ Params: { token: string; index: string } }>('/result-chunks/:token/:index', async (request, reply) => {
    const result = chunks.find(request.params.token);
    const page = result?.chunks[Number(request.params.index)];
    if (result === undefined || page === undefined) {
      return reply.code(403).type('text/plain').send('This result chunk has expired.\n');
    }
    const outcome = await result.session.query(result.queryId).outcome();
    if (outcome.kind !== 'result') throw new Error('chunks of a statement without rows');
    const { columns, rows } = outcome.result;
    const plain = result.arrow
      ? arrowStream(outcome.result, page.from, page.to)
      : chunkText(encodeRows(columns, rows.slice(page.from, page.to)));
    const bytes = await compress(plain, { level: constants.Z_BEST_SPEED });
    // Not JSON by its type: the text is only a part of an array, and the Node.js driver parses what calls itself JSON.
    return reply.type('application/octet-stream').header('content-encoding', 'gzip').send(bytes);
  });
}
