import type { JsonObject } from '../../fields.ts';
import type { FieldType } from './object-resource.ts';

/** What databases and schemas have in common. */
export const containerSettings = {
  comment: 'text',
  data_retention_time_in_days: 'number',
  default_ddl_collation: 'text',
  log_level: 'text',
  max_data_extension_time_in_days: 'number',
  suspend_task_after_num_failures: 'number',
  trace_level: 'text',
  user_task_managed_initial_warehouse_size: 'text',
  user_task_timeout_ms: 'number',
  serverless_task_min_statement_size: 'text',
  serverless_task_max_statement_size: 'text',
} as const;
export const containerShown = {
  created_on: 'text',
  dropped_on: 'text',
  is_default: 'yesNo',
  is_current: 'yesNo',
  owner: 'text',
  comment: 'text',
  options: 'text',
  retention_time: 'number',
  owner_role_type: 'text',
  budget: 'text',
} satisfies Record<string, FieldType>;

export function hasOption(row: JsonObject, option: string): boolean {
  const { options } = row;
  return typeof options === 'string' && options.split(', ').includes(option);
}

export const lifetime = (row: JsonObject): JsonObject => ({ kind: hasOption(row, 'TRANSIENT') ? 'TRANSIENT' : 'PERMANENT' });
