import type { Clock } from '../platform/clock.ts';
import type { IdSource } from '../platform/ids.ts';
import type { ClientSession } from '../session/service.ts';
import type { Page } from './result-pages.ts';

/** Snowflake's chunk URLs live that long. */
const lifetime = 6 * 3600 * 1000;

/** Where the chunks of one large result are read from. Rows stay with the sessions; this remembers only where. */
export interface ChunkedResult {
  readonly session: ClientSession;
  readonly queryId: string;
  readonly chunks: readonly Page[];
  /** Arrow streams instead of JSON. */
  readonly arrow: boolean;
}

/** Unguessable names for the chunks of large results: whoever has the URL may read it, as with presigned URLs. */
export class ChunkStore {
  readonly #clock: Clock;
  readonly #ids: IdSource;
  readonly #results = new Map<string, ChunkedResult & { readonly until: number }>();

  constructor(clock: Clock, ids: IdSource) {
    this.#clock = clock;
    this.#ids = ids;
  }

  /** Returns the token under which the chunks are found for six hours. */
  add(result: ChunkedResult): string {
    this.#forgetExpired();
    const token = this.#ids.bytes(24).toString('base64url');
    this.#results.set(token, { ...result, until: this.#clock.now() + lifetime });
    return token;
  }

  find(token: string): ChunkedResult | undefined {
    const found = this.#results.get(token);
    return found !== undefined && found.until > this.#clock.now() ? found : undefined;
  }

  #forgetExpired(): void {
    // Insertion order is expiry order, so the first that lives ends the search.
    for (const [token, result] of this.#results) {
      if (result.until > this.#clock.now()) break;
      this.#results.delete(token);
    }
  }
}
