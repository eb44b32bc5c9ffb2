import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { types } from '../../sql/types.ts';
import { type Bound, bound } from '../bind/bound.ts';
import { variantOf } from '../bind/cast-semi-structured.ts';
import type { CallSite } from './call-site.ts';
import { aggregate, type FunctionDefinition, scalar, special, takes } from './function-definition.ts';

const binary = types.binary();
const count38 = types.number(38, 0);

/** A hash of rows in which nothing is NULL; numbers that are equal hash alike. */
function rowHash(args: readonly Bound[], call: CallSite): string {
  const parts = args.map((arg) => (arg.type.kind === 'NUMBER' ? call.cast(arg, types.float).sql : arg.sql));
  return `CASE WHEN ${args.map((arg) => `${arg.sql} IS NOT NULL`).join(' AND ')} THEN hash(${parts.join(', ')}) END`;
}

/** The list of distinct values that an aggregate's group has, with the call's window. */
function gathered(call: CallSite, sql: string): string {
  return call.aggregate('list', [call.call.distinct ? sql : `DISTINCT ${sql}`]);
}

/** Register and value of a hash, as one number. https://docs.snowflake.com/en/user-guide/querying-approximate-cardinality */
function hllEntry(hash: string): string {
  const rest = `(${hash} & 4503599627370495)`;
  return `CAST((${hash} >> 52) * 64 + CASE WHEN ${rest} = 0 THEN 53 ELSE 52 - CAST(floor(log2(${rest})) AS INTEGER) END AS INTEGER)`;
}

/** MAX_LOG_K sets how exact Apache's sketch is; ours is as exact as HLL, and its bytes are not Apache's. */
function checkMaxLogK(call: CallSite): void {
  if (call.args.length > 2 || call.args.length === 0) throw call.countError('1');
  if (call.args.length === 1) return;
  const k = Number(call.constant(1));
  if (!Number.isInteger(k) || k < 4 || k > 21)
    throw SnowflakeError.of('invalidArgument', { name: call.name, value: call.constant(1) });
}

function states(names: string, fn: string): FunctionDefinition {
  return aggregate(
    names,
    names.toLowerCase(),
    takes(
      'json',
      types.object,
      ([state = ''], call) => `CAST(${fn}(${call.aggregate('list', [`CAST(${state} AS VARCHAR)`])}) AS JSON)`,
      'always',
    ),
  );
}

function minhash(call: CallSite): Bound {
  const [, ...values] = call.args;
  const count = Number(call.constant(0));
  if (values.length === 0) throw call.countError('2');
  if (!(count >= 1 && count <= 1024)) throw SnowflakeError.of('invalidArgument', { name: 'MINHASH', value: call.constant(0) });
  return bound(types.object, `CAST(sf_minhash(${gathered(call, rowHash(values, call))}, ${String(count)}) AS JSON)`, false);
}

function topKAccumulate(call: CallSite): Bound {
  const counters = call.constant(1);
  const counted = `map_entries(${call.aggregate('histogram', [`CAST(${variantOf(call.arg(0))} AS VARCHAR)`])})`;
  const one = `'{"counters":${String(Number(counters))},"state":[[' || e.key || ',' || CAST(e.value AS VARCHAR) || ']]}'`;
  return bound(
    types.object,
    `CAST(sf_top_k_combine(list_transform(${counted}, lambda e: ${one}), ${String(Number(counters))}) AS JSON)`,
  );
}

/** Aggregates that give a state to keep and to combine, and what reads such states. */
export const sketchFunctions: readonly FunctionDefinition[] = [
  special('HLL_ACCUMULATE', 'hll_accumulate', 'aggregate', (call) => {
    if (call.args.length === 0) throw call.countError('1');
    return bound(binary, `sf_hll_accumulate(${gathered(call, hllEntry(rowHash(call.args, call)))})`, false);
  }),
  aggregate(
    'HLL_COMBINE',
    'hll_combine',
    takes('binary', binary, ([state = ''], call) => `sf_hll_combine(${call.aggregate('list', [state])})`, 'never'),
  ),
  scalar(
    'HLL_ESTIMATE',
    'hll_estimate',
    takes('binary', count38, ([state = '']) => `CAST(sf_hll_estimate(${state}) AS DECIMAL(38,0))`),
  ),
  scalar(
    'HLL_EXPORT',
    'hll_export',
    takes('binary', types.object, ([state = '']) => `CAST(sf_hll_export(${state}) AS JSON)`),
  ),
  scalar(
    'HLL_IMPORT',
    'hll_import',
    takes('object', binary, ([state = '']) => `sf_hll_import(CAST(${state} AS VARCHAR))`),
  ),
  // https://docs.snowflake.com/en/sql-reference/functions/datasketches_hll_accumulate
  special('DATASKETCHES_HLL_ACCUMULATE', 'datasketches_hll_accumulate', 'aggregate', (call) => {
    checkMaxLogK(call);
    const entry = hllEntry(rowHash([call.arg(0)], call));
    return bound(binary, `sf_hll_accumulate(${gathered(call, entry)})`, false);
  }),
  special('DATASKETCHES_HLL_COMBINE', 'datasketches_hll_combine', 'aggregate', (call) => {
    checkMaxLogK(call);
    return bound(binary, `sf_hll_combine(${call.aggregate('list', [call.cast(call.arg(0), binary).sql])})`, true);
  }),
  special('DATASKETCHES_HLL', 'datasketches_hll', 'aggregate', (call) => {
    checkMaxLogK(call);
    const entry = hllEntry(rowHash([call.arg(0)], call));
    return bound(types.float, `CAST(sf_hll_estimate(sf_hll_accumulate(${gathered(call, entry)})) AS DOUBLE)`, false);
  }),
  scalar(
    'DATASKETCHES_HLL_ESTIMATE',
    'datasketches_hll_estimate',
    takes('binary', types.float, ([state = '']) => `CAST(sf_hll_estimate(${state}) AS DOUBLE)`),
  ),
  special('MINHASH', 'minhash', 'aggregate', minhash),
  states('MINHASH_COMBINE', 'sf_minhash_combine'),
  aggregate(
    'APPROXIMATE_SIMILARITY APPROXIMATE_JACCARD_INDEX',
    'approximate_similarity',
    takes(
      'json',
      types.float,
      ([state = ''], call) => `sf_minhash_similarity(${call.aggregate('list', [`CAST(${state} AS VARCHAR)`])})`,
      'always',
    ),
  ),
  special('APPROX_TOP_K_ACCUMULATE', 'approx_top_k_accumulate', 'aggregate', topKAccumulate),
  special('APPROX_TOP_K_COMBINE', 'approx_top_k_combine', 'aggregate', (call) => {
    const state = call.cast(call.arg(0), types.object).sql;
    const counters = call.args.length > 1 ? String(Number(call.constant(1))) : '0';
    return bound(
      types.object,
      `CAST(sf_top_k_combine(${call.aggregate('list', [`CAST(${state} AS VARCHAR)`])}, ${counters}) AS JSON)`,
    );
  }),
  scalar(
    'APPROX_TOP_K_ESTIMATE',
    'approx_top_k_estimate',
    takes(
      'json integer?',
      types.array,
      ([state = '', k = '1']) => `CAST(sf_top_k_estimate(CAST(${state} AS VARCHAR), ${k}) AS JSON)`,
    ),
  ),
];
