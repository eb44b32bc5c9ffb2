import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { fastify, type FastifyError, type FastifyInstance, type FastifyRequest } from 'fastify';
import { asSnowflakeError, SnowflakeError } from '../errors/snowflake-error.ts';
import { type Clock, SystemClock } from '../platform/clock.ts';
import { type IdSource, systemIds } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import type { SnowflakeService } from '../session/service.ts';
import { ChunkStore } from './chunk-store.ts';
import { chunkRoutes } from './chunk-routes.ts';
import { failed } from './envelope.ts';
import { loginRoutes } from './login-routes.ts';
import { ingressRoutes } from './ingress-routes.ts';
import { LongPoll } from './long-poll.ts';
import { MalformedRequest } from './malformed-request.ts';
import { queryRoutes } from './query-routes.ts';
import { readJsonBody } from './request-body.ts';
import { restApi } from './rest/rest-routes.ts';
import { sessionRoutes } from './session-routes.ts';
import { stageFileRoutes } from './stage-file-routes.ts';
import type { WireContext } from './wire-context.ts';

export interface WireOptions {
  readonly service: SnowflakeService;
  readonly logger: Logger;
  /** 0, the default: one that is free. */
  readonly port?: number;
  /** Serves sockets, so real time unless a test wants to skip the 45 s after which drivers are told to poll on. */
  readonly clock?: Clock;
  readonly ids?: IdSource;
  /** More routes on the same port, for example the administration's. */
  readonly extend?: (server: FastifyInstance) => void;
}

export interface WireServer {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  readonly port: number;
  /** Lets waiting requests answer, then closes every connection. Leaves the service open. */
  close(): Promise<void>;
}

/** Nobody outside this machine can connect. */
const host = '127.0.0.1';
/** Compressing shorter answers costs more than sending them over the loopback interface. */
const compressFrom = 1024 * 1024;
const compress = promisify<string, { level: number }, Buffer>(gzip);

/** Serves Snowflake's driver protocol over HTTP. @throws the system's error (EADDRINUSE, …) when it cannot listen */
export async function startWireServer(options: WireOptions): Promise<WireServer> {
  const { service, logger, port = 0, clock = new SystemClock(), ids = systemIds } = options;
  const context: WireContext = { service, logger, clock, ids, longPoll: new LongPoll(clock), chunks: new ChunkStore(clock, ids) };
  const server = fastify({
    logger: false,
    forceCloseConnections: true,
    // Drivers keep connections for minutes and repeat a request whose socket was closed under it.
    keepAliveTimeout: 15 * 60 * 1000,
    routerOptions: { maxParamLength: 8192, ignoreDuplicateSlashes: true },
  });
  answerErrors(server, logger);
  compressLargeAnswers(server);
  // Each in a scope of its own: a stage file's body is stored as it comes, every other body is JSON.
  await server.register((scope) => {
    stageFileRoutes(scope, context);
  });
  await server.register((scope) => {
    ingressRoutes(scope, context);
  });
  await server.register((scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request: FastifyRequest, payload: IncomingMessage) => readJsonBody(payload));
    loginRoutes(scope, context);
    sessionRoutes(scope, context);
    queryRoutes(scope, context);
    chunkRoutes(scope, context);
    restApi(scope, context);
    options.extend?.(scope);
  });
  await server.listen({ host, port });
  const origin = `http://${host}:${String(listeningPort(server))}`;
  service.listeningAt(origin);
  return {
    origin,
    port: listeningPort(server),
    close: async () => {
      context.longPoll.close();
      await server.close();
    },
  };
}

function listeningPort(server: FastifyInstance): number {
  const address = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port');
  return address.port;
}

/** Faults of statements and sessions are HTTP 200; a 5xx would make drivers repeat the request for minutes. */
function answerErrors(server: FastifyInstance, logger: Logger): void {
  server.setErrorHandler<FastifyError>((error, request, reply) => {
    if (error instanceof SnowflakeError) return reply.code(200).send(failed(error));
    const status = error instanceof MalformedRequest ? error.statusCode : (error.statusCode ?? 500);
    if (status >= 400 && status < 500) {
      return reply.code(status).send({ data: null, code: MalformedRequest.code, message: error.message, success: false });
    }
    logger.error({ err: error, route: request.routeOptions.url }, 'request failed');
    return reply.code(200).send(failed(asSnowflakeError(error)));
  });
  server.setNotFoundHandler((request, reply) => {
    const path = request.url.replace(/\?.*$/su, '');
    return reply.code(404).send({
      data: null,
      code: MalformedRequest.code,
      message: `${request.method} ${path} is not part of the protocol that the local Snowflake speaks.`,
      success: false,
    });
  });
}

function compressLargeAnswers(server: FastifyInstance): void {
  server.addHook('onSend', async (request, reply, payload) => {
    if (typeof payload !== 'string' || payload.length < compressFrom) return payload;
    if (!/\bgzip\b/u.test(request.headers['accept-encoding'] ?? '')) return payload;
    reply.header('content-encoding', 'gzip').removeHeader('content-length');
    return compress(payload, { level: constants.Z_BEST_SPEED });
  });
}
