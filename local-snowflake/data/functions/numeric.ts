import { type SnowflakeType, types } from '../../sql/types.ts';
import { arithmetic } from '../bind/bind-operator.ts';
import { unify } from '../bind/bind-expression.ts';
import { type Bound, bound } from '../bind/bound.ts';
import { physicalType } from '../duckdb/physical-type.ts';
import { isSemiStructured } from '../types/common-type.ts';
import type { CallSite } from './call-site.ts';
import { type FunctionDefinition, scalar, special, takes } from './function-definition.ts';
import { numberType } from './number-type.ts';

const float = types.float;
const integer = types.number(38, 0);

const sameNumber = ([arg]: readonly Bound[]): SnowflakeType => numberType(arg);

/** A function of floating-point numbers. */
function real(names: string, page: string, sql: (x: string) => string): FunctionDefinition {
  return scalar(
    names,
    page,
    takes('float', float, ([x = '']) => sql(x)),
  );
}

/** Multiplied before it is divided, as Snowflake does: DuckDB's own function gives other last digits. */
function radians(degrees: string): string {
  return `(${degrees} * pi() / 180)`;
}

/** Whole numbers: the digits left of the point, and one more for what rounding carries. */
function rounded(arg: Bound | undefined, scale: number): SnowflakeType {
  const type = numberType(arg);
  const kept = Math.min(type.scale, Math.max(0, scale));
  return types.number(Math.min(38, type.precision - type.scale + kept + 1), kept);
}

/** ROUND, CEIL, FLOOR, TRUNC of a NUMBER; with a constant scale the result has that scale. */
function rounding(fn: 'round' | 'ceil' | 'floor' | 'trunc', call: CallSite): Bound {
  const [value, scaleArg] = call.args;
  if (value === undefined || call.args.length > 3) throw call.countError('1');
  const mode = call.args.length === 3 ? call.constant(2).toUpperCase() : 'HALF_AWAY_FROM_ZERO';
  const scale = scaleArg === undefined ? { ...bound(integer, '0', false), constant: { cell: '0' } } : call.cast(scaleArg, integer);
  const nullable = value.nullable || scale.nullable;
  const places = `CAST(${scale.sql} AS INTEGER)`;
  if (value.type.kind !== 'NUMBER') {
    const x = call.cast(value, float).sql;
    if (fn === 'round') return bound(float, `round(${x}, ${places})`, nullable);
    return bound(
      float,
      scaleArg === undefined ? `${fn}(${x})` : `(${fn}(${x} * pow(10, ${places})) / pow(10, ${places}))`,
      nullable,
    );
  }
  const constant = scale.constant?.cell;
  const type = constant === undefined || constant === null ? value.type : rounded(value, Number(constant));
  const digits = constant === undefined || constant === null ? undefined : Number(constant);
  if (digits !== undefined && digits >= value.type.scale) return bound(value.type, value.sql, nullable);
  if (fn === 'round' && mode === 'HALF_AWAY_FROM_ZERO' && digits !== undefined && digits >= 0) {
    return bound(type, `CAST(${value.sql} AS ${physicalType(type)})`, nullable);
  }
  const name = fn === 'round' && mode === 'HALF_TO_EVEN' ? 'half_even' : fn;
  return bound(
    type,
    `CAST(sf_round(CAST(${value.sql} AS VARCHAR), CAST(${scale.sql} AS BIGINT), '${name}') AS ${physicalType(type)})`,
    nullable,
  );
}

function extreme(call: CallSite, fn: 'greatest' | 'least', ignoreNulls: boolean): Bound {
  if (call.args.length === 0) throw call.countError('1');
  const values = unify(call.args, call.name, call.context);
  const type = values[0]?.type ?? types.varchar();
  const list = values.map((value) => value.sql).join(', ');
  const nullable = values.filter((value) => value.nullable);
  // DuckDB's pass over NULLs; Snowflake's do not.
  const guard =
    ignoreNulls || nullable.length === 0
      ? ''
      : `CASE WHEN ${nullable.map((value) => `${value.sql} IS NULL`).join(' OR ')} THEN NULL ELSE `;
  const chosen = isSemiStructured(type) ? extremeJson(list, fn) : `${fn}(${list})`;
  return bound(type, `${guard}${chosen}${guard === '' ? '' : ' END'}`, nullable.length > 0);
}

function extremeJson(list: string, fn: 'greatest' | 'least'): string {
  const keyed = `list_transform(list_filter([${list}], lambda sf_x: sf_x IS NOT NULL), lambda sf_x: {'k': sf_variant_key(sf_x), 'v': sf_x})`;
  return `list_sort(${keyed})[${fn === 'greatest' ? '-1' : '1'}].v`;
}

/** Division that gives 0 for a divisor of 0 (and of NULL). */
function divisionOrZero(call: CallSite, nullToo: boolean): Bound {
  const [a, b] = [call.arg(0), call.arg(1)];
  const safe: Bound = { ...b, sql: `nullif(${b.sql}, 0)` };
  const quotient = arithmetic('/', a, safe, call.context);
  const zero = `CAST(0 AS ${physicalType(quotient.type)})`;
  const condition = nullToo ? `coalesce(${b.sql}, 0) = 0` : `${b.sql} = 0`;
  return bound(
    quotient.type,
    `CASE WHEN ${a.sql} IS NULL THEN NULL WHEN ${condition} THEN ${zero} ELSE ${quotient.sql} END`,
    a.nullable || b.nullable,
  );
}

