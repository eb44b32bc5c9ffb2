import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { Kind, Listing, ShowColumn } from '../../objects/kind.ts';
import { timestamp } from '../../objects/show-columns.ts';
import { likeMatcher } from '../../sql/literal.ts';
import { column, type ResultSet } from '../../sql/result-set.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { types } from '../../sql/types.ts';
import { rows, type Statement, type StatementResult, statementTypes } from '../statement.ts';

/** SHOW [TERSE] <plural> [HISTORY] [LIKE …] [IN …] [STARTS WITH …] [LIMIT … [FROM …]] */
export async function showObjects(stream: TokenStream, statement: Statement): Promise<StatementResult> {
  const terse = stream.accept('TERSE');
  const { registry } = statement.state.account;
  const form = registry.kinds
    .flatMap((each) => Object.entries(each.listings ?? {}).map(([words, listing]) => ({ kind: each, words, listing })))
    .find(({ words }) => stream.accept(words));
  const kind = form?.kind ?? registry.takePlural(stream);
  if (kind === undefined) throw SnowflakeError.of('unsupported', { feature: `SHOW ${stream.peek().text}` });
  const history = stream.accept('HISTORY');
  const listed = form === undefined ? kind : { ...kind, ...narrowed(form) };
  const filters = readFilters(stream, listed, statement);
  stream.expectEnd();
  const objects = form?.listing.objects?.() ?? statement.scope.catalog.ofKind(kind.name, statement.scope.sessionId);
  return rows(statementTypes.show, await listing(listed, objects, filters, { terse, history }, statement));
}

/** A kind as one of its other forms of SHOW lists it. */
function narrowed({ kind, listing: form }: { kind: Kind; listing: Listing }): Pick<Kind, 'listed' | 'show' | 'showIn'> {
  const showIn = form.showIn ?? kind.showIn;
  return {
    listed: (object, scope) => kind.listed?.(object, scope) !== false && form.lists(object, scope),
    show: (form.show ?? kind.show).filter(({ name }) => !form.without.includes(name)),
    ...(showIn === undefined ? {} : { showIn }),
  };
}

// https://docs.snowflake.com/en/sql-reference/sql/show-tasks (usage notes): LIMIT cannot be more.
const mostRows = 10_000;

interface ShowFilters {
  readonly like: (name: string) => boolean;
  readonly startsWith: string;
  /** Container that the listing keeps to; undefined for the whole account. */
  readonly within: CatalogObject | undefined;
  readonly extra: (object: CatalogObject) => boolean;
  readonly limit: number | undefined;
  readonly from: string | undefined;
}

function readFilters(stream: TokenStream, kind: Kind, statement: Statement): ShowFilters {
  const like = stream.accept('LIKE') ? likeMatcher(stream.string()) : () => true;
  const scoped = kind.scope !== 'account';
  let within: CatalogObject | undefined = scoped ? statement.scope.currentDatabase : undefined;
  let extra: ShowFilters['extra'] = () => true;
  if (stream.accept('IN')) {
    const own = kind.showIn?.(stream, statement.scope);
    if (own === undefined) within = readContainer(stream, kind, statement);
    else {
      within = undefined;
      extra = own;
    }
  }
  const startsWith = stream.accept('STARTS WITH') ? stream.string() : '';
  // Filters of the kind's own (ROOT ONLY) stand behind STARTS WITH.
  if (kind.showFilter !== undefined) {
    const own = kind.showFilter(stream, statement.scope);
    const before = extra;
    if (own !== undefined) extra = (object) => before(object) && own(object);
  }
  const limit = stream.accept('LIMIT') ? stream.integer() : undefined;
  if (limit !== undefined && limit > mostRows) throw SnowflakeError.of('showLimit', {});
  const from = limit !== undefined && stream.accept('FROM') ? stream.string() : undefined;
  return { like, startsWith, within, extra, limit, from };
}

