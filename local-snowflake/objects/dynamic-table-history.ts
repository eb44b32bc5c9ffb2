import type { CatalogObject } from '../catalog/catalog-object.ts';
import { parseName } from '../sql/identifier.ts';
import { cell, column, type Row } from '../sql/result-set.ts';
import { types } from '../sql/types.ts';
import { type RefreshRecord, refreshesOf } from './dynamic-table-refresh.ts';
import type { Extension } from './extensions.ts';
import type { ObjectScope } from './object-scope.ts';
import { TableArguments } from './table-arguments.ts';

const day = 86_400_000;

interface Refresh {
  readonly table: CatalogObject;
  readonly record: RefreshRecord;
}

/**
 * The refreshes of the tables of a kind.
 * https://docs.snowflake.com/en/sql-reference/functions/dynamic_table_refresh_history
 */
function history(kind: string, name: string): NonNullable<Extension['tableFunctions']>[number] {
  return {
    name,
    page: `functions/${name.toLowerCase()}`,
    columns: [
      ...['NAME', 'SCHEMA_NAME', 'DATABASE_NAME', 'STATE', 'STATE_CODE', 'STATE_MESSAGE', 'QUERY_ID'].map((name) => column(name)),
      ...['DATA_TIMESTAMP', 'REFRESH_START_TIME', 'REFRESH_END_TIME', 'COMPLETION_TARGET'].map((name) =>
        column(name, types.timestampLtz(3)),
      ),
      column('QUALIFIED_NAME'),
      column('LAST_COMPLETED_DEPENDENCY', types.object),
      column('STATISTICS', types.object),
      column('REFRESH_ACTION'),
      column('REINIT_REASON'),
      column('REFRESH_TRIGGER'),
      column('TARGET_LAG_SEC', types.number(38, 0)),
      column('GRAPH_HISTORY_VALID_FROM', types.timestampNtz(3)),
      column('INPUTS_WITH_CHANGED_DATA', types.array),
    ],
    rows: (given, scope) => {
      const args = new TableArguments(name, given, [
        'DATA_TIMESTAMP_START',
        'DATA_TIMESTAMP_END',
        'RESULT_LIMIT',
        'NAME',
        'NAME_PREFIX',
        'ERROR_ONLY',
      ]);
      const timezone = scope.parameter('TIMEZONE');
      const end = args.instant('DATA_TIMESTAMP_END', timezone) ?? scope.time();
      const start = args.instant('DATA_TIMESTAMP_START', timezone) ?? end - day;
      const errorsOnly = args.boolean('ERROR_ONLY', false);
      return listed(kind, scope, args.text('NAME'), args.text('NAME_PREFIX'))
        .filter(({ record }) => record.dataTimestamp >= start && record.dataTimestamp <= end)
        .filter(({ record }) => !errorsOnly || record.state === 'FAILED')
        .sort((a, b) => b.record.endedAt - a.record.endedAt)
        .slice(0, args.limit(100))
        .map((refresh) => rowOf(refresh, scope));
    },
  };
}

export const dynamicTableHistory: Extension = {
  tableFunctions: [
    history('DYNAMIC TABLE', 'DYNAMIC_TABLE_REFRESH_HISTORY'),
    history('ONLINE FEATURE TABLE', 'ONLINE_FEATURE_TABLE_REFRESH_HISTORY'),
  ],
};

/** Refreshes of the tables that the roles may monitor. Names are compared without regard to case. */
function listed(kind: string, scope: ObjectScope, name: string | undefined, prefix: string | undefined): Refresh[] {
  const wanted = name === undefined ? undefined : scope.qualify('schema', parseName(name)).join('.').toUpperCase();
  return scope.catalog
    .ofKind(kind, scope.sessionId)
    .filter((table) => scope.authorizer.lists(scope.roles, table) && scope.authorizer.holds(scope.roles, table, 'MONITOR'))
    .filter((table) => {
      const path = scope.catalog.pathOf(table).join('.').toUpperCase();
      return (wanted === undefined || path === wanted) && (prefix === undefined || path.startsWith(prefix.toUpperCase()));
    })
    .flatMap((table) => refreshesOf(table).map((record) => ({ table, record })));
}

function rowOf({ table, record }: Refresh, scope: ObjectScope): Row {
  const [database = null, schema = null] = scope.catalog.pathOf(table);
  const executionTimeMs = record.endedAt - record.startedAt;
  const counts = record.rows && { numInsertedRows: record.rows.inserted, numDeletedRows: record.rows.deleted };
  return [
    table.name,
    schema,
    database,
    record.state,
    record.state === 'SUCCEEDED' ? 'SUCCESS' : 'FAILURE',
    record.message,
    record.queryId,
    cell.timestamp(record.dataTimestamp),
    cell.timestamp(record.startedAt),
    cell.timestamp(record.endedAt),
    cell.timestamp(record.lag === null ? null : record.dataTimestamp + record.lag),
    scope.catalog.displayOf(table),
    null,
    cell.json({ ...counts, executionTimeMs }),
    'FULL',
    null,
    record.trigger,
    cell.number(record.lag === null ? null : record.lag / 1000),
    null,
    null,
  ];
}
