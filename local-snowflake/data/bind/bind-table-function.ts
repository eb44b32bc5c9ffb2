import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayName, type ObjectName } from '../../sql/identifier.ts';
import { types } from '../../sql/types.ts';
import type { SqlFunction, TableFunction, TypedCell } from '../ports.ts';
import type { FromItem } from '../syntax/tree.ts';
import type { BindContext } from './bind-context.ts';
import { bindExpression } from './bind-expression.ts';
import { bindCopyHistory, isCopyHistory } from './bind-copy-history.ts';
import { bindFlatten, isFlatten } from './bind-flatten.ts';
import { bindSplit, isSplit } from './bind-split.ts';
import { bindInferSchema } from './bind-infer-schema.ts';
import { bindNextValues, isNextValues } from './bind-next-values.ts';
import { bindPythonTable } from './bind-python-table.ts';
import { bindQuery } from './bind-query.ts';
import { constantCells } from './bind-system-function.ts';
import { aliasOf, bindTable, queryRelation, rowsRelation, simpleRelation } from './bind-table.ts';
import { bindValidate, isValidate } from './bind-validate.ts';
import { functionContext, isQuery, matchArguments, parameterScope, queryOf } from './bind-user-function.ts';
import type { Bound } from './bound.ts';
import { generatedRow } from '../functions/generation.ts';
import { castTo } from './cast.ts';
import { resolveName } from './computed-name.ts';
import { type ExpressionContext, newBlock } from './expression-context.ts';
import type { FromBinding } from './from-binding.ts';
import type { Scope } from './scope.ts';
import { argument } from './table-argument.ts';

type FunctionItem = Extract<FromItem, { kind: 'function' }>;

/** `TABLE(f(…))` and `LATERAL f(…)`. */
export function bindTableFunction(item: FunctionItem, bind: BindContext, scope: Scope): FromBinding {
  if (isFlatten(item.call)) return bindFlatten(item, undefined, false, bind, scope);
  if (isSplit(item.call)) return bindSplit(item, undefined, false, bind, scope);
  if (isNextValues(item.call)) return bindNextValues(item, undefined, bind, scope);
  if (isValidate(item.call)) return bindValidate(item, { bind, scope, block: newBlock() });
  const python = bindPythonTable(item, undefined, false, bind, scope);
  if (python !== undefined) return python;
  const context: ExpressionContext = { bind, scope, block: newBlock() };
  const name = resolveName(item.call.name, context);
  const plain = name.length === 1 ? name[0] : undefined;
  if (plain === 'GENERATOR') return bindGenerator(item, context);
  if (plain === 'INFER_SCHEMA') return bindInferSchema(item, context);
  if (isCopyHistory(name)) return bindCopyHistory(item, context);
  if (plain === 'IDENTIFIER' || plain === 'TABLE') return bindNamed(item, bind, scope);
  const outside = bind.ports.tableFunction(name);
  if (outside !== undefined) return bindOutside(name, outside, item, context);
  return bindUserTable(name, item, context);
}

/** `TABLE(IDENTIFIER('t'))`. */
function bindNamed(item: FunctionItem, bind: BindContext, scope: Scope): FromBinding {
  const value = item.call.args[0]?.value;
  if (value === undefined || value.kind === 'star') throw SnowflakeError.of('unsupported', { feature: 'TABLE without a name' });
  return bindTable({ kind: 'table', name: { kind: 'computed', value }, alias: item.alias, sample: undefined }, bind, scope);
}

