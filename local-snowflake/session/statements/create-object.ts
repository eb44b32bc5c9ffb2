import type { CatalogObject } from '../../catalog/catalog-object.ts';
import type { Change } from '../../catalog/records.ts';
import type { Grant } from '../../access/grants.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { requireRetention } from '../../objects/retention.ts';
import { readSharedClauses, requireAllowedTags } from '../../objects/shared-clauses.ts';
import type { CreateRequest, Draft, Kind } from '../../objects/kind.ts';
import { type Parameter, parameters } from '../../objects/parameters.ts';
import { type PropertyValues, readProperties, withDefaults } from '../../objects/property-grammar.ts';
import type { PropertyTable } from '../../objects/property.ts';
import { displayIdentifier } from '../../sql/identifier.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { alterExisting } from './alter-existing.ts';
import { cloneDraft, readCloneClause } from './clone-clause.ts';
import { cloneContents } from './clone-contents.ts';
import { dropObject } from './drop-object.ts';
import { propertyPorts } from './property-ports.ts';
import { ddl, type Statement, type StatementResult } from '../statement.ts';
import { applyFutureGrants, futureOwner } from '../future-grants.ts';

/** CREATE [OR REPLACE | OR ALTER] [modifiers] <kind> [IF NOT EXISTS] <name> … */
export async function createObject(stream: TokenStream, statement: Statement): Promise<StatementResult> {
  const { scope } = statement;
  const orReplace = stream.accept('OR REPLACE');
  const orAlter = !orReplace && stream.accept('OR ALTER');
  const { kind, modifiers } = takeKind(stream, statement);
  if (orReplace && kind.orReplace === false) throw SnowflakeError.of('unsupported', { feature: `CREATE OR REPLACE ${kind.name}` });
  if (orAlter && kind.orAlter === undefined) throw SnowflakeError.of('unsupported', { feature: `CREATE OR ALTER ${kind.name}` });
  const ifNotExists = stream.accept('IF NOT EXISTS');
  if (orReplace && ifNotExists) throw SnowflakeError.of('conflictingOptions', { first: 'OR REPLACE', second: 'IF NOT EXISTS' });

  const path = scope.qualify(kind.scope, stream.name());
  const name = path.at(-1) ?? '';
  const parent = scope.containerOf(path);
  const temporary = modifiers.has('TEMPORARY');
  if (!temporary || kind.createPrivilegeWhenTemporary === true) requireCreate(kind, parent, statement);

  const draftRequest = { modifiers, orReplace, ifNotExists, orAlter, name, parent, statement: statement.text };
  const session = temporary ? scope.sessionId : undefined;
  const found = scope.catalog.find(kind.name, parent?.id ?? null, name, '', session);
  // Overloads are told apart by what the rest of the statement says.
  const existing = kind.overloaded === true || found?.session !== session ? undefined : found;
  const request: CreateRequest = { ...draftRequest, existing };
  const clone = await readCloneClause(stream, kind, request, statement);
  let draft =
    clone === undefined
      ? await readDraft(stream, kind, request, statement)
      : withRest(stream, kind, cloneDraft(clone, kind, request), statement);
  const replaced =
    kind.overloaded === true ? scope.catalog.find(kind.name, parent?.id ?? null, name, draft.signature ?? '', session) : existing;
  if (replaced !== undefined) {
    if (ifNotExists) return ddl(`${displayIdentifier(name)} already exists, statement succeeded.`);
    if (orAlter && replaced.kind === kind.name) return alterExisting(replaced, draft, { kind, request }, statement);
    if (!orReplace) throw SnowflakeError.of('objectAlreadyExists', { name: scope.catalog.displayOf(replaced) });
    if (replaced.kind !== kind.name) throw SnowflakeError.of('objectAlreadyExists', { name: scope.catalog.displayOf(replaced) });
    scope.authorizer.requireOwnership(scope.roles, replaced);
  }
  requireAllowedTags(draft.tags, scope.catalog);
  const copyGrants = clone?.copyGrants ?? (draft.copyGrants === true || draft.properties['COPY_GRANTS'] === true);
  if (kind.creating !== undefined && clone === undefined)
    draft = await kind.creating(draft, { ...request, existing: replaced }, scope);

  const bare = build(kind, draft, request, statement, session);
  requireRetention(bare);
  const made = clone === undefined ? { object: bare, contents: [], grants: [] } : await cloneContents(bare, clone, statement);
  const { object } = made;
  const grants = copyGrants ? copiedGrants(replaced ?? clone?.source, object, statement) : undefined;
  const create = (change: Change): void => {
    scope.catalog.create(object, change);
    if (grants === undefined) applyFutureGrants(object, scope, change);
    for (const each of made.contents) scope.catalog.create(each, change);
    for (const record of [...made.grants, ...(grants ?? [])]) change.put(record);
  };
  if (replaced === undefined) await scope.catalog.change(create);
  else await dropObject(replaced, statement, create);
  if (clone === undefined || kind.name !== 'DATABASE') await kind.created?.(object, scope, request);
  if (kind.name === 'DATABASE') statement.state.useDatabase(object);
  if (kind.name === 'SCHEMA') statement.state.useSchema(object);
  // https://docs.snowflake.com/en/sql-reference/sql/create-warehouse#general-usage-notes
  if (kind.name === 'WAREHOUSE') statement.state.useWarehouse(object);
  return ddl(
    kind.createdMessage?.(object, request) ?? `${kind.title ?? titleOf(kind)} ${displayIdentifier(name)} successfully created.`,
  );
}

/**
 * Privileges that COPY GRANTS carries over: those on what is replaced, or on the source of a clone.
 * https://docs.snowflake.com/en/sql-reference/sql/create-table (COPY GRANTS)
 */
