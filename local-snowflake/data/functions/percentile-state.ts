import { types } from '../../sql/types.ts';
import { aggregate, type FunctionDefinition, scalar, takes } from './function-definition.ts';

/** https://docs.snowflake.com/en/user-guide/querying-approximate-percentile-values */
export const percentileStateFunctions: readonly FunctionDefinition[] = [
  aggregate(
    'APPROX_PERCENTILE_ACCUMULATE',
    'approx_percentile_accumulate',
    takes(
      'float',
      types.object,
      (args, call) => `CAST(sf_percentile_accumulate(${call.aggregate('list', args)}) AS JSON)`,
      'always',
    ),
  ),
  aggregate(
    'APPROX_PERCENTILE_COMBINE',
    'approx_percentile_combine',
    takes(
      'json',
      types.object,
      ([state = ''], call) => `CAST(sf_percentile_combine(${call.aggregate('list', [`CAST(${state} AS VARCHAR)`])}) AS JSON)`,
      'always',
    ),
  ),
  scalar(
    'APPROX_PERCENTILE_ESTIMATE',
    'approx_percentile_estimate',
    takes(
      'json float',
      types.float,
      ([state = '', percentile = '']) => `sf_percentile_estimate(CAST(${state} AS VARCHAR), ${percentile})`,
      'always',
    ),
  ),
];