/** TRUNC of a number; of a date it is in functions/date-time.ts. */
export function builtNumericTruncate(call: CallSite): Bound {
  return rounding('trunc', call);
}

// https://docs.snowflake.com/en/sql-reference/functions-numeric
export const numericFunctions: readonly FunctionDefinition[] = [
  scalar(
    'ABS',
    'abs',
    takes('float', float, ([x = '']) => `abs(${x})`),
    takes('number', sameNumber, ([x = '']) => `abs(${x})`),
  ),
  scalar(
    'SIGN',
    'sign',
    takes('float', types.number(2, 0), ([x = '']) => `CAST(sign(${x}) AS DECIMAL(2,0))`),
  ),
  special('ROUND', 'round', 'scalar', (call) => rounding('round', call)),
  special('CEIL CEILING', 'ceil', 'scalar', (call) => rounding('ceil', call)),
  special('FLOOR', 'floor', 'scalar', (call) => rounding('floor', call)),
  special('TRUNCATE', 'trunc', 'scalar', (call) => rounding('trunc', call)),
  special('MOD', 'mod', 'scalar', (call) => arithmetic('%', call.arg(0), call.arg(1), call.context)),
  special('DIV0', 'div0', 'scalar', (call) => divisionOrZero(call, false)),
  special('DIV0NULL', 'div0null', 'scalar', (call) => divisionOrZero(call, true)),
  special('GREATEST', 'greatest', 'scalar', (call) => extreme(call, 'greatest', false)),
  special('LEAST', 'least', 'scalar', (call) => extreme(call, 'least', false)),
  special('GREATEST_IGNORE_NULLS', 'greatest_ignore_nulls', 'scalar', (call) => extreme(call, 'greatest', true)),
  special('LEAST_IGNORE_NULLS', 'least_ignore_nulls', 'scalar', (call) => extreme(call, 'least', true)),
  scalar(
    'POWER POW',
    'pow',
    takes('float float', float, ([x = '', y = '']) => `pow(${x}, ${y})`),
  ),
  real('SQRT', 'sqrt', (x) => `sqrt(${x})`),
  real('CBRT', 'cbrt', (x) => `cbrt(${x})`),
  scalar(
    'SQUARE',
    'square',
    takes('float', float, ([x = '']) => `pow(${x}, 2)`),
  ),
  real('EXP', 'exp', (x) => `exp(${x})`),
  real('LN', 'ln', (x) => `ln(${x})`),
  scalar(
    'LOG',
    'log',
    takes('float float', float, ([base = '', x = '']) => `(ln(${x}) / ln(${base}))`),
  ),
  scalar(
    'FACTORIAL',
    'factorial',
    takes('integer', types.number(38, 0), ([x = '']) => `CAST(factorial(CAST(${x} AS INTEGER)) AS DECIMAL(38,0))`),
  ),
  real('SIN', 'sin', (x) => `sin(${x})`),
  real('COS', 'cos', (x) => `cos(${x})`),
  real('TAN', 'tan', (x) => `tan(${x})`),
  real('COT', 'cot', (x) => `cot(${x})`),
  real('ASIN', 'asin', (x) => `asin(${x})`),
  real('ACOS', 'acos', (x) => `acos(${x})`),
  real('ATAN', 'atan', (x) => `atan(${x})`),
  scalar(
    'ATAN2',
    'atan2',
    takes('float float', float, ([y = '', x = '']) => `atan2(${y}, ${x})`),
  ),
  real('SINH', 'sinh', (x) => `sinh(${x})`),
  real('COSH', 'cosh', (x) => `cosh(${x})`),
  real('TANH', 'tanh', (x) => `tanh(${x})`),
  real('ASINH', 'asinh', (x) => `asinh(${x})`),
  real('ACOSH', 'acosh', (x) => `acosh(${x})`),
  real('ATANH', 'atanh', (x) => `atanh(${x})`),
  real('DEGREES', 'degrees', (x) => `degrees(${x})`),
  real('RADIANS', 'radians', radians),
  scalar(
    'PI',
    'pi',
    takes('', float, () => 'pi()'),
  ),
  scalar(
    'HAVERSINE',
    'haversine',
    takes(
      'float float float float',
      float,
      ([a = '', b = '', c = '', d = '']) =>
        `(2 * 6371 * asin(sqrt(pow(sin((${radians(c)} - ${radians(a)}) / 2), 2) + cos(${radians(a)}) * cos(${radians(c)}) * pow(sin((${radians(d)} - ${radians(b)}) / 2), 2))))`,
    ),
  ),
  scalar(
    'WIDTH_BUCKET',
    'width_bucket',
    takes(
      'float float float integer',
      integer,
      ([x = '', low = '', high = '', n = '']) =>
        `CAST(CASE WHEN ${x} < ${low} THEN 0 WHEN ${x} >= ${high} THEN ${n} + 1 ELSE floor((${x} - ${low}) / ((${high} - ${low}) / ${n})) + 1 END AS DECIMAL(38,0))`,
    ),
  ),
];
