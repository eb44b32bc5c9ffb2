import { accountTarget, type Grant } from '../../access/grants.ts';
import { type CatalogObject, propertyText } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { readSignature } from '../../objects/signature.ts';
import { displayIdentifier, displayName } from '../../sql/identifier.ts';
import { cell, column, type ResultColumn, type Row } from '../../sql/result-set.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { types } from '../../sql/types.ts';
import { rows, type Statement, type StatementResult, statementTypes } from '../statement.ts';
import { findObject } from './find-object.ts';
import { readGrantee } from './grantee.ts';

const grantColumns = [
  'created_on',
  'privilege',
  'granted_on',
  'name',
  'granted_to',
  'grantee_name',
  'grant_option',
  'granted_by',
  'granted_by_role_type',
];
const ofColumns = ['created_on', 'role', 'granted_to', 'grantee_name', 'granted_by'];
const futureColumns = ['created_on', 'privilege', 'grant_on', 'name', 'grant_to', 'grantee_name', 'grant_option'];

function columns(names: readonly string[]): ResultColumn[] {
  return names.map((name) => column(name, name === 'created_on' ? types.timestampLtz(6) : types.varchar()));
}

/** SHOW [FUTURE] GRANTS … https://docs.snowflake.com/en/sql-reference/sql/show-grants */
export function showGrants(stream: TokenStream, statement: Statement): StatementResult {
  const { scope } = statement;
  if (stream.accept('ON ACCOUNT')) {
    stream.expectEnd();
    return answer(
      grantColumns,
      scope.grants.on(accountTarget).map((grant) => grantRow(grant, undefined, statement)),
    );
  }
  if (stream.accept('ON')) {
    const object = readObject(stream, statement);
    stream.expectEnd();
    return answer(grantColumns, [
      ...ownershipRow(object, statement),
      ...scope.grants.on(object.id).map((grant) => grantRow(grant, object, statement)),
    ]);
  }
  if (stream.is('OF ROLE') || stream.is('OF DATABASE ROLE')) {
    stream.expect('OF');
    const role = readGrantee(stream, statement);
    stream.expectEnd();
    const members = scope.grants
      .membersOf(role.id)
      .map((grant): Row => [
        cell.timestamp(grant.createdOn),
        roleName(role, statement),
        grant.toKind,
        scope.nameOf(grant.to),
        scope.nameOf(grant.grantedBy) ?? '',
      ]);
    return answer(ofColumns, members);
  }
  if (stream.accept('TO USER')) {
    const user = scope.find('USER', stream.name());
    stream.expectEnd();
    return answer(ofColumns, rolesOfUser(user, statement));
  }
  if (stream.is('TO ROLE') || stream.is('TO DATABASE ROLE')) {
    stream.expect('TO');
    const role = readGrantee(stream, statement);
    stream.expectEnd();
    return answer(grantColumns, privilegesOfRole(role, statement));
  }
  if (stream.atEnd && statement.state.user !== undefined) return answer(ofColumns, rolesOfUser(statement.state.user, statement));
  throw SnowflakeError.of('unsupported', { feature: `SHOW GRANTS ${stream.restText()}` });
}

/** SHOW FUTURE GRANTS IN { DATABASE | SCHEMA } … | TO ROLE … */
export function showFutureGrants(stream: TokenStream, statement: Statement): StatementResult {
  const { scope } = statement;
  let fits: (within: string, to: string) => boolean;
  if (stream.accept('TO')) {
    const role = readGrantee(stream, statement);
    fits = (_within, to) => to === role.id;
  } else {
    stream.expect('IN');
    const container = stream.accept('DATABASE')
      ? scope.find('DATABASE', stream.name())
      : (stream.expect('SCHEMA'), scope.find('SCHEMA', stream.name()));
    fits = (within) => within === container.id;
  }
  stream.expectEnd();
  const listed = scope.grants
    .future()
    .filter((grant) => fits(grant.within, grant.to))
    .map((grant): Row => {
      const within = scope.catalog.byId(grant.within);
      const kind = grant.onKind.replaceAll(' ', '_');
      return [
        cell.timestamp(grant.createdOn),
        grant.privilege,
        kind,
        within === undefined ? '' : `${scope.catalog.displayOf(within)}.<${kind}>`,
        granteeKind(grant.to, statement),
        scope.nameOf(grant.to),
        String(grant.grantOption),
      ];
    });
  return answer(futureColumns, listed);
}

