import { types } from '../../sql/types.ts';
import { quotient } from '../bind/bind-operator.ts';
import { type Bound, bound } from '../bind/bound.ts';
import { averageType, type NumberType, sumType } from '../types/numeric-rules.ts';
import type { CallSite } from './call-site.ts';
import { aggregate, type FunctionDefinition, special, takes } from './function-definition.ts';

const count18 = types.number(18, 0);

function numberTypeOf(value: Bound | undefined): NumberType {
  if (value?.type.kind === 'NUMBER') return value.type;
  throw new Error('the parameter takes a NUMBER');
}

/** https://docs.snowflake.com/en/sql-reference/functions/count */
function count(call: CallSite): Bound {
  if (call.args.length === 0) return bound(count18, `CAST(${call.aggregate('count', ['*'])} AS DECIMAL(18,0))`, false);
  const [first] = call.args;
  // Rows in which any argument is NULL do not count.
  const counted =
    call.args.length === 1
      ? (first?.sql ?? '')
      : `CASE WHEN ${call.args.map((arg) => `${arg.sql} IS NOT NULL`).join(' AND ')} THEN ROW(${call.args.map((arg) => arg.sql).join(', ')}) END`;
  return bound(count18, `CAST(${call.aggregate('count', [counted])} AS DECIMAL(18,0))`, false);
}

/** Exact: the sum divided by the count, with the scale of a division. */
function average([value = '']: readonly string[], call: CallSite, [arg]: readonly Bound[]): string {
  const type = numberTypeOf(arg);
  const sum = { ...bound(sumType(type), call.aggregate('sum', [value])), type: sumType(type) };
  return quotient(sum, `nullif(CAST(${call.aggregate('count', [value])} AS HUGEINT), 0)`, 0, averageType(type));
}

export const aggregateFunctions: readonly FunctionDefinition[] = [
  special('COUNT', 'count', 'aggregate', count),
  aggregate(
    'SUM',
    'sum',
    takes('number', ([arg]) => sumType(numberTypeOf(arg)), ([x = ''], call) => call.aggregate('sum', [x]), 'always'),
    takes('float', types.float, ([x = ''], call) => call.aggregate('sum', [x]), 'always'),
  ),
  aggregate(
    'AVG',
    'avg',
    takes('number', ([arg]) => averageType(numberTypeOf(arg)), average, 'always'),
    takes('float', types.float, ([x = ''], call) => call.aggregate('avg', [x]), 'always'),
  ),
];
