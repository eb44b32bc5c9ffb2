import { Slots } from '../platform/slots.ts';
import type { SessionState } from './session-state.ts';

/** Connections to the data that the jobs of one script have at once; what is beyond waits. */
const atOnce = 8;

/**
 * Where the asynchronous child jobs of one script run: beside the session, each on a connection of its own, so that they really run
 * at the same time. Within a transaction they take turns on the session's connection, since they are part of it.
 * https://docs.snowflake.com/en/developer-guide/snowflake-scripting/asynchronous-child-jobs
 */
export class ChildSessions {
  readonly #slots = new Slots(atOnce);

  /** @throws the reason of `signal` when that was aborted before there was room */
  async run<T>(state: SessionState, signal: AbortSignal, work: (state: SessionState) => Promise<T>): Promise<T> {
    // Without AUTOCOMMIT a job's changes are for the session to commit.
    if (state.transactionOpen || state.parameter('AUTOCOMMIT') === 'false') return work(state);
    return this.#slots.run(async () => {
      signal.throwIfAborted();
      const connection = await state.account.data.connect();
      try {
        signal.throwIfAborted();
        return await work(state.beside(connection));
      } finally {
        // What a job began and did not commit is rolled back.
        if (connection.inTransaction) await connection.rollback().catch(() => undefined);
        await connection.close();
      }
    });
  }
}
