import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { resolveContacts } from '../contact.ts';
import type { CreateRequest, Draft } from '../kind.ts';
import type { ObjectScope } from '../object-scope.ts';
import { applyCondition, applySettings, applyUser, applyWarehouse, emptyTask, type TaskDraft } from './task-changes.ts';
import { checkTask, isStandalone, requireNoFinalizer } from './task-checks.ts';
import { readTaskClauses, type TaskClauses } from './task-clauses.ts';
import type { TaskIndex } from './task-index.ts';
import { taskKindName, taskProperties, type TaskProperties } from './task-properties.ts';
import { homeOf, resolvePredecessors, type TaskHome } from './task-references.ts';

/** Reads CREATE TASK behind the name. https://docs.snowflake.com/en/sql-reference/sql/create-task */
export function readCreateTask(stream: TokenStream, request: CreateRequest, scope: ObjectScope, index: TaskIndex): Draft {
  const { parent } = request;
  if (parent === null) throw SnowflakeError.of('noCurrentSchema', {});
  const clauses = readTaskClauses(stream);
  const home = homeOf(parent, scope);
  const draft = startOf(clauses, request, scope);
  // What the statement alone can tell comes first: these faults hold even when IF NOT EXISTS finds a task.
  applyWarehouse(draft, clauses.settings, scope);
  if (request.ifNotExists && request.existing !== undefined) return completed(draft, clauses, scope, request);
  applySettings(draft, clauses.settings, home, scope);
  applyUser(draft, clauses.executeAsUser, scope);
  if (clauses.contacts.size > 0) draft.properties = { ...draft.properties, contacts: resolveContacts(clauses.contacts, scope) };
  applyCondition(draft, clauses.when);
  applyBody(draft, clauses, home, scope);
  const tasks = index.of(parent.id);
  const { predecessors, finalizes } = draft.properties;
  if (predecessors.length > 0 || finalizes !== null) {
    if (finalizes !== draft.name) requireNoFinalizer(draft, tasks, home, !request.orAlter);
  }
  const owner = request.orAlter && request.existing !== undefined ? request.existing.owner : scope.roles.primary;
  const alone = !request.orAlter && request.existing !== undefined && isStandalone(request.existing, tasks);
  checkTask(draft, owner, alone ? undefined : request.existing, clauses.settings, tasks, home);
  return completed(draft, clauses, scope, request);
}

function startOf(clauses: TaskClauses, request: CreateRequest, scope: ObjectScope): TaskDraft {
  if (clauses.clone !== undefined) return cloned(scope.find(taskKindName, clauses.clone), request.name, scope);
  const existing = request.orAlter ? request.existing : undefined;
  if (existing === undefined) {
    return { name: request.name, properties: { ...emptyTask, scheduleBase: scope.now }, parameters: {}, comment: '' };
  }
  // CREATE OR ALTER describes the whole task; what is not named goes back to its default.
  const old = taskProperties(existing);
  const kept: Partial<TaskProperties> = {
    state: old.state,
    lastSuspendedOn: old.lastSuspendedOn,
    lastSuspendedReason: old.lastSuspendedReason,
    revision: old.revision + 1,
    scheduleBase: old.scheduleBase,
    ...(old.contacts === undefined ? {} : { contacts: old.contacts }),
  };
  return { name: request.name, properties: { ...emptyTask, ...kept }, parameters: {}, comment: '' };
}

/**
 * A clone keeps its predecessors only when the owner makes it.
 * https://docs.snowflake.com/en/sql-reference/sql/create-task (AFTER)
 */
function cloned(source: CatalogObject, name: string, scope: ObjectScope): TaskDraft {
  const old = taskProperties(source);
  const sameOwner = source.owner === scope.roles.primary;
  const properties: TaskProperties = {
    ...old,
    predecessors: sameOwner ? old.predecessors : [],
    // A root has one finalizer, so the clone of a finalizer starts out on its own.
    finalizes: null,
    state: 'suspended',
    lastSuspendedOn: null,
    lastSuspendedReason: null,
    revision: 1,
    scheduleBase: scope.now,
  };
  return { name, properties, parameters: source.parameters, comment: source.comment };
}

function applyBody(draft: TaskDraft, clauses: TaskClauses, home: TaskHome, scope: ObjectScope): void {
  const change: { -readonly [K in keyof TaskProperties]?: TaskProperties[K] } = {};
  if (clauses.definition !== undefined) change.definition = clauses.definition;
  if (clauses.after.length > 0) change.predecessors = resolvePredecessors(clauses.after, home, scope);
  draft.properties = { ...draft.properties, ...change };
}

function completed(draft: TaskDraft, clauses: TaskClauses, scope: ObjectScope, request: CreateRequest): Draft {
  // Neither is part of the variant; both are left as they are.
  if (request.orAlter && clauses.tags.length > 0)
    throw SnowflakeError.of('unsupported', { feature: 'TAG in CREATE OR ALTER TASK' });
  if (request.orAlter && clauses.contacts.size > 0)
    throw SnowflakeError.of('unsupported', { feature: 'CONTACT in CREATE OR ALTER TASK' });
  const tags = Object.fromEntries(clauses.tags.map(([name, value]) => [scope.find('TAG', name).id, value]));
  return {
    properties: { ...draft.properties },
    parameters: draft.parameters,
    comment: draft.comment,
    ...(request.orAlter ? {} : { tags }),
    complete: true,
  };
}
