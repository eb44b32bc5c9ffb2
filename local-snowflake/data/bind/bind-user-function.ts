import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayName } from '../../sql/identifier.ts';
import { type SnowflakeType, types } from '../../sql/types.ts';
import type { PythonFunction, SqlFunction, UserFunction } from '../ports.ts';
import { parseExpression, parseStatement } from '../syntax/parse.ts';
import type { BindContext } from './bind-context.ts';
import { bindExpression } from './bind-expression.ts';
import { scalarQuery } from './bind-query.ts';
import { type Bound, bound, nullBound } from './bound.ts';
import { castTo } from './cast.ts';
import type { Block, ExpressionContext } from './expression-context.ts';
import type { CallField, PythonCall } from './python-call.ts';
import { Scope } from './scope.ts';

export interface FunctionArgument {
  readonly name: string | undefined;
  readonly bound: Bound;
}

/** Arguments in the order and types of the parameters. */
export function matchArguments(fn: UserFunction, args: readonly FunctionArgument[], context: ExpressionContext): Bound[] {
  const wrong = (): SnowflakeError =>
    SnowflakeError.of('argumentCount', { name: displayName(fn.name), expected: String(fn.parameters.length), got: args.length });
  const unknown = ({ name }: FunctionArgument): boolean => name !== undefined && fn.parameters.every((each) => each.name !== name);
  if (args.some(unknown)) throw wrong();
  return fn.parameters.map((parameter, index) => {
    const given =
      args.find((argument) => argument.name === parameter.name) ?? (args[index]?.name === undefined ? args[index] : undefined);
    if (given === undefined && parameter.optional !== true) throw wrong();
    return castTo(given?.bound ?? nullBound, parameter.type, 'implicit', context.bind.ports.facts);
  });
}

export function bindUserFunction(fn: UserFunction, args: readonly FunctionArgument[], context: ExpressionContext): Bound {
  const values = matchArguments(fn, args, context);
  return fn.language === 'SQL' ? bindSqlFunction(fn, values, context) : bindPythonFunction(fn, values, context);
}

/** The body is bound in place, its parameters standing for the arguments. */
function bindSqlFunction(fn: SqlFunction, values: readonly Bound[], context: ExpressionContext): Bound {
  if ('table' in fn.returns)
    throw SnowflakeError.of('unsupported', { feature: `table function ${displayName(fn.name)} as a value` });
  const returns = fn.returns;
  return context.bind.state.nested(() => {
    const inner: ExpressionContext = { ...context, bind: functionContext(fn, context.bind), scope: parameterScope(fn, values) };
    const result = isBareQuery(fn.body) ? scalarQuery(queryOf(fn.body), inner) : bindExpression(parseExpression(fn.body), inner);
    const converted = castTo(result, returns, 'implicit', fn.ports.facts);
    return fn.nullHandling === 'STRICT' ? strict(converted, values) : converted;
  });
}

export function functionContext(fn: SqlFunction, outer: BindContext): BindContext {
  return { ...outer, ports: fn.ports, commonTables: [] };
}

export function parameterScope(fn: UserFunction, values: readonly Bound[]): Scope {
  const columns = fn.parameters.map((parameter, index) => {
    const value = values[index];
    if (value === undefined) throw new Error('arguments were matched');
    return { name: parameter.name, bound: () => value };
  });
  return new Scope([{ alias: fn.name.at(-1), qualifier: fn.name.slice(0, -1), columns }]);
}

