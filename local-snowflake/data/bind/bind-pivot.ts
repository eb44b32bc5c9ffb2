import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { PivotItem } from '../syntax/tree.ts';
import type { BindContext } from './bind-context.ts';
import { compare } from './bind-comparison.ts';
import { bindCall } from './bind-call.ts';
import { bindExpression, unify } from './bind-expression.ts';
import { bindFrom } from './bind-from.ts';
import { queryRelation } from './bind-table.ts';
import { type Bound, bound } from './bound.ts';
import type { QueryColumn } from './bound-query.ts';
import { type ExpressionContext, newBlock } from './expression-context.ts';
import type { FromBinding } from './from-binding.ts';
import { Scope } from './scope.ts';

/**
 * PIVOT as conditional aggregation: rows are grouped by every column that is neither aggregated nor pivoted.
 * https://docs.snowflake.com/en/sql-reference/constructs/pivot
 */
export function bindPivot(item: PivotItem, bind: BindContext, outer: Scope | undefined): FromBinding {
  const values = 'body' in item.values ? bind.pivots.get(item) : item.values;
  if (values === undefined)
    throw SnowflakeError.of('unsupported', { feature: 'PIVOT with values from a query inside a view or function' });
  const source = bindFrom(item.source, bind, outer, []);
  const scope = new Scope(source.relations, outer);
  const context: ExpressionContext = { bind, scope, block: newBlock() };
  const argument = item.aggregate.args[0]?.value;
  if (argument?.kind !== 'column')
    throw SnowflakeError.of('unsupported', { feature: 'PIVOT of something else than an aggregate of a column' });
  const aggregated = argument.parts.at(-1)?.name ?? '';
  const pivoted = scope.column([item.column]);
  const groups = source.relations.flatMap((relation) =>
    relation.columns.filter(
      (column) =>
        column.name !== aggregated && column.name !== item.column.name && column.pseudo !== true && column.merged !== true,
    ),
  );
  const outputs: { column: QueryColumn; sql: string }[] = [];
  const add = (name: string, value: Bound): void => {
    outputs.push({ column: { name, type: value.type, nullable: true, internal: bind.state.name('c') }, sql: value.sql });
  };
  for (const group of groups) add(group.name, group.bound());
  for (const { value, alias } of values) {
    const constant = bindExpression(value, context);
    const condition = compare('=', pivoted.bound(), constant, context);
    // Every aggregate passes over NULLs, so the rows of other values are made NULL.
    const only = { name: aggregated, bound: (): Bound => when(condition, scope.column(argument.parts).bound()) };
    const inner = new Scope([{ alias: undefined, qualifier: [], columns: [only] }], scope);
    const call = {
      ...item.aggregate,
      args: [{ name: undefined, value: { kind: 'column' as const, parts: [{ name: aggregated, quoted: true }] } }],
    };
    const result = bindCall(call, { ...context, scope: inner, block: newBlock() });
    add(alias?.name ?? valueName(constant, item.aggregateAlias?.name), orDefault(result, item, context));
  }
  const from = (): string => source.render();
  const positions = groups.map((_, index) => String(index + 1)).join(', ');
  const sql = {
    columns: outputs.map((output) => output.column),
    get sql() {
      const list = outputs.map((output) => `${output.sql} AS ${output.column.internal}`).join(', ');
      return `SELECT ${list} FROM ${from()}${positions === '' ? '' : ` GROUP BY ${positions}`}`;
    },
  };
  return queryRelation(sql, item.alias, bind);
}

/** Snowflake names the column after the constant as written: `'Q1'` with its quotes, the aggregate's alias inside them. */
function valueName(constant: Bound, suffix: string | undefined): string {
  const cell = constant.constant?.cell;
  const tail = suffix === undefined ? '' : `_${suffix}`;
  if (cell === null) return `NULL${tail}`;
  if (cell === undefined) throw SnowflakeError.of('unsupported', { feature: 'PIVOT value that is no constant' });
  return constant.type.kind === 'VARCHAR' ? `'${cell}${tail}'` : `${cell}${tail}`;
}

function orDefault(result: Bound, item: PivotItem, context: ExpressionContext): Bound {
  if (item.defaultOnNull === undefined) return result;
  const [value = result, instead = result] = unify(
    [result, bindExpression(item.defaultOnNull, context)],
    'DEFAULT ON NULL',
    context,
  );
  return bound(value.type, `coalesce(${value.sql}, ${instead.sql})`, false);
}

function when(condition: Bound, value: Bound): Bound {
  return bound(value.type, `CASE WHEN ${condition.sql} THEN ${value.sql} END`);
}
