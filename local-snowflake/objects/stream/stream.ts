import { type CatalogObject, propertyText } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayIdentifier, displayName } from '../../sql/identifier.ts';
import { cell } from '../../sql/result-set.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { types } from '../../sql/types.ts';
import { commentClause } from '../ddl/clauses.ts';
import type { CreateRequest, Draft, Kind } from '../kind.ts';
import type { ObjectScope } from '../object-scope.ts';
import { parameters } from '../parameters.ts';
import { readSharedClauses } from '../shared-clauses.ts';
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
} from '../show-columns.ts';
import { cloneStream } from './stream-clone.ts';
import { readSource, sourceKindOf } from './source-kind.ts';
import { sourceOf, tablesBehind, trackSource } from './stream-source.ts';
import { readStreamStart } from './stream-start.ts';
import type { StreamStart } from './stream-effects.ts';

// https://docs.snowflake.com/en/sql-reference/sql/create-stream
export const stream: Kind = {
  name: 'STREAM',
  plural: 'STREAMS',
  scope: 'schema',
  page: 'create-stream',
  createPrivilege: 'CREATE STREAM',
  restorable: 'within',
  cloning: { privilege: 'OWNERSHIP', alone: true, copy: cloneStream },
  privileges: ['SELECT'],
  renamable: false,
  orAlter: true,
  properties: {},
  readCreate,
  creating: begin,
  dropped: (object, scope) => scope.effects.streams.drop(object.id),
  ddl: (object, scope, name) => {
    const mode = object.properties['APPEND_ONLY'] === true ? ' append_only=true' : '';
    const on = propertyText(object, 'SOURCE_KIND').toLowerCase();
    const source = scope.catalog.byId(propertyText(object, 'SOURCE'));
    const sourceName = source === undefined ? propertyText(object, 'SOURCE_NAME') : scope.catalog.displayOf(source);
    return `create or replace stream ${name} on ${on} ${sourceName}${mode}${commentClause(object.comment)};`;
  },
  createdMessage: (object) => `Stream ${displayIdentifier(object.name)} successfully created.`,
  terse: [createdOn, objectName, constant('kind', 'DELTA'), databaseName, schemaName, text('tableOn', sourceName)],
  show: [
    createdOn,
    objectName,
    databaseName,
    schemaName,
    owner,
    comment,
    text('table_name', sourceName),
    text('source_type', (object) => sourceKindOf({ kind: propertyText(object, 'SOURCE_KIND') }).shown),
    typed('base_tables', types.varchar(), async (object, scope) => {
      const source = scope.catalog.byId(propertyText(object, 'SOURCE'));
      if (source === undefined) return propertyText(object, 'SOURCE_NAME');
      if (source.kind === 'STAGE') return displayIdentifier(source.name);
      const tables = await tablesBehind(source, scope).catch(() => []);
      return tables.map((table) => scope.catalog.displayOf(table)).join(', ');
    }),
    constant('type', 'DELTA'),
    typed('stale', types.varchar(), async (object, scope) => String((await staleAfter(object, scope)) <= scope.now)),
    text('mode', (object) => (object.properties['APPEND_ONLY'] === true ? 'APPEND_ONLY' : 'DEFAULT')),
    typed('stale_after', types.timestampLtz(6), async (object, scope) => cell.timestamp(await staleAfter(object, scope))),
    constant('invalid_reason', 'N/A'),
    ownerRoleType,
  ],
};

function sourceName(object: CatalogObject, scope: ObjectScope): string {
  const source = scope.catalog.byId(propertyText(object, 'SOURCE'));
  if (source === undefined) return propertyText(object, 'SOURCE_NAME');
  // Accounts show of a stage its name alone.
  return source.kind === 'STAGE' ? displayIdentifier(source.name) : scope.catalog.displayOf(source);
}

