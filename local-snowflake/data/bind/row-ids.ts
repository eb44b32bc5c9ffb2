import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { rowIdColumn } from '../changes/change-tables.ts';
import { builtIn } from '../functions/registry.ts';
import type { Expression, FromItem, Identifier, Query, QueryBody, Select } from '../syntax/tree.ts';

const hidden: Identifier = { name: rowIdColumn, quoted: true };

/**
 * A view's query with one more column: what tells its rows apart, made of the ids of the tables' rows that each comes from.
 * @throws SnowflakeError `unsupported` for what a stream's view may not have:
 * https://docs.snowflake.com/en/user-guide/streams-intro#streams-on-views
 */
export function withRowIds(query: Query): Query {
  if (query.limit !== undefined || query.offset !== undefined) throw refused('LIMIT');
  if (query.recursive) throw refused('WITH RECURSIVE');
  return {
    ...query,
    orderBy: [],
    commonTables: query.commonTables.map((table) => ({
      ...table,
      query: withRowIds(table.query),
      columns: table.columns.length === 0 ? [] : [...table.columns, hidden],
    })),
    body: ofBody(query.body, ''),
  };
}

/** `branch`: which branches of UNION ALL lead here, since a table's row may come through several. */
function ofBody(body: QueryBody, branch: string): QueryBody {
  switch (body.kind) {
    case 'select':
      return ofSelect(body, branch);
    case 'nested':
      return { ...body, query: branched(withRowIds(body.query), branch) };
    case 'set':
      if (body.operator !== 'UNION' || !body.all) throw refused(`${body.operator}${body.all ? ' ALL' : ''}`);
      return { ...body, left: ofBody(body.left, `${branch}l`), right: ofBody(body.right, `${branch}r`) };
    case 'values':
      throw refused('VALUES');
  }
}

/** A nested query as a branch. */
function branched(query: Query, branch: string): Query {
  if (branch === '') return query;
  const { body } = query;
  if (body.kind !== 'select') throw refused('nested sets of rows');
  const last = body.items.at(-1);
  if (last?.kind !== 'expression') throw new Error('the id was just added');
  return {
    ...query,
    body: { ...body, items: [...body.items.slice(0, -1), { ...last, expression: marked(last.expression, branch) }] },
  };
}

function marked(id: Expression, branch: string): Expression {
  if (branch === '') return id;
  return { kind: 'binary', operator: '||', left: { kind: 'literal', literal: 'string', text: branch }, right: id };
}

function ofSelect(select: Select, branch: string): Select {
  if (select.distinct) throw refused('DISTINCT');
  if (select.top !== undefined) throw refused('TOP');
  if (select.groupBy === 'ALL' || select.groupBy.length > 0 || select.having !== undefined) throw refused('GROUP BY');
  if (select.qualify !== undefined) throw refused('QUALIFY');
  const { from, ...expressions } = select;
  refuseIn(expressions);
  const sources: Identifier[] = [];
  const items = from.map((item) => ofItem(item, sources));
  const parts = sources.map((source): Expression => ({ kind: 'column', parts: [source, hidden] }));
  const [first, ...rest] = parts;
  if (first === undefined) throw refused('a SELECT without FROM');
  const expression = rest.reduce<Expression>((left, right) => ({ kind: 'binary', operator: '||', left, right }), first);
  const id = { kind: 'expression', expression: marked(expression, branch), alias: hidden, label: rowIdColumn } as const;
  return { ...select, from: items, items: [...select.items, id] };
}

function ofItem(item: FromItem, sources: Identifier[]): FromItem {
  switch (item.kind) {
    case 'table': {
      if (item.sample !== undefined) throw refused('SAMPLE');
      const name = item.alias.name ?? (item.name.kind === 'name' ? item.name.parts.at(-1) : undefined);
      if (name === undefined) throw refused('a computed table name');
      sources.push(name);
      return item.alias.columns.length === 0
        ? item
        : { ...item, alias: { ...item.alias, columns: [...item.alias.columns, hidden] } };
    }
    case 'derived': {
      if (item.lateral) throw refused('LATERAL');
      const name = item.alias.name ?? { name: `${rowIdColumn}${String(sources.length)}`, quoted: true };
      sources.push(name);
      const columns = item.alias.columns.length === 0 ? [] : [...item.alias.columns, hidden];
      return { ...item, query: withRowIds(item.query), alias: { name, columns } };
    }
    case 'join':
      if (item.join !== 'INNER' && item.join !== 'CROSS') throw refused(`${item.join} JOIN`);
      refuseIn(item.on);
      return { ...item, left: ofItem(item.left, sources), right: ofItem(item.right, sources) };
    default:
      throw refused(item.kind.toUpperCase());
  }
}

/** Subqueries, aggregates and window functions anywhere in an expression. Trees are plain data. */
function refuseIn(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) {
    for (const item of node) refuseIn(item);
    return;
  }
  const { kind, over, name } = node as { kind?: unknown; over?: unknown; name?: { parts?: readonly Identifier[] } };
  if (kind === 'subquery' || kind === 'exists' || kind === 'inQuery' || kind === 'quantified')
    throw refused('a subquery outside FROM');
  if (kind === 'call') {
    const called = name?.parts?.at(-1)?.name ?? '';
    if (over !== undefined) throw refused('window functions');
    if (builtIn(called)?.kind === 'aggregate') throw refused('aggregate functions');
  }
  for (const value of Object.values(node)) refuseIn(value);
}

function refused(what: string): SnowflakeError {
  return SnowflakeError.of('unsupported', { feature: `${what} in the view of a stream` });
}
