import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { Cell } from '../../sql/result-set.ts';
import { type SnowflakeType, types } from '../../sql/types.ts';
import type { Expression, GroupItem, OrderBy, OrderItem, Select, SelectItem } from '../syntax/tree.ts';
import type { BindContext } from './bind-context.ts';
import { bindExpression, constantContext } from './bind-expression.ts';
import { bindFromList } from './bind-from.ts';
import { booleanOf } from './bind-operator.ts';
import { orderByAll } from './bind-order.ts';
import { limitOf, orderKey, type RowLimit } from './bind-query.ts';
import { expandStar } from './bind-star.ts';
import { type Bound, bound } from './bound.ts';
import type { BoundQuery, QueryColumn } from './bound-query.ts';
import { castTo } from './cast.ts';
import { type ExpressionContext, newBlock } from './expression-context.ts';
import { FieldColumns } from './field-columns.ts';
import { materialisePython } from './python-block.ts';
import { looksAtOthers, orderOfRows } from './row-wise.ts';
import { Scope } from './scope.ts';

export interface Output {
  readonly column: QueryColumn;
  readonly bound: Bound;
}

/** One SELECT block, with the ORDER BY and LIMIT of its query, which may speak of the block's tables. */
export function bindSelect(select: Select, orderBy: OrderBy, tail: RowLimit, bind: BindContext, outer?: Scope): BoundQuery {
  const from = bindFromList(select.from, bind, outer);
  const block = newBlock();
  const aliases = new AliasTable(select.items);
  const scope = new Scope(from.relations, outer, (name) => aliases.find(name, context));
  const context: ExpressionContext = { bind, scope, block };
  const outputs = select.items.flatMap((item) => bindItem(item, aliases, context));
  const where =
    select.where === undefined ? undefined : booleanOf(bindExpression(select.where, { ...context, clause: 'WHERE' }), context);
  const groupBy = groupSql(select.groupBy, select.items, outputs, context);
  const having = select.having === undefined ? undefined : booleanOf(bindExpression(select.having, context), context);
  const qualify = select.qualify === undefined ? undefined : booleanOf(bindExpression(select.qualify, context), context);
  const order = orderSql(orderBy, outputs, context, aliases, outer);
  const limit = tail.sql === '' && select.top !== undefined ? limitOf(topSql(select.top, bind)) : tail;
  const source =
    block.pythonCalls.length === 0
      ? undefined
      : materialisePython(from, where, block.pythonCalls, bind, groupKeysOf(select.groupBy, select.items, outputs, context));
  // Rows in, rows out: nothing looks at more of them than come out.
  const rowWise =
    !select.distinct &&
    !block.aggregates &&
    [groupBy, having, qualify].every((each) => each === '' || each === undefined) &&
    !looksAtOthers([
      ...outputs.map((output) => output.bound.sql),
      ...block.pythonCalls.flatMap((call) => call.args.map((arg) => arg.sql)),
    ]);
  const fields = source !== undefined && rowWise ? new FieldColumns(outputs, bind) : undefined;
  const parts = [
    `SELECT ${select.distinct ? 'DISTINCT ' : ''}${outputs.map(({ column, bound: item }) => `${item.sql} AS ${column.internal}`).join(', ')}${fields?.token ?? ''}`,
    source?.from ?? fromSql(from.render()),
    clause('WHERE', source === undefined ? where?.sql : source.where),
    groupBy === '' ? '' : ` GROUP BY ${groupBy}`,
    clause('HAVING', having?.sql),
    clause('QUALIFY', qualify?.sql),
    order === '' ? '' : ` ORDER BY ${order}`,
    limit.sql,
  ];
  const bare = parts.slice(1).every((part) => part === '') && !select.distinct;
  const row = bare ? constantRow(outputs) : undefined;
  const limitRows = source === undefined ? (where === undefined ? from.limit : undefined) : source.limit;
  const inner = rowWise ? limitRows : undefined;
  if (limit.rows !== undefined) {
    const innerOrder = source === undefined ? undefined : orderOfRows(order, outputs, block.pythonCalls);
    if (order === '') inner?.(limit.rows);
    else if (rowWise && innerOrder !== undefined) source?.limit?.(limit.rows, innerOrder);
  }
  return {
    columns: outputs.map((output) => ({ ...output.column, field: fields?.of(output) })),
    sql: parts.join(''),
    limit: limit.sql === '' && order === '' ? inner : undefined,
    ...(row !== undefined && { constantRow: row }),
  };
}

