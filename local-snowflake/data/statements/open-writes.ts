import { SnowflakeError } from '../../errors/snowflake-error.ts';

interface Ending {
  readonly promise: Promise<void>;
  resolve(): void;
}

/**
 * Who has changes that are not committed yet. DuckDB refuses to change a row that another transaction has changed, where
 * Snowflake waits for the other one to end; here is what the wait is for.
 * https://docs.snowflake.com/en/sql-reference/transactions#resource-locking
 */
export class OpenWrites {
  readonly #open = new Map<object, Ending>();

  begin(owner: object): void {
    if (this.#open.has(owner)) return;
    let resolve: () => void = () => undefined;
    const promise = new Promise<void>((done) => {
      resolve = done;
    });
    this.#open.set(owner, { promise, resolve });
  }

  end(owner: object): void {
    const ending = this.#open.get(owner);
    this.#open.delete(owner);
    ending?.resolve();
  }

  /** Resolves when one of the others has ended; at once when there is none. @throws SnowflakeError `queryCancelled` */
  async otherEnds(owner: object, signal: AbortSignal): Promise<void> {
    const others = [...this.#open].filter(([other]) => other !== owner).map(([, ending]) => ending.promise);
    if (others.length === 0) return;
    let abort: () => void = () => undefined;
    const aborted = new Promise<never>((_, reject) => {
      abort = () => {
        reject(SnowflakeError.of('queryCancelled', {}));
      };
    });
    signal.addEventListener('abort', abort, { once: true });
    try {
      if (signal.aborted) abort();
      await Promise.race([...others, aborted]);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }
}
