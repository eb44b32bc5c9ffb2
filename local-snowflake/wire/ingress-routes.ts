import { Agent, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import { ingressPrefix } from '../session/service.ts';
import type { WireContext } from './wire-context.ts';

// https://docs.snowflake.com/en/developer-guide/snowpark-container-services/service-network-communications#ingress-connection-timeout
const patience = 90_000;
const hopByHop = new Set(['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer', 'upgrade']);
const scrubbedFromRequests = new Set([...hopByHop, 'host', 'authorization', 'x-sf-spcs-authorization', 'sf-context-current-user']);
const scrubbedFromAnswers = new Set([...hopByHop, 'x-xss-protection', 'server', 'x-powered-by', 'public-key-pins']);
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/**
 * Public endpoints of services: `http://127.0.0.1:<port>/ingress/<host>/<path>`, and the exchange of a JWT for a token.
 * https://docs.snowflake.com/en/developer-guide/snowpark-container-services/service-network-communications
 */
export function ingressRoutes(server: FastifyInstance, context: WireContext): void {
  server.removeAllContentTypeParsers();
  // Bodies go through as they come.
  server.addContentTypeParser('*', (_request, payload, done) => {
    done(null, payload);
  });
  const agent = new Agent({ keepAlive: true });
  server.addHook('onClose', () => {
    agent.destroy();
  });
  server.route({
    method: methods,
    url: `${ingressPrefix}*`,
    handler: (request, reply) => {
      reply.hijack();
      void pass(request.raw, reply.raw, agent, context);
    },
  });

  server.post('/oauth/token', async (request, reply) => {
    const form = new URLSearchParams(await text(request.body as IncomingMessage | undefined));
    if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer')
      return reply.code(400).type('text/plain').send('grant_type must be urn:ietf:params:oauth:grant-type:jwt-bearer\n');
    try {
      const token = await context.service.exchangeToken({ assertion: form.get('assertion') ?? '', scope: form.get('scope') ?? '' });
      return await reply.type('text/plain').send(token);
    } catch (error) {
      if (!(error instanceof SnowflakeError)) throw error;
      return reply.code(401).type('text/plain').send(`${error.message}\n`);
    }
  });
}

async function text(body: IncomingMessage | undefined): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of body ?? []) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

async function pass(request: IncomingMessage, response: ServerResponse, agent: Agent, context: WireContext): Promise<void> {
  const [host, path] = split(request.url ?? '');
  const gone = new AbortController();
  const cancelTimeout = context.clock.at(context.clock.now() + patience, () => {
    gone.abort();
  });
  response.once('close', () => {
    cancelTimeout();
    gone.abort();
  });
  try {
    const entry = await context.service.enterEndpoint({ host, token: tokenOf(request), signal: gone.signal });
    if (entry.kind === 'refused') {
      refuse(response, entry.status, entry.reason);
      return;
    }
    response.once('close', () => {
      entry.leave();
    });
    // Gone while it waited for an instance: `close` has been and does not come again.
    if (gone.signal.aborted) {
      entry.leave();
      refuse(response, 504, 'the service took too long');
      return;
    }
    const headers = { ...kept(request.headers, scrubbedFromRequests), 'sf-context-current-user': entry.user };
    const onward = send(
      { agent, host: entry.address, port: entry.port, path, method: request.method, headers, signal: gone.signal },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, kept(answer.headers, scrubbedFromAnswers));
        answer.pipe(response);
      },
    );
    onward.once('error', (error) => {
      if (response.headersSent) response.destroy();
      else refuse(response, 502, `the service did not answer: ${error.message}`);
    });
    request.pipe(onward);
  } catch (error) {
    context.logger.error({ err: error }, 'a request to a public endpoint failed');
    refuse(response, 500, 'internal error');
  }
}

/** `/ingress/<host>/<path>?<query>` → host and the rest. */
function split(url: string): [string, string] {
  const rest = url.slice(ingressPrefix.length);
  const end = rest.search(/[/?]/u);
  if (end < 0) return [rest, '/'];
  return [rest.slice(0, end), rest.charAt(end) === '/' ? rest.slice(end) : `/${rest.slice(end)}`];
}

function tokenOf(request: IncomingMessage): string | undefined {
  const header = request.headers.authorization ?? '';
  return /^Snowflake\s+Token="([^"]+)"\s*$/iu.exec(header)?.[1] ?? /^Bearer\s+(\S+)\s*$/iu.exec(header)?.[1];
}

function kept(headers: IncomingMessage['headers'], without: ReadonlySet<string>): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined || without.has(name) ? [] : [[name, value] as const])),
  );
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ responseType: 'ERROR', detail: reason }));
}
