import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { Extension, SystemFunctionDefinition, TypedValue } from '../objects/extensions.ts';
import type { ObjectScope } from '../objects/object-scope.ts';
import { types } from '../sql/types.ts';
import type { Account } from './account.ts';
import type { Session } from './session.ts';
import { StatementScope } from './statement-scope.ts';

const milliseconds: Readonly<Record<string, number>> = {
  DAYS: 86_400_000,
  HOURS: 3_600_000,
  MINUTES: 60_000,
  SECONDS: 1000,
  MILLISECONDS: 1,
  MICROSECONDS: 1e-3,
  NANOSECONDS: 1e-6,
};

/** SYSTEM$WAIT(amount [, unit]) */
const wait: SystemFunctionDefinition = {
  name: 'SYSTEM$WAIT',
  page: 'functions/system_wait',
  returns: types.varchar(),
  call: async (args, scope) => {
    requireCount('SYSTEM$WAIT', args, 1, 2);
    const amount = Number(args[0]?.cell ?? 0);
    const unit = args[1]?.cell ?? 'SECONDS';
    const factor = milliseconds[unit.toUpperCase()];
    if (factor === undefined || !Number.isFinite(amount) || amount < 0) {
      throw SnowflakeError.of('invalidArgument', { name: 'SYSTEM$WAIT', value: args.map((each) => each.cell ?? 'NULL').join(', ') });
    }
    await waited(accountOf(scope), amount * factor, scope.signal);
    return `waited ${args[0]?.cell ?? '0'} ${unit.toLowerCase()}`;
  },
};

/** SYSTEM$CANCEL_QUERY(query id): one's own; the administrator's role cancels everybody's. */
const cancelQuery: SystemFunctionDefinition = {
  name: 'SYSTEM$CANCEL_QUERY',
  page: 'functions/system_cancel_query',
  returns: types.varchar(),
  call: (args, scope) => {
    requireCount('SYSTEM$CANCEL_QUERY', args, 1, 1);
    const id = args[0]?.cell ?? '';
    const query = sessionsInReach(scope, true)
      .map((session) => session.hasQuery(id))
      .find((found) => found !== undefined);
    if (query === undefined) throw SnowflakeError.of('statementNotFound', { queryId: id });
    return query.abort() ? `query [${id}] terminated.` : SnowflakeError.of('statementNotExecuting', {}).message;
  },
};

/** SYSTEM$CANCEL_ALL_QUERIES(session id), which Snowpark asks for when it closes. */
const cancelAllQueries: SystemFunctionDefinition = {
  name: 'SYSTEM$CANCEL_ALL_QUERIES',
  page: 'functions/system_cancel_all_queries',
  returns: types.varchar(),
  call: (args, scope) => {
    requireCount('SYSTEM$CANCEL_ALL_QUERIES', args, 1, 1);
    const session = sessionsInReach(scope, false).find((each) => String(each.id) === args[0]?.cell);
    // Not this statement itself, which is one of its session's.
    return `${String(session?.abortAll(scope.queryId) ?? 0)} cancelled.`;
  },
};

export const statementControlFunctions: Extension = { systemFunctions: [wait, cancelQuery, cancelAllQueries] };

function sessionsInReach(scope: ObjectScope, everybodysForAdministrator: boolean): readonly Session[] {
  const sessions = accountOf(scope).sessions.all();
  const administrator = scope.catalog.find('ROLE', null, 'ACCOUNTADMIN');
  const all = everybodysForAdministrator && administrator !== undefined && scope.roles.all.has(administrator.id);
  return all ? sessions : sessions.filter((session) => session.user === scope.user);
}

function accountOf(scope: ObjectScope): Account {
  if (scope instanceof StatementScope) return scope.state.account;
  throw new Error('a function of the account was called without a session');
}

/** `duration` is milliseconds of the account's clock. @throws SnowflakeError `queryCancelled` */
function waited({ clock }: Account, duration: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = clock.at(clock.now() + duration, resolve);
    const cancelled = (): void => {
      stop();
      reject(SnowflakeError.of('queryCancelled', {}));
    };
    if (signal.aborted) cancelled();
    else signal.addEventListener('abort', cancelled, { once: true });
  });
}

function requireCount(name: string, args: readonly TypedValue[], least: number, most: number): void {
  if (args.length < least || args.length > most) {
    throw SnowflakeError.of('argumentCount', { name, expected: String(most), got: args.length });
  }
}