/** Rows without columns; their numbers are there for SEQ4 alone. https://docs.snowflake.com/en/sql-reference/functions/generator */
function bindGenerator(item: FunctionItem, context: ExpressionContext): FromBinding {
  const count = argument(item.call.args, 'ROWCOUNT', 0, context);
  if (item.call.args.some((arg) => arg.name === 'TIMELIMIT'))
    throw SnowflakeError.of('unsupported', { feature: 'GENERATOR(TIMELIMIT => …)' });
  const rows = count === undefined ? '0' : castTo(count, types.number(), 'implicit', context.bind.ports.facts).sql;
  const numbered = simpleRelation(
    [{ name: generatedRow, type: types.number(), nullable: false }],
    () => 'range',
    () => `range(CAST(${rows} AS BIGINT))`,
    { ...aliasOf(item.alias), columns: [] },
    context.bind,
  );
  const relations = numbered.relations.map((relation) => ({
    ...relation,
    columns: relation.columns.map((column) => ({ ...column, pseudo: true as const })),
  }));
  return { ...numbered, relations };
}

/** A table function outside the data plane: its rows are fetched before the statement runs. */
function bindOutside(name: ObjectName, fn: TableFunction, item: FunctionItem, context: ExpressionContext): FromBinding {
  const args = item.call.args.map((arg, index) => {
    if (arg.value.kind === 'star') throw SnowflakeError.of('unsupported', { feature: `${displayName(name)}(*)` });
    return { key: arg.name ?? String(index + 1), bound: bindExpression(arg.value, context) };
  });
  const known = new Map<string, TypedCell>(
    args.flatMap((arg) =>
      arg.bound.constant === undefined ? [] : [[arg.key, { type: arg.bound.type, cell: arg.bound.constant.cell }] as const],
    ),
  );
  const columns = fn.columns(known);
  const { state } = context.bind;
  let values = new Map<string, TypedCell>();
  // Runs before the rows are asked for: preparations go in order.
  state.preparations.push({
    token: `arguments of ${state.name('t')}`,
    prepare: async (runtime) => {
      const cells = await constantCells(
        args.map((arg) => arg.bound),
        runtime,
        displayName(name),
      );
      values = new Map(args.flatMap((arg, index) => (cells[index] === undefined ? [] : [[arg.key, cells[index]] as const])));
      return '';
    },
  });
  return rowsRelation(columns, () => fn.rows(values), aliasOf(item.alias, [name.at(-1) ?? '']), context.bind);
}

function bindUserTable(name: ObjectName, item: FunctionItem, context: ExpressionContext): FromBinding {
  const values = item.call.args.map((arg) => {
    if (arg.value.kind === 'star') throw SnowflakeError.of('unsupported', { feature: `${displayName(name)}(*)` });
    return { name: arg.name, bound: bindExpression(arg.value, context) };
  });
  if (name.at(-2) === 'INFORMATION_SCHEMA')
    throw SnowflakeError.of('unsupported', { feature: `table function ${displayName(name)}` });
  const fn = context.bind.ports.function(
    name,
    values.map((value) => value.bound.type),
  );
  if (fn === undefined) throw SnowflakeError.of('unknownFunction', { name: `table function ${displayName(name)}` });
  if (fn.language !== 'SQL' || !('table' in fn.returns)) {
    throw SnowflakeError.of('unsupported', { feature: `${fn.language} table function ${displayName(name)}` });
  }
  return bindSqlTable(fn, fn.returns.table, item, matchArguments(fn, values, context), context);
}

function bindSqlTable(
  fn: SqlFunction,
  columns: Extract<SqlFunction['returns'], { table: unknown }>['table'],
  item: FunctionItem,
  values: readonly Bound[],
  context: ExpressionContext,
): FromBinding {
  if (!isQuery(fn.body)) throw SnowflakeError.of('unsupported', { feature: 'table function whose body is no query' });
  return context.bind.state.nested(() => {
    const query = bindQuery(queryOf(fn.body), functionContext(fn, context.bind), parameterScope(fn, values));
    const named = query.columns.map((column, index) => ({ ...column, name: columns[index]?.name ?? column.name }));
    return queryRelation({ columns: named, sql: query.sql }, item.alias, context.bind, true, [fn.name.at(-1) ?? '']);
  });
}
