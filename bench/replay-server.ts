import { createServer, type IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';

interface Recorded {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
}

/**
 * A server that asks `origin` once for each statement and from then on gives the same answer at once: what a client
 * measures against it is the client itself.
 * @returns its port, and how to end it
 */
export async function replayServer(origin: string): Promise<{ readonly port: number; close(): Promise<void> }> {
  const answers = new Map<string, Recorded>();
  const server = createServer((request, response) => {
    void (async () => {
      const body = await bodyOf(request);
      const key = `${request.method ?? ''} ${(request.url ?? '').replace(/\?.*/u, '')} ${statementOf(body)}`;
      const answer = answers.get(key) ?? (await ask(origin, request, body));
      answers.set(key, answer);
      response.writeHead(answer.status, { 'content-type': answer.type, 'content-length': answer.body.length });
      response.end(answer.body);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const body = Buffer.concat(parts);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}

function statementOf(body: Buffer): string {
  const { sqlText = '' } = body.length === 0 ? {} : (JSON.parse(body.toString()) as { sqlText?: string });
  return sqlText;
}

async function ask(origin: string, request: IncomingMessage, body: Buffer): Promise<Recorded> {
  const { method = 'GET', headers } = request;
  const answer = await fetch(`${origin}${request.url ?? ''}`, {
    method,
    headers: {
      'content-type': 'application/json',
      accept: headers.accept ?? '*/*',
      'user-agent': headers['user-agent'] ?? '',
      ...(headers.authorization !== undefined && { authorization: headers.authorization }),
    },
    ...(body.length > 0 && { body: new Uint8Array(body) }),
  });
  return {
    status: answer.status,
    type: answer.headers.get('content-type') ?? 'application/json',
    body: Buffer.from(await answer.arrayBuffer()),
  };
}