/** `ACCOUNT`, `DATABASE [name]`, `SCHEMA [name]` or a bare name. */
function readContainer(stream: TokenStream, kind: Kind, statement: Statement): CatalogObject | undefined {
  const { scope } = statement;
  const named = (): boolean =>
    stream.peek().kind === 'quoted' ||
    stream.peek().kind === 'bind' ||
    (stream.peek().kind === 'word' && !stream.is('STARTS WITH') && !stream.is('LIMIT') && !stream.is('ROOT ONLY'));
  if (stream.accept('ACCOUNT')) return undefined;
  if (stream.is('APPLICATION') && stream.peek(1).kind === 'word')
    throw SnowflakeError.of('unsupported', { feature: 'IN APPLICATION' });
  if (stream.accept('DATABASE')) {
    if (named()) return scope.find('DATABASE', stream.name());
    if (scope.currentDatabase === undefined) throw SnowflakeError.of('objectOrOperation', {});
    return scope.currentDatabase;
  }
  if (stream.accept('SCHEMA')) {
    if (named()) return scope.find('SCHEMA', stream.name());
    if (scope.currentSchema === undefined) throw SnowflakeError.of('objectOrOperation', {});
    return scope.currentSchema;
  }
  const name = stream.name();
  if (kind.scope === 'database' || (name.length === 1 && scope.currentDatabase === undefined)) return scope.find('DATABASE', name);
  return scope.find('SCHEMA', name);
}

async function listing(
  kind: Kind,
  objects: readonly CatalogObject[],
  filters: ShowFilters,
  { terse, history }: { readonly terse: boolean; readonly history: boolean },
  statement: Statement,
): Promise<ResultSet> {
  const { scope } = statement;
  const dropped = history ? droppedOf(kind, filters, statement) : new Map<CatalogObject, number>();
  const matching = objects
    .filter(
      (object) =>
        filters.like(object.name) && object.name.startsWith(filters.startsWith) && inside(object, filters.within, statement),
    )
    .filter((object) => filters.extra(object) && scope.visible(object) && kind.listed?.(object, scope) !== false)
    .map((object) => ({ object, key: scope.catalog.pathOf(object).join('\u0000') + object.signature }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ object }) => object)
    .concat([...dropped.keys()]);
  const begin = filters.from === undefined ? 0 : matching.findIndex((object) => object.name.startsWith(filters.from ?? ''));
  const page = begin < 0 ? [] : matching.slice(begin, filters.limit === undefined ? undefined : begin + filters.limit);
  const columns = terse ? terseColumns(kind) : history ? withDroppedOn(kind.show, dropped) : kind.show;
  return {
    columns: columns.map((each) => column(each.name, each.type ?? types.varchar())),
    rows: await Promise.all(page.map((object) => Promise.all(columns.map(async (each) => each.value(object, scope))))),
  };
}

/** What HISTORY lists besides, behind what is there, with the times of the drops; those dropped last first. */
function droppedOf(kind: Kind, filters: ShowFilters, { scope, state }: Statement): Map<CatalogObject, number> {
  const found = state.account.dropped
    .ofKind(kind.name, scope.time())
    .filter(({ object }) => filters.like(object.name) && object.name.startsWith(filters.startsWith))
    .filter(({ object }) => filters.within === undefined || isWithin(object, filters.within.id, scope.catalog))
    .filter(({ object }) => filters.extra(object) && scope.visible(object));
  return new Map(found.map(({ object, droppedOn }) => [object, droppedOn]));
}

/** `dropped_on` stands behind `retention_time`; kinds without the one have not the other either. */
function withDroppedOn(columns: readonly ShowColumn[], dropped: ReadonlyMap<CatalogObject, number>): readonly ShowColumn[] {
  return columns.flatMap((each) =>
    each.name === 'retention_time' ? [each, timestamp('dropped_on', (object) => dropped.get(object))] : [each],
  );
}

// https://docs.snowflake.com/en/sql-reference/sql/show-tables: TERSE keeps these, in this order.
const terseNames = ['created_on', 'name', 'kind', 'database_name', 'schema_name', 'schedule', 'state'];

function terseColumns(kind: Kind): readonly ShowColumn[] {
  if (kind.terse !== undefined) return kind.terse;
  const missing = (name: string): ShowColumn => ({ name, value: () => null });
  return terseNames.flatMap((name) => {
    const found = kind.show.find((each) => each.name === name);
    if (found !== undefined) return (name === 'schedule' && kind.name !== 'TASK') || name === 'state' ? [] : [found];
    return name === 'kind' ? [missing(name)] : [];
  });
}

function inside(object: CatalogObject, within: CatalogObject | undefined, { scope }: Statement): boolean {
  return within === undefined || isWithin(object, within.id, scope.catalog);
}

function isWithin(object: CatalogObject, container: string, catalog: Statement['scope']['catalog']): boolean {
  for (let parent = object.parent; parent !== null;) {
    if (parent === container) return true;
    parent = catalog.byId(parent)?.parent ?? null;
  }
  return false;
}
