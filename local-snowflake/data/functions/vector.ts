import { type SnowflakeType, sameType, types } from '../../sql/types.ts';
import { type Bound, bound } from '../bind/bound.ts';
import { each } from '../bind/structured-sql.ts';
import { physicalType } from '../duckdb/physical-type.ts';
import { raise } from '../duckdb/raised.ts';
import type { CallSite } from './call-site.ts';
import { type FunctionDefinition, special } from './function-definition.ts';

type VectorType = Extract<SnowflakeType, { kind: 'VECTOR' }>;

function vectorType(call: CallSite, value: Bound): VectorType {
  if (value.type.kind !== 'VECTOR') throw call.typesError();
  return value.type;
}

/** A vector with the precision of a FLOAT. */
function doubles(value: Bound, { dimension }: VectorType): string {
  return `CAST(${value.sql} AS DOUBLE[${String(dimension)}])`;
}

/** A measure of two vectors of one type. */
function measure(name: string, sql: (a: string, b: string) => string): FunctionDefinition {
  return special(name, name.toLowerCase(), 'scalar', (call) => {
    if (call.args.length !== 2) throw call.countError('2');
    const given = [call.arg(0), call.arg(1)];
    const known = given.find((each_) => each_.untyped !== true) ?? call.arg(0);
    const type = vectorType(call, known);
    const [a = known, b = known] = given.map((each_) => (each_.untyped === true ? call.cast(each_, type) : each_));
    if (!sameType(a.type, b.type)) throw call.typesError();
    return call.result(types.float, sql(doubles(a, type), doubles(b, type)));
  });
}

/** An aggregate of each element over all vectors of a group. */
function elementwise(name: string, fn: string, result: (type: VectorType) => VectorType): FunctionDefinition {
  return special(name, name.toLowerCase(), 'aggregate', (call) => {
    if (call.args.length !== 1) throw call.countError('1');
    if (call.over !== undefined || call.call.distinct) throw call.typesError();
    const value = call.arg(0);
    const type = vectorType(call, value);
    const elements = Array.from(
      { length: type.dimension },
      (_, index) => `${fn}(CAST((${value.sql})[${String(index + 1)}] AS DOUBLE))`,
    );
    const made = result(type);
    return bound(
      made,
      `CASE WHEN count(${value.sql}) = 0 THEN NULL ELSE CAST([${elements.join(', ')}] AS ${physicalType(made)}) END`,
    );
  });
}

const float = ({ dimension }: VectorType): VectorType => ({ kind: 'VECTOR', element: 'FLOAT', dimension });

/** https://docs.snowflake.com/en/sql-reference/functions/vector_truncate: the first elements, as many as the constant says. */
function truncate(call: CallSite): Bound {
  if (call.args.length !== 2) throw call.countError('2');
  const value = call.arg(0);
  const type = vectorType(call, value);
  const dimension = Number(call.constant(1));
  if (!Number.isInteger(dimension) || dimension < 1 || dimension > type.dimension) throw call.typesError();
  const shorter: VectorType = { ...type, dimension };
  const list = physicalType(type).replace(/\[\d+\]$/u, '[]');
  return call.result(
    shorter,
    `CAST(list_slice(CAST(${value.sql} AS ${list}), 1, ${String(dimension)}) AS ${physicalType(shorter)})`,
  );
}

/** https://docs.snowflake.com/en/sql-reference/functions/vector_normalize: the same direction, of length 1. */
function normalize(call: CallSite): Bound {
  if (call.args.length !== 1) throw call.countError('1');
  const value = call.arg(0);
  const type = vectorType(call, value);
  const vector = doubles(value, type);
  const length = `sqrt(array_inner_product(${vector}, ${vector}))`;
  const scaled = each(
    `CAST(${value.sql} AS DOUBLE[])`,
    (item) => `${item} / CASE WHEN ${length} = 0 THEN ${raise('divisionByZero', {})} ELSE ${length} END`,
  );
  return call.result(float(type), `CAST(${scaled} AS ${physicalType(float(type))})`);
}

// https://docs.snowflake.com/en/sql-reference/functions-vector
export const vectorFunctions: readonly FunctionDefinition[] = [
  measure('VECTOR_INNER_PRODUCT', (a, b) => `array_inner_product(${a}, ${b})`),
  measure('VECTOR_L2_DISTANCE', (a, b) => `array_distance(${a}, ${b})`),
  measure('VECTOR_COSINE_SIMILARITY', (a, b) => `array_cosine_similarity(${a}, ${b})`),
  measure(
    'VECTOR_L1_DISTANCE',
    (a, b) =>
      `list_sum(list_transform(list_zip(CAST(${a} AS DOUBLE[]), CAST(${b} AS DOUBLE[])), lambda sf_p: abs(sf_p[1] - sf_p[2])))`,
  ),
  special('VECTOR_TRUNCATE', 'vector_truncate', 'scalar', truncate),
  special('VECTOR_NORMALIZE', 'vector_normalize', 'scalar', normalize),
  elementwise('VECTOR_SUM', 'sum', (type) => type),
  elementwise('VECTOR_MIN', 'min', (type) => type),
  elementwise('VECTOR_MAX', 'max', (type) => type),
  elementwise('VECTOR_AVG', 'avg', float),
];
