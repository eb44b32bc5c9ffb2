import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { SessionFacts, StatementFacts } from '../ports.ts';
import type { CallSite } from './call-site.ts';

type Property = (facts: StatementFacts, session: SessionFacts, call: CallSite) => string | null;

const truth = (value: boolean): string => (value ? 'TRUE' : 'FALSE');

/** Whether any of the roles that the arguments name is active. https://docs.snowflake.com/en/sql-reference/functions/is_role_activated */
const isRoleActivated: Property = (_facts, session, call) => {
  if (call.args.length < 3) throw call.countError('at least 3');
  const active = session.activeRoles();
  return truth(call.args.some((_arg, index) => index > 1 && active.includes(call.constant(index))));
};

/** Properties and functions of the namespaces, as their pages list them. What the account cannot have is NULL or FALSE. */
const namespaces: Readonly<Record<string, Readonly<Record<string, Property>>>> = {
  // https://docs.snowflake.com/en/sql-reference/functions/sys_context_snowflake_session
  SNOWFLAKE$SESSION: {
    ACTIVE_RESTRICTED_SESSION_SCOPES: () => null,
    PRINCIPAL_NAME: (_facts, session) => session.principal().name,
    PRINCIPAL_TYPE: (_facts, session) => session.principal().type,
    PRINCIPAL_EMAIL: (_facts, session) => session.principal().email,
    PRINCIPAL_DATABASE: (_facts, session) => session.principal().database,
    PRINCIPAL_SCHEMA: (_facts, session) => session.principal().schema,
    ID: (facts) => String(facts.sessionId),
    IP_ADDRESS: (_facts, session) => session.address,
    IP_ADDRESS_V6: () => null,
    ROLE: (facts) => facts.role,
    ROLE_TYPE: (facts) => (facts.role === null ? null : 'ROLE'),
    ROLE_DATABASE: () => null,
    SECONDARY_ROLES: (_facts, session) => JSON.stringify(session.wantedSecondaryRoles === 'ALL' ? session.availableRoles() : []),
    WANTED_SECONDARY_ROLES: (_facts, session) => JSON.stringify(session.secondaryRoles()),
    DATABASE: (facts) => facts.database,
    SCHEMA: (facts) => facts.schema,
    WAREHOUSE: (facts) => facts.warehouse,
    IS_ROLE_ACTIVATED: isRoleActivated,
    IS_DATABASE_ROLE_ACTIVATED: () => 'FALSE',
  },
  // https://docs.snowflake.com/en/sql-reference/functions/sys_context_snowflake_current
  SNOWFLAKE$CURRENT: {
    AGENT_TYPE: () => null,
    IS_AGENT_ACTIVATED: () => 'FALSE',
    IS_ROLE_ACTIVATED: isRoleActivated,
    IS_DATABASE_ROLE_ACTIVATED: () => 'FALSE',
  },
  // https://docs.snowflake.com/en/sql-reference/functions/sys_context_snowflake_environment
  SNOWFLAKE$ENVIRONMENT: {
    CLIENT: (_facts, session) => session.client,
    ACCOUNT: (facts) => facts.account,
    REGION: (facts) => facts.region,
  },
};

/**
 * SYS_CONTEXT('namespace', 'property' [, 'argument', …]). https://docs.snowflake.com/en/sql-reference/functions/sys_context
 * @throws SnowflakeError `unsupported` for another namespace or property, named
 */
export function sysContext(call: CallSite): string | null {
  if (call.args.length < 2) throw call.countError('at least 2');
  const [namespace, name] = [call.constant(0), call.constant(1)];
  const { facts } = call;
  const property = namespaces[namespace]?.[name];
  if (property === undefined || facts.session === undefined)
    throw SnowflakeError.of('unsupported', { feature: `SYS_CONTEXT('${namespace}', '${name}')` });
  return property(facts, facts.session, call);
}
