import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { Clock } from '../platform/clock.ts';
import type { IdSource } from '../platform/ids.ts';
import type { SessionTokens } from './service.ts';
import type { Session } from './session.ts';

interface Ticket {
  readonly session: Session;
  readonly expires: number;
}

/** Seconds; Snowflake's own. */
const tokenValidity = 3600;
const masterValidity = 14_400;

/** Open sessions, and the tokens that clients show for them. */
export class SessionRegistry {
  readonly #clock: Clock;
  readonly #ids: IdSource;
  /** Python code has sessions of its own in the session that called it: they share its id. */
  readonly #sessions = new Set<Session>();
  readonly #tokens = new Map<string, Ticket>();
  readonly #masters = new Map<string, Ticket>();
  #next: number;

  constructor(clock: Clock, ids: IdSource) {
    this.#clock = clock;
    this.#ids = ids;
    // Ids that grow from one start of the server to the next, and fit a JavaScript integer.
    this.#next = clock.now();
  }

  nextId(): number {
    return (this.#next += 1);
  }

  add(session: Session): Session {
    this.#sessions.add(session);
    return session;
  }

  remove(session: Session): void {
    this.#sessions.delete(session);
    for (const tickets of [this.#tokens, this.#masters]) {
      for (const [token, ticket] of tickets) if (ticket.session === session) tickets.delete(token);
    }
  }

  all(): readonly Session[] {
    return [...this.#sessions];
  }

  issue(session: Session): SessionTokens {
    const now = this.#clock.now();
    const token = this.#token('ver:1-hint:');
    const masterToken = this.#token('ver:1-master:');
    this.#tokens.set(token, { session, expires: now + tokenValidity * 1000 });
    this.#masters.set(masterToken, { session, expires: now + masterValidity * 1000 });
    return { token, masterToken, validitySeconds: tokenValidity, masterValiditySeconds: masterValidity };
  }

  /** @throws SnowflakeError `sessionGone`, `sessionTokenExpired` */
  find(token: string): Session {
    const ticket = this.#tokens.get(token);
    if (ticket === undefined) throw SnowflakeError.of('sessionGone', {});
    if (ticket.expires < this.#clock.now()) throw SnowflakeError.of('sessionTokenExpired', {});
    return ticket.session;
  }

  /** Undefined for a token that is not known or has expired. */
  tryFind(token: string): Session | undefined {
    const ticket = this.#tokens.get(token);
    return ticket === undefined || ticket.expires < this.#clock.now() ? undefined : ticket.session;
  }

  /** @throws SnowflakeError `masterTokenExpired` */
  renew(masterToken: string): SessionTokens & { readonly sessionId: number } {
    const ticket = this.#masters.get(masterToken);
    if (ticket === undefined || ticket.expires < this.#clock.now()) throw SnowflakeError.of('masterTokenExpired', {});
    // The old tokens stay known as expired: what is on its way with them renews, too, instead of giving the session up.
    for (const [token, other] of this.#tokens)
      if (other.session === ticket.session) this.#tokens.set(token, { session: other.session, expires: 0 });
    return { ...this.issue(ticket.session), sessionId: ticket.session.id };
  }

  #token(prefix: string): string {
    return prefix + this.#ids.bytes(48).toString('base64');
  }
}
