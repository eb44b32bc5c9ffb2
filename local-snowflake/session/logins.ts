import { readJwt, verifyJwt } from '../access/key-pair.ts';
import { passwordFits } from '../access/password.ts';
import { type CatalogObject, propertyText } from '../catalog/catalog-object.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import { foldIdentifier, parseName } from '../sql/identifier.ts';
import { tokenOf } from '../objects/user-tokens.ts';
import type { Account } from './account.ts';
import type { LoginRequest } from './service.ts';
import { Session } from './session.ts';
import { SessionState } from './session-state.ts';
import { StatementScope } from './statement-scope.ts';
import { mayAssume } from './statements/use.ts';

/** Opens a session for whoever can show who they are. @throws SnowflakeError */
export async function login(account: Account, request: LoginRequest): Promise<Session> {
  if (request.authenticator.toUpperCase() === 'OAUTH') {
    // Code that the local Snowflake runs (procedures, jobs) logs in with a token of its own.
    const issued = account.workerTokens.redeem((request.token ?? '').trim());
    if (issued === undefined) throw SnowflakeError.of('invalidOauthToken', {});
    return issued.open(request);
  }
  const user = authenticate(account, request);
  const state = await open(account, user, request);
  return account.sessions.add(new Session(state));
}

function authenticate(account: Account, request: LoginRequest): CatalogObject {
  const kind = request.authenticator.toUpperCase();
  if (kind === 'SNOWFLAKE_JWT') return userOfJwt(account, request.token ?? '');
  if (kind === 'PROGRAMMATIC_ACCESS_TOKEN') {
    const user = userOf(account, request.loginName);
    if (user === undefined || tokenOf(user, request.token ?? '', account.clock.now()) === undefined)
      throw SnowflakeError.of('invalidAccessToken', {});
    return enabled(user);
  }
  if (kind !== 'SNOWFLAKE' && kind !== '')
    throw SnowflakeError.of('unsupported', { feature: `authenticator ${request.authenticator}` });
  const user = userOf(account, request.loginName);
  const hash = user?.properties['PASSWORD_HASH'];
  // A token may stand where a password would.
  if (user !== undefined && tokenOf(user, request.password ?? '', account.clock.now()) !== undefined) return enabled(user);
  if (user === undefined || typeof hash !== 'string' || !passwordFits(request.password ?? '', hash)) {
    throw SnowflakeError.of('incorrectCredentials', {});
  }
  return enabled(user);
}

/** The user who signed a JWT. @throws SnowflakeError `invalidJwt`, `userDisabled` */
export function userOfJwt(account: Account, token: string): CatalogObject {
  const user = userOf(account, readJwt(token).user);
  const keys = ['RSA_PUBLIC_KEY', 'RSA_PUBLIC_KEY_2'].flatMap((key) => (user?.properties[key] as string | undefined) ?? []);
  if (user === undefined) throw SnowflakeError.of('invalidJwt', { reason: 'signature' });
  verifyJwt(token, keys, account.clock.now());
  return enabled(user);
}

/**
 * The one role that the token shown is good for; undefined when none was shown, or one for all of the user's roles.
 * @throws SnowflakeError `requestedRoleNotAssigned` when the user does not have the role any more
 */
export function restriction(account: Account, user: CatalogObject, shown: string | undefined): CatalogObject | undefined {
  const id = tokenOf(user, shown ?? '', account.clock.now())?.role;
  if (id === undefined || id === null) return undefined;
  const role = account.catalog.byId(id);
  if (role === undefined || !mayAssume(user.id, id, { state: { account } as SessionState }))
    throw SnowflakeError.of('requestedRoleNotAssigned', { role: role?.name ?? '' });
  return role;
}

function enabled(user: CatalogObject): CatalogObject {
  if (user.properties['DISABLED'] === true) throw SnowflakeError.of('userDisabled', {});
  return user;
}

