import { types } from '../../sql/types.ts';
import { physicalType } from '../duckdb/physical-type.ts';
import { varianceType } from '../types/numeric-rules.ts';
import type { CallSite } from './call-site.ts';
import { aggregate, type FunctionDefinition, takes } from './function-definition.ts';
import { numberType } from './number-type.ts';

const count18 = types.number(18, 0);
const { float } = types;

/** Twelve decimals. https://docs.snowflake.com/en/sql-reference/functions/kurtosis */
const kurtosisType = types.number(38, 12);

/** A DuckDB aggregate of the same meaning over floating-point numbers. */
function statistic(names: string, page: string, fn: string, parameters = 'float'): FunctionDefinition {
  return aggregate(
    names,
    page,
    takes(parameters, float, (args, call) => call.aggregate(fn, args), 'always'),
  );
}

/**
 * From the sums of powers, multiplied through by the number of values, so that whole numbers give an exact result;
 * DuckDB's own function loses digits that the type shows.
 */
function kurtosis(x: string, call: CallSite): string {
  const sum = (power: number): string => call.aggregate('sum', [Array.from({ length: power }, () => x).join(' * ')]);
  const moments = `struct_pack(n := CAST(${call.aggregate('count', [x])} AS DOUBLE), a := ${sum(1)}, b := ${sum(2)}, c := ${sum(3)}, d := ${sum(4)})`;
  return `list_transform([${moments}], lambda s: sf.kurtosis(s))[1]`;
}

/** A regression's value: where the line is not determined there is none. https://docs.snowflake.com/en/sql-reference/functions/regr_slope */
function regression(name: string, fn: string): FunctionDefinition {
  const value = (args: readonly string[], call: CallSite): string => `nullif(${call.aggregate(fn, args)}, 'NaN'::DOUBLE)`;
  return aggregate(name, fn, takes('float float', float, value, 'always'));
}

/** The variance of floating-point numbers, exact to the digits that its type has. */
function variance(names: string, page: string, fn: string): FunctionDefinition {
  return aggregate(
    names,
    page,
    takes('float', float, (args, call) => call.aggregate(fn, args), 'always'),
    takes(
      'number',
      ([arg]) => varianceType(numberType(arg)),
      ([x = ''], call, [arg]) =>
        `CAST(${call.aggregate(fn, [`CAST(${x} AS DOUBLE)`])} AS ${physicalType(varianceType(numberType(arg)))})`,
      'always',
    ),
  );
}

/** Deviations, moments and regressions. https://docs.snowflake.com/en/sql-reference/functions-aggregation */
export const statisticFunctions: readonly FunctionDefinition[] = [
  statistic('STDDEV STDDEV_SAMP', 'stddev', 'stddev_samp'),
  statistic('STDDEV_POP', 'stddev_pop', 'stddev_pop'),
  variance('VARIANCE VAR_SAMP VARIANCE_SAMP', 'variance', 'var_samp'),
  variance('VAR_POP VARIANCE_POP', 'variance_pop', 'var_pop'),
  statistic('SKEW', 'skew', 'skewness'),
  aggregate(
    'KURTOSIS',
    'kurtosis',
    takes('float', float, ([x = ''], call) => call.aggregate('kurtosis', [x]), 'always'),
    takes(
      'number',
      kurtosisType,
      ([x = ''], call) => `CAST(${kurtosis(`CAST(${x} AS DOUBLE)`, call)} AS ${physicalType(kurtosisType)})`,
      'always',
    ),
  ),
  statistic('CORR', 'corr', 'corr', 'float float'),
  statistic('COVAR_POP', 'covar_pop', 'covar_pop', 'float float'),
  statistic('COVAR_SAMP', 'covar_samp', 'covar_samp', 'float float'),
  statistic('REGR_AVGX', 'regr_avgx', 'regr_avgx', 'float float'),
  statistic('REGR_AVGY', 'regr_avgy', 'regr_avgy', 'float float'),
  regression('REGR_INTERCEPT', 'regr_intercept'),
  regression('REGR_R2', 'regr_r2'),
  regression('REGR_SLOPE', 'regr_slope'),
  statistic('REGR_SXX', 'regr_sxx', 'regr_sxx', 'float float'),
  statistic('REGR_SXY', 'regr_sxy', 'regr_sxy', 'float float'),
  statistic('REGR_SYY', 'regr_syy', 'regr_syy', 'float float'),
  aggregate(
    'REGR_COUNT',
    'regr_count',
    takes('float float', count18, (args, call) => `CAST(${call.aggregate('regr_count', args)} AS DECIMAL(18,0))`, 'never'),
  ),
];
