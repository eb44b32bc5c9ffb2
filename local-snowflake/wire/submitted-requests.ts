import type { ClientSession } from '../session/service.ts';

/** Requests a session's driver may still repeat. */
const remembered = 1000;

/**
 * Remembers which request became which query: a driver whose connection broke sends the same request id again and must
 * get the first one's result, not a second INSERT.
 */
export class SubmittedRequests {
  readonly #bySession = new WeakMap<ClientSession, Map<string, string>>();

  /** The id of the query that `requestId` became. */
  find(session: ClientSession, requestId: string): string | undefined {
    return this.#bySession.get(session)?.get(requestId);
  }

  remember(session: ClientSession, requestId: string, queryId: string): void {
    let queries = this.#bySession.get(session);
    if (queries === undefined) {
      queries = new Map();
      this.#bySession.set(session, queries);
    }
    queries.set(requestId, queryId);
    if (queries.size > remembered) {
      const oldest = queries.keys().next();
      if (oldest.done === false) queries.delete(oldest.value);
    }
  }
}
