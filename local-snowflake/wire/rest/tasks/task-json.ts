import { displayIdentifier } from '../../../sql/identifier.ts';
import type { JsonObject } from '../../fields.ts';
import { scheduleJson } from './task-schedule.ts';

/** Columns of SHOW TASKS that REST's task has under the same name. */
const same = [
  ...['created_on', 'id', 'database_name', 'schema_name', 'owner', 'owner_role_type', 'comment', 'state', 'definition'],
  ...['condition', 'task_relations', 'last_committed_on', 'last_suspended_on', 'execute_as_user', 'overlap_policy'],
];
/** Parameters that are properties of REST's task; any other that is set on the task is one of `session_parameters`. */
const ownParameters = new Set([
  ...['task_auto_retry_attempts', 'user_task_timeout_ms', 'suspend_task_after_num_failures'],
  ...['user_task_managed_initial_warehouse_size', 'serverless_task_min_statement_size', 'serverless_task_max_statement_size'],
]);

/**
 * REST's task from a row of SHOW or DESCRIBE TASK and, where they were asked for, the rows of SHOW PARAMETERS IN TASK.
 * https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/task
 */
export function taskJson(row: JsonObject, parameterRows: readonly JsonObject[] = []): JsonObject {
  const text = (name: string): string | undefined => {
    const value = row[name];
    return typeof value === 'string' && value !== '' && value !== 'null' ? value : undefined;
  };
  const identifier = (name: string): string | undefined => {
    const value = text(name);
    return value === undefined ? undefined : displayIdentifier(value);
  };
  const json = (name: string): unknown => {
    const value = text(name);
    return value === undefined ? undefined : JSON.parse(value);
  };
  const schedule = text('schedule');
  const interval = text('target_completion_interval');
  const overlapping = text('allow_overlapping_execution');
  const { FinalizedRootTask: finalize } = (json('task_relations') ?? {}) as { readonly FinalizedRootTask?: string };
  // What is undefined is not written into JSON.
  return {
    name: identifier('name'),
    ...Object.fromEntries(same.map((name) => [name, text(name)])),
    warehouse: identifier('warehouse'),
    schedule: schedule === undefined ? undefined : scheduleJson(schedule),
    target_completion_interval: interval === undefined ? undefined : scheduleJson(interval),
    predecessors: json('predecessors') ?? [],
    finalize,
    config: json('config'),
    allow_overlapping_execution: overlapping === undefined ? undefined : overlapping === 'true',
    error_integration: identifier('error_integration'),
    success_integration: identifier('success_integration'),
    ...parametersJson(parameterRows),
  };
}

function parametersJson(rows: readonly JsonObject[]): JsonObject {
  const set = rows
    .filter((row) => row['level'] === 'TASK')
    .map((row) => [String(row['key']), typed(String(row['value']), row['type'])] as const);
  const own = set.filter(([name]) => ownParameters.has(name.toLowerCase()));
  const others = set.filter(([name]) => !ownParameters.has(name.toLowerCase()));
  return {
    ...Object.fromEntries(own.map(([name, value]) => [name.toLowerCase(), value])),
    ...(others.length > 0 && { session_parameters: Object.fromEntries(others) }),
  };
}

function typed(value: string, type: unknown): string | number | boolean {
  if (type === 'NUMBER') return Number(value);
  return type === 'BOOLEAN' ? value === 'true' : value;
}
