import type { CatalogObject } from '../../catalog/catalog-object.ts';
import type { ObjectScope } from '../object-scope.ts';
import { resolveContacts } from '../contact.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { TaskAlteration } from './task-alter-grammar.ts';
import { applyCondition, applySettings, applyUnset, applyUser, applyWarehouse, type TaskDraft } from './task-changes.ts';
import { checkTask, requireNoFinalizer } from './task-checks.ts';
import type { TaskIndex } from './task-index.ts';
import { modifiedTask, type SuspendReason, suspendedTask, taskProperties, type TaskProperties } from './task-properties.ts';
import { homeOf, resolveFormerPredecessors, resolvePredecessors, type TaskHome } from './task-references.ts';

/**
 * The task with the change that an ALTER TASK asks for, checked against its graph.
 * https://docs.snowflake.com/en/sql-reference/sql/alter-task
 */
export function modifyTask(object: CatalogObject, alteration: TaskAlteration, scope: ObjectScope, index: TaskIndex): CatalogObject {
  const schema = object.parent === null ? undefined : scope.catalog.byId(object.parent);
  if (schema === undefined) throw SnowflakeError.of('objectOrOperation', {});
  const home = homeOf(schema, scope);
  const tasks = index.of(schema.id);
  const old = taskProperties(object);
  const draft: TaskDraft = { name: object.name, properties: old, parameters: object.parameters, comment: object.comment };
  apply(draft, alteration, home, scope);
  const { predecessors, finalizes } = draft.properties;
  const joins = predecessors.length > old.predecessors.length || (finalizes !== null && old.finalizes === null);
  if (joins && finalizes !== object.name) requireNoFinalizer(draft, tasks, home, false);
  const settings = alteration.kind === 'set' ? alteration.settings : new Map<string, never>();
  checkTask(draft, object.owner, object, settings, tasks, home);
  const { properties, parameters, comment } = draft;
  const changed = modifiedTask({ ...object, parameters, comment }, properties, scope.now);
  const reason = becameRoot(old, properties);
  return reason === undefined ? changed : suspendedTask(changed, reason, scope.now);
}

function apply(draft: TaskDraft, alteration: TaskAlteration, home: TaskHome, scope: ObjectScope): void {
  switch (alteration.kind) {
    case 'set':
      applyWarehouse(draft, alteration.settings, scope);
      applySettings(draft, alteration.settings, home, scope);
      applyUser(draft, alteration.executeAsUser, scope);
      return;
    case 'unset':
      applyUnset(draft, alteration.names);
      if (alteration.executeAsUser) put(draft, { executeAsUser: null });
      return;
    case 'addAfter': {
      const added = resolvePredecessors(alteration.tasks, home, scope);
      put(draft, { predecessors: [...new Set([...draft.properties.predecessors, ...added])] });
      return;
    }
    case 'removeAfter': {
      const removed = resolveFormerPredecessors(
        alteration.tasks,
        { name: draft.name, predecessors: draft.properties.predecessors },
        home,
        scope,
      );
      put(draft, { predecessors: draft.properties.predecessors.filter((name) => !removed.includes(name)) });
      return;
    }
    case 'setContacts':
      put(draft, { contacts: { ...draft.properties.contacts, ...resolveContacts(alteration.contacts, scope) } });
      return;
    case 'unsetContacts': {
      const contacts = { ...draft.properties.contacts };
      for (const purpose of alteration.purposes) delete contacts[purpose];
      put(draft, { contacts });
      return;
    }
    case 'unsetFinalize':
      put(draft, { finalizes: null });
      return;
    case 'modifyAs':
      put(draft, { definition: alteration.definition });
      return;
    case 'modifyWhen':
      applyCondition(draft, alteration.condition);
      return;
    case 'removeWhen':
      put(draft, { condition: null });
      return;
  }
}

function put(draft: TaskDraft, change: Partial<TaskProperties>): void {
  draft.properties = { ...draft.properties, ...change };
}

/** Why a task that lost its last link is suspended; undefined when it did not. */
export function becameRoot(before: TaskProperties, after: TaskProperties): SuspendReason | undefined {
  if (after.predecessors.length > 0 || after.finalizes !== null) return undefined;
  if (before.finalizes !== null) return 'FINALIZER_BECAME_ROOT';
  return before.predecessors.length > 0 ? 'CHILD_BECAME_ROOT' : undefined;
}
