import { type SnowflakeType, types } from '../../sql/types.ts';
import { sortable } from '../bind/bind-comparison.ts';
import { bindExpression } from '../bind/bind-expression.ts';
import { direction } from '../bind/bind-order.ts';
import { type Bound, bound } from '../bind/bound.ts';
import { variantOf } from '../bind/cast-semi-structured.ts';
import { quotient } from '../bind/quotient.ts';
import { physicalType } from '../duckdb/physical-type.ts';
import { averageType, type NumberType, sumType, windowAverageType } from '../types/numeric-rules.ts';
import type { CallSite } from './call-site.ts';
import { aggregate, type FunctionDefinition, special, takes } from './function-definition.ts';
import { refuseStructured } from './construct.ts';
import { numberType } from './number-type.ts';
import { overStructuredArrays } from './structured-array.ts';

const count18 = types.number(18, 0);
const { float } = types;

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
  const type = sumType(numberType(arg));
  const sum = { sql: `CAST(${call.aggregate('sum', [value])} AS ${physicalType(type)})`, scale: type.scale };
  const rows = { sql: call.aggregate('count', [value]), scale: 0 };
  // Windows that stand there twice would be worked out twice.
  const repeatable = !/\bOVER\b/u.test(sum.sql);
  return quotient(sum, rows, averageOf([arg], call), (digits) => `nullif(${digits}, 0)`, repeatable);
}

/** Over a window, three digits more than the values have. https://docs.snowflake.com/en/sql-reference/functions/avg (examples) */
function averageOf([arg]: readonly (Bound | undefined)[], call: CallSite): NumberType {
  const type = numberType(arg);
  return call.over === undefined ? averageType(type) : windowAverageType(type);
}

/** MIN, MAX. https://docs.snowflake.com/en/sql-reference/functions/max */
function extreme(name: 'MIN' | 'MAX'): FunctionDefinition {
  const fn = name.toLowerCase();
  return special(name, fn, 'aggregate', (call) => {
    const [value] = call.args;
    if (value === undefined || call.args.length !== 1) throw call.countError('1');
    const typed = value.untyped === true ? call.cast(value, types.varchar()) : value;
    const key = sortable(typed);
    return bound(typed.type, key === typed.sql ? call.aggregate(fn, [key]) : call.aggregate(`arg_${fn}`, [typed.sql, key]));
  });
}

/** An aggregate whose result is one of its arguments. */
function chosen(names: string, page: string, fn: string): FunctionDefinition {
  return special(names, page, 'aggregate', (call) => {
    const [value] = call.args;
    if (value === undefined || call.args.length !== 1) throw call.countError('1');
    const typed = value.untyped === true ? call.cast(value, types.varchar()) : value;
    return bound(typed.type, call.aggregate(fn, [typed.sql]));
  });
}

/** Three digits more than the values have. https://docs.snowflake.com/en/sql-reference/functions/median */
function interpolated(arg: Bound | undefined): SnowflakeType {
  if (arg?.type.kind !== 'NUMBER') return float;
  return types.number(Math.min(38, arg.type.precision + 3), Math.min(37, arg.type.scale + 3));
}

function median(call: CallSite): Bound {
  const value = call.arg(0);
  const type = interpolated(value);
  const sql = call.aggregate('quantile_cont', [call.cast(value, float).sql, '0.5']);
  return bound(type, type.kind === 'FLOAT' ? sql : `CAST(${sql} AS ${physicalType(type)})`);
}

/** The values come from WITHIN GROUP (ORDER BY …). */
function percentile(call: CallSite, fn: 'quantile_cont' | 'quantile_disc'): Bound {
  const [item] = call.call.withinGroup;
  if (item === undefined || call.args.length !== 1) throw call.countError('1 and WITHIN GROUP');
  const value = bindExpression(item.expression, call.context);
  const share = call.constant(0);
  const fraction = String(item.descending ? 1 - Number(share) : Number(share));
  if (fn === 'quantile_disc') return bound(value.type, call.aggregate(fn, [value.sql, fraction], ''));
  const type = interpolated(value);
  const sql = call.aggregate(fn, [call.cast(value, float).sql, fraction], '');
  return bound(type, type.kind === 'FLOAT' ? sql : `CAST(${sql} AS ${physicalType(type)})`);
}

