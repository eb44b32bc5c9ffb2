import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { type SnowflakeType, types } from '../../sql/types.ts';
import { physicalType } from '../duckdb/physical-type.ts';
import { commonType } from '../types/common-type.ts';
import type { CommonTable, Expression, OrderBy, OrderItem, Query, QueryBody } from '../syntax/tree.ts';
import type { BindContext, CommonTableBinding } from './bind-context.ts';
import { sortable } from './bind-comparison.ts';
import { bindExpression, constantContext, unify } from './bind-expression.ts';
import { direction, orderByAll, orderList } from './bind-order.ts';
import { bindSelect } from './bind-select.ts';
import { type Bound, bound } from './bound.ts';
import type { BoundQuery, QueryColumn } from './bound-query.ts';
import { castTo } from './cast.ts';
import { type ExpressionContext, newBlock } from './expression-context.ts';
import { mentionsTable } from './mentions-table.ts';
import { Scope } from './scope.ts';

function withCommonTable(context: BindContext, table: CommonTableBinding): BindContext {
  return { ...context, commonTables: [...context.commonTables, table] };
}

/** Binds a query; `outer` is what its correlated names may mean. */
export function bindQuery(query: Query, bind: BindContext, outer?: Scope): BoundQuery {
  const withClauses: string[] = [];
  let recursive = false;
  let context = bind;
  for (const table of query.commonTables) {
    const bindingOf = isRecursive(table) ? bindRecursive : bindCommonTable;
    const { binding, sql } = bindingOf(table, context, outer);
    if (isRecursive(table)) recursive = true;
    // Each common table sees those before it.
    context = withCommonTable(context, binding);
    withClauses.push(sql);
  }
  const tail = rowLimit(query, context);
  const body =
    query.body.kind === 'select'
      ? bindSelect(query.body, query.orderBy, tail, context, outer)
      : ordered(bindBody(query.body, context, outer), query.orderBy, tail, context);
  if (withClauses.length === 0) return body;
  return {
    columns: body.columns,
    limit: body.limit,
    sql: `WITH ${recursive ? 'RECURSIVE ' : ''}${withClauses.join(', ')} ${body.sql}`,
  };
}

export function bindBody(body: QueryBody, context: BindContext, outer?: Scope): BoundQuery {
  switch (body.kind) {
    case 'select':
      return bindSelect(body, [], noLimit, context, outer);
    case 'nested':
      return bindQuery(body.query, context, outer);
    case 'values':
      return bindValues(body.rows, context, outer);
    case 'set':
      return bindSet(body, context, outer);
  }
}

/** LIMIT and OFFSET of a query. */
export interface RowLimit {
  readonly sql: string;
  /** SQL of how many rows are looked at; undefined without a limit. */
  readonly rows: string | undefined;
}

const noLimit: RowLimit = { sql: '', rows: undefined };

export function limitOf(limit: string | undefined, offset?: string): RowLimit {
  const sql = `${limit === undefined ? '' : ` LIMIT ${limit}`}${offset === undefined ? '' : ` OFFSET ${offset}`}`;
  return { sql, rows: limit === undefined || offset === undefined ? limit : `${limit} + ${offset}` };
}

function rowLimit(query: Query, context: BindContext): RowLimit {
  const part = (expression: Expression | undefined): string | undefined => {
    if (expression === undefined) return undefined;
    const value = castTo(
      bindExpression(expression, constantContext(context)),
      types.number(38, 0),
      'implicit',
      context.ports.facts,
    );
    // LIMIT NULL and '' are no limit. https://docs.snowflake.com/en/sql-reference/constructs/limit
    return value.constant?.cell === null ? undefined : `CAST(${value.sql} AS BIGINT)`;
  };
  return limitOf(part(query.limit), part(query.offset));
}

/** ORDER BY over the output columns of a set operation, VALUES or a query in parentheses. */
function ordered(body: BoundQuery, orderBy: OrderBy, tail: RowLimit, context: BindContext): BoundQuery {
  if ('length' in orderBy && orderBy.length === 0 && tail.sql === '') return body;
  const alias = context.state.name('q');
  const columns = body.columns.map((column) => ({
    name: column.name,
    bound: () => bound(column.type, column.internal, column.nullable),
  }));
  const scope = new Scope([{ alias: undefined, qualifier: [], columns }]);
  const keys =
    'kind' in orderBy
      ? orderByAll(orderBy, body.columns)
      : orderBy.map((item) => orderKey(item, body.columns, { bind: context, scope, block: newBlock() })).join(', ');
  const order = keys === '' ? '' : ` ORDER BY ${keys}`;
  return { columns: body.columns, sql: `SELECT * FROM (${body.sql}) AS ${alias}${order}${tail.sql}` };
}

