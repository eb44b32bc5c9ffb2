import { type IncomingMessage, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { WorkerLogin } from '../../../../local-snowflake/runtime/procedure-call.ts';

/**
 * The least of an account that a Snowpark session needs, so that the runtime is tested apart from the server: it takes
 * one OAuth token, answers `SELECT <n>` with n, and keeps the texts it was sent.
 */
export class StubAccount {
  readonly statements: string[] = [];
  readonly #server: Server;
  readonly token: string;

  private constructor(token: string) {
    this.token = token;
    this.#server = createServer((request, response) => {
      void this.#answer(request).then((answer) => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(answer));
      });
    });
  }

  static async start(token = 'stub-token'): Promise<StubAccount> {
    const account = new StubAccount(token);
    await new Promise<void>((resolve) => account.#server.listen(0, '127.0.0.1', resolve));
    return account;
  }

  get login(): WorkerLogin {
    return {
      account: 'LOCAL',
      host: '127.0.0.1',
      port: (this.#server.address() as AddressInfo).port,
      protocol: 'http',
      user: 'ENGINEER_USER',
      token: this.token,
      role: 'ENGINEER',
      database: 'SNOWBANK',
      schema: 'DAG_DEMO',
      warehouse: 'DEMO_WH',
    };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage): Promise<unknown> {
    const path = new URL(request.url ?? '/', 'http://stub').pathname;
    const body = await bodyOf(request);
    if (path === '/session/v1/login-request') return this.#login(body['data'] as Record<string, unknown>);
    if (path === '/queries/v1/query-request') return this.#query(String(body['sqlText']));
    return { success: true, data: null };
  }

  #login(data: Record<string, unknown>): unknown {
    if (data['AUTHENTICATOR'] !== 'OAUTH' || data['TOKEN'] !== this.token) {
      return { success: false, code: '390303', message: 'Invalid OAuth access token.', data: { authnMethod: 'OAUTH' } };
    }
    return {
      success: true,
      data: {
        token: 'session',
        masterToken: 'master',
        validityInSeconds: 3600,
        masterValidityInSeconds: 14_400,
        sessionId: 1,
        parameters: [{ name: 'CLIENT_TELEMETRY_ENABLED', value: false }],
        sessionInfo: { databaseName: 'SNOWBANK', schemaName: 'DAG_DEMO', warehouseName: 'DEMO_WH', roleName: 'ENGINEER' },
      },
    };
  }

  #query(text: string): unknown {
    this.statements.push(text);
    const number = /select\s+(\d+)/iu.exec(text)?.[1];
    if (/no_such_table/iu.test(text)) {
      const message = "SQL compilation error:\nObject 'NO_SUCH_TABLE' does not exist or not authorized.";
      return { success: false, code: '002003', message, data: { errorCode: '002003', sqlState: '42S02', queryId: 'q-2' } };
    }
    return {
      success: true,
      data: {
        rowtype: [{ name: '1', type: 'fixed', nullable: false, precision: 38, scale: 0, length: null, byteLength: null }],
        rowset: number === undefined ? [] : [[number]],
        total: number === undefined ? 0 : 1,
        returned: number === undefined ? 0 : 1,
        queryId: '01000000-0000-0000-0000-000000000001',
        queryResultFormat: 'json',
        statementTypeId: 4096,
        parameters: [],
      },
    };
  }
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  let bytes = Buffer.concat(pieces);
  if (request.headers['content-encoding'] === 'gzip') bytes = gunzipSync(bytes);
  return bytes.length === 0 ? {} : (JSON.parse(bytes.toString()) as Record<string, unknown>);
}
