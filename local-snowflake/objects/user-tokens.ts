import { hashToken, tokenFits } from '../access/access-token.ts';
import type { CatalogObject } from '../catalog/catalog-object.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import { displayIdentifier, parseName } from '../sql/identifier.ts';
import { cell, column, type ResultSet } from '../sql/result-set.ts';
import type { TokenStream } from '../sql/token-stream.ts';
import { types } from '../sql/types.ts';
import type { StatementDefinition } from './extensions.ts';
import type { Action, Alteration } from './kind.ts';
import type { ObjectScope } from './object-scope.ts';

/** A programmatic access token of a user, without the token. https://docs.snowflake.com/en/user-guide/programmatic-access-tokens */
export interface UserToken {
  readonly name: string;
  readonly hash: string;
  /** Id of the one role that it is good for; null for all of the user's. */
  readonly role: string | null;
  readonly comment: string;
  readonly createdBy: string;
  /** Epoch milliseconds, as `expires`. */
  readonly createdOn: number;
  readonly expires: number;
}

const key = 'ACCESS_TOKENS';
const day = 24 * 3600 * 1000;
const standardDays = 15;
const mostDays = 365;
const mostTokens = 15;

export function userTokens(user: Pick<CatalogObject, 'properties'>): readonly UserToken[] {
  return (user.properties[key] as readonly UserToken[] | undefined) ?? [];
}

/** The user's token with that secret, unless it has expired. */
export function tokenOf(user: CatalogObject, secret: string, now: number): UserToken | undefined {
  return userTokens(user).find((token) => token.expires > now && tokenFits(secret, token.hash));
}

const manage = ['MODIFY PROGRAMMATIC AUTHENTICATION METHODS'];
const adding: Action = { privileges: manage, run: addToken };
const removing: Action = { privileges: manage, run: removeToken };

/** ALTER USER u … */
export const userTokenActions: Readonly<Record<string, Action>> = {
  'ADD PROGRAMMATIC ACCESS TOKEN': adding,
  'ADD PAT': adding,
  'REMOVE PROGRAMMATIC ACCESS TOKEN': removing,
  'REMOVE PAT': removing,
};

/** The same for one's own user, which need not be named, and the list. */
export const userTokenStatements: readonly StatementDefinition[] = [
  ...['ADD PROGRAMMATIC ACCESS TOKEN', 'ADD PAT'].map((words) => own(words, addToken)),
  ...['REMOVE PROGRAMMATIC ACCESS TOKEN', 'REMOVE PAT'].map((words) => own(words, removeToken)),
  ...['SHOW USER PROGRAMMATIC ACCESS TOKENS', 'SHOW USER PATS'].map((words): StatementDefinition => ({
    words,
    page: 'show-user-programmatic-access-tokens',
    run: showTokens,
  })),
];

function own(
  words: string,
  run: (user: CatalogObject, stream: TokenStream, scope: ObjectScope) => Alteration,
): StatementDefinition {
  return {
    words: `ALTER USER ${words}`,
    page: `alter-user-${words.startsWith('ADD') ? 'add' : 'remove'}-programmatic-access-token`,
    run: async (stream, scope) => {
      const { object, result, message } = run(ownUser(scope), stream, scope);
      await scope.catalog.change((change) => {
        scope.catalog.update(object, change);
      });
      return result ?? { columns: [column('status')], rows: [[message ?? 'Statement executed successfully.']] };
    },
  };
}

function ownUser(scope: ObjectScope): CatalogObject {
  const user = scope.catalog.find('USER', null, scope.user);
  if (user === undefined) throw SnowflakeError.of('objectDoesNotExist', { kind: 'User', name: scope.user });
  return user;
}

// https://docs.snowflake.com/en/sql-reference/sql/alter-user-add-programmatic-access-token
function addToken(user: CatalogObject, stream: TokenStream, scope: ObjectScope): Alteration {
  const lenient = stream.accept('IF NOT EXISTS');
  const name = stream.identifier();
  const options = readOptions(stream, user, scope);
  stream.expectEnd();
  const kept = userTokens(user).filter((token) => token.expires > scope.now);
  if (kept.some((token) => token.name === name)) {
    if (lenient) return { object: user, message: `${displayIdentifier(name)} already exists, statement succeeded.` };
    throw SnowflakeError.of('objectAlreadyExists', { name: displayIdentifier(name) });
  }
  if (kept.length >= mostTokens) {
    throw SnowflakeError.of('execution', { message: `A user can have ${String(mostTokens)} programmatic access tokens at most.` });
  }
  const secret = scope.ids.bytes(48).toString('base64url');
  const token: UserToken = {
    name,
    hash: hashToken(secret),
    role: options.role,
    comment: options.comment,
    createdBy: scope.user,
    createdOn: scope.now,
    expires: scope.now + options.days * day,
  };
  return { object: withTokens(user, [...kept, token]), result: shownOnce(name, secret) };
}

