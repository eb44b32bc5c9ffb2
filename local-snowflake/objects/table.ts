import type { CatalogObject } from '../catalog/catalog-object.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import { displayIdentifier } from '../sql/identifier.ts';
import { cell, column } from '../sql/result-set.ts';
import type { TokenStream } from '../sql/token-stream.ts';
import { types } from '../sql/types.ts';
import { tableDdl } from './ddl/relation-ddl.ts';
import type { CreateRequest, Draft, Kind } from './kind.ts';
import type { ObjectScope } from './object-scope.ts';
import { tableParameters } from './parameters.ts';
import { alterProtection, applyPrivilege } from './policy/alter-protection.ts';
import { policyName, protectedColumns, withDeclarations } from './policy/declared-protection.ts';
import { readRowProtection } from './policy/row-protection.ts';
import { retentionDays } from './retention.ts';
import {
  comment,
  constant,
  createdOn,
  databaseName,
  objectName,
  owner,
  ownerRoleType,
  schemaName,
  text,
  typed,
} from './show-columns.ts';
import { cloneTable } from './table-clone.ts';
import { alterTable } from './table-alter.ts';
import { tableOrAlter } from './table-or-alter.ts';
import { type DeclaredColumn, describedType, readColumns, type TableColumnRecord, withPhysicalNames } from './table-columns.ts';

export const relationPrivileges = [
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'TRUNCATE',
  'REFERENCES',
  'REBUILD',
  'EVOLVE SCHEMA',
  'APPLYBUDGET',
];

// https://docs.snowflake.com/en/sql-reference/sql/create-table
export const table: Kind = {
  name: 'TABLE',
  plural: 'TABLES',
  scope: 'schema',
  page: 'create-table',
  createPrivilege: 'CREATE TABLE',
  restorable: 'alone',
  cloning: { privilege: 'SELECT', alone: true, historical: true, from: ['DYNAMIC TABLE'], copy: cloneTable },
  privileges: relationPrivileges,
  modifiers: ['TEMPORARY', 'TRANSIENT'],
  alsoAlters: ['DYNAMIC TABLE'],
  orAlter: tableOrAlter,
  properties: {
    CHANGE_TRACKING: { type: 'boolean', default: false },
    ENABLE_SCHEMA_EVOLUTION: { type: 'boolean', default: false },
    STAGE_FILE_FORMAT: { type: 'group' },
  },
  parameters: tableParameters,
  readCreate,
  creating: prepare,
  created: (object, scope) => scope.lineage.made(object),
  accountPrivilege: applyPrivilege,
  readAlter: (object, stream, scope) => alterProtection(object, stream, scope) ?? alterTable(object, stream, scope),
  dropped: async (object, scope) => {
    await scope.effects.tables.drop(physicalOf(object));
    await scope.effects.stages.remove(object.id);
  },
  altered: async (before, after, scope) => {
    const [was, is] = [before, after].map((object) => object.properties['CHANGE_TRACKING'] === true);
    if (was === is || physicalOf(before) !== physicalOf(after)) return;
    await (is === true
      ? scope.effects.streams.track(physicalOf(after), scope.signal)
      : scope.effects.streams.untrack(physicalOf(after), scope.signal));
  },
  ddl: tableDdl,
  createdMessage: (object) => `Table ${displayIdentifier(object.name)} successfully created.`,
  show: [
    createdOn,
    objectName,
    databaseName,
    schemaName,
    text('kind', (object) =>
      object.session !== undefined ? 'TEMPORARY' : object.properties['TRANSIENT'] === true ? 'TRANSIENT' : 'TABLE',
    ),
    comment,
    text('cluster_by', (object) => (object.properties['CLUSTER_BY'] as string | undefined) ?? ''),
    typed('rows', types.number(38, 0), async (object, scope) =>
      cell.number(await scope.effects.tables.rowCount(physicalOf(object))),
    ),
    typed('bytes', types.number(38, 0), async (object, scope) => cell.number(await scope.effects.tables.bytes(physicalOf(object)))),
    owner,
    text('retention_time', (object, scope) => String(retentionDays(object, scope))),
    constant('automatic_clustering', 'OFF'),
    text('change_tracking', (object) => (object.properties['CHANGE_TRACKING'] === true ? 'ON' : 'OFF')),
    constant('search_optimization', 'OFF'),
    constant('search_optimization_progress', null),
    constant('search_optimization_bytes', null),
    constant('is_external', 'N'),
    text('enable_schema_evolution', (object) => (object.properties['ENABLE_SCHEMA_EVOLUTION'] === true ? 'Y' : 'N')),
    ownerRoleType,
    constant('is_event', 'N'),
    constant('budget', null),
    constant('is_hybrid', 'N'),
    constant('is_iceberg', 'N'),
    constant('is_dynamic', 'N'),
    constant('is_immutable', 'N'),
  ],
  describe: (object, scope, stream) => {
    if (stream.accept('TYPE')) {
      stream.expectSymbol('=');
      if (stream.accept('STAGE')) throw SnowflakeError.of('unsupported', { feature: 'DESCRIBE TABLE … TYPE = STAGE' });
      stream.expect('COLUMNS');
    }
    return describeColumns(object, scope);
  },
};

export function physicalOf(object: CatalogObject): string {
  return String(object.properties['PHYSICAL']);
}

export function columnsOf(object: CatalogObject): readonly TableColumnRecord[] {
  return object.properties['COLUMNS'] as readonly TableColumnRecord[];
}