function isWrittenOut(type: SnowflakeType, cell: string): boolean {
  return type.kind === 'VARCHAR' || (type.kind === 'NUMBER' && type.scale === 0 && /^(?:0|-?[1-9]\d*)$/u.test(cell));
}

/** Undefined where a cell would have to be computed, or written in another way than it came. */
function constantRow(outputs: readonly Output[]): Cell[] | undefined {
  const cells: Cell[] = [];
  for (const { bound: item } of outputs) {
    const cell = item.constant?.cell;
    if (typeof cell !== 'string' || !isWrittenOut(item.type, cell)) return undefined;
    cells.push(cell);
  }
  return cells;
}

function fromSql(rendered: string): string {
  return rendered === '' ? '' : ` FROM ${rendered}`;
}

function clause(word: string, sql: string | undefined): string {
  return sql === undefined ? '' : ` ${word} ${sql}`;
}

function topSql(top: Expression, bind: BindContext): string {
  return `CAST(${castTo(bindExpression(top, constantContext(bind)), types.number(), 'implicit', bind.ports.facts).sql} AS BIGINT)`;
}

function bindItem(item: SelectItem, aliases: AliasTable, context: ExpressionContext): Output[] {
  const { state } = context.bind;
  const output = (name: string, value: Bound, internal = state.name('c')): Output => ({
    bound: value,
    column: { name, type: value.type, nullable: value.nullable, internal },
  });
  if (item.kind === 'star') return expandStar(item, context).map(({ name, bound: value }) => output(name, value));
  const value = aliases.bind(item, context);
  const result = output(itemName(item), typed(value, context), aliases.internal(item, context));
  return [value.untyped === true ? { ...result, column: { ...result.column, untyped: true } } : result];
}

/** A NULL that nothing gave a type is text. */
function typed(value: Bound, context: ExpressionContext): Bound {
  return value.untyped === true ? castTo(value, value.type, 'implicit', context.bind.ports.facts) : value;
}

export function itemName(item: Extract<SelectItem, { kind: 'expression' }>): string {
  if (item.alias !== undefined) return item.alias.name;
  if (item.expression.kind === 'column') return item.expression.parts.at(-1)?.name ?? item.label;
  return item.label;
}

/** The block's output aliases, bound when first asked for, so that they may speak of one another. */
class AliasTable {
  readonly #items: readonly SelectItem[];
  readonly #bounds = new Map<SelectItem, Bound>();
  readonly #internals = new Map<SelectItem, string>();
  readonly #open = new Set<SelectItem>();

  constructor(items: readonly SelectItem[]) {
    this.#items = items;
  }

