import { asSnowflakeError, SnowflakeError } from '../errors/snowflake-error.ts';
import type { QueryEntry } from './query-log.ts';
import type { Query, StatementOutcome } from './service.ts';

/** How a statement ended. */
export interface QueryEnd {
  readonly rows?: number;
  readonly error?: SnowflakeError;
}

/** One statement of a session, from its start on. */
export class SessionQuery implements Query {
  readonly id: string;
  readonly text: string;
  readonly #entry: QueryEntry;
  readonly #abort = new AbortController();
  /** Of the result; 0 until there is one. */
  cells = 0;
  #outcome: Promise<StatementOutcome> | undefined;

  constructor(id: string, text: string, entry: QueryEntry) {
    this.id = id;
    this.text = text;
    this.#entry = entry;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get startedAt(): number {
    return this.#entry.startedAt;
  }

  endedAt(): number | undefined {
    return this.#entry.endedAt;
  }

  state(): ReturnType<Query['state']> {
    return this.#entry.state;
  }

  outcome(): Promise<StatementOutcome> {
    if (this.#outcome === undefined) throw new Error('the statement has not been started');
    return this.#outcome;
  }

  abort(reason: SnowflakeError = SnowflakeError.of('queryCancelled', {})): boolean {
    if (this.#entry.endedAt !== undefined) return false;
    this.#abort.abort(reason);
    return true;
  }

  /** Takes the work as this query's own; `ended` is told its end before anybody else. */
  follow(work: Promise<StatementOutcome>, ended: (entry: QueryEntry, end: QueryEnd) => void): void {
    this.#outcome = work.then(
      (outcome) => {
        if (outcome.kind === 'result') this.cells = outcome.result.rows.length * outcome.result.columns.length;
        ended(this.#entry, outcome.kind === 'result' ? { rows: outcome.result.rows.length } : {});
        return outcome;
      },
      (thrown: unknown) => {
        const error = asSnowflakeError(this.#abort.signal.aborted ? this.#abort.signal.reason : thrown);
        ended(this.#entry, { error });
        throw error;
      },
    );
    this.#outcome.catch(() => undefined);
  }
}
