import type { RestValue } from '../../../session/rest-setting.ts';
import type { RestTask } from '../../../session/rest-task-statement.ts';
import { foldIdentifier, type ObjectName, parseName } from '../../../sql/identifier.ts';
import { objectOf, optionalObject, optionalText } from '../../fields.ts';
import { MalformedRequest } from '../../malformed-request.ts';
import { intervalText, scheduleText } from './task-schedule.ts';

/** Properties whose values go into CREATE TASK as they are, by their names there. */
const literals: Readonly<Record<string, readonly [string, 'string' | 'number' | 'boolean']>> = {
  comment: ['COMMENT', 'string'],
  task_auto_retry_attempts: ['TASK_AUTO_RETRY_ATTEMPTS', 'number'],
  user_task_managed_initial_warehouse_size: ['USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE', 'string'],
  serverless_task_min_statement_size: ['SERVERLESS_TASK_MIN_STATEMENT_SIZE', 'string'],
  serverless_task_max_statement_size: ['SERVERLESS_TASK_MAX_STATEMENT_SIZE', 'string'],
  user_task_timeout_ms: ['USER_TASK_TIMEOUT_MS', 'number'],
  suspend_task_after_num_failures: ['SUSPEND_TASK_AFTER_NUM_FAILURES', 'number'],
  allow_overlapping_execution: ['ALLOW_OVERLAPPING_EXECUTION', 'boolean'],
  overlap_policy: ['OVERLAP_POLICY', 'string'],
};
const read = new Set([
  ...['name', 'definition', 'condition', 'warehouse', 'schedule', 'target_completion_interval', 'config', 'session_parameters'],
  ...['error_integration', 'success_integration', 'predecessors', 'finalize', 'execute_as_user'],
]);
/** What answers hold; ignored in requests. */
const readOnly = new Set([
  ...['task_relations', 'created_on', 'id', 'owner', 'owner_role_type', 'state', 'last_committed_on', 'last_suspended_on'],
  ...['database_name', 'schema_name'],
]);

/**
 * The task that a request's body describes, `schema` being the one in its path.
 * @throws MalformedRequest, SnowflakeError `invalidIdentifier`
 * https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/task
 */
export function taskOf(requestBody: unknown, schema: ObjectName): RestTask {
  const body = objectOf(requestBody, 'The request body');
  for (const name of Object.keys(body)) {
    if (!read.has(name) && !readOnly.has(name) && !Object.hasOwn(literals, name)) {
      throw new MalformedRequest(400, `'${name}' is no property of tasks.`);
    }
  }
  const text = (name: string): string | undefined => optionalText(body, name);
  const identifier = (name: string): string | undefined => {
    const value = text(name);
    return value === undefined ? undefined : foldIdentifier(value);
  };
  const sibling = (name: string): ObjectName => {
    const parts = parseName(name);
    return parts.length === 1 ? [...schema, ...parts] : parts;
  };

  const properties = new Map<string, RestValue>();
  for (const [name, [property, type]] of Object.entries(literals)) {
    const value = body[name];
    if (value === undefined || value === null) continue;
    if (typeof value !== type) throw new MalformedRequest(400, `'${name}' must be a ${type}.`);
    properties.set(property, value as RestValue);
  }
  if (present(body['schedule'])) properties.set('SCHEDULE', scheduleText(body['schedule'], 'schedule'));
  if (present(body['target_completion_interval'])) {
    properties.set('TARGET_COMPLETION_INTERVAL', intervalText(body['target_completion_interval'], 'target_completion_interval'));
  }
  if (present(body['config'])) properties.set('CONFIG', JSON.stringify(objectOf(body['config'], "'config'")));
  for (const [name, value] of Object.entries(optionalObject(body, 'session_parameters'))) {
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      throw new MalformedRequest(400, `The session parameter '${name}' must be a text, a number or a boolean.`);
    }
    properties.set(name, value);
  }

  const integrations = new Map<'ERROR_INTEGRATION' | 'SUCCESS_INTEGRATION', string>();
  const [error, success] = [identifier('error_integration'), identifier('success_integration')];
  if (error !== undefined) integrations.set('ERROR_INTEGRATION', error);
  if (success !== undefined) integrations.set('SUCCESS_INTEGRATION', success);

  const name = identifier('name');
  const definition = text('definition');
  if (name === undefined || definition === undefined) {
    throw new MalformedRequest(400, "A task needs the texts 'name' and 'definition'.");
  }
  const finalize = text('finalize');
  return {
    name: [...schema, name],
    definition,
    condition: text('condition'),
    warehouse: identifier('warehouse'),
    properties,
    integrations,
    predecessors: texts(body['predecessors'], 'predecessors').map(sibling),
    finalize: finalize === undefined ? undefined : sibling(finalize),
    executeAsUser: identifier('execute_as_user'),
  };
}

function present(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function texts(value: unknown, name: string): string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
  throw new MalformedRequest(400, `'${name}' must be a list of texts.`);
}
