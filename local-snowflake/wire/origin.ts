import type { FastifyRequest } from 'fastify';

/**
 * Scheme, host and port by which the client reaches this server, for example `http://127.0.0.1:8085`. From the Host
 * header, so that URLs in answers also work through a forwarded port.
 */
export function originOf(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}`;
}