/** An ORDER BY item: a position, or an expression. */
export function orderKey(item: OrderItem, columns: readonly QueryColumn[], context: ExpressionContext): string {
  const { expression } = item;
  if (expression.kind === 'literal' && expression.literal === 'number' && /^\d+$/u.test(expression.text)) {
    const column = columns[Number(expression.text) - 1];
    if (column === undefined) throw SnowflakeError.of('orderPosition', { clause: 'ORDER BY', position: expression.text });
    return `${sortable(bound(column.type, column.internal))} ${direction(item)}`;
  }
  return orderList([item], context);
}

/** A common table is an ordinary query behind a name; its columns may be renamed. */
function bindCommonTable(table: CommonTable, context: BindContext, outer?: Scope): { binding: CommonTableBinding; sql: string } {
  const query = bindQuery(table.query, context, outer);
  const internal = context.state.name('w');
  const sql = `${internal} AS (${query.sql})`;
  return {
    binding: { name: table.name.name, internal, columns: renamed(query.columns, table), definition: sql },
    sql,
  };
}

function renamed(columns: readonly QueryColumn[], table: CommonTable): readonly QueryColumn[] {
  if (table.columns.length === 0) return columns;
  if (table.columns.length !== columns.length) {
    throw SnowflakeError.of('columnCount', { expected: table.columns.length, got: columns.length, branch: 1 });
  }
  return columns.map((column, index) => ({ ...column, name: table.columns[index]?.name ?? column.name }));
}

/** RECURSIVE is optional in Snowflake: a table that names itself is recursive. */
function isRecursive(table: CommonTable): boolean {
  const { body } = table.query;
  return body.kind === 'set' && body.operator === 'UNION' && body.all && mentionsTable(body.right, table.name.name);
}

function bindRecursive(table: CommonTable, context: BindContext, outer?: Scope): { binding: CommonTableBinding; sql: string } {
  const { body } = table.query;
  if (body.kind !== 'set') throw new Error('isRecursive asks for a set operation');
  const anchor = bindBody(body.left, context, outer);
  const internal = context.state.name('w');
  const columns = renamed(anchor.columns, table).map((column) => ({ ...column, type: grown(column.type), nullable: true }));
  const binding: CommonTableBinding = { name: table.name.name, internal, columns, definition: undefined };
  const step = bindBody(body.right, { ...context, commonTables: [...context.commonTables, binding] }, outer);
  if (step.columns.length !== columns.length)
    throw SnowflakeError.of('columnCount', { expected: columns.length, got: step.columns.length, branch: 2 });
  const casts = step.columns.map((column, index) => {
    const target = columns[index];
    return target === undefined
      ? 'NULL'
      : castTo(bound(column.type, column.internal), target.type, 'implicit', context.ports.facts).sql;
  });
  const alias = context.state.name('q');
  const first = columns.map((column) => `CAST(${column.internal} AS ${physicalType(column.type)})`);
  const anchors = `SELECT ${first.join(', ')} FROM (${anchor.sql}) AS ${context.state.name('q')}`;
  const sql = `${internal}(${columns.map((column) => column.internal).join(', ')}) AS (${anchors} UNION ALL SELECT ${casts.join(', ')} FROM (${step.sql}) AS ${alias})`;
  return { binding: { ...binding, definition: sql }, sql };
}

/** Room for what the steps make of an anchor's `1` and `''`. */
function grown(type: SnowflakeType): SnowflakeType {
  if (type.kind === 'NUMBER') return types.number(38, type.scale);
  return type.kind === 'VARCHAR' ? types.varchar() : type;
}

