import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayName, type ObjectName } from '../../sql/identifier.ts';
import type { ResultColumn } from '../../sql/result-set.ts';
import type { PythonFunction } from '../ports.ts';
import type { FromItem, Window } from '../syntax/tree.ts';
import type { BindContext } from './bind-context.ts';
import { comparable, sortable } from './bind-comparison.ts';
import { bindExpression } from './bind-expression.ts';
import { checkAliasColumns } from './bind-from.ts';
import { direction } from './bind-order.ts';
import { matchArguments } from './bind-user-function.ts';
import { type Bound, bound } from './bound.ts';
import { resolveName } from './computed-name.ts';
import { type ExpressionContext, newBlock } from './expression-context.ts';
import { type FromBinding, UsedColumns } from './from-binding.ts';
import { preparationToken } from './preparation.ts';
import { materialisePython } from './python-block.ts';
import { type PythonTable, runPythonTable } from './python-table.ts';
import { Scope, type ScopeColumn, type ScopeRelation } from './scope.ts';

type FunctionItem = Extract<FromItem, { kind: 'function' }>;

/** A call of a Python table function, not yet joined with anything. */
interface TableCall {
  readonly fn: PythonFunction;
  readonly columns: readonly ResultColumn[];
  readonly values: readonly Bound[];
  readonly context: ExpressionContext & { readonly block: NonNullable<ExpressionContext['block']> };
}

/**
 * A Python table function beside the rows that its arguments come from; undefined when the item is something else.
 * https://docs.snowflake.com/en/developer-guide/udf/udf-calling-sql#calling-a-udtf
 */
export function bindPythonTable(
  item: FunctionItem,
  left: FromBinding | undefined,
  leftJoin: boolean,
  bind: BindContext,
  outer: Scope | undefined,
): FromBinding | undefined {
  const call = findCall(item, left, bind, outer);
  if (call === undefined) return undefined;
  const { fn, columns, context } = call;
  const over = bindOver(item.call.over, fn, context);
  const calls = context.block.pythonCalls;
  const materialised = calls.length === 0 || left === undefined ? undefined : materialisePython(left, undefined, calls, bind).from;
  const used = new UsedColumns();
  const token = preparationToken(bind.state.name('table'));
  const results = columns.map((column) => ({ internal: bind.state.name('c'), type: column.type }));
  bind.state.preparations.push({
    token,
    prepare: async (runtime) => {
      const kept = left?.used() ?? [];
      const wanted = new Set(used.used());
      return runPythonTable(
        {
          fn,
          args: call.values,
          source: materialised ?? (left === undefined ? '' : ` FROM ${left.render()}`),
          kept,
          partitionBy: over.partitionBy,
          orderBy: over.orderBy,
          results: results.map((result) => ({ ...result, wanted: wanted.has(result.internal) })),
          leftJoin,
        },
        bind,
        runtime,
      );
    },
  });
  const alias = bind.state.name('f');
  return {
    relations: [...missing(left?.relations ?? []), resultRelation(item, fn, columns, results, used)],
    render: () => `(SELECT ${[...(left?.used() ?? []), used.list()].join(', ')} FROM ${token}) AS ${alias}`,
    used: () => [...(left?.used() ?? []), ...used.used()],
  };
}

/** Rows that belong to a partition as a whole have NULL in the columns beside them. */
function missing(relations: readonly ScopeRelation[]): ScopeRelation[] {
  return relations.map((relation) => ({
    ...relation,
    columns: relation.columns.map((column) => ({ ...column, bound: () => ({ ...column.bound(), nullable: true }) })),
  }));
}

function resultRelation(
  item: FunctionItem,
  fn: PythonFunction,
  columns: readonly ResultColumn[],
  results: readonly { readonly internal: string }[],
  used: UsedColumns,
): ScopeRelation {
  checkAliasColumns(item.alias.columns.length, columns.length);
  return {
    alias: item.alias.name?.name ?? fn.name.at(-1),
    qualifier: [],
    columns: columns.map((column, index): ScopeColumn => {
      const internal = results[index]?.internal ?? '';
      used.add(internal, internal);
      return {
        name: item.alias.columns[index]?.name ?? column.name,
        bound: () => {
          used.use(internal);
          return bound(column.type, internal);
        },
      };
    }),
  };
}

function findCall(
  item: FunctionItem,
  left: FromBinding | undefined,
  bind: BindContext,
  outer: Scope | undefined,
): TableCall | undefined {
  const block = newBlock();
  const context = { bind, scope: new Scope(left?.relations ?? []), block };
  const name = resolveName(item.call.name, context);
  if (isBuiltIn(name, bind)) return undefined;
  const args = bindArguments(item, name, context, outer);
  const fn = bind.ports.function(
    name,
    args.map((arg) => arg.bound.type),
  );
  if (fn === undefined || fn.language !== 'PYTHON') return undefined;
  if (!('table' in fn.returns))
    throw SnowflakeError.of('unsupported', { feature: `scalar function ${displayName(fn.name)} in FROM` });
  return { fn, columns: fn.returns.table, values: matchArguments(fn, args, context), context };
}

const builtIn = new Set(['FLATTEN', 'GENERATOR', 'SPLIT_TO_TABLE', 'STRTOK_SPLIT_TO_TABLE', 'INFER_SCHEMA', 'IDENTIFIER', 'TABLE']);

function isBuiltIn(name: ObjectName, bind: BindContext): boolean {
  return (name.length === 1 && builtIn.has(name[0] ?? '')) || bind.ports.tableFunction(name) !== undefined;
}

function bindArguments(
  item: FunctionItem,
  name: ObjectName,
  context: ExpressionContext,
  outer: Scope | undefined,
): { readonly name: string | undefined; readonly bound: Bound }[] {
  return item.call.args.map(({ name: parameter, value }) => {
    if (value.kind === 'star') throw SnowflakeError.of('unsupported', { feature: `${displayName(name)}(*)` });
    try {
      return { name: parameter, bound: bindExpression(value, context) };
    } catch (error) {
      if (!(error instanceof SnowflakeError) || error.symbol !== 'invalidIdentifier' || outer === undefined) throw error;
      // A column of a query further out: it has no rows yet when the function is called.
      bindExpression(value, { ...context, scope: new Scope(context.scope.relations, outer) });
      throw SnowflakeError.of('unsupported', { feature: `table function ${displayName(name)} of an outer query's columns` });
    }
  });
}

/** https://docs.snowflake.com/en/developer-guide/udf/udf-calling-sql#table-functions-and-partitions */
function bindOver(
  over: Window | undefined,
  fn: PythonFunction,
  context: ExpressionContext,
): Pick<PythonTable, 'partitionBy' | 'orderBy'> {
  if (over?.frame !== undefined)
    throw SnowflakeError.of('unsupported', { feature: `window frame in OVER of table function ${displayName(fn.name)}` });
  return {
    partitionBy: (over?.partitionBy ?? []).map((key) => {
      const value = bindExpression(key, context);
      return { sql: value.sql, compared: comparable(value) };
    }),
    orderBy: (over?.orderBy ?? []).map((key) => ({
      sql: sortable(bindExpression(key.expression, context)),
      direction: direction(key),
    })),
  };
}