export function isQuery(body: string): boolean {
  return /^[\s(]*(?:SELECT|WITH)\b/iu.test(body.replace(/^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*/u, ''));
}

/** A query without parentheses; `(SELECT …)::STRING` is an expression. */
function isBareQuery(body: string): boolean {
  return isQuery(body) && !/^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*\(/u.test(body);
}

export function queryOf(body: string): Extract<ReturnType<typeof parseStatement>, { kind: 'query' }>['query'] {
  const statement = parseStatement(body.trim().replace(/;$/u, ''));
  if (statement.kind !== 'query') throw SnowflakeError.of('unsupported', { feature: 'function body that is no query' });
  return statement.query;
}

function strict(result: Bound, values: readonly Bound[]): Bound {
  const nullable = values.filter((value) => value.nullable);
  if (nullable.length === 0) return result;
  const { type, untyped, volatile } = result;
  return {
    type,
    ...(untyped === true ? { untyped } : {}),
    ...(volatile === true ? { volatile } : {}),
    nullable: true,
    sql: `CASE WHEN ${nullable.map((value) => `${value.sql} IS NULL`).join(' OR ')} THEN NULL ELSE ${result.sql} END`,
  };
}

/** Each call becomes a column of the block, filled in one batch before the block runs. */
function bindPythonFunction(fn: PythonFunction, values: readonly Bound[], context: ExpressionContext): Bound {
  const { block, bind } = context;
  if ('table' in fn.returns)
    throw SnowflakeError.of('unsupported', { feature: `table function ${displayName(fn.name)} as a value` });
  if (block === undefined)
    throw SnowflakeError.of('unsupported', { feature: `Python function ${displayName(fn.name)} without rows` });
  if (
    block.aggregates &&
    values.some((value) => value.sql.includes('(') && /\b(?:sum|count|max|min|avg|list|any_value)\(/u.test(value.sql))
  ) {
    throw SnowflakeError.of('unsupported', {
      feature: `Python function ${displayName(fn.name)} of an aggregate; put the aggregate into a sub-query`,
    });
  }
  if (fn.aggregate === true) return bindAggregate(fn, fn.returns, values, { ...context, block });
  const key = values.map((value) => value.sql).join('\0');
  const same = block.pythonCalls.find(
    (call) => call.fn.id === fn.id && fn.volatility === 'IMMUTABLE' && call.args.map((arg) => arg.sql).join('\0') === key,
  );
  return resultOf(same ?? addCall(fn, values, block, bind), fn.returns);
}

function resultOf(call: PythonCall, returns: SnowflakeType): Bound {
  const result: Bound = { type: returns, nullable: true, sql: call.internal };
  if (returns.kind !== 'OBJECT' && returns.kind !== 'VARIANT') return result;
  return { ...result, field: (key) => fieldOf(call, key) };
}

/** `f(x):key`: a column of its own, so that the objects themselves need not be written. */
function fieldOf(call: PythonCall, key: string): Bound {
  const name = `${call.internal}${String(call.fields.size)}_`;
  const field: CallField = call.fields.get(key) ?? { internal: name, float: `${name}f`, floatWanted: false };
  call.fields.set(key, field);
  return {
    ...bound(types.variant, field.internal),
    float: () => {
      field.floatWanted = true;
      return field.float;
    },
  };
}

function addCall(fn: PythonFunction, values: readonly Bound[], block: Block, bind: BindContext): PythonCall {
  const level = Math.max(
    0,
    ...block.pythonCalls.filter((call) => values.some((value) => value.sql.includes(call.internal))).map((call) => call.level + 1),
  );
  // The closing mark keeps py1_ from being found inside py11_.
  const internal = `${bind.state.name('py')}_`;
  const call: PythonCall = { fn, args: values, internal, level, aggregate: fn.aggregate === true, fields: new Map() };
  block.pythonCalls.push(call);
  return call;
}

/** https://docs.snowflake.com/en/developer-guide/udf/python/udf-python-aggregate-functions */
function bindAggregate(
  fn: PythonFunction,
  returns: SnowflakeType,
  values: readonly Bound[],
  context: ExpressionContext & { readonly block: Block },
): Bound {
  const { block, bind, clause } = context;
  if (clause === 'WHERE') throw SnowflakeError.of('aggregateInWhere', { expression: displayName(fn.name) });
  const { internal } = addCall(fn, values, block, bind);
  block.aggregates = true;
  return { type: returns, nullable: true, sql: `any_value(${internal})` };
}