function answer(names: readonly string[], listed: readonly Row[]): StatementResult {
  return rows(statementTypes.show, { columns: columns(names), rows: listed });
}

function readObject(stream: TokenStream, statement: Statement): CatalogObject {
  const kind = statement.state.account.registry.takeKind(stream);
  if (kind === undefined) throw SnowflakeError.of('unsupported', { feature: `SHOW GRANTS ON ${stream.peek().text}` });
  const name = stream.name();
  return findObject(kind, name, kind.overloaded === true ? readSignature(stream) : '', statement);
}

/** Kind as SHOW GRANTS spells it: `COMPUTE_POOL`, and INTEGRATION for every kind of integration. */
function grantedOn(object: CatalogObject): string {
  return object.kind.endsWith('INTEGRATION') ? 'INTEGRATION' : object.kind.replaceAll(' ', '_');
}

/** Qualified name; routines with their argument types, as SHOW GRANTS prints them: `DB.SCH."F(X NUMBER):NUMBER"`. */
function grantName(object: CatalogObject, statement: Statement): string {
  const path = statement.scope.catalog.pathOf(object);
  const { overloaded } = statement.state.account.registry.kind(object.kind);
  if (overloaded !== true) return displayName(path);
  const returns = propertyText(object, 'RETURNS_TEXT');
  return `${displayName(path.slice(0, -1))}."${object.name}(${object.signature}):${returns}"`;
}

function ownershipRow(object: CatalogObject, statement: Statement): Row[] {
  const owner = statement.scope.nameOf(object.owner);
  if (owner === null) return [];
  return [
    [
      cell.timestamp(object.createdOn),
      'OWNERSHIP',
      grantedOn(object),
      grantName(object, statement),
      'ROLE',
      displayIdentifier(owner),
      'true',
      displayIdentifier(owner),
      'ROLE',
    ],
  ];
}

function grantRow(grant: Grant, object: CatalogObject | undefined, statement: Statement): Row {
  const { scope, state } = statement;
  return [
    cell.timestamp(grant.createdOn),
    grant.privilege,
    object === undefined ? 'ACCOUNT' : grantedOn(object),
    object === undefined ? state.account.facts.account : grantName(object, statement),
    granteeKind(grant.to, statement),
    scope.nameOf(grant.to),
    String(grant.grantOption),
    scope.nameOf(grant.grantedBy) ?? 'ACCOUNTADMIN',
    'ROLE',
  ];
}

/** As SHOW GRANTS spells what a role is. */
function granteeKind(role: string, { scope }: Statement): string {
  return scope.catalog.byId(role)?.kind.replaceAll(' ', '_') ?? 'ROLE';
}

/** A database role's name has its database's in front. */
function roleName(role: CatalogObject | undefined, { scope }: Statement): string | null {
  if (role === undefined) return null;
  return role.kind === 'ROLE' ? role.name : displayName(scope.catalog.pathOf(role));
}

function privilegesOfRole(role: CatalogObject, statement: Statement): Row[] {
  const { scope } = statement;
  const direct = scope.grants.privilegesOf(role.id).map((grant) => grantRow(grant, scope.catalog.byId(grant.on), statement));
  const roles = scope.grants
    .rolesOf(role.id)
    .map((grant): Row => [
      cell.timestamp(grant.createdOn),
      'USAGE',
      granteeKind(grant.role, statement),
      roleName(scope.catalog.byId(grant.role), statement),
      granteeKind(role.id, statement),
      role.name,
      'false',
      scope.nameOf(grant.grantedBy) ?? '',
      'ROLE',
    ]);
  const owned = statement.state.account.registry.kinds
    .flatMap((kind) => scope.catalog.ofKind(kind.name))
    .filter((object) => object.owner === role.id)
    .flatMap((object) => ownershipRow(object, statement));
  return [...direct, ...roles, ...owned];
}

function rolesOfUser(user: CatalogObject, statement: Statement): Row[] {
  const { scope } = statement;
  return scope.grants
    .rolesOf(user.id)
    .map((grant) => [
      cell.timestamp(grant.createdOn),
      scope.nameOf(grant.role),
      'USER',
      user.name,
      scope.nameOf(grant.grantedBy) ?? '',
    ]);
}
