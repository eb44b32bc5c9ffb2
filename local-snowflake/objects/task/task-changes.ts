import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayName, type ObjectName, parseName } from '../../sql/identifier.ts';
import type { ObjectScope } from '../object-scope.ts';
import { parseCondition } from './condition.ts';
import { nextDue, parseInterval, parseSchedule } from './schedule.ts';
import type { TaskSettings } from './task-clauses.ts';
import type { TaskLiteral } from './task-literal.ts';
import { type OverlapPolicy, overlapPolicies, type TaskProperties } from './task-properties.ts';
import { type TaskHome, resolveFinalized } from './task-references.ts';
import { isTaskParameter, parameterText, settingText } from './task-settings.ts';

/** A task being made or changed. */
export interface TaskDraft {
  readonly name: string;
  properties: TaskProperties;
  parameters: Readonly<Record<string, string>>;
  comment: string;
}

export const emptyTask: TaskProperties = {
  definition: '',
  condition: null,
  warehouse: null,
  schedule: null,
  scheduleBase: 0,
  config: null,
  overlapPolicy: 'NO_OVERLAP',
  predecessors: [],
  finalizes: null,
  errorIntegration: null,
  successIntegration: null,
  targetCompletionInterval: null,
  executeAsUser: null,
  state: 'suspended',
  lastSuspendedOn: null,
  lastSuspendedReason: null,
  revision: 1,
};

/**
 * Puts the settings into the draft, each weighed against its range or vocabulary.
 * https://docs.snowflake.com/en/sql-reference/sql/create-task
 * @throws SnowflakeError
 */
export function applySettings(draft: TaskDraft, settings: TaskSettings, home: TaskHome, scope: ObjectScope): void {
  const parameters = { ...draft.parameters };
  const change: { -readonly [K in keyof TaskProperties]?: TaskProperties[K] } = {};
  for (const [name, literal] of settings) {
    if (isTaskParameter(name)) parameters[name] = parameterText(name, literal);
  }
  for (const [name, literal] of settings) {
    const text = settingText(literal);
    if (name === 'COMMENT') draft.comment = text;
    else if (name === 'SCHEDULE') {
      change.schedule = checkedSchedule(text, scope.now);
      change.scheduleBase = scope.now;
    } else if (name === 'CONFIG') change.config = checkedConfig(text);
    else if (name === 'TARGET_COMPLETION_INTERVAL') change.targetCompletionInterval = checkedCompletionInterval(text);
    else if (name === 'ERROR_INTEGRATION') change.errorIntegration = queueIntegration(nameIn(literal), scope);
    else if (name === 'SUCCESS_INTEGRATION') change.successIntegration = queueIntegration(nameIn(literal), scope);
  }
  const overlapPolicy = overlapPolicyIn(settings);
  if (overlapPolicy !== undefined) change.overlapPolicy = overlapPolicy;
  const finalize = settings.get('FINALIZE');
  if (finalize !== undefined) {
    const name = nameIn(finalize);
    change.finalizes = resolveFinalized({ name, display: displayName(name) }, draft.name, home, scope);
  }
  draft.parameters = parameters;
  draft.properties = { ...draft.properties, ...change };
}

/** @throws SnowflakeError `taskWarehouseUnknown` for a warehouse that is not there, also under IF NOT EXISTS */
export function applyWarehouse(draft: TaskDraft, settings: TaskSettings, scope: ObjectScope): void {
  const literal = settings.get('WAREHOUSE');
  if (literal === undefined) return;
  const name = nameIn(literal);
  if (scope.tryFind('WAREHOUSE', name) === undefined) {
    throw SnowflakeError.of('taskWarehouseUnknown', { name: displayName(name) });
  }
  const warehouse = scope.find('WAREHOUSE', name, 'USAGE');
  draft.properties = { ...draft.properties, warehouse: { id: warehouse.id, name: warehouse.name } };
}

export function applyUser(draft: TaskDraft, name: ObjectName | undefined, scope: ObjectScope): void {
  if (name === undefined) return;
  const user = scope.find('USER', name, 'IMPERSONATE');
  draft.properties = { ...draft.properties, executeAsUser: { id: user.id, name: user.name } };
}