function bindValues(rows: readonly (readonly Expression[])[], context: BindContext, outer?: Scope): BoundQuery {
  const expression: ExpressionContext = { bind: context, scope: new Scope([], outer), block: newBlock() };
  const width = rows[0]?.length ?? 0;
  const uneven = rows.find((row) => row.length !== width);
  if (uneven !== undefined) throw SnowflakeError.of('insertColumnCount', { expected: width, got: uneven.length });
  const cells = rows.map((row) => row.map((cell) => bindExpression(cell, expression)));
  const columns = Array.from({ length: width }, (_, index) =>
    unify(
      cells.map((row) => row[index] ?? absent()),
      'VALUES',
      expression,
    ),
  );
  const names = columns.map(() => context.state.name('c'));
  const tuples = rows.map((_, row) => `(${columns.map((column) => column[row]?.sql ?? 'NULL').join(', ')})`);
  const alias = context.state.name('q');
  return {
    columns: columns.map((column, index) => ({
      name: `COLUMN${String(index + 1)}`,
      type: column[0]?.type ?? types.varchar(),
      nullable: column.some((cell) => cell.nullable),
      internal: names[index] ?? '',
    })),
    sql: `SELECT * FROM (VALUES ${tuples.join(', ')}) AS ${alias}(${names.join(', ')})`,
  };
}

function absent(): never {
  throw new Error('rows were checked for their width');
}

function bindSet(body: Extract<QueryBody, { kind: 'set' }>, context: BindContext, outer?: Scope): BoundQuery {
  const left = bindBody(body.left, context, outer);
  const right = bindBody(body.right, context, outer);
  const pairs = body.byName ? pairByName(left, right) : pairByPosition(left, right);
  const names = pairs.map(() => context.state.name('c'));
  const columns: QueryColumn[] = [];
  const sides: [string[], string[]] = [[], []];
  pairs.forEach(([a, b], index) => {
    const shown = a ?? b;
    if (shown === undefined) return;
    const type =
      a === undefined || a.untyped === true
        ? (b ?? shown).type
        : b === undefined || b.untyped === true
          ? a.type
          : commonType(a.type, b.type);
    if (type === undefined)
      throw SnowflakeError.of('invalidArgumentTypes', {
        name: body.operator,
        types: `${a?.type.kind ?? ''}, ${b?.type.kind ?? ''}`,
      });
    const internal = names[index] ?? '';
    const untyped = a?.untyped === true && b?.untyped === true;
    columns.push({
      name: shown.name,
      type,
      nullable: a === undefined || b === undefined || a.nullable || b.nullable,
      internal,
      ...(untyped ? { untyped: true as const } : {}),
    });
    [a, b].forEach((column, side) => {
      const value =
        column === undefined || column.untyped === true
          ? `CAST(NULL AS ${physicalType(type)})`
          : castTo(bound(column.type, column.internal), type, 'implicit', context.ports.facts).sql;
      sides[side]?.push(`${value} AS ${internal}`);
    });
  });
  const aliases = [context.state.name('q'), context.state.name('q')];
  const half = (side: 0 | 1, query: BoundQuery): string =>
    `SELECT ${sides[side].join(', ')} FROM (${query.sql}) AS ${aliases[side] ?? ''}`;
  const operator = `${body.operator}${body.all ? ' ALL' : ''}`;
  return { columns, sql: `(${half(0, left)}) ${operator} (${half(1, right)})` };
}

type Pair = readonly [QueryColumn | undefined, QueryColumn | undefined];

function pairByPosition(left: BoundQuery, right: BoundQuery): Pair[] {
  if (left.columns.length !== right.columns.length) {
    throw SnowflakeError.of('columnCount', { expected: left.columns.length, got: right.columns.length, branch: 2 });
  }
  return left.columns.map((column, index) => [column, right.columns[index]]);
}

/** https://docs.snowflake.com/en/sql-reference/operators-query: columns that one side lacks are NULL there. */
function pairByName(left: BoundQuery, right: BoundQuery): Pair[] {
  return [
    ...left.columns.map((column): Pair => [column, right.columns.find((other) => other.name === column.name)]),
    ...right.columns
      .filter((column) => !left.columns.some((other) => other.name === column.name))
      .map((column): Pair => [undefined, column]),
  ];
}

/** A query as a value: one column, one row. */
export function scalarQuery(query: Query, context: ExpressionContext): Bound {
  const result = bindQuery(query, context.bind, context.scope);
  const [column] = result.columns;
  if (column === undefined || result.columns.length !== 1)
    throw SnowflakeError.of('columnCount', { expected: 1, got: result.columns.length, branch: 1 });
  return bound(column.type, `(${result.sql})`);
}
