import type { IdSource } from '../platform/ids.ts';
import type { LoginRequest } from './service.ts';
import type { Session } from './session.ts';

interface Issued {
  open(request: LoginRequest): Promise<Session>;
}

/** Tokens that code started by the local Snowflake logs in with. Each lives as long as the code that it was made for. */
export class WorkerTokens {
  readonly #ids: IdSource;
  readonly #issued = new Map<string, Issued>();

  constructor(ids: IdSource) {
    this.#ids = ids;
  }

  /** `open` makes the session that a login with the token gets. */
  issue(issued: Issued): string {
    const token = this.#ids.bytes(32).toString('base64url');
    this.#issued.set(token, issued);
    return token;
  }

  redeem(token: string): Issued | undefined {
    return this.#issued.get(token);
  }

  revoke(token: string): void {
    this.#issued.delete(token);
  }
}
