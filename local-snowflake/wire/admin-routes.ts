import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { ServerAdministration } from '../session/service.ts';
import { bearerToken } from './authorization.ts';
import { queryParameter } from './fields.ts';

export interface AdminOptions {
  readonly administration: ServerAdministration;
  /** The secret that the commands read from a file which only the server's user can read. */
  readonly token: string;
  /** Shuts the server down, after the answer is sent. */
  readonly stop: () => void;
}

/** What the `local-snowflake` commands ask a running server. No part of Snowflake's protocol. */
export function adminRoutes(server: FastifyInstance, { administration, token, stop }: AdminOptions): void {
  void server.register((scope, _options, done) => {
    scope.addHook('onRequest', async (request, reply) => {
      if (sameSecret(bearerToken(request.headers.authorization) ?? '', token)) return;
      await reply.code(403).send({ message: "This needs the token from the data folder's server.json." });
    });
    scope.get('/admin/v1/status', () => administration.load());
    scope.get('/admin/v1/history', (request) => administration.history(Number(queryParameter(request.query, 'limit') ?? 100)));
    scope.get('/admin/v1/outbox', () => administration.outbox());
    scope.post('/admin/v1/stop', (_request, reply) => {
      reply.raw.once('finish', stop);
      return { stopping: true };
    });
    done();
  });
}

function sameSecret(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
