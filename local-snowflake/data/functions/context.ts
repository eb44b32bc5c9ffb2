import { type SnowflakeType, types } from '../../sql/types.ts';
import type { Bound } from '../bind/bound.ts';
import { literalBound, stringBound } from '../bind/literal-bound.ts';
import { typedNull } from '../bind/bind-expression.ts';
import type { SessionFacts, StatementFacts } from '../ports.ts';
import type { CallSite } from './call-site.ts';
import { type FunctionDefinition, special } from './function-definition.ts';
import { sysContext } from './sys-context.ts';

/** Context functions whose answer the statement's facts hold. https://docs.snowflake.com/en/sql-reference/functions-context */
function fact(names: string, page: string, value: (facts: StatementFacts) => string | null | undefined): FunctionDefinition {
  return special(names, page, 'scalar', (call) => {
    if (call.args.length > 0) throw call.countError('0');
    return textBound(value(call.facts));
  });
}

function textBound(value: string | null | undefined): Bound {
  return value === null || value === undefined ? typedNull(types.varchar()) : stringBound(value);
}

/** Names as the documentation's pages show such lists. */
function list(names: readonly string[]): string {
  return names.length === 0 ? '[]' : `[ ${names.map((name) => JSON.stringify(name)).join(', ')} ]`;
}

/** Whether the role that the argument names, in its own case, is among these; of a column, row by row. */
function amongRoles(
  names: string,
  page: string,
  roles: (session: SessionFacts | undefined) => readonly string[],
): FunctionDefinition {
  return special(names, page, 'scalar', (call) => {
    if (call.args.length !== 1) throw call.countError('1');
    const role = call.cast(call.arg(0), types.varchar());
    const among = roles(call.facts.session);
    const known = role.constant?.cell;
    if (known !== undefined && known !== null) return literalBound(types.boolean, among.includes(known) ? '1' : '0');
    const { sql } = role;
    const found = among.length === 0 ? `${sql} <> ${sql}` : `${sql} IN (${among.map((name) => stringBound(name).sql).join(', ')})`;
    return call.result(types.boolean, `(${found})`);
  });
}

/** A session variable's value, by its name as SET keeps it. */
function variable(call: CallSite): Bound {
  if (call.args.length !== 1) throw call.countError('1');
  const value = call.context.bind.ports.variable(call.constant(0));
  if (value === undefined || value.cell === null) return typedNull(types.varchar());
  return call.cast(literalBound(value.type, value.cell), types.varchar());
}

/** The statement's start in the session's time zone, or in UTC. */
function now(call: CallSite, type: SnowflakeType): Bound {
  const { now: milliseconds } = call.facts;
  const seconds = Math.floor(milliseconds / 1000);
  const cell = `${String(seconds)}.${String(Math.floor((milliseconds - seconds * 1000) * 1000)).padStart(6, '0')}000`;
  return literalBound(type, cell);
}

export const contextFunctions: readonly FunctionDefinition[] = [
  fact('CURRENT_USER', 'current_user', (facts) => facts.user),
  fact('CURRENT_ROLE', 'current_role', (facts) => facts.role),
  fact('CURRENT_WAREHOUSE', 'current_warehouse', (facts) => facts.warehouse),
  fact('CURRENT_DATABASE', 'current_database', (facts) => facts.database),
  fact('CURRENT_SCHEMA', 'current_schema', (facts) => facts.schema),
  fact('CURRENT_ACCOUNT', 'current_account', (facts) => facts.account),
  fact('CURRENT_ACCOUNT_NAME', 'current_account_name', (facts) => facts.accountName),
  fact('CURRENT_ORGANIZATION_NAME', 'current_organization_name', (facts) => facts.organization),
  // The account has no organization users.
  fact('CURRENT_ORGANIZATION_USER', 'current_organization_user', () => null),
  fact('CURRENT_REGION', 'current_region', (facts) => facts.region),
  fact('CURRENT_VERSION', 'current_version', (facts) => facts.version),
  fact('CURRENT_SESSION', 'current_session', (facts) => String(facts.sessionId)),
  fact('CURRENT_CLIENT', 'current_client', (facts) => facts.session?.client),
  fact('CURRENT_IP_ADDRESS', 'current_ip_address', (facts) => facts.session?.address),
  fact('CURRENT_STATEMENT', 'current_statement', (facts) => facts.session?.statement),
  fact('CURRENT_TRANSACTION', 'current_transaction', (facts) => facts.session?.transaction),
  fact('LAST_TRANSACTION', 'last_transaction', (facts) => facts.session?.lastTransaction),
  fact('CURRENT_SCHEMAS', 'current_schemas', (facts) =>
    facts.database === null || facts.schema === null ? '[]' : JSON.stringify([`${facts.database}.${facts.schema}`]),
  ),
  fact('CURRENT_ROLE_TYPE', 'current_role_type', (facts) => (facts.role === null ? null : 'ROLE')),
  fact('CURRENT_AVAILABLE_ROLES', 'current_available_roles', (facts) => list(facts.session?.availableRoles() ?? [])),
  fact('CURRENT_SECONDARY_ROLES', 'current_secondary_roles', ({ session }) =>
    JSON.stringify({
      roles: session?.secondaryRoles().join(',') ?? '',
      value: session?.wantedSecondaryRoles === 'ALL' ? 'ALL' : '',
    }),
  ),
  fact('INVOKER_ROLE', 'invoker_role', (facts) => facts.session?.invokerRole),
  // Nothing is shared with other accounts.
  fact('INVOKER_SHARE', 'invoker_share', () => null),
  special('ALL_USER_NAMES', 'all_user_names', 'scalar', (call) => {
    if (call.args.length > 0) throw call.countError('0');
    return literalBound(types.array, JSON.stringify(call.facts.session?.userNames() ?? []));
  }),
  amongRoles('IS_ROLE_IN_SESSION', 'is_role_in_session', (session) => session?.activeRoles() ?? []),
  amongRoles('IS_GRANTED_TO_INVOKER_ROLE', 'is_granted_to_invoker_role', (session) => session?.invokerRoles() ?? []),
  amongRoles('IS_DATABASE_ROLE_IN_SESSION', 'is_database_role_in_session', (session) => session?.activeDatabaseRoles() ?? []),
  // The account has no roles of these kinds.
  amongRoles('IS_APPLICATION_ROLE_IN_SESSION', 'is_application_role_in_session', () => []),
  amongRoles('IS_INSTANCE_ROLE_IN_SESSION', 'is_instance_role_in_session', () => []),
  special('GETVARIABLE', 'getvariable', 'scalar', variable),
  special('SESSION_CONTEXT', 'getvariable', 'scalar', variable),
  special('SYS_CONTEXT', 'sys_context', 'scalar', (call) => textBound(sysContext(call))),
  special('LAST_QUERY_ID', 'last_query_id', 'scalar', (call) => {
    const index = call.args.length === 0 ? -1 : Number(call.constant(0));
    return textBound(call.facts.lastQueryId?.(index));
  }),
  special('CURRENT_TIMESTAMP LOCALTIMESTAMP GETDATE SYSTIMESTAMP', 'current_timestamp', 'scalar', (call) =>
    now(call, types.timestampLtz()),
  ),
  special('SYSDATE', 'sysdate', 'scalar', (call) => now(call, types.timestampNtz())),
  special('CURRENT_DATE', 'current_date', 'scalar', (call) => call.cast(now(call, types.timestampLtz()), types.date)),
  special('CURRENT_TIME LOCALTIME', 'current_time', 'scalar', (call) => call.cast(now(call, types.timestampLtz()), types.time())),
];
