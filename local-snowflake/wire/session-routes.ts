import type { FastifyInstance } from 'fastify';
import { snowflakeToken } from './authorization.ts';
import { succeeded } from './envelope.ts';
import { queryParameter } from './fields.ts';
import { MalformedRequest } from './malformed-request.ts';
import type { WireContext } from './wire-context.ts';

/** Keeping a session alive, ending it, and the telemetry that drivers send along. */
export function sessionRoutes(server: FastifyInstance, { service }: WireContext): void {
  const close = async (authorization: string | undefined): Promise<unknown> => {
    await service.sessionOf(snowflakeToken(authorization)).close();
    return succeeded();
  };

  server.post('/session/heartbeat', (request) => {
    service.sessionOf(snowflakeToken(request.headers.authorization)).heartbeat();
    return succeeded();
  });

  server.post('/session', (request) => {
    if (queryParameter(request.query, 'delete') !== 'true') {
      throw new MalformedRequest(400, 'POST /session ends a session: it wants the parameter delete=true.');
    }
    return close(request.headers.authorization);
  });

  server.post('/session/logout', (request) => close(request.headers.authorization));

  // Telemetry is for Snowflake the company; nothing here keeps it.
  server.post('/telemetry/send', () => succeeded('Log Received'));
  server.post('/telemetry/send/sessionless', () => succeeded('Log Received'));
}
