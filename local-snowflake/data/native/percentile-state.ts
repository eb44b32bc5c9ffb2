import { type DuckDBValue, DOUBLE, DuckDBListValue, LIST, VARCHAR } from '@duckdb/node-api';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { floatText } from './json-value.ts';
import type { NativeFunction } from './native-function.ts';

/** So many values stand for themselves, or as many groups of neighbours for larger sets. */
const size = 200;

interface Centroid {
  readonly mean: number;
  readonly weight: number;
}

/** Neighbours are put together, fewer of them near the ends, so that extreme percentiles stay exact. */
function compress(values: readonly Centroid[]): Centroid[] {
  const sorted = values.toSorted((a, b) => a.mean - b.mean);
  if (sorted.length <= size) return sorted;
  const total = sorted.reduce((sum, each) => sum + each.weight, 0);
  const groups: Centroid[] = [];
  let [sum, weight, before] = [0, 0, 0];
  for (const each of sorted) {
    const share = (before + (weight + each.weight) / 2) / total;
    if (weight > 0 && weight + each.weight > (4 * total * share * (1 - share)) / (size / 2)) {
      groups.push({ mean: sum / weight, weight });
      before += weight;
      [sum, weight] = [0, 0];
    }
    sum += each.mean * each.weight;
    weight += each.weight;
  }
  groups.push({ mean: sum / weight, weight });
  return groups;
}

/** Between the middles of the two groups around the place where the percentile falls. */
function estimate(state: readonly Centroid[], percentile: number): number | null {
  const total = state.reduce((sum, each) => sum + each.weight, 0);
  const place = percentile * total;
  let before = 0;
  let last: { readonly at: number; readonly mean: number } | undefined;
  for (const { mean, weight } of state) {
    const at = before + weight / 2;
    if (place <= at) return last === undefined ? mean : last.mean + ((mean - last.mean) * (place - last.at)) / (at - last.at);
    last = { at, mean };
    before += weight;
  }
  return last?.mean ?? null;
}

function write(state: readonly Centroid[]): string {
  const numbers = state.flatMap(({ mean, weight }) => [floatText(mean), floatText(weight)]);
  return `{"state":[${numbers.join(',')}],"type":"tdigest","version":1}`;
}

function read(text: DuckDBValue): Centroid[] {
  const { state, type } = JSON.parse(String(text)) as { state?: unknown; type?: unknown };
  if (type !== 'tdigest' || !Array.isArray(state))
    throw SnowflakeError.of('variantCast', { value: String(text), type: 't-Digest' });
  return Array.from({ length: state.length / 2 }, (_, index) => ({
    mean: Number(state[2 * index]),
    weight: Number(state[2 * index + 1]),
  }));
}

function items(list: DuckDBValue): DuckDBValue[] {
  return list instanceof DuckDBListValue ? list.items.filter((item) => item !== null) : [];
}

/** https://docs.snowflake.com/en/user-guide/querying-approximate-percentile-values */
export const percentileStateNatives: readonly NativeFunction[] = [
  {
    name: 'sf_percentile_accumulate',
    parameters: [LIST(DOUBLE)],
    returns: VARCHAR,
    call: (...[list = null]) => write(compress(items(list).map((value) => ({ mean: Number(value), weight: 1 })))),
  },
  {
    name: 'sf_percentile_combine',
    parameters: [LIST(VARCHAR)],
    returns: VARCHAR,
    call: (...[list = null]) => write(compress(items(list).flatMap(read))),
  },
  {
    name: 'sf_percentile_estimate',
    parameters: [VARCHAR, DOUBLE],
    returns: DOUBLE,
    call: (...[state = null, percentile = null]) => estimate(read(state), Number(percentile)),
  },
];
