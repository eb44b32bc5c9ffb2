import type { CatalogObject } from '../../catalog/catalog-object.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { readContacts, readPurpose, resolveContacts } from '../contact.ts';
import type { ObjectScope } from '../object-scope.ts';
import { parseCondition } from '../task/condition.ts';
import type { TaskHome } from '../task/task-references.ts';
import {
  applyGraphSettings,
  changedDefaults,
  resolveGraphTask,
  type TaskGraphDraft,
  unsetDefaults,
  unsetGraphProperties,
} from './task-graph-draft.ts';
import { taskGraphProperties, type TaskGraphProperties, withTaskGraph } from './task-graph-properties.ts';
import { GraphSettingsReader, readDefaultNames, readPropertyName, readTaskDefaults } from './task-graph-settings.ts';

/**
 * The graph with the change that an ALTER TASK GRAPH asks for, read behind the name; undefined for forms that all kinds share (SET TAG,
 * UNSET TAG). Only COMMIT brings it into what runs. https://docs.snowflake.com/en/sql-reference/sql/alter-task-graph
 */
export function modifyTaskGraph(
  object: CatalogObject,
  stream: TokenStream,
  home: TaskHome,
  scope: ObjectScope,
): CatalogObject | undefined {
  if (stream.is('SET TAG') || stream.is('UNSET TAG')) return undefined;
  const draft: TaskGraphDraft = {
    name: object.name,
    properties: taskGraphProperties(object),
    parameters: object.parameters,
    comment: object.comment,
  };
  // Contacts, like tags, are no part of what runs.
  if (stream.accept('SET CONTACT')) setContacts(draft, stream, scope);
  else if (stream.accept('UNSET CONTACT')) unsetContacts(draft, stream);
  else {
    modify(draft, stream, home, scope);
    put(draft, { revision: draft.properties.revision + 1 });
  }
  stream.expectEnd();
  const { properties, parameters, comment } = draft;
  return { ...withTaskGraph(object, properties), parameters, comment };
}

function modify(draft: TaskGraphDraft, stream: TokenStream, home: TaskHome, scope: ObjectScope): void {
  if (stream.accept('REMOVE WHEN')) put(draft, { condition: null });
  else if (stream.accept('MODIFY WHEN')) modifyCondition(draft, stream);
  else if (stream.accept('SET TASK_DEFAULTS')) {
    put(draft, { defaults: changedDefaults(draft.properties.defaults, readTaskDefaults(stream), home, scope) });
  } else if (stream.accept('UNSET TASK_DEFAULTS')) {
    put(draft, { defaults: unsetDefaults(draft.properties.defaults, readDefaultNames(stream)) });
  } else if (stream.accept('SET')) set(draft, stream, home, scope);
  else if (stream.accept('UNSET')) {
    const names = [readPropertyName(stream)];
    while (stream.acceptSymbol(',')) names.push(readPropertyName(stream));
    unsetGraphProperties(draft, names);
  } else throw stream.unexpected();
}

function modifyCondition(draft: TaskGraphDraft, stream: TokenStream): void {
  if (stream.atEnd) throw stream.unexpected();
  const condition = stream.restText();
  parseCondition(condition);
  put(draft, { condition });
}

function set(draft: TaskGraphDraft, stream: TokenStream, home: TaskHome, scope: ObjectScope): void {
  const reader = new GraphSettingsReader(stream);
  do {
    reader.readOne();
    stream.acceptSymbol(',');
  } while (!stream.atEnd && !stream.isSymbol(';'));
  const { settings, root, finalizer } = reader;
  applyGraphSettings(draft, settings, home, scope);
  if (root !== undefined) put(draft, { root: resolveGraphTask('ROOTS', root, home, scope) });
  if (finalizer !== undefined) put(draft, { finalizer: resolveGraphTask('FINALIZER', finalizer, home, scope) });
}

function setContacts(draft: TaskGraphDraft, stream: TokenStream, scope: ObjectScope): void {
  put(draft, { contacts: { ...draft.properties.contacts, ...resolveContacts(readContacts(stream), scope) } });
}

function unsetContacts(draft: TaskGraphDraft, stream: TokenStream): void {
  const contacts = { ...draft.properties.contacts };
  do delete contacts[readPurpose(stream)];
  while (stream.acceptSymbol(','));
  put(draft, { contacts });
}

function put(draft: TaskGraphDraft, change: Partial<TaskGraphProperties>): void {
  draft.properties = { ...draft.properties, ...change };
}
