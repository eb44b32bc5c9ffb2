import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayIdentifier, displayName, type ObjectName } from '../../sql/identifier.ts';
import type { ObjectScope } from '../object-scope.ts';
import type { TaskReference } from './task-clauses.ts';
import type { TaskNaming } from './graph-rules.ts';
import { taskKindName } from './task-properties.ts';

/** Where a task lives, for resolving the tasks it names. */
export interface TaskHome {
  readonly schema: CatalogObject;
  /** Folded names of database and schema. */
  readonly path: ObjectName;
}

export function homeOf(schema: CatalogObject, scope: ObjectScope): TaskHome {
  return { schema, path: scope.catalog.pathOf(schema) };
}

export function namingIn(home: TaskHome): TaskNaming {
  return {
    plain: displayIdentifier,
    qualified: (name) => displayName([...home.path, name]),
  };
}

export type FoundTask = { readonly kind: 'unknown' | 'foreign' } | { readonly kind: 'here'; readonly name: string };

/** Looks a named task up; an unqualified name is one of the task's own schema. */
export function findTask(reference: TaskReference, home: TaskHome, scope: ObjectScope): FoundTask {
  const name = reference.name.at(-1) ?? '';
  const path = [...home.path.slice(0, Math.max(0, home.path.length + 1 - reference.name.length)), ...reference.name];
  if (displayName(path.slice(0, -1)) === displayName(home.path)) {
    const exists = scope.catalog.find(taskKindName, home.schema.id, name) !== undefined;
    return exists ? { kind: 'here', name } : { kind: 'unknown' };
  }
  return { kind: scope.tryFind(taskKindName, path) === undefined ? 'unknown' : 'foreign' };
}

/**
 * Names of the predecessors, without doubles. `self` is the task being made, which a statement may name before it exists.
 * @throws SnowflakeError `taskPredecessorUnknown` before `taskPredecessorForeign`
 */
export function resolvePredecessors(references: readonly TaskReference[], home: TaskHome, scope: ObjectScope): string[] {
  const found = references.map((reference) => ({ reference, result: findTask(reference, home, scope) }));
  for (const { reference, result } of found) {
    if (result.kind === 'unknown') throw SnowflakeError.of('taskPredecessorUnknown', { name: reference.display });
  }
  const names = new Set<string>();
  for (const { reference, result } of found) {
    if (result.kind === 'here') names.add(result.name);
    else throw SnowflakeError.of('taskPredecessorForeign', { name: displayIdentifier(reference.name.at(-1) ?? '') });
  }
  return [...names];
}

/**
 * Names of predecessors to take away, all of them present.
 * @throws SnowflakeError `taskPredecessorMissing` for a task that is none, else `taskPredecessorUnknown`
 */
export function resolveFormerPredecessors(
  references: readonly TaskReference[],
  task: { readonly name: string; readonly predecessors: readonly string[] },
  home: TaskHome,
  scope: ObjectScope,
): string[] {
  const found = references.map((reference) => ({ reference, result: findTask(reference, home, scope) }));
  for (const { reference, result } of found) {
    if (result.kind === 'unknown' || (result.kind === 'here' && task.predecessors.includes(result.name))) continue;
    const name = displayIdentifier(reference.name.at(-1) ?? '');
    throw SnowflakeError.of('taskPredecessorMissing', { task: displayIdentifier(task.name), name });
  }
  return found.map(({ reference, result }) => {
    if (result.kind === 'here') return result.name;
    throw SnowflakeError.of('taskPredecessorUnknown', { name: reference.display });
  });
}

/** Name of the root that a finalizer names. @throws SnowflakeError `taskFinalizeUnknown`, `taskFinalizeForeign` */
export function resolveFinalized(reference: TaskReference, self: string, home: TaskHome, scope: ObjectScope): string {
  const result = findTask(reference, home, scope);
  if (result.kind === 'here') return result.name;
  if (result.kind === 'foreign') throw SnowflakeError.of('taskFinalizeForeign', { name: reference.display });
  if (reference.name.length === 1 && reference.name[0] === self) return self;
  throw SnowflakeError.of('taskFinalizeUnknown', { name: reference.display });
}
