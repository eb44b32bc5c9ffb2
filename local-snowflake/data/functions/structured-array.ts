import { type SnowflakeType, types } from '../../sql/types.ts';
import { unify } from '../bind/bind-expression.ts';
import { type Bound, bound } from '../bind/bound.ts';
import { variantOf } from '../bind/cast-semi-structured.ts';
import { asSemiStructured } from '../bind/structured-text.ts';
import { commonType } from '../types/common-type.ts';
import { isStructured } from '../types/structured-rules.ts';
import { CallSite } from './call-site.ts';
import { type FunctionDefinition, special } from './function-definition.ts';

type ArrayType = Extract<SnowflakeType, { kind: 'STRUCTURED_ARRAY' }>;
/** What an argument is to a function of arrays, and what its result is to them. */
type Role = 'array' | 'element' | 'other';
type Result = 'array' | 'element' | 'first' | 'inner' | 'other';

/** Functions of semi-structured arrays that take structured ones: roles of the arguments → what the result is. */
const rules: Readonly<Record<string, readonly [roles: readonly Role[], result: Result]>> = {
  ARRAY_APPEND: [['array', 'element'], 'array'],
  ARRAY_PREPEND: [['array', 'element'], 'array'],
  ARRAY_INSERT: [['array', 'other', 'element'], 'array'],
  ARRAY_CAT: [['array', 'array'], 'array'],
  ARRAY_COMPACT: [['array'], 'array'],
  ARRAY_DISTINCT: [['array'], 'array'],
  ARRAY_EXCEPT: [['array', 'array'], 'first'],
  ARRAY_INTERSECTION: [['array', 'array'], 'array'],
  ARRAY_REMOVE: [['array', 'element'], 'array'],
  ARRAY_REMOVE_AT: [['array'], 'array'],
  ARRAY_REVERSE: [['array'], 'array'],
  ARRAY_SLICE: [['array'], 'array'],
  ARRAY_SORT: [['array'], 'array'],
  ARRAY_FLATTEN: [['array'], 'inner'],
  ARRAY_MAX: [['array'], 'element'],
  ARRAY_MIN: [['array'], 'element'],
  ARRAY_UNION_AGG: [['array'], 'array'],
  ARRAY_SIZE: [['array'], 'other'],
  ARRAY_TO_STRING: [['array'], 'other'],
  ARRAY_CONTAINS: [['element', 'array'], 'other'],
  ARRAY_POSITION: [['element', 'array'], 'other'],
  ARRAYS_OVERLAP: [['array', 'array'], 'other'],
};

/**
 * The same function, of structured arrays as well: elements are made the array's type, the result is one of that type.
 * https://docs.snowflake.com/en/sql-reference/data-types-structured#transforming-structured-array-values
 */
export function overStructuredArrays(definition: FunctionDefinition): FunctionDefinition {
  const rule = definition.names.map((name) => rules[name]).find((found) => found !== undefined);
  if (rule === undefined) return definition;
  return {
    ...definition,
    bind: (call) =>
      call.args.some((arg) => isStructured(arg.type)) ? overStructured(definition, call, ...rule) : definition.bind(call),
  };
}

function overStructured(definition: FunctionDefinition, call: CallSite, roles: readonly Role[], result: Result): Bound {
  const arrays = call.args.filter((_, index) => roles[index] === 'array');
  const type = arrays.map((arg) => arg.type).reduce((a, b) => commonType(a, b) ?? fail(call));
  if (type.kind !== 'STRUCTURED_ARRAY') throw call.typesError();
  const args = call.args.map((arg, index) => {
    if (roles[index] === 'array') return asSemiStructured(call.cast(arg, type));
    return roles[index] === 'element' ? elementVariant(call.cast(arg, type.element.type)) : arg;
  });
  const made = definition.bind(new CallSite(call.name, args, call.call, call.context, call.over, call.order));
  const into = resultType(result, type, arrays[0]?.type ?? type);
  if (into === undefined) return made;
  return call.cast(bound(types.variant, made.sql, made.nullable), into, 'explicit');
}

function fail(call: CallSite): never {
  throw call.typesError();
}

/** NULL is an element like any other. */
function elementVariant(value: Bound): Bound {
  return bound(types.variant, `coalesce(${variantOf(value)}, CAST('null' AS JSON))`, false);
}

/** What comes out of elements of several arrays may be NULL where one of them may. */
function resultType(result: Result, type: ArrayType, first: SnowflakeType): SnowflakeType | undefined {
  switch (result) {
    case 'array':
      return type;
    case 'first':
      return first;
    case 'element':
      return type.element.type;
    case 'inner':
      return type.element.type.kind === 'STRUCTURED_ARRAY' ? type.element.type : type;
    case 'other':
      return undefined;
  }
}

/** https://docs.snowflake.com/en/sql-reference/functions/array_construct_structured */
function arrayConstructStructured(call: CallSite): Bound {
  if (call.args.length === 0) throw call.countError('1');
  if (call.args.every((arg) => arg.untyped === true)) throw call.typesError();
  const items = unify(call.args, call.name, call.context);
  const element = { type: items[0]?.type ?? types.varchar(), nullable: items.some((item) => item.nullable) };
  return bound({ kind: 'STRUCTURED_ARRAY', element }, `[${items.map((item) => item.sql).join(', ')}]`, false);
}

export const structuredArrayFunctions: readonly FunctionDefinition[] = [
  special('ARRAY_CONSTRUCT_STRUCTURED', 'array_construct_structured', 'scalar', arrayConstructStructured),
];