/** https://docs.snowflake.com/en/sql-reference/functions/listagg: '' rather than NULL for no rows. */
function listAgg(call: CallSite): Bound {
  const value = call.cast(call.arg(0), types.varchar());
  const separator = call.args.length > 1 ? call.cast(call.arg(1), types.varchar()).sql : "''";
  return bound(types.varchar(), `coalesce(${ordered(call, 'string_agg', [value.sql, separator], value.sql)}, '')`, false);
}

/** https://docs.snowflake.com/en/sql-reference/functions/array_agg: NULLs are left out. */
function arrayAgg(call: CallSite): Bound {
  const value = call.arg(0);
  refuseStructured(call.name, [value]);
  const json = variantOf(value);
  // The first of the ordered values decides the place of equal ones under DISTINCT.
  const list = ordered(call, 'list', [json], value.sql);
  return bound(types.array, `to_json(coalesce(list_filter(${list}, lambda sf_x: sf_x IS NOT NULL), []))`, false);
}

/** DISTINCT may be ordered by the aggregated value alone, which is then named as the aggregate sees it. */
function ordered(call: CallSite, fn: string, args: readonly string[], value: string): string {
  if (!call.call.distinct) return call.aggregate(fn, args);
  const order = call.call.withinGroup.map((item) => {
    const key = sortable(bindExpression(item.expression, call.context));
    return `${key === value ? (args[0] ?? key) : key} ${direction(item)}`;
  });
  return call.aggregate(fn, args, order.join(', '));
}

function objectAgg(call: CallSite): Bound {
  const key = call.cast(call.arg(0), types.varchar());
  const value = call.cast(call.arg(1), types.variant, 'explicit');
  const entries = call.aggregate('string_agg', [
    `CAST(to_json(${key.sql}) AS VARCHAR) || ':' || CAST(${value.sql} AS VARCHAR)`,
    "','",
  ]);
  return bound(types.object, `CAST(sf_json('{' || coalesce(${entries}, '') || '}') AS JSON)`, false);
}

/** `MAX_BY(value, key [, n])`. https://docs.snowflake.com/en/sql-reference/functions/max_by */
function byKey(call: CallSite, fn: 'arg_max' | 'arg_min'): Bound {
  const value = call.arg(0);
  const key = sortable(call.arg(1));
  if (call.args.length === 2) return bound(value.type, call.aggregate(`${fn}_null`, [value.sql, key]));
  return bound(types.array, `to_json(${call.aggregate(fn, [variantOf(value), key, String(Number(call.constant(2)))])})`);
}

function hashAgg(call: CallSite): Bound {
  const rows = `CAST(hash(${call.args.map((arg) => arg.sql).join(', ')}) AS HUGEINT)`;
  return bound(
    types.number(19, 0),
    `CAST(coalesce(${call.aggregate('sum', [rows])}, 0) % 9223372036854775807 AS DECIMAL(19,0))`,
    false,
  );
}

function approxPercentile(call: CallSite): Bound {
  const share = Number(call.constant(1));
  // Exact quantiles are also approximate ones, and the same for every run.
  return bound(float, call.aggregate('quantile_cont', [call.cast(call.arg(0), float).sql, String(share)]));
}

function approxTopK(call: CallSite): Bound {
  const k = call.args.length > 1 ? call.constant(1) : '1';
  const list = `histogram(${call.cast(call.arg(0), types.variant, 'explicit').sql})`;
  if (call.over !== undefined) throw call.typesError();
  return bound(
    types.array,
    `to_json(list_transform(list_slice(list_reverse_sort(list_transform(map_entries(${list}), lambda e: {'n': e.value, 'k': e.key})), 1, ${k}), lambda e: [e.k, CAST(CAST(e.n AS VARCHAR) AS JSON)]))`,
  );
}

function bits(name: string, fn: string): FunctionDefinition {
  return aggregate(
    name,
    'bitand_agg',
    takes('integer', types.number(38, 0), ([x = ''], call) => `CAST(${call.aggregate(fn, [x])} AS DECIMAL(38,0))`, 'always'),
  );
}

