import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { parameters, sessionParameters } from '../../objects/parameters.ts';
import { readSignature } from '../../objects/signature.ts';
import { likeMatcher } from '../../sql/literal.ts';
import { column, type Row } from '../../sql/result-set.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { rows, type Statement, type StatementResult, statementTypes } from '../statement.ts';
import { findObject } from './find-object.ts';

/**
 * SHOW PARAMETERS [LIKE …] [IN { SESSION | ACCOUNT | <kind> <name> }]. `level` is empty for a default, else where the value was set.
 * https://docs.snowflake.com/en/sql-reference/sql/show-parameters
 */
export function showParameters(stream: TokenStream, statement: Statement): StatementResult {
  let like = readLike(stream);
  const listed = stream.accept('IN') || stream.accept('FOR') ? readTarget(stream, statement) : sessionRows(statement);
  if (stream.is('LIKE')) like = readLike(stream);
  stream.expectEnd();
  return rows(statementTypes.show, {
    columns: ['key', 'value', 'default', 'level', 'description', 'type'].map((name) => column(name)),
    rows: listed.filter(([key]) => like(key ?? '')),
  });
}

function readLike(stream: TokenStream): (name: string) => boolean {
  return stream.accept('LIKE') ? likeMatcher(stream.string()) : () => true;
}

function readTarget(stream: TokenStream, statement: Statement): Row[] {
  if (stream.accept('SESSION')) return sessionRows(statement);
  if (stream.accept('ACCOUNT')) return accountRows(statement);
  const kind = statement.state.account.registry.takeKind(stream);
  if (kind === undefined) throw stream.unexpected();
  const named = stream.peek().kind === 'word' || stream.peek().kind === 'quoted' || stream.peek().kind === 'bind';
  let object: CatalogObject | undefined;
  if (named && !stream.is('LIKE')) {
    const name = stream.name();
    object = findObject(kind, name, kind.overloaded === true ? readSignature(stream) : '', statement);
  } else {
    const current = {
      DATABASE: statement.scope.currentDatabase,
      SCHEMA: statement.scope.currentSchema,
      WAREHOUSE: statement.scope.currentWarehouse,
      USER: statement.state.user,
    };
    object = current[kind.name as keyof typeof current];
  }
  if (object === undefined) throw SnowflakeError.of('objectOrOperation', {});
  const found = object;
  return (kind.parameters ?? []).toSorted().map((name) => objectRow(name, found, statement));
}

function row(name: string, value: string | undefined, level: string): Row {
  const parameter = parameters[name];
  return [
    name,
    value ?? parameter?.default ?? '',
    parameter?.default ?? '',
    value === undefined ? '' : level,
    '',
    parameter?.type ?? 'STRING',
  ];
}

function accountRows(statement: Statement): Row[] {
  return Object.keys(parameters)
    .toSorted()
    .map((name) => row(name, statement.state.account.accountParameters.get(name), 'ACCOUNT'));
}

function sessionRows(statement: Statement): Row[] {
  const { state } = statement;
  return Object.keys(sessionParameters)
    .toSorted()
    .map((name) => {
      const own = state.overrides.get(name);
      if (own !== undefined) return row(name, own, 'SESSION');
      const ofUser = state.user?.parameters[name];
      return ofUser === undefined ? row(name, state.account.accountParameters.get(name), 'ACCOUNT') : row(name, ofUser, 'USER');
    });
}

/** The object's own value, else that of what contains it, else the account's. */
function objectRow(name: string, object: CatalogObject, statement: Statement): Row {
  for (let holder: CatalogObject | undefined = object; holder !== undefined;) {
    const value = holder.parameters[name];
    if (value !== undefined) return row(name, value, holder.kind);
    holder = holder.parent === null ? undefined : statement.scope.catalog.byId(holder.parent);
  }
  return row(name, statement.state.account.accountParameters.get(name), 'ACCOUNT');
}
