import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { Extension } from '../objects/extensions.ts';
import type { ObjectScope } from '../objects/object-scope.ts';
import { cell, column } from '../sql/result-set.ts';
import { types } from '../sql/types.ts';
import { StatementScope } from './statement-scope.ts';

function accountOf(scope: ObjectScope): StatementScope['state']['account'] {
  if (!(scope instanceof StatementScope)) throw new TypeError('a scope of a statement is expected');
  return scope.state.account;
}

/** Functions over the account's sessions and statements. */
export const sessionFunctions: Extension = {
  systemFunctions: [
    {
      // https://docs.snowflake.com/en/sql-reference/functions/system_cancel_all_queries
      name: 'SYSTEM$CANCEL_ALL_QUERIES',
      page: 'functions/system_cancel_all_queries',
      returns: types.varchar(),
      call: ([id], scope) => {
        const named = accountOf(scope)
          .sessions.all()
          .filter((each) => String(each.id) === id?.cell && each.user === scope.user);
        // Python code that closes its session does not mean the statement that called it.
        const own = named.find((each) => each.hasQuery(scope.queryId) !== undefined);
        const count = (own === undefined ? named : [own]).reduce((sum, each) => sum + each.abortAll(scope.queryId), 0);
        return `${String(count)} cancelled.`;
      },
    },
    {
      // https://docs.snowflake.com/en/sql-reference/functions/system_cancel_query
      name: 'SYSTEM$CANCEL_QUERY',
      page: 'functions/system_cancel_query',
      returns: types.varchar(),
      call: ([id], scope) => {
        const queryId = id?.cell ?? '';
        for (const session of accountOf(scope).sessions.all()) {
          const query =
            session.user === scope.user || scope.authorizer.holdsGlobal(scope.roles, 'ALL') ? session.hasQuery(queryId) : undefined;
          if (query !== undefined)
            return query.abort() ? `query [${queryId}] terminated.` : 'Identified SQL statement is not currently executing.';
        }
        throw SnowflakeError.of('statementNotFound', { queryId });
      },
    },
  ],
  tableFunctions: [
    {
      name: 'QUERY_HISTORY',
      page: 'functions/query_history',
      columns: [
        column('QUERY_ID'),
        column('QUERY_TEXT'),
        column('DATABASE_NAME'),
        column('SCHEMA_NAME'),
        column('SESSION_ID', types.number(38, 0)),
        column('USER_NAME'),
        column('ROLE_NAME'),
        column('WAREHOUSE_NAME'),
        column('EXECUTION_STATUS'),
        column('ERROR_CODE', types.number(38, 0)),
        column('ERROR_MESSAGE'),
        column('START_TIME', types.timestampLtz(3)),
        column('END_TIME', types.timestampLtz(3)),
        column('TOTAL_ELAPSED_TIME', types.number(38, 0)),
        column('ROWS_PRODUCED', types.number(38, 0)),
      ],
      rows: (args, scope) => {
        const account = accountOf(scope);
        const all = scope.authorizer.holdsGlobal(scope.roles, 'ALL');
        const limit = Number(args.get('RESULT_LIMIT')?.cell ?? 100);
        return account.queries
          .entries()
          .filter((entry) => all || entry.user === scope.user)
          .slice(-limit)
          .reverse()
          .map((entry) => [
            entry.id,
            entry.text,
            entry.database,
            entry.schema,
            cell.number(entry.sessionId),
            entry.user,
            entry.role,
            entry.warehouse,
            entry.state,
            entry.error === undefined ? null : String(entry.error.numericCode),
            entry.error?.message ?? null,
            cell.timestamp(entry.startedAt),
            cell.timestamp(entry.endedAt),
            cell.number((entry.endedAt ?? account.clock.now()) - entry.startedAt),
            cell.number(entry.rows),
          ]);
      },
    },
  ],
};