function shownOnce(name: string, secret: string): ResultSet {
  return { columns: [column('token_name'), column('token_secret')], rows: [[name, secret]] };
}

// https://docs.snowflake.com/en/sql-reference/sql/alter-user-remove-programmatic-access-token
function removeToken(user: CatalogObject, stream: TokenStream, scope: ObjectScope): Alteration {
  const name = stream.identifier();
  stream.expectEnd();
  const kept = userTokens(user).filter((token) => token.name !== name);
  if (kept.length === userTokens(user).length) {
    throw SnowflakeError.of('objectDoesNotExist', { kind: 'Programmatic access token', name: displayIdentifier(name) });
  }
  return {
    object: withTokens(user, kept),
    message: `Programmatic access token ${displayIdentifier(name)} successfully removed from user ${scope.catalog.displayOf(user)}.`,
  };
}

function withTokens(user: CatalogObject, tokens: readonly UserToken[]): CatalogObject {
  return { ...user, properties: { ...user.properties, [key]: tokens } };
}

interface TokenOptions {
  readonly role: string | null;
  readonly days: number;
  readonly comment: string;
}

function readOptions(stream: TokenStream, user: CatalogObject, scope: ObjectScope): TokenOptions {
  let role: string | null = null;
  let days = standardDays;
  let comment = '';
  while (stream.peek().kind === 'word') {
    const word = stream.identifier();
    stream.expectSymbol('=');
    if (word === 'ROLE_RESTRICTION') role = grantedRole(stream.string(), user, scope);
    else if (word === 'DAYS_TO_EXPIRY') days = stream.integer();
    else if (word === 'COMMENT') comment = stream.string();
    else if (word === 'MINS_TO_BYPASS_NETWORK_POLICY_REQUIREMENT') stream.integer();
    else throw SnowflakeError.of('invalidProperty', { property: word, kind: 'PROGRAMMATIC ACCESS TOKEN' });
  }
  if (days < 1 || days > mostDays)
    throw SnowflakeError.of('invalidPropertyValue', { property: 'DAYS_TO_EXPIRY', value: String(days) });
  const type = user.properties['TYPE'];
  if (role === null && (type === 'SERVICE' || type === 'LEGACY_SERVICE')) {
    throw SnowflakeError.of('missingProperty', { property: 'ROLE_RESTRICTION' });
  }
  return { role, days, comment };
}

function grantedRole(written: string, user: CatalogObject, scope: ObjectScope): string {
  const role = scope.catalog.find('ROLE', null, parseName(written)[0] ?? '');
  const granted = scope.grants.rolesOf(user.id).some((grant) => grant.role === role?.id);
  if (role === undefined || !granted) throw SnowflakeError.of('requestedRoleNotAssigned', { role: written });
  return role.id;
}

function showTokens(stream: TokenStream, scope: ObjectScope): ResultSet {
  const named = stream.accept('FOR USER') ? scope.find('USER', stream.name()) : undefined;
  stream.expectEnd();
  const user = named ?? ownUser(scope);
  if (named !== undefined && named.name !== scope.user) scope.authorizer.require(scope.roles, named, ...manage);
  const time = types.timestampLtz(6);
  return {
    columns: [
      ...['name', 'user_name', 'role_restriction'].map((name) => column(name)),
      column('expires_at', time),
      ...['status', 'comment'].map((name) => column(name)),
      column('created_on', time),
      ...['created_by', 'mins_to_bypass_required_network_policy'].map((name) => column(name)),
    ],
    rows: userTokens(user).map((token) => [
      token.name,
      user.name,
      scope.nameOf(token.role),
      cell.timestamp(token.expires),
      token.expires <= scope.now ? 'EXPIRED' : user.properties['DISABLED'] === true ? 'DISABLED' : 'ACTIVE',
      token.comment === '' ? null : token.comment,
      cell.timestamp(token.createdOn),
      token.createdBy,
      null,
    ]),
  };
}
