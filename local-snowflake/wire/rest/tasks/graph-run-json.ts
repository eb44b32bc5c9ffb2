import type { JsonObject } from '../../fields.ts';

const columns = [
  ...['root_task_name', 'database_name', 'schema_name', 'state', 'first_error_task_name', 'first_error_code'],
  ...['first_error_message', 'scheduled_time', 'query_start_time', 'next_scheduled_time', 'completed_time', 'root_task_id'],
  ...['graph_version', 'run_id'],
];

/**
 * REST's TaskRun from a row of CURRENT_TASK_GRAPHS or COMPLETE_TASK_GRAPHS.
 * https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/task
 */
export function graphRunJson(row: JsonObject): JsonObject {
  return {
    // The property is required and clients refuse a run without it, but a graph without a schedule has no next time.
    next_scheduled_time: new Date(0).toISOString(),
    ...Object.fromEntries(columns.filter((name) => row[name] !== undefined).map((name) => [name, row[name]])),
  };
}
