import { DateTime } from 'luxon';
import type { SystemViewDefinition, TableFunctionDefinition } from '../objects/extensions.ts';
import type { ObjectScope } from '../objects/object-scope.ts';
import { TableArguments } from '../objects/table-arguments.ts';
import { parseName } from '../sql/identifier.ts';
import { cell, column, type Row } from '../sql/result-set.ts';
import { types } from '../sql/types.ts';
import { type ServerlessUsage, serverlessUsage } from './serverless-usage.ts';
import type { TaskEngine } from './task-engine.ts';
import { isAccountAdministrator, TaskVisibility } from './task-visibility.ts';

const time = types.timestampLtz(3);
const number = types.number(38, 0);

/** https://docs.snowflake.com/en/sql-reference/functions/serverless_task_history */
export function serverlessTaskHistory(engine: TaskEngine): TableFunctionDefinition {
  return {
    name: 'SERVERLESS_TASK_HISTORY',
    page: 'functions/serverless_task_history',
    columns: [column('START_TIME', time), column('END_TIME', time), column('TASK_NAME'), column('CREDITS_USED')],
    rows: (args, scope) => {
      const given = new TableArguments('SERVERLESS_TASK_HISTORY', args, ['DATE_RANGE_START', 'DATE_RANGE_END', 'TASK_NAME']);
      const timezone = scope.parameter('TIMEZONE');
      const end =
        given.instant('DATE_RANGE_END', timezone) ?? DateTime.fromMillis(scope.now, { zone: timezone }).startOf('day').toMillis();
      const start = given.instant('DATE_RANGE_START', timezone) ?? end - 10 * 60_000;
      if (!seesUsage(scope)) return [];
      const wanted = taskMatcher(given.text('TASK_NAME'));
      const visibility = new TaskVisibility(scope);
      return serverlessUsage(engine.history.taskRuns, start, end, scope.now)
        .filter(wanted)
        .map((usage) => [
          cell.timestamp(usage.start),
          cell.timestamp(usage.end),
          visibility.sees(usage.task.id) ? usage.task.name : null,
          creditsOf(usage),
        ]);
    },
  };
}

/** https://docs.snowflake.com/en/sql-reference/account-usage/serverless_task_history: by the hours of the clock. */
export function serverlessTaskUsage(engine: TaskEngine): SystemViewDefinition {
  return {
    schema: 'ACCOUNT_USAGE',
    name: 'SERVERLESS_TASK_HISTORY',
    page: 'account-usage/serverless_task_history',
    columns: [
      column('START_TIME', time),
      column('END_TIME', time),
      column('CREDITS_USED'),
      column('TASK_ID', number),
      column('TASK_NAME'),
      column('SCHEMA_ID', number),
      column('SCHEMA_NAME'),
      column('DATABASE_ID', number),
      column('DATABASE_NAME'),
      column('INSTANCE_ID', number),
    ],
    rows: (scope) => {
      const visibility = new TaskVisibility(scope);
      return serverlessUsage(engine.history.taskRuns, 0, Number.MAX_SAFE_INTEGER, scope.now)
        .filter(({ task }) => visibility.sees(task.id))
        .map((usage): Row => [
          cell.timestamp(usage.start),
          cell.timestamp(usage.end),
          creditsOf(usage),
          null,
          usage.task.name,
          null,
          usage.version.schema,
          null,
          usage.version.database,
          null,
        ]);
    },
  };
}

/** ACCOUNTADMIN, or a role with MONITOR USAGE. */
function seesUsage(scope: ObjectScope): boolean {
  return isAccountAdministrator(scope) || scope.authorizer.holdsGlobal(scope.roles, 'MONITOR USAGE');
}

/** `task`, `schema.task` or `database.schema.task`, in double quotes where SQL wants them. @throws SnowflakeError `invalidIdentifier` */
function taskMatcher(text: string | undefined): (usage: ServerlessUsage) => boolean {
  if (text === undefined) return () => true;
  const wanted = [...parseName(text)].reverse();
  return ({ task, version }) => {
    const names = [task.name, version.schema, version.database];
    return wanted.every((name, index) => names[index] === name);
  };
}

function creditsOf({ credits }: ServerlessUsage): string {
  return credits.toFixed(9);
}