  find(name: string, context: ExpressionContext): Bound | undefined {
    const item = this.#items.find((candidate) => candidate.kind === 'expression' && candidate.alias?.name === name);
    if (item?.kind !== 'expression' || this.#open.has(item)) return undefined;
    const value = this.bind(item, context);
    // Repeating a volatile expression would give another value; DuckDB's own lateral alias does not.
    return value.volatile === true ? { ...value, sql: this.internal(item, context) } : value;
  }

  bind(item: Extract<SelectItem, { kind: 'expression' }>, context: ExpressionContext): Bound {
    const known = this.#bounds.get(item);
    if (known !== undefined) return known;
    this.#open.add(item);
    try {
      const value = bindExpression(item.expression, context);
      this.#bounds.set(item, value);
      return value;
    } finally {
      this.#open.delete(item);
    }
  }

  internal(item: SelectItem, context: ExpressionContext): string {
    const known = this.#internals.get(item);
    if (known !== undefined) return known;
    const internal = context.bind.state.name('c');
    this.#internals.set(item, internal);
    return internal;
  }
}

function groupSql(
  groupBy: Select['groupBy'],
  items: readonly SelectItem[],
  outputs: readonly Output[],
  context: ExpressionContext,
): string {
  if (groupBy === 'ALL') return 'ALL';
  return groupBy.map((item) => groupItem(item, items, outputs, context)).join(', ');
}

function groupItem(item: GroupItem, items: readonly SelectItem[], outputs: readonly Output[], context: ExpressionContext): string {
  if (item.kind === 'expression') return groupKey(item.expression, items, outputs, context);
  const sets = item.sets.map((set) => `(${set.map((member) => groupKey(member, items, outputs, context)).join(', ')})`);
  const word = item.kind === 'sets' ? 'GROUPING SETS' : item.kind.toUpperCase();
  return `${word} (${sets.join(', ')})`;
}

/** The expressions by which rows are grouped; undefined when there is more than one grouping. */
function groupKeysOf(
  groupBy: Select['groupBy'],
  items: readonly SelectItem[],
  outputs: readonly Output[],
  context: ExpressionContext,
): readonly string[] | undefined {
  if (context.block?.pythonCalls.some((call) => call.aggregate) !== true) return undefined;
  if (groupBy === 'ALL' || groupBy.some((item) => item.kind !== 'expression')) return undefined;
  return groupBy.flatMap((item) => {
    if (item.kind !== 'expression') return [];
    const key = groupKey(item.expression, items, outputs, context);
    return /^\d+$/u.test(key) ? (outputs[Number(key) - 1]?.bound.sql ?? key) : key;
  });
}

/** A position, or an expression; one that is an output column is named by its position, which DuckDB matches best. */
function groupKey(
  expression: Expression,
  items: readonly SelectItem[],
  outputs: readonly Output[],
  context: ExpressionContext,
): string {
  if (expression.kind === 'literal' && expression.literal === 'number' && /^\d+$/u.test(expression.text)) {
    const index = Number(expression.text);
    if (outputs[index - 1] === undefined)
      throw SnowflakeError.of('orderPosition', { clause: 'GROUP BY', position: expression.text });
    return String(index);
  }
  const value = bindExpression(expression, { ...context, clause: 'WHERE' });
  const same = outputs.findIndex((output) => output.bound.sql === value.sql);
  if (same >= 0) return String(same + 1);
  const aliased = expression.kind === 'column' && expression.parts.length === 1 ? expression.parts[0]?.name : undefined;
  const byAlias = items.some((item) => item.kind === 'expression' && item.alias?.name === aliased)
    ? outputs.findIndex((output) => output.column.name === aliased && output.bound.sql === value.sql)
    : -1;
  return byAlias >= 0 ? String(byAlias + 1) : value.sql;
}

function orderSql(
  orderBy: OrderBy,
  outputs: readonly Output[],
  context: ExpressionContext,
  aliases: AliasTable,
  outer: Scope | undefined,
): string {
  const columns = outputs.map((output) => output.column);
  if ('kind' in orderBy) return orderByAll(orderBy, columns);
  const byAlias = (name: string): Bound | undefined => {
    const match = outputs.find((output) => output.column.name === name);
    // A column that is also selected under its own name is the same thing either way.
    if (match === undefined) return aliases.find(name, context);
    return bound(match.column.type, match.column.internal, match.column.nullable);
  };
  const scope = new Scope(context.scope.relations, outer, byAlias, true);
  return orderBy.map((item) => orderKey(item, columns, orderContext(item, { ...context, scope }, context))).join(', ');
}

/** An alias alone is the output column; inside an expression names mean what they mean in the select list. */
function orderContext(item: OrderItem, whole: ExpressionContext, inside: ExpressionContext): ExpressionContext {
  return item.expression.kind === 'column' && item.expression.parts.length === 1 ? whole : inside;
}
