import type { Clock } from '../platform/clock.ts';
import { asSnowflakeError, type SnowflakeError } from '../errors/snowflake-error.ts';
import type { Query, StatementOutcome } from '../session/service.ts';

/** Drivers give up on a silent socket after 60 s (Python) or more; Snowflake answers "still running" after 45 s. */
export const longestWait = 45_000;

/** Drivers that ask after an asynchronous statement and find it running sleep for half a second: most have ended by then. */
export const briefWait = 100;

export type Ended =
  | { readonly kind: 'succeeded'; readonly outcome: StatementOutcome }
  | { readonly kind: 'failed'; readonly error: SnowflakeError };

/** Waits for statements, but never longer than a driver's socket does. */
export class LongPoll {
  readonly #clock: Clock;
  readonly #releases = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How the statement ended; undefined when it still runs after `wait` milliseconds, or when the server closes. */
  async ended(query: Query, wait = longestWait): Promise<Ended | undefined> {
    const end = query.outcome().then(
      (outcome): Ended => ({ kind: 'succeeded', outcome }),
      (error: unknown): Ended => ({ kind: 'failed', error: asSnowflakeError(error) }),
    );
    if (query.state() !== 'RUNNING') return end;
    let release = (): void => undefined;
    const patience = new Promise<undefined>((resolve) => {
      release = () => {
        resolve(undefined);
      };
    });
    const cancel = this.#clock.at(this.#clock.now() + wait, release);
    this.#releases.add(release);
    try {
      return await Promise.race([end, patience]);
    } finally {
      cancel();
      this.#releases.delete(release);
    }
  }

  /** Lets every waiting request answer "still running" at once. */
  close(): void {
    for (const release of this.#releases) release();
  }
}
