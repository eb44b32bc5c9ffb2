import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayName, type ObjectName } from '../../sql/identifier.ts';
import { types } from '../../sql/types.ts';
import { CallSite } from '../functions/call-site.ts';
import type { FunctionDefinition } from '../functions/function-definition.ts';
import { builtIn } from '../functions/registry.ts';
import type { Argument, Call } from '../syntax/tree.ts';
import { bindExpression } from './bind-expression.ts';
import { orderList, windowSql } from './bind-order.ts';
import { expandStar } from './bind-star.ts';
import { bindSystemFunction } from './bind-system-function.ts';
import { bindUserFunction } from './bind-user-function.ts';
import { type Bound, nullBound } from './bound.ts';
import { resolveName } from './computed-name.ts';
import type { ExpressionContext } from './expression-context.ts';
import { stringBound } from './literal-bound.ts';

/** A function's call: built-in, the user's, or one that lives outside the data plane, in that order. */
export function bindCall(call: Call, context: ExpressionContext): Bound {
  const name = resolveName(call.name, context);
  if (name.length === 1 && name[0] === 'IDENTIFIER') return bindIdentifier(call, context);
  const definition = name.length === 1 ? builtIn(name[0] ?? '') : undefined;
  if (definition !== undefined) return bindBuiltIn(definition, name[0] ?? '', call, context);
  return bindOutside(name, call, context);
}

/** `IDENTIFIER('…')` as an expression names a column. */
function bindIdentifier(call: Call, context: ExpressionContext): Bound {
  const [argument] = call.args;
  if (argument === undefined || argument.value.kind === 'star')
    throw SnowflakeError.of('invalidIdentifier', { name: 'IDENTIFIER' });
  const parts = resolveName({ kind: 'computed', value: argument.value }, context);
  return context.scope.column(parts.map((part) => ({ name: part, quoted: true }))).bound();
}

function bindBuiltIn(definition: FunctionDefinition, name: string, call: Call, context: ExpressionContext): Bound {
  if (definition.kind === 'window' && call.over === undefined) {
    throw SnowflakeError.of('invalidArgument', { name, value: 'no OVER clause', reason: 'a window function needs one' });
  }
  if (definition.kind === 'scalar' && call.over !== undefined) {
    throw SnowflakeError.of('unsupported', { feature: `${name} OVER` });
  }
  const aggregates = definition.kind === 'aggregate' && call.over === undefined;
  if (aggregates) enterAggregate(name, context);
  const inside: ExpressionContext = call.over === undefined ? context : { ...context, window: true };
  try {
    const args = bindArguments(inOrder(call.args, definition, name), definition.parts ?? [], name, inside);
    const over = call.over === undefined ? undefined : windowSql(call.over, name, inside);
    const order = orderList(call.withinGroup, context);
    return definition.bind(new CallSite(name, args, call, context, over, order));
  } finally {
    if (aggregates && context.block !== undefined) context.block.aggregateDepth -= 1;
  }
}

function enterAggregate(name: string, context: ExpressionContext): void {
  if (context.clause === 'WHERE') throw SnowflakeError.of('aggregateInWhere', { expression: name });
  if (context.block === undefined) throw SnowflakeError.of('unsupported', { feature: `aggregate ${name} without rows` });
  context.block.aggregates = true;
  context.block.aggregateDepth += 1;
}

/** Arguments that were given by name at their positions. */
function inOrder(args: readonly Argument[], { argumentNames = [] }: FunctionDefinition, name: string): readonly Argument[] {
  if (args.every((argument) => argument.name === undefined)) return args;
  const placed: Argument[] = [];
  for (const argument of args) {
    const index = argument.name === undefined ? placed.length : argumentNames.indexOf(argument.name);
    if (index < 0 || placed[index] !== undefined) throw SnowflakeError.of('unsupported', { feature: `named arguments of ${name}` });
    placed[index] = { name: undefined, value: argument.value };
  }
  const gap = argumentNames.findIndex((_, index) => index < placed.length && placed[index] === undefined);
  if (gap >= 0) throw SnowflakeError.of('unsupported', { feature: `${name} without ${argumentNames[gap] ?? ''}` });
  return placed;
}

/** `parts`: positions where a bare word is a date part, not a column. */
function bindArguments(args: readonly Argument[], parts: readonly number[], name: string, context: ExpressionContext): Bound[] {
  return args.flatMap((argument, index) => {
    const { value } = argument;
    if (value.kind === 'star') return starArguments(value, name, context);
    if (value.kind === 'lambda') return [nullBound];
    if (parts.includes(index) && value.kind === 'column' && value.parts.length === 1)
      return [stringBound(value.parts[0]?.name ?? '')];
    return [bindExpression(value, context)];
  });
}

function starArguments(star: Extract<Argument['value'], { kind: 'star' }>, name: string, context: ExpressionContext): Bound[] {
  if (name === 'COUNT' && star.relation.length === 0) return [];
  const columns = expandStar(star, context);
  if (name.startsWith('OBJECT_CONSTRUCT')) return columns.flatMap((column) => [stringBound(column.name), column.bound]);
  return columns.map((column) => column.bound);
}

function bindOutside(name: ObjectName, call: Call, context: ExpressionContext): Bound {
  const { ports } = context.bind;
  const system = ports.systemFunction(name);
  const values = call.args.map((argument) => {
    if (argument.value.kind === 'star') throw SnowflakeError.of('unsupported', { feature: `${displayName(name)}(*)` });
    return { name: argument.name, bound: bindExpression(argument.value, context) };
  });
  if (call.over !== undefined) throw SnowflakeError.of('unsupported', { feature: `${displayName(name)} OVER` });
  const rowWise = values.some(({ bound }) => bound.constant === undefined) ? system?.ofRows?.(values.length) : undefined;
  if (rowWise !== undefined && context.block !== undefined) return bindUserFunction(rowWise, values, context);
  if (system !== undefined)
    return bindSystemFunction(
      name,
      system,
      values.map((value) => value.bound),
      context,
    );
  const user = ports.function(
    name,
    values.map((value) => (value.bound.untyped === true ? types.varchar() : value.bound.type)),
  );
  if (user !== undefined) return bindUserFunction(user, values, context);
  throw SnowflakeError.of('unknownFunction', { name: displayName(name) });
}