function copiedGrants(from: CatalogObject | undefined, to: CatalogObject, { scope }: Statement): Grant[] {
  if (from === undefined || to.session !== undefined) return [];
  return scope.grants.on(from.id).map((grant) => ({ ...grant, id: scope.ids.uuid(), on: to.id }));
}

const modifierWords: Readonly<Record<string, string>> = { TEMP: 'TEMPORARY', VOLATILE: 'TEMPORARY' };

function takeKind(stream: TokenStream, statement: Statement): { kind: Kind; modifiers: Set<string> } {
  const modifiers = new Set<string>();
  const registry = statement.state.account.registry;
  for (;;) {
    const kind = registry.takeKind(stream);
    if (kind !== undefined) {
      for (const modifier of modifiers) {
        if (modifier !== 'SCOPED' && kind.modifiers?.includes(modifier) !== true) throw stream.unexpected();
      }
      return { kind, modifiers };
    }
    const token = stream.next();
    const word = modifierWords[token.value] ?? token.value;
    if (!['TEMPORARY', 'TRANSIENT', 'SECURE', 'SCOPED', 'LOCAL', 'GLOBAL', 'RECURSIVE', 'AGGREGATE'].includes(word)) {
      throw token.kind === 'word'
        ? SnowflakeError.of('unsupported', { feature: `CREATE ${token.value}` })
        : stream.unexpected(token);
    }
    if (word !== 'LOCAL' && word !== 'GLOBAL') modifiers.add(word);
  }
}

export function requireCreate(kind: Kind, parent: CatalogObject | null, statement: Statement): void {
  const { scope } = statement;
  if (parent === null)
    scope.authorizer.requireGlobal(
      scope.roles,
      statement.state.account.facts.account,
      kind.createPrivilege,
      ...(kind.createPrivilegeAlternatives ?? []),
    );
  else scope.authorizer.require(scope.roles, parent, kind.createPrivilege);
}

async function readDraft(stream: TokenStream, kind: Kind, request: CreateRequest, statement: Statement): Promise<Draft> {
  const { scope } = statement;
  if (kind.readCreate !== undefined) {
    const draft = await kind.readCreate(stream, request, scope);
    if (!stream.atEnd && draft.complete !== true) return withRest(stream, kind, draft, statement);
    stream.expectEnd();
    return { ...draft, properties: withDefaults({ ...draft.properties }, kind.properties, true) };
  }
  return withRest(stream, kind, { properties: {} }, statement);
}

/** Reads the properties, parameters, comment and tags that every kind can have. */
function withRest(stream: TokenStream, kind: Kind, draft: Draft, statement: Statement): Draft {
  const table = fullTable(kind);
  const ports = propertyPorts(statement);
  const values: PropertyValues = {};
  const own: PropertyValues = { ...draft.properties };
  const tags = { ...draft.tags };
  for (;;) {
    const read = readProperties(stream, table, kind.name, ports);
    for (const key of Object.keys(read))
      if (Object.hasOwn(values, key)) throw SnowflakeError.of('duplicateProperty', { property: key });
    Object.assign(values, read);
    const shared = readSharedClauses(stream, statement.scope);
    if (shared !== undefined) {
      Object.assign(tags, shared);
      continue;
    }
    const clause = Object.entries(kind.clauses ?? {}).find(([words]) => stream.accept(words));
    if (clause === undefined) break;
    Object.assign(own, clause[1](stream, statement.scope));
  }
  stream.expectEnd();
  const { COMMENT: comment, ...rest } = values;
  const set: Record<string, string> = { ...draft.parameters };
  for (const [name, value] of Object.entries(rest)) {
    if (kind.properties[name] === undefined) set[name] = String(value);
    else own[name] = value;
  }
  return {
    ...draft,
    properties: withDefaults(own, kind.properties, true),
    parameters: set,
    tags,
    ...(typeof comment === 'string' ? { comment } : {}),
  };
}

/** The kind's properties, the parameters that its objects can have, and COMMENT. */
export function fullTable(kind: Kind): PropertyTable {
  const known: Record<string, PropertyTable[string]> = { COMMENT: { type: 'text' } };
  for (const name of kind.parameters ?? []) {
    const parameter = parameters[name];
    known[name] = parameter === undefined ? { type: 'text' } : parameterProperty(parameter);
  }
  return { ...known, ...kind.properties };
}

function parameterProperty({ type, min, max }: Parameter): PropertyTable[string] {
  if (type === 'NUMBER') return { type: 'integer', ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
  return type === 'BOOLEAN' ? { type: 'boolean' } : { type: 'text' };
}

function build(kind: Kind, draft: Draft, request: CreateRequest, statement: Statement, session: number | undefined): CatalogObject {
  const { scope } = statement;
  const now = statement.state.account.clock.now();
  const id = draft.id ?? scope.ids.uuid();
  const owner = draft.owner === undefined ? (futureOwner(kind.name, request.parent, scope) ?? scope.roles.primary) : draft.owner;
  return {
    collection: 'object',
    id,
    kind: kind.name,
    name: request.name,
    signature: draft.signature ?? '',
    parent: request.parent?.id ?? null,
    owner: scope.authorizer.ownerOfNew(id, owner),
    createdOn: now,
    alteredOn: now,
    comment: draft.comment ?? '',
    tags: draft.tags ?? {},
    parameters: draft.parameters ?? {},
    properties: draft.properties,
    ...(session === undefined ? {} : { session }),
  };
}

export function titleOf(kind: Kind): string {
  return kind.name
    .split(' ')
    .map((word, index) => (index === 0 ? word.charAt(0) + word.slice(1).toLowerCase() : word.toLowerCase()))
    .join(' ');
}
