import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { types } from '../../sql/types.ts';
import { bindExpression, unify } from '../bind/bind-expression.ts';
import { type Bound, bound, nullBound } from '../bind/bound.ts';
import { physicalType } from '../duckdb/physical-type.ts';
import type { CallSite } from './call-site.ts';
import { type FunctionDefinition, special } from './function-definition.ts';

const rank = types.number(18, 0);

function ranking(name: string, fn: string): FunctionDefinition {
  return special(name, name.toLowerCase(), 'window', (call) => {
    if (call.args.length > 0) throw call.countError('0');
    return bound(rank, `CAST(${call.aggregate(fn, [])} AS DECIMAL(18,0))`, false);
  });
}

function share(name: string, fn: string): FunctionDefinition {
  return special(name, name.toLowerCase(), 'window', (call) => bound(types.float, call.aggregate(fn, []), false));
}

/** LAG and LEAD: value, distance, what stands in for a missing row. */
function neighbour(call: CallSite, fn: 'lag' | 'lead'): Bound {
  const [value = nullBound, instead = nullBound] = unify([call.arg(0), call.args[2] ?? nullBound], call.name, call.context);
  const distance = call.args.length > 1 ? `CAST(${call.cast(call.arg(1), types.number(18, 0)).sql} AS BIGINT)` : '1';
  const args = call.args.length > 2 ? [value.sql, distance, instead.sql] : [value.sql, distance];
  return bound(value.type, call.aggregate(fn, args));
}

function picked(name: string, fn: string): FunctionDefinition {
  return special(name, name.toLowerCase(), 'window', (call) => {
    const value = call.arg(0).untyped === true ? call.cast(call.arg(0), types.varchar()) : call.arg(0);
    const nth = call.args.length > 1 ? [`CAST(${call.cast(call.arg(1), types.number(18, 0)).sql} AS BIGINT)`] : [];
    return bound(value.type, call.aggregate(fn, [value.sql, ...nth]));
  });
}

/** Counts the changes of a value, or the rows where a condition holds, up to the current row. */
function conditional(name: string, step: (call: CallSite, over: string) => string): FunctionDefinition {
  return special(name, name.toLowerCase(), 'window', (call) => {
    const over = call.over ?? '';
    return bound(types.number(38, 0), step(call, over), false);
  });
}

/** Rows before this one and it, or it and the rows behind it: the nearest of them that has a value. */
function nearest(sql: string, side: 'before' | 'after', over: string): string {
  return side === 'before'
    ? `last_value(${sql} IGNORE NULLS) OVER (${over} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`
    : `first_value(${sql} IGNORE NULLS) OVER (${over} ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)`;
}

/** The window without a frame, which gap filling has of its own. */
function unframed(call: CallSite): string {
  const window = call.call.over;
  if (window?.frame !== undefined) throw SnowflakeError.of('slidingFrame', { name: call.name });
  if (window === undefined || window.orderBy.length === 0)
    throw SnowflakeError.of('invalidArgument', { name: call.name, value: 'no ORDER BY', reason: 'its window needs one' });
  return call.over ?? '';
}

/** https://docs.snowflake.com/en/sql-reference/functions/interpolate_bfill */
function filled(name: string, side: 'before' | 'after'): FunctionDefinition {
  return special(name, 'interpolate_bfill', 'window', (call) => {
    const value = call.arg(0).untyped === true ? call.cast(call.arg(0), types.varchar()) : call.arg(0);
    return bound(value.type, nearest(value.sql, side, unframed(call)));
  });
}

/** On the line between the nearest values before and after; NULL where one of them is missing. */
function interpolated(call: CallSite): Bound {
  const value = call.arg(0);
  const over = unframed(call);
  const [item, ...more] = call.call.over?.orderBy ?? [];
  if (item === undefined || more.length > 0 || (value.type.kind !== 'NUMBER' && value.type.kind !== 'FLOAT'))
    throw call.typesError();
  const key = bindExpression(item.expression, { ...call.context, window: true });
  const place =
    key.type.kind === 'NUMBER' || key.type.kind === 'FLOAT'
      ? `CAST(${key.sql} AS DOUBLE)`
      : `CAST(epoch_us(${call.cast(key, types.timestampNtz()).sql}) AS DOUBLE)`;
  const placed = `CASE WHEN ${value.sql} IS NOT NULL THEN ${place} END`;
  const number = `CAST(${value.sql} AS DOUBLE)`;
  const [x0, x1] = [nearest(placed, 'before', over), nearest(placed, 'after', over)];
  const [y0, y1] = [nearest(number, 'before', over), nearest(number, 'after', over)];
  const between = `(${y0} + (${y1} - ${y0}) * (${place} - ${x0}) / nullif(${x1} - ${x0}, 0))`;
  const type = value.type.kind === 'NUMBER' ? physicalType(value.type) : 'DOUBLE';
  return bound(value.type, `coalesce(${value.sql}, CAST(coalesce(${between}, CASE WHEN ${x0} = ${x1} THEN ${y0} END) AS ${type}))`);
}

// https://docs.snowflake.com/en/sql-reference/functions-window
export const windowFunctions: readonly FunctionDefinition[] = [
  ranking('ROW_NUMBER', 'row_number'),
  ranking('RANK', 'rank'),
  ranking('DENSE_RANK', 'dense_rank'),
  share('PERCENT_RANK', 'percent_rank'),
  share('CUME_DIST', 'cume_dist'),
  special('NTILE', 'ntile', 'window', (call) =>
    bound(
      rank,
      `CAST(${call.aggregate('ntile', [`CAST(${call.cast(call.arg(0), types.number(18, 0)).sql} AS BIGINT)`])} AS DECIMAL(18,0))`,
      false,
    ),
  ),
  special('LAG', 'lag', 'window', (call) => neighbour(call, 'lag')),
  special('LEAD', 'lead', 'window', (call) => neighbour(call, 'lead')),
  picked('FIRST_VALUE', 'first_value'),
  picked('LAST_VALUE', 'last_value'),
  picked('NTH_VALUE', 'nth_value'),
  special('RATIO_TO_REPORT', 'ratio_to_report', 'window', (call) => {
    const value = call.cast(call.arg(0), types.float).sql;
    return bound(types.float, `(${value} / nullif(${call.aggregate('sum', [value])}, 0))`);
  }),
  filled('INTERPOLATE_FFILL', 'before'),
  filled('INTERPOLATE_BFILL', 'after'),
  special('INTERPOLATE_LINEAR', 'interpolate_bfill', 'window', interpolated),
  // In a SELECT's items it is written as another one before it comes here, see syntax/change-events.ts.
  special('CONDITIONAL_CHANGE_EVENT', 'conditional_change_event', 'window', (call) => {
    throw SnowflakeError.of('unsupported', { feature: `${call.name} with other arguments than one value` });
  }),
  conditional(
    'CONDITIONAL_TRUE_EVENT',
    (call, over) =>
      `CAST(count(CASE WHEN ${call.cast(call.arg(0), types.boolean).sql} THEN 1 END) OVER (${over} ROWS UNBOUNDED PRECEDING) AS DECIMAL(38,0))`,
  ),
];
