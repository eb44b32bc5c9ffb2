import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { cell, column, type Row, statusResult } from '../../sql/result-set.ts';
import { types } from '../../sql/types.ts';
import type { Extension, SystemFunctionDefinition } from '../extensions.ts';
import type { ObjectScope } from '../object-scope.ts';
import { TableArguments } from '../table-arguments.ts';
import type { AlertContext, AlertEngine, AlertRun, UpcomingAlertRun } from './alert-run.ts';

const day = 86_400_000;
const time = types.timestampLtz(3);

const columns = [
  ...['NAME', 'DATABASE_NAME', 'SCHEMA_NAME', 'CONDITION', 'CONDITION_QUERY_ID', 'ACTION', 'ACTION_QUERY_ID', 'STATE'].map((name) =>
    column(name),
  ),
  column('SQL_ERROR_CODE', types.number(38, 0)),
  column('SQL_ERROR_MESSAGE'),
  column('SCHEDULED_TIME', time),
  column('COMPLETED_TIME', time),
  column('SCHEDULED_FROM'),
  column('RUNBOOK'),
  column('WAS_AUTO_SUSPENDED', types.boolean),
  column('CONFIG'),
];

/** Statements, functions and history of alerts. https://docs.snowflake.com/en/user-guide/alerts */
export function alertExtension(engine: AlertEngine): Extension {
  const clockFunction = (name: string, page: string, of: (context: AlertContext) => number): SystemFunctionDefinition => ({
    name: `SNOWFLAKE.ALERT.${name}`,
    page: `functions/${page}`,
    returns: time,
    call: (_args, scope) => {
      const context = engine.contextOf(scope.sessionId);
      return cell.timestamp(context === undefined ? null : of(context));
    },
  });
  return {
    statements: [
      {
        words: 'EXECUTE ALERT',
        page: 'execute-alert',
        run: async (stream, scope) => {
          const alert = scope.find('ALERT', stream.name(), 'OWNERSHIP', 'OPERATE');
          stream.expectEnd();
          if (!scope.authorizer.holdsGlobal(scope.roles, 'EXECUTE ALERT'))
            throw SnowflakeError.of('alertExecutePrivilege', { privilege: 'EXECUTE ALERT' });
          await engine.execute(alert.id);
          return statusResult('Statement executed successfully.');
        },
      },
    ],
    systemFunctions: [
      clockFunction('SCHEDULED_TIME', 'scheduled_time', (context) => context.scheduledTime),
      clockFunction(
        'LAST_SUCCESSFUL_SCHEDULED_TIME',
        'last_successful_scheduled_time',
        (context) => context.lastSuccessfulScheduledTime,
      ),
      {
        name: 'SYSTEM$GET_ALERT_CONFIG',
        page: 'functions/system_get_alert_config',
        returns: types.varchar(),
        call: (_args, scope) => engine.contextOf(scope.sessionId)?.config ?? null,
      },
    ],
    tableFunctions: [
      {
        name: 'ALERT_HISTORY',
        page: 'functions/alert_history',
        columns,
        rows: (args, scope) => {
          const names = ['SCHEDULED_TIME_RANGE_START', 'SCHEDULED_TIME_RANGE_END', 'RESULT_LIMIT', 'ALERT_NAME'];
          const given = new TableArguments('ALERT_HISTORY', args, names);
          const timezone = scope.parameter('TIMEZONE');
          const start = given.instant('SCHEDULED_TIME_RANGE_START', timezone) ?? scope.now - 7 * day;
          const end = given.instant('SCHEDULED_TIME_RANGE_END', timezone) ?? Number.POSITIVE_INFINITY;
          const name = given.text('ALERT_NAME')?.toUpperCase();
          return history(engine, scope)
            .filter((run) => run.scheduledTime >= start && run.scheduledTime <= end)
            .filter((run) => name === undefined || run.name.toUpperCase() === name)
            .slice(0, given.limit(100))
            .map(historyRow);
        },
      },
    ],
    systemViews: [
      {
        schema: 'ACCOUNT_USAGE',
        name: 'ALERT_HISTORY',
        page: 'account-usage/alert_history',
        columns,
        rows: (scope) =>
          history(engine, scope)
            .filter((run) => 'state' in run)
            .map(historyRow),
      },
    ],
  };
}

type HistoryEntry = AlertRun | UpcomingAlertRun;

/** Those that ACCOUNTADMIN or the alert's owner may see, the latest first. */
function history(engine: AlertEngine, scope: ObjectScope): HistoryEntry[] {
  const administrator = scope.catalog.find('ROLE', null, 'ACCOUNTADMIN');
  const all = administrator !== undefined && scope.roles.all.has(administrator.id);
  const sees = ({ alert: id }: HistoryEntry): boolean => {
    const alert = scope.catalog.byId(id);
    return all || (alert !== undefined && scope.authorizer.owns(scope.roles, alert));
  };
  return [...engine.upcoming(), ...engine.runs()].filter(sees).sort((a, b) => b.scheduledTime - a.scheduledTime);
}

function historyRow(entry: HistoryEntry): Row {
  const run = 'state' in entry ? entry : undefined;
  return [
    entry.name,
    entry.database,
    entry.schema,
    entry.condition,
    run?.conditionQueryId ?? null,
    entry.action,
    run?.actionQueryId ?? null,
    run?.state ?? 'SCHEDULED',
    run === undefined || run.errorCode === null ? null : cell.number(run.errorCode),
    run?.errorMessage ?? null,
    cell.timestamp(entry.scheduledTime),
    cell.timestamp(run?.completedTime),
    run?.scheduledFrom ?? 'SCHEDULE',
    entry.runbook,
    run?.wasAutoSuspended === true ? '1' : '0',
    entry.config,
  ];
}
