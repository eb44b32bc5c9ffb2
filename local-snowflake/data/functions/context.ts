import { type SnowflakeType, types } from '../../sql/types.ts';
import type { Bound } from '../bind/bound.ts';
import { literalBound, stringBound } from '../bind/literal-bound.ts';
import { typedNull } from '../bind/bind-expression.ts';
import type { StatementFacts } from '../ports.ts';
import type { CallSite } from './call-site.ts';
import { type FunctionDefinition, special } from './function-definition.ts';

/** Context functions whose answer the statement's facts hold. https://docs.snowflake.com/en/sql-reference/functions-context */
function fact(names: string, page: string, value: (facts: StatementFacts) => string | null): FunctionDefinition {
  return special(names, page, 'scalar', (call) => {
    if (call.args.length > 0) throw call.countError('0');
    const found = value(call.facts);
    return found === null ? typedNull(types.varchar()) : stringBound(found);
  });
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
  fact('CURRENT_REGION', 'current_region', (facts) => facts.region),
  fact('CURRENT_VERSION', 'current_version', (facts) => facts.version),
  fact('CURRENT_SESSION', 'current_session', (facts) => String(facts.sessionId)),
  fact('CURRENT_SCHEMAS', 'current_schemas', (facts) =>
    facts.database === null || facts.schema === null ? '[]' : JSON.stringify([`${facts.database}.${facts.schema}`]),
  ),
  special('LAST_QUERY_ID', 'last_query_id', 'scalar', (call) => {
    const index = call.args.length === 0 ? -1 : Number(call.constant(0));
    const id = call.facts.lastQueryId?.(index);
    return id === undefined ? typedNull(types.varchar()) : stringBound(id);
  }),
  special('CURRENT_TIMESTAMP LOCALTIMESTAMP GETDATE SYSTIMESTAMP', 'current_timestamp', 'scalar', (call) =>
    now(call, types.timestampLtz()),
  ),
  special('SYSDATE', 'sysdate', 'scalar', (call) => now(call, types.timestampNtz())),
  special('CURRENT_DATE', 'current_date', 'scalar', (call) => call.cast(now(call, types.timestampLtz()), types.date)),
  special('CURRENT_TIME LOCALTIME', 'current_time', 'scalar', (call) => call.cast(now(call, types.timestampLtz()), types.time())),
];
