import { types } from '../../sql/types.ts';
import { compareOperands } from '../bind/bind-comparison.ts';
import { unify } from '../bind/bind-expression.ts';
import { booleanOf } from '../bind/bind-operator.ts';
import { type Bound, bound, nullBound } from '../bind/bound.ts';
import { physicalType } from '../duckdb/physical-type.ts';
import type { CallSite } from './call-site.ts';
import { type FunctionDefinition, scalar, special, takes } from './function-definition.ts';
import { numberType } from './number-type.ts';

function coalesce(call: CallSite, count: string): Bound {
  if (call.args.length < 2) throw call.countError(count);
  const values = unify(call.args, call.name, call.context);
  const [first] = values;
  if (first === undefined) throw call.countError(count);
  return bound(
    first.type,
    `coalesce(${values.map((value) => value.sql).join(', ')})`,
    values.every((value) => value.nullable),
  );
}

/** A condition and two values. https://docs.snowflake.com/en/sql-reference/functions/iff */
function choose(call: CallSite, condition: string, yes: Bound, no: Bound): Bound {
  const [a = yes, b = no] = unify([yes, no], call.name, call.context);
  return bound(a.type, `CASE WHEN ${condition} THEN ${a.sql} ELSE ${b.sql} END`, a.nullable || b.nullable);
}

/** DECODE takes NULL as equal to NULL. https://docs.snowflake.com/en/sql-reference/functions/decode */
function decode(call: CallSite): Bound {
  const [value, ...rest] = call.args;
  if (value === undefined || rest.length < 2) throw call.countError('3');
  const pairs = Math.floor(rest.length / 2);
  const results = Array.from({ length: pairs }, (_, index) => rest[2 * index + 1] ?? nullBound);
  const otherwise = rest.length % 2 === 1 ? (rest.at(-1) ?? nullBound) : nullBound;
  const unified = unify([...results, otherwise], 'DECODE', call.context);
  const arms = Array.from({ length: pairs }, (_, index) => {
    const [a, b] = compareOperands(value, rest[2 * index] ?? nullBound, 'DECODE', call.context);
    return `WHEN ${a} IS NOT DISTINCT FROM ${b} THEN ${unified[index]?.sql ?? 'NULL'}`;
  });
  const last = unified.at(-1) ?? nullBound;
  return bound(last.type, `CASE ${arms.join(' ')} ELSE ${last.sql} END`);
}

// https://docs.snowflake.com/en/sql-reference/expressions-conditional
export const conditionalFunctions: readonly FunctionDefinition[] = [
  special('COALESCE', 'coalesce', 'scalar', (call) => coalesce(call, '2')),
  special('IFNULL NVL', 'ifnull', 'scalar', (call) => coalesce(call, '2')),
  special('NVL2', 'nvl2', 'scalar', (call) => choose(call, `${call.arg(0).sql} IS NOT NULL`, call.arg(1), call.arg(2))),
  special('IFF IF', 'iff', 'scalar', (call) => {
    if (call.args.length !== 3) throw call.countError('3');
    return choose(call, booleanOf(call.arg(0), call.context).sql, call.arg(1), call.arg(2));
  }),
  special('DECODE', 'decode', 'scalar', decode),
  special('NULLIF', 'nullif', 'scalar', (call) => {
    const [a, b] = compareOperands(call.arg(0), call.arg(1), 'NULLIF', call.context);
    const value = call.arg(0).untyped === true ? call.cast(call.arg(0), types.varchar()) : call.arg(0);
    return bound(value.type, `CASE WHEN ${a} = ${b} THEN NULL ELSE ${value.sql} END`);
  }),
  special('EQUAL_NULL', 'equal_null', 'scalar', (call) => {
    const [a, b] = compareOperands(call.arg(0), call.arg(1), 'EQUAL_NULL', call.context);
    return bound(types.boolean, `(${a} IS NOT DISTINCT FROM ${b})`, false);
  }),
  scalar(
    'ZEROIFNULL',
    'zeroifnull',
    takes('float', types.float, ([x = '']) => `coalesce(${x}, CAST(0 AS DOUBLE))`, 'never'),
    takes(
      'number',
      ([arg]) => numberType(arg),
      ([x = ''], _, [arg]) => `coalesce(${x}, CAST(0 AS ${physicalType(numberType(arg))}))`,
      'never',
    ),
  ),
  scalar(
    'NULLIFZERO',
    'nullifzero',
    takes('float', types.float, ([x = '']) => `CASE WHEN ${x} = 0 THEN NULL ELSE ${x} END`, 'always'),
    takes(
      'number',
      ([arg]) => numberType(arg),
      ([x = '']) => `CASE WHEN ${x} = 0 THEN NULL ELSE ${x} END`,
      'always',
    ),
  ),
  scalar(
    'BOOLAND',
    'booland',
    takes('boolean boolean', types.boolean, ([a = '', b = '']) => `(${a} AND ${b})`),
  ),
  scalar(
    'BOOLOR',
    'boolor',
    takes('boolean boolean', types.boolean, ([a = '', b = '']) => `(${a} OR ${b})`),
  ),
  scalar(
    'BOOLXOR',
    'boolxor',
    takes('boolean boolean', types.boolean, ([a = '', b = '']) => `(${a} <> ${b})`),
  ),
  scalar(
    'BOOLNOT',
    'boolnot',
    takes('boolean', types.boolean, ([a = '']) => `(NOT ${a})`),
  ),
  scalar(
    'IS_NULL_VALUE',
    'is_null_value',
    takes('json', types.boolean, ([x = '']) => `(json_type(${x}) = 'NULL')`),
  ),
  scalar(
    'REGR_VALX',
    'regr_valx',
    takes('float float', types.float, ([y = '', x = '']) => `CASE WHEN ${y} IS NULL THEN NULL ELSE ${x} END`, 'always'),
  ),
  scalar(
    'REGR_VALY',
    'regr_valy',
    takes('float float', types.float, ([y = '', x = '']) => `CASE WHEN ${x} IS NULL THEN NULL ELSE ${y} END`, 'always'),
  ),
];