/** Users log in with LOGIN_NAME, which has no case. */
function userOf(account: Account, loginName: string): CatalogObject | undefined {
  const wanted = loginName.toUpperCase();
  return account.catalog.ofKind('USER').find((user) => user.properties['LOGIN_NAME'] === wanted);
}

async function open(account: Account, user: CatalogObject, request: LoginRequest): Promise<SessionState> {
  const restricted = restriction(account, user, request.token ?? request.password);
  const role = restricted ?? initialRole(account, user, request.role);
  const secondary =
    restricted !== undefined ? [] : ((user.properties['DEFAULT_SECONDARY_ROLES'] as readonly string[] | undefined) ?? []);
  const state = new SessionState(account, {
    id: account.sessions.nextId(),
    user,
    role,
    secondaryRoles: secondary.includes('ALL') ? 'ALL' : 'NONE',
    parameters: parametersOf(request),
    connection: await account.data.connect(),
    client: { program: `${request.clientAppId} ${request.clientAppVersion}`.trim(), address: ipv4(request.remoteAddress) },
  });
  setContext(state, request, user);
  return state;
}

/** An IPv4 address that came over an IPv6 socket is written without its prefix. */
function ipv4(address: string): string {
  return address.replace(/^::ffff:/iu, '');
}

export function parametersOf(request: LoginRequest): Map<string, string> {
  return new Map(Object.entries(request.sessionParameters).map(([name, value]) => [name.toUpperCase(), String(value)]));
}

/** The role that a session begins with. @throws SnowflakeError `requestedRoleNotAssigned` */
export function initialRole(account: Account, user: CatalogObject, requested: string | undefined): CatalogObject | undefined {
  if (requested !== undefined && requested !== '') {
    const role = account.catalog.find('ROLE', null, fold(requested));
    if (role === undefined || !mayAssume(user.id, role.id, { state: { account } as SessionState })) {
      throw SnowflakeError.of('requestedRoleNotAssigned', { role: requested });
    }
    return role;
  }
  const standard = account.catalog.find('ROLE', null, fold(propertyText(user, 'DEFAULT_ROLE') || 'PUBLIC'));
  if (standard !== undefined && mayAssume(user.id, standard.id, { state: { account } as SessionState })) return standard;
  return account.catalog.find('ROLE', null, 'PUBLIC');
}

function fold(written: string): string {
  try {
    return foldIdentifier(written);
  } catch {
    return written;
  }
}

/**
 * Makes the requested, else the user's default, database, schema and warehouse current. What does not exist, or is hidden, is
 * left out without an error, as Snowflake does at login.
 */
export function setContext(
  state: SessionState,
  request: Pick<LoginRequest, 'database' | 'schema' | 'warehouse'>,
  user: CatalogObject | undefined,
): void {
  const scope = new StatementScope(state, { id: '', now: state.account.clock.now(), signal: new AbortController().signal });
  const namespace = propertyText(user, 'DEFAULT_NAMESPACE');
  const [defaultDatabase, defaultSchema] = namespace === '' ? [] : namespace.split('.');
  const database = request.database ?? defaultDatabase;
  if (database !== undefined && database !== '') {
    const found = attempt(() => scope.tryFind('DATABASE', [fold(database)]));
    if (found !== undefined) state.useDatabase(found);
  }
  const schema = request.schema ?? (request.database === undefined ? defaultSchema : undefined);
  if (schema !== undefined && schema !== '') {
    const found = attempt(() => scope.tryFind('SCHEMA', parseName(schema)));
    if (found !== undefined) state.useSchema(found);
  }
  const warehouse = request.warehouse ?? propertyText(user, 'DEFAULT_WAREHOUSE');
  if (warehouse !== '') {
    const found = attempt(() => scope.tryFind('WAREHOUSE', [fold(warehouse)]));
    if (found !== undefined) state.useWarehouse(found);
  }
}

function attempt<T>(work: () => T | undefined): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof SnowflakeError) return undefined;
    throw error;
  }
}