// Text and VARIANTs become FLOATs where the function takes those: of what fits after a cast, the first is chosen.
// https://docs.snowflake.com/en/sql-reference/functions-aggregation
export const aggregateFunctions: readonly FunctionDefinition[] = [
  special('COUNT', 'count', 'aggregate', count),
  aggregate(
    'COUNT_IF',
    'count_if',
    takes(
      'boolean',
      count18,
      ([x = ''], call) => `CAST(${call.aggregate('count', [`CASE WHEN ${x} THEN 1 END`])} AS DECIMAL(18,0))`,
      'never',
    ),
  ),
  aggregate(
    'SUM',
    'sum',
    takes('float', float, ([x = ''], call) => call.aggregate('sum', [x]), 'always'),
    takes(
      'number',
      ([arg]) => sumType(numberType(arg)),
      ([x = ''], call, [arg]) => `CAST(${call.aggregate('sum', [x])} AS ${physicalType(sumType(numberType(arg)))})`,
      'always',
    ),
  ),
  aggregate(
    'AVG',
    'avg',
    takes('float', float, ([x = ''], call) => call.aggregate('avg', [x]), 'always'),
    takes('number', averageOf, average, 'always'),
  ),
  extreme('MIN'),
  extreme('MAX'),
  chosen('ANY_VALUE', 'any_value', 'any_value'),
  chosen('MODE', 'mode', 'mode'),
  special('MEDIAN', 'median', 'aggregate', median),
  special('PERCENTILE_CONT', 'percentile_cont', 'aggregate', (call) => percentile(call, 'quantile_cont')),
  special('PERCENTILE_DISC', 'percentile_disc', 'aggregate', (call) => percentile(call, 'quantile_disc')),
  special('LISTAGG STRING_AGG', 'listagg', 'aggregate', listAgg),
  special('ARRAY_AGG ARRAYAGG', 'array_agg', 'aggregate', arrayAgg),
  special('ARRAY_UNIQUE_AGG', 'array_unique_agg', 'aggregate', (call) =>
    bound(
      types.array,
      `to_json(coalesce(list_sort(list_distinct(${call.aggregate('list', [variantOf(call.arg(0))])})), []))`,
      false,
    ),
  ),
  overStructuredArrays(
    aggregate(
      'ARRAY_UNION_AGG',
      'array_union_agg',
      takes(
        'array',
        types.array,
        ([list = ''], call) =>
          `CAST(sf_array_union(coalesce(${call.aggregate('list', [`CAST(${list} AS VARCHAR)`])}, [])) AS JSON)`,
        'never',
      ),
    ),
  ),
  special('OBJECT_AGG', 'object_agg', 'aggregate', objectAgg),
  special('MAX_BY', 'max_by', 'aggregate', (call) => byKey(call, 'arg_max')),
  special('MIN_BY', 'min_by', 'aggregate', (call) => byKey(call, 'arg_min')),
  special('APPROX_COUNT_DISTINCT HLL', 'approx_count_distinct', 'aggregate', (call) =>
    bound(
      count18,
      `CAST(${call.aggregate('approx_count_distinct', [call.args.length === 1 ? call.arg(0).sql : `ROW(${call.args.map((arg) => arg.sql).join(', ')})`])} AS DECIMAL(18,0))`,
      false,
    ),
  ),
  special('APPROX_PERCENTILE', 'approx_percentile', 'aggregate', approxPercentile),
  special('APPROX_TOP_K', 'approx_top_k', 'aggregate', approxTopK),
  aggregate(
    'BOOLAND_AGG',
    'booland_agg',
    takes('boolean', types.boolean, ([x = ''], call) => call.aggregate('bool_and', [x]), 'always'),
  ),
  aggregate(
    'BOOLOR_AGG',
    'boolor_agg',
    takes('boolean', types.boolean, ([x = ''], call) => call.aggregate('bool_or', [x]), 'always'),
  ),
  aggregate(
    'BOOLXOR_AGG',
    'boolxor_agg',
    takes(
      'boolean',
      types.boolean,
      ([x = ''], call) => `(${call.aggregate('count', [`CASE WHEN ${x} THEN 1 END`])} = 1)`,
      'always',
    ),
  ),
  bits('BITAND_AGG BIT_AND_AGG BITANDAGG BIT_ANDAGG', 'bit_and'),
  bits('BITOR_AGG BIT_OR_AGG BITORAGG BIT_ORAGG', 'bit_or'),
  bits('BITXOR_AGG BIT_XOR_AGG BITXORAGG BIT_XORAGG', 'bit_xor'),
  special('HASH_AGG', 'hash_agg', 'aggregate', hashAgg),
  special('GROUPING GROUPING_ID', 'grouping', 'aggregate', (call) =>
    bound(types.number(38, 0), `CAST(grouping(${call.args.map((arg) => arg.sql).join(', ')}) AS DECIMAL(38,0))`, false),
  ),
];
