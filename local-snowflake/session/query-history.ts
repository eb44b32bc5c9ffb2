import type { TableFunctionDefinition } from '../objects/extensions.ts';
import type { ObjectScope } from '../objects/object-scope.ts';
import { TableArguments } from '../objects/table-arguments.ts';
import { foldIdentifier } from '../sql/identifier.ts';
import { cell, column } from '../sql/result-set.ts';
import { types } from '../sql/types.ts';
import type { QueryEntry } from './query-log.ts';
import { StatementScope } from './statement-scope.ts';

/** The account that a statement runs in. */
export function accountOf(scope: ObjectScope): StatementScope['state']['account'] {
  if (!(scope instanceof StatementScope)) throw new TypeError('a scope of a statement is expected');
  return scope.state.account;
}

const columns = [
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
];

const ranges = ['END_TIME_RANGE_START', 'END_TIME_RANGE_END', 'RESULT_LIMIT', 'INCLUDE_CLIENT_GENERATED_STATEMENT'];

/** `dimension`: the argument that picks a session, a user or a warehouse, and what it means for an entry. */
function history(
  name: string,
  dimension?: { readonly argument: string; of(entry: QueryEntry): string | null; current(scope: ObjectScope): string | null },
): TableFunctionDefinition {
  const names = dimension === undefined ? ranges : [dimension.argument, ...ranges];
  return {
    name,
    page: 'functions/query_history',
    columns,
    rows: (args, scope) => {
      const account = accountOf(scope);
      const given = new TableArguments(name, args, names);
      const timezone = scope.parameter('TIMEZONE');
      const start = given.instant('END_TIME_RANGE_START', timezone);
      const end = given.instant('END_TIME_RANGE_END', timezone);
      const written = dimension === undefined ? undefined : given.text(dimension.argument);
      const wanted = written === undefined ? dimension?.current(scope) : /^\d+$/u.test(written) ? written : foldIdentifier(written);
      const all = scope.authorizer.holdsGlobal(scope.roles, 'ALL');
      return account.queries
        .entries()
        .filter((entry) => all || entry.user === scope.user)
        .filter((entry) => dimension === undefined || dimension.of(entry) === wanted)
        .filter((entry) => start === undefined || entry.endedAt === undefined || entry.endedAt >= start)
        .filter((entry) => end === undefined || (entry.endedAt !== undefined && entry.endedAt <= end))
        .reverse()
        .slice(0, given.limit(100))
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
  };
}

/** https://docs.snowflake.com/en/sql-reference/functions/query_history */
export const queryHistory: readonly TableFunctionDefinition[] = [
  history('QUERY_HISTORY'),
  history('QUERY_HISTORY_BY_SESSION', {
    argument: 'SESSION_ID',
    of: (entry) => String(entry.sessionId),
    current: (scope) => String(scope.sessionId),
  }),
  history('QUERY_HISTORY_BY_USER', { argument: 'USER_NAME', of: (entry) => entry.user, current: (scope) => scope.user }),
  history('QUERY_HISTORY_BY_WAREHOUSE', {
    argument: 'WAREHOUSE_NAME',
    of: (entry) => entry.warehouse,
    current: (scope) => accountOf(scope).queries.get(scope.queryId)?.warehouse ?? null,
  }),
];
