import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayIdentifier } from '../../sql/identifier.ts';
import type { ObjectScope } from '../object-scope.ts';
import { applySettings, applyUnset, applyWarehouse, emptyTask, type TaskDraft } from '../task/task-changes.ts';
import type { TaskReference, TaskSettings } from '../task/task-clauses.ts';
import { findTask, type TaskHome } from '../task/task-references.ts';
import type { TaskDefaults, TaskGraphProperties } from './task-graph-properties.ts';

/** A TASK GRAPH being made or changed. */
export interface TaskGraphDraft {
  readonly name: string;
  properties: TaskGraphProperties;
  parameters: Readonly<Record<string, string>>;
  comment: string;
}

/** Puts settings into the draft, each weighed as a root task's of that name. @throws SnowflakeError */
export function applyGraphSettings(draft: TaskGraphDraft, settings: TaskSettings, home: TaskHome, scope: ObjectScope): void {
  changeAsTask(draft, (task) => {
    applySettings(task, settings, home, scope);
  });
}

/** Resets properties to their defaults. */
export function unsetGraphProperties(draft: TaskGraphDraft, names: readonly string[]): void {
  const own = new Set(['ROOTS', 'FINALIZER']);
  changeAsTask(draft, (task) => {
    applyUnset(
      task,
      names.filter((name) => !own.has(name)),
    );
  });
  if (names.includes('ROOTS')) draft.properties = { ...draft.properties, root: null };
  if (names.includes('FINALIZER')) draft.properties = { ...draft.properties, finalizer: null };
}

/** The properties of a graph are those that a root task has for its graph: they are changed as such. */
function changeAsTask(draft: TaskGraphDraft, change: (task: TaskDraft) => void): void {
  const { schedule, config, overlapPolicy, errorIntegration, successIntegration } = draft.properties;
  const properties = { ...emptyTask, schedule, config, overlapPolicy, errorIntegration, successIntegration };
  const task: TaskDraft = { name: draft.name, properties, parameters: draft.parameters, comment: draft.comment };
  change(task);
  draft.parameters = task.parameters;
  draft.comment = task.comment;
  draft.properties = {
    ...draft.properties,
    schedule: task.properties.schedule,
    config: task.properties.config,
    overlapPolicy: task.properties.overlapPolicy,
    errorIntegration: task.properties.errorIntegration,
    successIntegration: task.properties.successIntegration,
  };
}

/** The defaults with other settings in them; those not named stay. */
export function changedDefaults(defaults: TaskDefaults, settings: TaskSettings, home: TaskHome, scope: ObjectScope): TaskDefaults {
  return defaultsAsTask(defaults, (task) => {
    applyWarehouse(task, settings, scope);
    applySettings(task, settings, home, scope);
  });
}

export function unsetDefaults(defaults: TaskDefaults, names: readonly string[]): TaskDefaults {
  return defaultsAsTask(defaults, (task) => {
    applyUnset(task, names);
  });
}

function defaultsAsTask(defaults: TaskDefaults, change: (task: TaskDraft) => void): TaskDefaults {
  const { warehouse, targetCompletionInterval, parameters } = defaults;
  const task: TaskDraft = { name: '', properties: { ...emptyTask, warehouse, targetCompletionInterval }, parameters, comment: '' };
  change(task);
  return {
    warehouse: task.properties.warehouse,
    targetCompletionInterval: task.properties.targetCompletionInterval,
    parameters: task.parameters,
  };
}

/**
 * Name of the task that ROOTS or FINALIZER names: one of the graph's schema, as a task's predecessor is.
 * @throws SnowflakeError `taskGraphTaskUnknown`, `taskGraphTaskForeign`
 */
export function resolveGraphTask(property: string, reference: TaskReference, home: TaskHome, scope: ObjectScope): string {
  const found = findTask(reference, home, scope);
  if (found.kind === 'here') return found.name;
  if (found.kind === 'unknown') throw SnowflakeError.of('taskGraphTaskUnknown', { property, name: reference.display });
  throw SnowflakeError.of('taskGraphTaskForeign', { property, name: displayIdentifier(reference.name.at(-1) ?? '') });
}
