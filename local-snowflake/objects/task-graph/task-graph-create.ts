import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { ObjectName } from '../../sql/identifier.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { type ContactPurpose, readContacts, resolveContacts } from '../contact.ts';
import type { CreateRequest, Draft } from '../kind.ts';
import type { ObjectScope } from '../object-scope.ts';
import { parseCondition } from '../task/condition.ts';
import { readTags, type TaskSettings } from '../task/task-clauses.ts';
import { homeOf, type TaskHome } from '../task/task-references.ts';
import { applyGraphSettings, changedDefaults, resolveGraphTask, type TaskGraphDraft } from './task-graph-draft.ts';
import { emptyTaskGraph, taskGraphProperties } from './task-graph-properties.ts';
import { GraphSettingsReader, readTaskDefaults } from './task-graph-settings.ts';

/** What stands behind the name in CREATE TASK GRAPH. */
interface Clauses {
  readonly tags: readonly (readonly [ObjectName, string])[];
  readonly contacts: ReadonlyMap<ContactPurpose, ObjectName>;
  readonly properties: GraphSettingsReader;
  readonly defaults: TaskSettings;
  readonly when: string | undefined;
}

/** Reads CREATE TASK GRAPH behind the name. https://docs.snowflake.com/en/sql-reference/sql/create-task-graph */
export function readCreateTaskGraph(stream: TokenStream, request: CreateRequest, scope: ObjectScope): Draft {
  const { parent } = request;
  if (parent === null) throw SnowflakeError.of('noCurrentSchema', {});
  const clauses = readClauses(stream);
  // Neither is part of CREATE OR ALTER TASK; both are left as they are.
  if (request.orAlter && clauses.tags.length > 0) {
    throw SnowflakeError.of('unsupported', { feature: 'TAG in CREATE OR ALTER TASK GRAPH' });
  }
  if (request.orAlter && clauses.contacts.size > 0) {
    throw SnowflakeError.of('unsupported', { feature: 'CONTACT in CREATE OR ALTER TASK GRAPH' });
  }
  const draft = startOf(request);
  apply(draft, clauses, homeOf(parent, scope), scope);
  return {
    properties: { ...draft.properties },
    parameters: draft.parameters,
    comment: draft.comment,
    ...(request.orAlter
      ? {}
      : { tags: Object.fromEntries(clauses.tags.map(([name, value]) => [scope.find('TAG', name).id, value])) }),
    complete: true,
  };
}

/** Clauses stand in any order, but WHEN is the last. */
function readClauses(stream: TokenStream): Clauses {
  const properties = new GraphSettingsReader(stream);
  const tags: [ObjectName, string][] = [];
  let contacts: Clauses['contacts'] = new Map();
  let defaults: TaskSettings = new Map();
  while (!stream.atEnd && !stream.isSymbol(';')) {
    if (stream.accept('WHEN')) return { tags, contacts, properties, defaults, when: readRest(stream) };
    if (stream.accept('WITH TAG') || (stream.is('TAG') && stream.peek(1).text === '(' && stream.accept('TAG'))) {
      tags.push(...readTags(stream));
    } else if (stream.accept('WITH CONTACT')) {
      stream.expectSymbol('(');
      contacts = readContacts(stream);
      stream.expectSymbol(')');
    } else if (stream.accept('TASK_DEFAULTS')) defaults = readTaskDefaults(stream);
    else properties.readOne();
    stream.acceptSymbol(',');
  }
  stream.expectEnd();
  return { tags, contacts, properties, defaults, when: undefined };
}

function readRest(stream: TokenStream): string {
  if (stream.atEnd) throw stream.unexpected();
  return stream.restText();
}

/** CREATE OR ALTER describes the whole graph; what is not named goes back to its default. */
function startOf({ name, orAlter, existing }: CreateRequest): TaskGraphDraft {
  const kept = orAlter && existing !== undefined ? keptOf(existing) : {};
  return { name, properties: { ...emptyTaskGraph, ...kept }, parameters: {}, comment: '' };
}

function keptOf(existing: CatalogObject): Partial<TaskGraphDraft['properties']> {
  const { scheduleBase, contacts, state, lastSuspendedOn, lastSuspendedReason, revision, committed } =
    taskGraphProperties(existing);
  return { scheduleBase, contacts, state, lastSuspendedOn, lastSuspendedReason, revision: revision + 1, committed };
}

function apply(draft: TaskGraphDraft, clauses: Clauses, home: TaskHome, scope: ObjectScope): void {
  const { settings, root, finalizer } = clauses.properties;
  applyGraphSettings(draft, settings, home, scope);
  if (clauses.when !== undefined) parseCondition(clauses.when);
  draft.properties = {
    ...draft.properties,
    root: root === undefined ? null : resolveGraphTask('ROOTS', root, home, scope),
    finalizer: finalizer === undefined ? null : resolveGraphTask('FINALIZER', finalizer, home, scope),
    condition: clauses.when ?? null,
    defaults: changedDefaults(draft.properties.defaults, clauses.defaults, home, scope),
    ...(clauses.contacts.size === 0 ? {} : { contacts: resolveContacts(clauses.contacts, scope) }),
  };
}
