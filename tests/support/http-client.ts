import { request } from 'node:http';
import { gzipSync } from 'node:zlib';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
  json<T = Record<string, unknown>>(): T;
}

/** One HTTP request as it stands: no retries, no decompression, headers and path as given. */
export function http(
  method: string,
  url: string,
  headers: Readonly<Record<string, string>> = {},
  body: string | Buffer = '',
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const { hostname, port, origin } = new URL(url);
    const call = request({ hostname, port, path: url.slice(origin.length), method, headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(parts);
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: bytes,
          json: <T>() => JSON.parse(bytes.toString('utf8')) as T,
        });
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}

/** An answer of the driver protocol; `data` is empty where the answer has none. */
export interface DriverAnswer {
  readonly success: boolean;
  readonly code: string | null;
  readonly message: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Speaks the driver protocol by hand, for what no driver can be made to send. */
export class RawClient {
  readonly origin: string;
  token = '';

  constructor(origin: string) {
    this.origin = origin;
  }

  async login(user: string, password: string): Promise<DriverAnswer> {
    const answer = await this.post('/session/v1/login-request', {
      data: { LOGIN_NAME: user, PASSWORD: password, CLIENT_APP_ID: 'raw', CLIENT_APP_VERSION: '1' },
    });
    this.token = textOf(answer.data['token']);
    return answer;
  }

  /** Every answer of the protocol has status 200. */
  async post(path: string, body: unknown, token = this.token): Promise<DriverAnswer> {
    const answer = await http('POST', this.origin + path, this.#headers(token), gzipSync(JSON.stringify(body)));
    if (answer.status !== 200) throw new Error(`${path} answered ${String(answer.status)}: ${answer.body.toString('utf8')}`);
    return driverAnswer(answer);
  }

  async get(path: string): Promise<DriverAnswer> {
    return driverAnswer(await http('GET', this.origin + path, this.#headers(this.token)));
  }

  query(sqlText: string, more: Readonly<Record<string, unknown>> = {}, search = ''): Promise<DriverAnswer> {
    return this.post(`/queries/v1/query-request${search}`, { sqlText, ...more });
  }

  #headers(token: string): Record<string, string> {
    return { 'content-type': 'application/json', 'content-encoding': 'gzip', authorization: `Snowflake Token="${token}"` };
  }
}

/** A text of an answer; empty when there is none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function driverAnswer(answer: HttpAnswer): DriverAnswer {
  const parsed = answer.json<Omit<DriverAnswer, 'data'> & { data: DriverAnswer['data'] | null }>();
  return { ...parsed, data: parsed.data ?? {} };
}
