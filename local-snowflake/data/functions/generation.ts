import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { types } from '../../sql/types.ts';
import { unify } from '../bind/bind-expression.ts';
import { type Bound, bound } from '../bind/bound.ts';
import { physicalType } from '../duckdb/physical-type.ts';
import type { CallSite } from './call-site.ts';
import { type FunctionDefinition, special } from './function-definition.ts';

const long = types.number(19, 0);

/** GENERATOR's own row number, in reach of SEQ1 … SEQ8 only. */
export const generatedRow = '$GENERATED_ROW';

/** A 64-bit hash as a signed number. */
function signed(hash: string): string {
  return `CAST(CAST(${hash} AS HUGEINT) - 9223372036854775808 AS DECIMAL(19,0))`;
}

/** Rows can be numbered where a window may stand: in the select list, outside of aggregates and other windows. */
function numbersRows({ context }: CallSite): boolean {
  return context.clause === undefined && context.window === undefined && context.block?.aggregateDepth === 0;
}

/**
 * RANDOM: a pseudo-random 64-bit integer; with a seed the same values for the same rows.
 * https://docs.snowflake.com/en/sql-reference/functions/random
 */
function random(call: CallSite): Bound {
  const [seed] = call.args;
  // hash() of a random double, so that all 64 bits vary.
  if (seed === undefined || !numbersRows(call)) return { ...bound(long, signed('hash(random())'), false), volatile: true };
  const number = call.cast(seed, types.number(38, 0));
  return { ...bound(long, signed(`hash(${number.sql}, row_number() OVER ())`), false), volatile: true };
}

/** https://docs.snowflake.com/en/sql-reference/functions/uniform */
function uniform(call: CallSite): Bound {
  if (call.args.length !== 3) throw call.countError('3');
  const [low = call.arg(0), high = call.arg(1)] = unify([call.arg(0), call.arg(1)], 'UNIFORM', call.context);
  const source = call.cast(call.arg(2), types.number(38, 0)).sql;
  if (low.type.kind === 'NUMBER' && low.type.scale === 0) {
    // As wide as the wider bound.
    const type = types.number(Math.max(2, low.type.precision), 0);
    return {
      ...bound(
        type,
        `CAST(${low.sql} + (CAST(hash(${source}) AS HUGEINT) % CAST(${high.sql} - ${low.sql} + 1 AS HUGEINT)) AS ${physicalType(type)})`,
        false,
      ),
      volatile: true,
    };
  }
  const [a, b] = [call.cast(low, types.float).sql, call.cast(high, types.float).sql];
  return {
    ...bound(types.float, `(${a} + (${b} - ${a}) * (CAST(hash(${source}) AS DOUBLE) / 18446744073709551616))`, false),
    volatile: true,
  };
}

/** Box and Muller's transform of two hashes. https://docs.snowflake.com/en/sql-reference/functions/normal */
function normal(call: CallSite): Bound {
  if (call.args.length !== 3) throw call.countError('3');
  const [mean, deviation] = [call.cast(call.arg(0), types.float).sql, call.cast(call.arg(1), types.float).sql];
  const source = call.cast(call.arg(2), types.number(38, 0)).sql;
  const u = (salt: number): string => `((CAST(hash(${source}, ${String(salt)}) AS DOUBLE) + 1) / 18446744073709551617)`;
  return {
    ...bound(types.float, `(${mean} + ${deviation} * sqrt(-2 * ln(${u(1)})) * cos(2 * pi() * ${u(2)}))`, false),
    volatile: true,
  };
}

/** https://docs.snowflake.com/en/sql-reference/functions/zipf */
function zipf(call: CallSite): Bound {
  if (call.args.length !== 3) throw call.countError('3');
  const [exponent, elements] = [Number(call.constant(0)), Number(call.constant(1))];
  if (!(exponent >= 0)) throw SnowflakeError.of('invalidArgument', { name: 'ZIPF', value: call.constant(0) });
  if (!Number.isInteger(elements) || elements < 1 || elements > 16_777_215)
    throw SnowflakeError.of('invalidArgument', { name: 'ZIPF', value: call.constant(1), reason: '1 to 16777215' });
  const source = call.cast(call.arg(2), types.number(38, 0)).sql;
  const share = `(CAST(hash(${source}) AS DOUBLE) / 18446744073709551616)`;
  const sql = `CAST(sf_zipf(CAST(${String(exponent)} AS DOUBLE), ${String(elements)}, ${share}) AS DECIMAL(38,0))`;
  return { ...bound(types.number(38, 0), sql, false), volatile: true };
}

/** The row's number from 0. Inside an aggregate or a condition it is there only where GENERATOR makes the rows. */
function rowNumber(call: CallSite): string {
  if (numbersRows(call)) return 'row_number() OVER () - 1';
  const row = call.context.scope.relations.flatMap((relation) => relation.columns).find((column) => column.name === generatedRow);
  if (row === undefined)
    throw SnowflakeError.of('unsupported', { feature: `${call.name} in an aggregate, a window or a condition` });
  return row.bound().sql;
}

/** SEQ1 … SEQ8 number the rows from 0; they wrap around at their width. https://docs.snowflake.com/en/sql-reference/functions/seq1 */
function sequence(name: string, bytes: number, precision: number): FunctionDefinition {
  return special(name, 'seq1', 'scalar', (call) => {
    const signedRange = call.args.length > 0 && call.constant(0) === '1';
    const bits = 8 * bytes - (signedRange ? 1 : 0);
    return {
      ...bound(
        types.number(precision, 0),
        `CAST((${rowNumber(call)}) % ${String(2n ** BigInt(bits))} AS DECIMAL(${String(precision)},0))`,
        false,
      ),
      volatile: true,
    };
  });
}

// https://docs.snowflake.com/en/sql-reference/functions-data-generation
export const generationFunctions: readonly FunctionDefinition[] = [
  special('RANDOM', 'random', 'scalar', random),
  special('UNIFORM', 'uniform', 'scalar', uniform),
  special('NORMAL', 'normal', 'scalar', normal),
  special('ZIPF', 'zipf', 'scalar', zipf),
  sequence('SEQ1', 1, 3),
  sequence('SEQ2', 2, 5),
  sequence('SEQ4', 4, 10),
  sequence('SEQ8', 8, 19),
  // Equal values of any kind of number hash alike. https://docs.snowflake.com/en/sql-reference/functions/hash
  special('HASH', 'hash', 'scalar', (call) => {
    if (call.args.length === 0) throw call.countError('1');
    const parts = call.args.map((arg) =>
      arg.type.kind === 'NUMBER' ? call.cast(arg, types.float).sql : arg.untyped === true ? 'NULL::VARCHAR' : arg.sql,
    );
    return bound(long, signed(`hash(${parts.join(', ')})`), false);
  }),
];
