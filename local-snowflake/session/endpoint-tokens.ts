import { foldIdentifier } from '../sql/identifier.ts';
import type { ActiveRoles } from '../access/authorizer.ts';
import type { Clock } from '../platform/clock.ts';
import type { IdSource } from '../platform/ids.ts';
import type { Account } from './account.ts';
import { tokenOf } from '../objects/user-tokens.ts';
import { initialRole, restriction, userOfJwt } from './logins.ts';
import type { TokenExchange } from './service.ts';

/** Who a token stands for. */
export interface EndpointIdentity {
  readonly user: string;
  readonly roles: ActiveRoles;
}

interface Issued {
  readonly user: string;
  /** Id of the role. */
  readonly role: string | null;
  /** The one endpoint that it is for; undefined for every one. */
  readonly host: string | undefined;
  readonly expires: number;
}

const lifetime = 3600 * 1000;

/** Tokens that programs exchange their JWTs for; none survives the server. */
export class EndpointTokens {
  readonly #clock: Clock;
  readonly #ids: IdSource;
  readonly #issued = new Map<string, Issued>();

  constructor(clock: Clock, ids: IdSource) {
    this.#clock = clock;
    this.#ids = ids;
  }

  issue(user: string, role: string | null, host: string | undefined): string {
    const now = this.#clock.now();
    for (const [token, { expires }] of this.#issued) if (expires < now) this.#issued.delete(token);
    const token = `ver:3-ingress:${this.#ids.bytes(36).toString('base64url')}`;
    this.#issued.set(token, { user, role, host, expires: now + lifetime });
    return token;
  }

  find(token: string, host: string): Pick<Issued, 'user' | 'role'> | undefined {
    const found = this.#issued.get(token);
    const fits = found !== undefined && found.expires >= this.#clock.now() && (found.host === undefined || found.host === host);
    return fits ? found : undefined;
  }
}

/**
 * A token for public endpoints in exchange for a JWT, which `scope` can bind to a role and to one endpoint.
 * https://docs.snowflake.com/en/developer-guide/snowpark-container-services/tutorials/advanced/tutorial-8-access-public-endpoint-programmatically
 */
export async function exchangeToken(account: Account, { assertion, scope }: TokenExchange): Promise<string> {
  const user = userOfJwt(account, assertion);
  const words = scope.split(/\s+/u).filter((word) => word !== '');
  const role = words.find((word) => word.startsWith('session:role:'))?.slice('session:role:'.length);
  const endpoint = words.find((word) => !word.startsWith('session:'));
  const active = initialRole(account, user, role === undefined ? undefined : foldIdentifier(role));
  return account.endpointTokens.issue(user.name, active?.id ?? null, endpoint?.split('/').at(-1));
}

/** Who shows a token: a session's, a programmatic access token, or one that was exchanged. Undefined when it is neither. */
export function identityOf(account: Account, token: string, host: string): EndpointIdentity | undefined {
  const exchanged = account.endpointTokens.find(token, host);
  if (exchanged !== undefined) return { user: exchanged.user, roles: account.authorizer.activate(exchanged.role) };
  const owner = ownerOf(account, token);
  if (owner !== undefined) return owner;
  const session = account.sessions.tryFind(token);
  return session === undefined ? undefined : { user: session.user, roles: session.state.roles };
}

/** Whose programmatic access token it is. https://docs.snowflake.com/en/user-guide/programmatic-access-tokens */
function ownerOf(account: Account, token: string): EndpointIdentity | undefined {
  const user = account.catalog.ofKind('USER').find((each) => tokenOf(each, token, account.clock.now()) !== undefined);
  if (user === undefined || user.properties['DISABLED'] === true) return undefined;
  try {
    const restricted = restriction(account, user, token);
    if (restricted !== undefined) return { user: user.name, roles: account.authorizer.activate(restricted.id) };
  } catch {
    // The token's role was taken from the user.
    return undefined;
  }
  const all = (user.properties['DEFAULT_SECONDARY_ROLES'] as readonly string[] | undefined)?.includes('ALL') === true;
  const secondary = all ? account.grants.rolesOf(user.id).map((grant) => grant.role) : [];
  const role = initialRole(account, user, undefined);
  return { user: user.name, roles: account.authorizer.activate(role?.id ?? null, secondary) };
}
