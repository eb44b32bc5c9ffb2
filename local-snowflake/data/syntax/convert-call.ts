import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { ConvertContext } from './convert-context.ts';
import { convertExpression, stringLiteral } from './convert-expression.ts';
import { convertStar } from './convert-select.ts';
import { field, identifier, list, optional, type Raw, refuse, text, unsupported, variant } from './raw-tree.ts';
import type { Argument, Call, Expression, FrameBound, Identifier, NameReference, OrderItem, Window } from './tree.ts';

export function simpleCall(name: string, args: readonly Expression[]): Call {
  return {
    kind: 'call',
    name: { kind: 'name', parts: [{ name, quoted: false }] },
    args: args.map((value) => ({ name: undefined, value })),
    distinct: false,
    withinGroup: [],
    over: undefined,
    nulls: undefined,
    bare: false,
  };
}

/** `EXTRACT(part FROM value)` is DATE_PART. */
export function extractCall(part: Raw, value: Expression): Expression {
  const [tag, payload] = variant(part);
  const name = tag === 'Custom' ? text(field(payload, 'value')) : tag;
  return simpleCall('DATE_PART', [stringLiteral(name.toUpperCase()), value]);
}

export function convertCall(node: Raw, context: ConvertContext): Call {
  refuse(node, 'filter', 'uses_odbc_syntax');
  const [tag, payload] = variant(field(node, 'args') ?? 'None');
  if (tag === 'Subquery') {
    return {
      ...simpleCall('', []),
      name: convertName(field(node, 'name'), context),
      args: [{ name: undefined, value: convertExpression({ Subquery: payload }, context) }],
    };
  }
  let nulls = nullTreatment(field(node, 'null_treatment'));
  for (const clause of list(field(payload, 'clauses'))) {
    const [clauseTag, value] = variant(clause);
    if (clauseTag !== 'IgnoreOrRespectNulls') throw unsupported(clause);
    nulls = nullTreatment(value);
  }
  return {
    kind: 'call',
    name: convertName(field(node, 'name'), context),
    args: list(field(payload, 'args')).map((arg) => convertArgument(arg, context)),
    distinct: field(payload, 'duplicate_treatment') === 'Distinct',
    withinGroup: list(field(node, 'within_group')).map((item) => convertOrder(item, context)),
    over: optional(field(node, 'over'), (over) => convertWindow(over, context)),
    nulls,
    bare: tag === 'None',
  };
}

export function convertArgument(node: Raw, context: ConvertContext): Argument {
  const [tag, payload] = variant(node);
  if (tag === 'Named')
    return { name: identifier(field(payload, 'name')).name, value: argumentValue(field(payload, 'arg'), context) };
  if (tag === 'Unnamed') return { name: undefined, value: argumentValue(payload, context) };
  throw unsupported(node);
}

function argumentValue(node: Raw, context: ConvertContext): Argument['value'] {
  const [tag, payload] = variant(node);
  if (tag === 'Expr') return convertExpression(payload, context);
  if (tag === 'Wildcard' || tag === 'WildcardWithOptions') return convertStar([], payload, context);
  if (tag === 'QualifiedWildcard') return convertStar(nameParts(payload), undefined, context);
  throw unsupported(node);
}

function nullTreatment(node: Raw): 'IGNORE' | 'RESPECT' | undefined {
  return node === 'IgnoreNulls' ? 'IGNORE' : node === 'RespectNulls' ? 'RESPECT' : undefined;
}

export function nameParts(node: Raw): Identifier[] {
  return list(node).map((part) => {
    const [tag, payload] = variant(part);
    if (tag !== 'Identifier') throw unsupported(part);
    return identifier(payload);
  });
}

/** An object's name, or `IDENTIFIER(…)`. */
export function convertName(node: Raw, context: ConvertContext): NameReference {
  const parts = list(node);
  const [tag, payload] = variant(parts[0]);
  if (tag !== 'Function') return { kind: 'name', parts: nameParts(node) };
  const argument = convertArgument(list(field(payload, 'args'))[0], context);
  if (parts.length > 1 || identifier(field(payload, 'name')).name !== 'IDENTIFIER' || argument.value.kind === 'star') {
    throw SnowflakeError.of('unsupported', { feature: 'function call inside a name' });
  }
  return { kind: 'computed', value: argument.value };
}

export function convertOrder(node: Raw, context: ConvertContext): OrderItem {
  refuse(node, 'with_fill');
  return { expression: convertExpression(field(node, 'expr'), context), ...orderOptions(field(node, 'options') ?? node) };
}

export function orderOptions(node: Raw): Omit<OrderItem, 'expression'> {
  const nullsFirst = field(node, 'nulls_first');
  return {
    descending: field(node, 'asc') === false,
    nullsFirst: typeof nullsFirst === 'boolean' ? nullsFirst : undefined,
  };
}

function convertWindow(node: Raw, context: ConvertContext): Window {
  const [tag, spec] = variant(node);
  if (tag !== 'WindowSpec') throw SnowflakeError.of('unsupported', { feature: 'named window' });
  return {
    partitionBy: list(field(spec, 'partition_by')).map((item) => convertExpression(item, context)),
    orderBy: list(field(spec, 'order_by')).map((item) => convertOrder(item, context)),
    frame: optional(field(spec, 'window_frame'), (frame) => ({
      units: frameUnits(text(field(frame, 'units'))),
      start: frameBound(field(frame, 'start_bound'), context),
      end: optional(field(frame, 'end_bound'), (bound) => frameBound(bound, context)),
    })),
  };
}

function frameUnits(units: string): 'ROWS' | 'RANGE' | 'GROUPS' {
  const upper = units.toUpperCase();
  if (upper === 'ROWS' || upper === 'RANGE' || upper === 'GROUPS') return upper;
  throw unsupported(units);
}

function frameBound(node: Raw, context: ConvertContext): FrameBound {
  const [tag, payload] = variant(node);
  if (tag === 'CurrentRow') return { kind: 'current' };
  if (tag !== 'Preceding' && tag !== 'Following') throw unsupported(node);
  const offset = payload === undefined || payload === 'None' ? undefined : convertExpression(payload, context);
  return { kind: tag === 'Preceding' ? 'preceding' : 'following', offset };
}
