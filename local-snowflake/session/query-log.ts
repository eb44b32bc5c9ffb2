import type { SnowflakeError } from '../errors/snowflake-error.ts';
import type { Clock } from '../platform/clock.ts';
import type { QueryState } from './service.ts';

/** One statement that the local Snowflake served. Times are epoch milliseconds. */
export interface QueryEntry {
  readonly id: string;
  readonly text: string;
  readonly sessionId: number;
  readonly user: string;
  readonly role: string | null;
  readonly warehouse: string | null;
  readonly database: string | null;
  readonly schema: string | null;
  readonly startedAt: number;
  state: QueryState;
  endedAt: number | undefined;
  error: SnowflakeError | undefined;
  rows: number | undefined;
}

const kept = 10_000;

// Secret values in DDL never reach the log. https://docs.snowflake.com/en/sql-reference/account-usage/query_history redacts them too.
const secretValue = /\b(PASSWORD|SECRET_STRING|OAUTH_REFRESH_TOKEN|TOKEN)(\s*=\s*)('(?:[^'\\]|\\[\s\S]|'')*'|\$\$[\s\S]*?\$\$)/giu;

// https://docs.snowflake.com/en/sql-reference/functions/encrypt#usage-notes: what is encrypted, and with what, is not shown.
const encryption = /(?:EN|DE)CRYPT(?:_RAW)?\s*\(/iu;
const literal = /(?:\bx)?'(?:[^'\\]|\\[\s\S]|'')*'|\$\$[\s\S]*?\$\$/giu;

/** The statement's text without the secrets that stand in it. */
export function redacted(text: string): string {
  const plain = text.replace(secretValue, (_whole, name: string, equals: string) => `${name}${equals}'☺☺☺☺'`);
  return encryption.test(plain) ? plain.replace(literal, `'☺☺☺☺'`) : plain;
}

/** The latest statements, oldest first. */
export class QueryLog {
  readonly #clock: Clock;
  readonly #entries = new Map<string, QueryEntry>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  start(entry: Omit<QueryEntry, 'startedAt' | 'state' | 'endedAt' | 'error' | 'rows'>): QueryEntry {
    const started: QueryEntry = {
      ...entry,
      text: redacted(entry.text),
      startedAt: this.#clock.now(),
      state: 'RUNNING',
      endedAt: undefined,
      error: undefined,
      rows: undefined,
    };
    this.#entries.set(entry.id, started);
    if (this.#entries.size > kept) {
      const oldest = this.#entries.keys().next().value;
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
    return started;
  }

  end(entry: QueryEntry, outcome: { rows?: number; error?: SnowflakeError }): void {
    entry.endedAt = this.#clock.now();
    entry.error = outcome.error;
    entry.rows = outcome.rows;
    if (outcome.error === undefined) entry.state = 'SUCCESS';
    else entry.state = outcome.error.symbol === 'queryCancelled' ? 'ABORTED' : 'FAILED_WITH_ERROR';
  }

  get(id: string): QueryEntry | undefined {
    return this.#entries.get(id);
  }

  entries(): readonly QueryEntry[] {
    return [...this.#entries.values()];
  }
}