/** @throws SnowflakeError `taskCondition`, `syntaxError` */
export function applyCondition(draft: TaskDraft, condition: string | undefined): void {
  if (condition === undefined) return;
  parseCondition(condition);
  draft.properties = { ...draft.properties, condition };
}

/** Resets properties and parameters to their defaults. https://docs.snowflake.com/en/sql-reference/sql/alter-task (UNSET) */
export function applyUnset(draft: TaskDraft, names: readonly string[]): void {
  const parameters = { ...draft.parameters };
  const change: { -readonly [K in keyof TaskProperties]?: TaskProperties[K] } = {};
  for (const name of names) {
    if (isTaskParameter(name)) delete parameters[name];
    else if (name === 'COMMENT') draft.comment = '';
    else if (name === 'WAREHOUSE') change.warehouse = null;
    else if (name === 'SCHEDULE') change.schedule = null;
    else if (name === 'CONFIG') change.config = null;
    else if (name === 'OVERLAP_POLICY' || name === 'ALLOW_OVERLAPPING_EXECUTION') change.overlapPolicy = 'NO_OVERLAP';
    else if (name === 'ERROR_INTEGRATION') change.errorIntegration = null;
    else if (name === 'SUCCESS_INTEGRATION') change.successIntegration = null;
    else if (name === 'TARGET_COMPLETION_INTERVAL') change.targetCompletionInterval = null;
    else throw SnowflakeError.of('invalidProperty', { property: name, kind: 'TASK' });
  }
  draft.parameters = parameters;
  draft.properties = { ...draft.properties, ...change };
}

function nameIn(literal: TaskLiteral): ObjectName {
  return literal.kind === 'name' ? literal.name : parseName(settingText(literal));
}

function checkedSchedule(text: string, now: number): string {
  if (nextDue(parseSchedule(text), now, now) === undefined) throw SnowflakeError.of('taskScheduleNever', {});
  return text;
}

/** @throws SnowflakeError `taskConfigInvalid` */
export function checkedConfig(text: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw SnowflakeError.of('taskConfigInvalid', {});
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw SnowflakeError.of('taskConfigInvalid', {});
  return text;
}

function checkedCompletionInterval(text: string): string {
  const milliseconds = parseInterval(text);
  if (milliseconds === undefined || milliseconds < 10_000 || milliseconds > 86_400_000) {
    throw SnowflakeError.of('invalidPropertyValue', { property: 'TARGET_COMPLETION_INTERVAL', value: text });
  }
  return text;
}

/** The deprecated switch maps to a policy. https://docs.snowflake.com/en/sql-reference/sql/create-task (usage notes) */
function overlapPolicyIn(settings: TaskSettings): OverlapPolicy | undefined {
  const policy = settings.get('OVERLAP_POLICY');
  const legacy = settings.get('ALLOW_OVERLAPPING_EXECUTION');
  const fromPolicy = policy === undefined ? undefined : checkedPolicy(settingText(policy));
  const fromLegacy =
    legacy?.kind !== 'boolean' ? undefined : legacy.value ? ('ALLOW_CHILD_OVERLAP' as const) : ('NO_OVERLAP' as const);
  if (fromPolicy !== undefined && fromLegacy !== undefined && fromPolicy !== fromLegacy) {
    throw SnowflakeError.of('taskOverlapConflict', {});
  }
  return fromPolicy ?? fromLegacy;
}

function checkedPolicy(text: string): OverlapPolicy {
  const policy = overlapPolicies.find((known) => known === text);
  if (policy === undefined) throw SnowflakeError.of('taskOverlapInvalid', { value: text });
  return policy;
}

/** Name of a queue integration. https://docs.snowflake.com/en/user-guide/tasks-errors (other types carry no task notifications) */
function queueIntegration(name: ObjectName, scope: ObjectScope): string {
  const integration = scope.find('NOTIFICATION INTEGRATION', name, 'USAGE');
  if (!String(integration.properties['TYPE']).startsWith('QUEUE')) {
    throw SnowflakeError.of('taskIntegrationType', { name: displayName(name) });
  }
  return integration.name;
}
