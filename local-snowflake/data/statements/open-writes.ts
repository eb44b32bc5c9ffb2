import { SnowflakeError } from '../../errors/snowflake-error.ts';

interface Ending {
  readonly promise: Promise<void>;
  resolve(): void;
}

function newEnding(): Ending {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/**
 * Who has changes that are not committed yet. DuckDB refuses to change a row that another transaction has changed, where
 * Snowflake waits for the other one to end; here is what the wait is for.
 * https://docs.snowflake.com/en/sql-reference/transactions#resource-locking
 */
export class OpenWrites {
  readonly #open = new Map<object, Ending>();
  #gate: Ending | undefined;

  /**
   * Runs work that no transaction with changes may be under way beside: it waits for those there are, and new ones wait for it.
   * @throws SnowflakeError `queryCancelled`
   */
  async alone<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (let gate = this.#gate; gate !== undefined; gate = this.#gate) await gate.promise;
    const gate = newEnding();
    this.#gate = gate;
    try {
      while (this.#open.size > 0) await this.otherEnds(gate, signal);
      return await work();
    } finally {
      this.#gate = undefined;
      gate.resolve();
    }
  }

  /** Whether something runs that wants to be alone. */
  get closed(): boolean {
    return this.#gate !== undefined;
  }

  /** Resolves when the owner may begin to change something; one that has already begun may go on. */
  async admitted(owner: object): Promise<void> {
    if (this.#open.has(owner)) return;
    for (let gate = this.#gate; gate !== undefined; gate = this.#gate) await gate.promise;
  }

  begin(owner: object): void {
    if (this.#open.has(owner)) return;
    this.#open.set(owner, newEnding());
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
