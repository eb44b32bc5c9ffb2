import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { Extension } from '../objects/extensions.ts';
import { types } from '../sql/types.ts';
import { accountOf, queryHistory } from './query-history.ts';

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
  tableFunctions: queryHistory,
};