async function readCreate(tokens: TokenStream, request: CreateRequest, scope: ObjectScope): Promise<Draft> {
  const tags: Record<string, string> = {};
  let copyGrants = false;
  for (;;) {
    const tagged = readSharedClauses(tokens, scope);
    if (tagged !== undefined) Object.assign(tags, tagged);
    else if (tokens.accept('COPY GRANTS')) copyGrants = true;
    else break;
  }
  const source = readSource(tokens, scope);
  const { hasOptions } = sourceKindOf(source);
  const start = hasOptions ? await readStreamStart(tokens, scope) : undefined;
  const options = readOptions(tokens, hasOptions);
  const properties = {
    SOURCE: source.id,
    SOURCE_KIND: source.kind,
    SOURCE_NAME: displayName(scope.catalog.pathOf(source)),
    APPEND_ONLY: options.appendOnly,
    INITIAL_ROWS: options.initialRows,
  };
  if (request.orAlter && request.existing !== undefined) requireSame(request.existing, properties);
  return {
    properties: { ...properties, START: start ?? { kind: 'now' } },
    tags,
    copyGrants,
    comment: options.comment,
    complete: true,
  };
}

interface Options {
  readonly appendOnly: boolean;
  readonly initialRows: boolean;
  readonly comment: string;
}

/** `more`: whether there are others than COMMENT. */
function readOptions(tokens: TokenStream, more: boolean): Options {
  const options = { appendOnly: false, initialRows: false, comment: '' };
  while (!tokens.atEnd && !tokens.isSymbol(';')) {
    const name = tokens.identifier();
    tokens.expectSymbol('=');
    if (name === 'COMMENT') options.comment = tokens.string();
    else if (name === 'APPEND_ONLY' && more) options.appendOnly = flag(tokens);
    else if (name === 'SHOW_INITIAL_ROWS' && more) options.initialRows = flag(tokens);
    else if (name === 'INSERT_ONLY')
      throw SnowflakeError.of('unsupported', { feature: 'INSERT_ONLY streams: they are on external tables' });
    else throw SnowflakeError.of('invalidProperty', { property: name, kind: 'STREAM' });
  }
  tokens.expectEnd();
  return options;
}

function flag(tokens: TokenStream): boolean {
  if (tokens.accept('TRUE')) return true;
  tokens.expect('FALSE');
  return false;
}

/** CREATE OR ALTER changes the comment alone. https://docs.snowflake.com/en/sql-reference/sql/create-stream#create-or-alter-stream */
function requireSame(existing: CatalogObject, properties: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(properties)) {
    if (name !== 'SOURCE_NAME' && existing.properties[name] !== value)
      throw SnowflakeError.of('unsupported', {
        feature: `CREATE OR ALTER STREAM that changes ${name.replace('INITIAL', 'SHOW_INITIAL')}`,
      });
  }
}

/** Sets the offset before the catalog names the stream: a crash in between leaves an offset that the next start clears. */
async function begin(draft: Draft, _request: CreateRequest, scope: ObjectScope): Promise<Draft> {
  const { START: start, ...properties } = draft.properties;
  const source = sourceOf({ properties } as CatalogObject, scope);
  const tables = await tablesBehind(source, scope);
  await trackSource(source, tables, scope);
  const id = scope.ids.uuid();
  const behind = tables.map((table) => ({
    physicalName: propertyText(scope.catalog.byId(table.id), 'PHYSICAL'),
    display: scope.catalog.displayOf(table),
  }));
  await scope.effects.streams.create(id, start as StreamStart, behind, properties['INITIAL_ROWS'] === true);
  return { ...draft, id, properties };
}

/** https://docs.snowflake.com/en/user-guide/streams-intro#data-retention-period-and-staleness */
async function staleAfter(object: CatalogObject, scope: ObjectScope): Promise<number> {
  const days = Math.max(
    ...['DATA_RETENTION_TIME_IN_DAYS', 'MAX_DATA_EXTENSION_TIME_IN_DAYS'].map((name) => Number(parameterOf(object, name, scope))),
  );
  return (await scope.effects.streams.readAt(object.id)) + days * 86_400_000;
}

/** A parameter of the source, or of what it is in. */
function parameterOf(object: CatalogObject, name: string, scope: ObjectScope): string {
  for (let holder = scope.catalog.byId(propertyText(object, 'SOURCE')); holder !== undefined;) {
    const value = holder.parameters[name];
    if (value !== undefined) return value;
    holder = holder.parent === null ? undefined : scope.catalog.byId(holder.parent);
  }
  return parameters[name]?.default ?? '0';
}
