import { request } from 'node:http';
import type { ServerRecord } from './server-record.ts';

/**
 * Asks a running server's administration endpoint.
 * @throws when the server does not answer within `timeout` milliseconds, or not with a 200
 */
export function askServer(record: ServerRecord, method: 'GET' | 'POST', path: string, timeout = 5000): Promise<unknown> {
  // node:http, not fetch: loading fetch takes longer than the command does.
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: '127.0.0.1',
        port: record.port,
        method,
        path: `/admin/v1/${path}`,
        headers: { authorization: `Bearer ${record.adminToken}` },
        timeout,
        agent: false,
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(parts).toString('utf8');
          if (response.statusCode === 200) resolve(JSON.parse(text));
          else reject(new Error(`the server answered ${String(response.statusCode)}: ${text}`));
        });
      },
    );
    call.on('timeout', () => call.destroy(new Error(`no answer within ${String(timeout)} ms`)));
    call.on('error', reject);
    call.end();
  });
}
