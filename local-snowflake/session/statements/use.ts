import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayIdentifier, type ObjectName } from '../../sql/identifier.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { informationSchema } from '../session-state.ts';
import { control, type Statement, type StatementResult } from '../statement.ts';

/** USE { ROLE | SECONDARY ROLES | WAREHOUSE | DATABASE | SCHEMA } … https://docs.snowflake.com/en/sql-reference/sql/use */
export function use(stream: TokenStream, statement: Statement): StatementResult {
  const { scope, state } = statement;
  if (stream.accept('SECONDARY ROLES')) {
    state.useSecondaryRoles(stream.accept('NONE') ? 'NONE' : (stream.expect('ALL'), 'ALL'));
  } else if (stream.accept('ROLE')) useRole(stream.name().at(-1) ?? '', statement);
  else if (stream.accept('WAREHOUSE')) {
    state.useWarehouse(scope.find('WAREHOUSE', stream.name(), 'USAGE'));
  } else if (stream.accept('SCHEMA')) useSchema(stream.name(), statement);
  else {
    stream.accept('DATABASE');
    const name = stream.name();
    if (name.length === 2) useSchema(name, statement);
    else state.useDatabase(scope.find('DATABASE', name));
  }
  stream.expectEnd();
  return control();
}

/** INFORMATION_SCHEMA is in every database and is nobody's. https://docs.snowflake.com/en/sql-reference/info-schema */
function useSchema(name: ObjectName, { scope, state }: Statement): void {
  if (name.at(-1) !== informationSchema) {
    state.useSchema(scope.find('SCHEMA', name));
    return;
  }
  const database = name.length === 1 ? scope.currentDatabase : scope.find('DATABASE', name.slice(0, -1));
  if (database === undefined) throw SnowflakeError.of('noCurrentDatabase', {});
  state.useInformationSchema(database);
}

function useRole(name: string, statement: Statement): void {
  const { state, scope } = statement;
  const role = scope.catalog.find('ROLE', null, name);
  if (role === undefined) throw SnowflakeError.of('objectDoesNotExist', { kind: 'Role', name: displayIdentifier(name) });
  const assigned = state.user === undefined || mayAssume(state.user.id, role.id, statement);
  if (!assigned) throw SnowflakeError.of('roleNotAssigned', { role: displayIdentifier(name) });
  state.useRole(role);
}

/** A user may take any role that is granted to them, directly or through another role. */
export function mayAssume(user: string, role: string, statement: { readonly state: Statement['state'] }): boolean {
  const { grants, authorizer } = statement.state.account;
  const held = grants.rolesOf(user).map((grant) => grant.role);
  return authorizer.activate(null, held).all.has(role);
}