/** `( columns )`, LIKE, AS SELECT, USING TEMPLATE; and the clauses around them. */
function readCreate(stream: TokenStream, request: CreateRequest, scope: ObjectScope): Draft {
  const properties: Record<string, unknown> = { TRANSIENT: request.modifiers.has('TRANSIENT') };
  if (stream.isSymbol('(')) properties['DECLARED'] = readColumns(stream);
  if (stream.accept('LIKE')) return { properties: { ...properties, LIKE: source(stream, scope).id } };
  if (stream.is('USING TEMPLATE')) throw SnowflakeError.of('unsupported', { feature: 'CREATE TABLE … USING TEMPLATE' });
  const clauses = readTableClauses(stream);
  Object.assign(properties, clauses);
  if (stream.accept('AS')) return { properties: { ...properties, QUERY: stream.restText() }, ...commentOf(clauses) };
  if (properties['DECLARED'] === undefined) throw stream.unexpected();
  return { properties, ...commentOf(clauses) };
}

function commentOf(clauses: Record<string, unknown>): { comment?: string } {
  const text = clauses['COMMENT_TEXT'];
  delete clauses['COMMENT_TEXT'];
  return typeof text === 'string' ? { comment: text } : {};
}

function source(stream: TokenStream, scope: ObjectScope): CatalogObject {
  const name = stream.name();
  return scope.find(scope.tryFind('DYNAMIC TABLE', name) === undefined ? 'TABLE' : 'DYNAMIC TABLE', name, 'SELECT');
}

/** Clauses that can stand in front of AS. */
function readTableClauses(stream: TokenStream): Record<string, unknown> {
  const clauses: Record<string, unknown> = {};
  for (;;) {
    if (stream.accept('CLUSTER BY')) clauses['CLUSTER_BY'] = `LINEAR(${stream.parenthesised()})`;
    else if (stream.accept('COPY GRANTS')) clauses['COPY_GRANTS'] = true;
    else if (stream.is('COMMENT') && stream.peek(1).text === '=') {
      stream.next();
      stream.next();
      clauses['COMMENT_TEXT'] = stream.string();
    } else {
      const filter = readRowProtection(stream);
      if (filter === undefined) return clauses;
      clauses['FILTER'] = filter;
    }
  }
}

/** Makes the physical table before the catalog names it: a crash in between leaves an unnamed table, cleared at the next start. */
async function prepare(draft: Draft, request: CreateRequest, scope: ObjectScope): Promise<Draft> {
  const prepared = await makeTable(draft, request, scope);
  if (prepared.properties['CHANGE_TRACKING'] === true)
    await scope.effects.streams.track(String(prepared.properties['PHYSICAL']), scope.signal);
  return prepared;
}

async function makeTable(draft: Draft, request: CreateRequest, scope: ObjectScope): Promise<Draft> {
  const { DECLARED: declared, QUERY: query, LIKE: like, COPY_GRANTS: _grants, FILTER: filter, ...properties } = draft.properties;
  const physical = `t_${scope.ids.uuid()}`;
  const finished = (columns: readonly TableColumnRecord[]): Draft => ({
    ...draft,
    properties: { ...properties, PHYSICAL: physical, ...protectedColumns(columns, filter, request.name, scope) },
  });
  if (typeof like === 'string') {
    const from = scope.catalog.byId(like);
    if (from === undefined) throw SnowflakeError.of('tableDoesNotExist', { name: like });
    // https://docs.snowflake.com/en/user-guide/security-row-intro#create-table-statements: policies are not the new table's.
    const columns = columnsOf(from).map(({ maskedBy: _policy, ...column }): TableColumnRecord => column);
    await scope.effects.tables.create(physical, columns);
    return finished(columns);
  }
  const columns = (declared ?? []) as readonly DeclaredColumn[];
  if (typeof query === 'string') {
    const stored = await scope.effects.queries.createTableAs(physical, query, scope, columns.length === 0 ? undefined : columns);
    try {
      return finished(withDeclarations(stored, columns));
    } catch (error) {
      await scope.effects.tables.drop(physical);
      throw error;
    }
  }
  const complete = columns.map((each) => {
    if (each.type === undefined) throw SnowflakeError.of('syntaxError', { line: 1, position: 0, near: each.name });
    return { ...each, type: each.type };
  });
  const named = withPhysicalNames(complete);
  const draftOfTable = finished(named);
  await scope.effects.tables.create(physical, named);
  return draftOfTable;
}

const describeColumnNames = [
  'name',
  'type',
  'kind',
  'null?',
  'default',
  'primary key',
  'unique key',
  'check',
  'expression',
  'comment',
  'policy name',
  'privacy domain',
  'schema_evolution_record',
];

/** DESCRIBE TABLE and DESCRIBE VIEW. https://docs.snowflake.com/en/sql-reference/sql/desc-table */
export function describeColumns(
  object: CatalogObject,
  scope: ObjectScope,
): { columns: ReturnType<typeof column>[]; rows: (string | null)[][] } {
  return {
    columns: describeColumnNames.map((name) => column(name)),
    rows: columnsOf(object).map((each) => [
      each.name,
      describedType(each),
      'COLUMN',
      each.nullable ? 'Y' : 'N',
      each.identity === undefined
        ? (each.defaultText ?? null)
        : `IDENTITY START ${String(each.identity.start)} INCREMENT ${String(each.identity.step)} NOORDER`,
      each.primaryKey === true ? 'Y' : 'N',
      each.unique === true ? 'Y' : 'N',
      null,
      null,
      each.comment ?? null,
      policyName(each, scope),
      null,
      null,
    ]),
  };
}
