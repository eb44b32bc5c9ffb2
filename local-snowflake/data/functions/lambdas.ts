import { type SnowflakeType, types } from '../../sql/types.ts';
import { bindExpression } from '../bind/bind-expression.ts';
import { type Bound, bound } from '../bind/bound.ts';
import { variantOf } from '../bind/cast-semi-structured.ts';
import { Scope } from '../bind/scope.ts';
import { asSemiStructured } from '../bind/structured-text.ts';
import type { Expression } from '../syntax/tree.ts';
import type { CallSite } from './call-site.ts';
import { type FunctionDefinition, special } from './function-definition.ts';

const { variant, array, boolean } = types;

/** Binds a lambda's body with its parameters standing for DuckDB lambda variables of these types. */
function lambda(call: CallSite, index: number, parameters: readonly (readonly [name: string, type: SnowflakeType])[]): Bound {
  const expression = call.call.args[index]?.value as Expression | undefined;
  if (expression?.kind !== 'lambda' || expression.parameters.length !== parameters.length)
    throw call.countError(`a lambda of ${String(parameters.length)}`);
  const columns = expression.parameters.map((parameter, position) => {
    const [name, type] = parameters[position] ?? ['', variant];
    const value = bound(type, name);
    const typed = parameter.type === undefined ? value : call.cast(value, parameter.type, 'explicit');
    return { name: parameter.name, bound: () => typed };
  });
  return bindExpression(expression.body, {
    ...call.context,
    scope: new Scope([{ alias: undefined, qualifier: [], columns }], call.context.scope),
  });
}

/** SQL of the list behind the first argument, and the type of its elements. */
function listOf(call: CallSite): { readonly list: string; readonly element: SnowflakeType } {
  const value = call.arg(0);
  if (value.type.kind === 'STRUCTURED_ARRAY') return { list: value.sql, element: value.type.element.type };
  return { list: jsonList(call.cast(value, array)), element: variant };
}

function jsonList(value: Bound): string {
  return `CAST(json_extract(${value.sql}, '$[*]') AS JSON[])`;
}

function jsonOr(value: Bound): string {
  return `coalesce(${variantOf(value)}, CAST('null' AS JSON))`;
}

/** https://docs.snowflake.com/en/sql-reference/functions/transform: a structured ARRAY becomes one of the lambda's type. */
function transform(call: CallSite): Bound {
  const { list, element } = listOf(call);
  const body = lambda(call, 1, [['sf_x', element]]);
  if (element === variant) return call.result(array, `to_json(list_transform(${list}, lambda sf_x: ${jsonOr(body)}))`);
  const type: SnowflakeType = { kind: 'STRUCTURED_ARRAY', element: { type: body.type, nullable: true } };
  return call.result(type, `list_transform(${list}, lambda sf_x: ${body.sql})`);
}

/** https://docs.snowflake.com/en/sql-reference/functions/filter */
function filter(call: CallSite): Bound {
  const { list, element } = listOf(call);
  const body = call.cast(lambda(call, 1, [['sf_x', element]]), boolean);
  const kept = `list_filter(${list}, lambda sf_x: ${body.sql})`;
  return element === variant ? call.result(array, `to_json(${kept})`) : call.result(call.arg(0).type, kept);
}

/** https://docs.snowflake.com/en/sql-reference/functions/reduce */
function reduce(call: CallSite): Bound {
  const value = call.arg(0);
  const structured = value.type.kind === 'STRUCTURED_ARRAY';
  const list = jsonList(structured ? asSemiStructured(value) : call.cast(value, array));
  const body = lambda(call, 2, [
    ['sf_a', variant],
    ['sf_x', variant],
  ]);
  const initial = jsonOr(call.arg(1));
  const reduced = bound(variant, `list_reduce(${list}, lambda sf_a, sf_x: CAST(${jsonOr(body)} AS JSON), ${initial})`);
  return call.arg(1).type.kind === 'VARIANT'
    ? reduced
    : call.cast(reduced, body.type.kind === 'VARIANT' ? call.arg(1).type : body.type, 'explicit');
}

/** Functions that take a lambda. https://docs.snowflake.com/en/sql-reference/functions-semistructured */
export const lambdaFunctions: readonly FunctionDefinition[] = [
  special('TRANSFORM', 'transform', 'scalar', transform),
  special('FILTER', 'filter', 'scalar', filter),
  special('REDUCE', 'reduce', 'scalar', reduce),
];
