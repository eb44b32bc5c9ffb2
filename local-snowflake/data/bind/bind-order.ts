import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { OrderAll, OrderItem, Window } from '../syntax/tree.ts';
import { comparable, sortable } from './bind-comparison.ts';
import { bindExpression } from './bind-expression.ts';
import { bound } from './bound.ts';
import type { QueryColumn } from './bound-query.ts';
import type { ExpressionContext } from './expression-context.ts';
import { intervalSql } from './interval.ts';

/** Snowflake sorts NULLs as the largest values. https://docs.snowflake.com/en/sql-reference/constructs/order-by */
export function direction(item: Omit<OrderItem, 'expression'>): string {
  const nullsFirst = item.nullsFirst ?? item.descending;
  return `${item.descending ? 'DESC' : 'ASC'} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`;
}

export function orderList(items: readonly OrderItem[], context: ExpressionContext): string {
  return items.map((item) => `${sortable(bindExpression(item.expression, context))} ${direction(item)}`).join(', ');
}

/** ORDER BY ALL over a query's output columns. */
export function orderByAll(order: OrderAll, columns: readonly QueryColumn[]): string {
  return columns.map((column) => `${sortable(bound(column.type, column.internal))} ${direction(order)}`).join(', ');
}

// Without a frame these look at the whole partition. https://docs.snowflake.com/en/sql-reference/functions-window-syntax
const wholePartition = new Set(['FIRST_VALUE', 'LAST_VALUE', 'NTH_VALUE']);

/** DuckDB SQL of a window's inside. */
export function windowSql(window: Window, fn: string, context: ExpressionContext): string {
  const parts: string[] = [];
  if (window.partitionBy.length > 0) {
    parts.push(`PARTITION BY ${window.partitionBy.map((item) => comparable(bindExpression(item, context))).join(', ')}`);
  }
  if (window.orderBy.length > 0) parts.push(`ORDER BY ${orderList(window.orderBy, context)}`);
  if (window.frame !== undefined) parts.push(frameSql(window.frame, context));
  else if (wholePartition.has(fn)) parts.push('ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING');
  return parts.join(' ');
}

function frameSql(frame: NonNullable<Window['frame']>, context: ExpressionContext): string {
  const side = (edge: typeof frame.start): string => {
    if (edge.kind === 'current') return 'CURRENT ROW';
    const word = edge.kind.toUpperCase();
    if (edge.offset === undefined) return `UNBOUNDED ${word}`;
    const offset = edge.offset.kind === 'interval' ? intervalSql(edge.offset.text) : bindExpression(edge.offset, context).sql;
    return `${offset} ${word}`;
  };
  if (frame.units === 'GROUPS') throw SnowflakeError.of('unsupported', { feature: 'GROUPS window frame' });
  const start = side(frame.start);
  return frame.end === undefined ? `${frame.units} ${start}` : `${frame.units} BETWEEN ${start} AND ${side(frame.end)}`;
}
