import { systemIds } from '../../platform/ids.ts';

/** What a request is answered with. */
export interface RestReply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Kept {
  /** Who asked. */
  readonly user: string;
  reply: RestReply | undefined;
}

/** So many answers are kept for whoever asks for them; the oldest goes first. */
const keptAtMost = 1000;

/**
 * Requests that were accepted with `asyncExec=true` and are worked on, or were: each has a handle, which its answer is asked for by.
 * https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/getting-started (Handle long requests), …/reference/result
 */
export class RestResults {
  readonly #kept = new Map<string, Kept>();

  /** `work` must not reject. @returns what the request is answered with meanwhile */
  accept(user: string, work: Promise<RestReply>): RestReply {
    const handle = systemIds.uuid();
    const kept: Kept = { user, reply: undefined };
    this.#kept.set(handle, kept);
    for (const [oldest] of this.#kept) if (this.#kept.size > keptAtMost) this.#kept.delete(oldest);
    void work.then((reply) => {
      kept.reply = reply;
    });
    return accepted(handle);
  }

  /** The answer, or that it is still worked on; undefined for a handle that the user has none of. */
  find(user: string, handle: string): RestReply | undefined {
    const kept = this.#kept.get(handle);
    return kept?.user === user ? (kept.reply ?? accepted(handle)) : undefined;
  }
}

function accepted(handle: string): RestReply {
  return {
    status: 202,
    headers: { location: `/api/v2/results/${handle}` },
    body: {
      code: '392604',
      message:
        'Request execution in progress. Use provided Location header or result handler id to perform query monitoring and management.',
      result_handler: handle,
    },
  };
}
