import { BIGINT, DOUBLE, type DuckDBValue, LIST, UBIGINT, VARCHAR } from '@duckdb/node-api';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { gathered, parseObject } from './sketch-state.ts';
import type { NativeFunction } from './native-function.ts';

/** Another 52 bits for each of the functions, from the halves of one hash. */
function mix(high: number, low: number, fn: number): number {
  let a = Math.imul(high ^ Math.imul(fn + 1, 0x9e3779b1), 0x85ebca6b);
  let b = Math.imul(low ^ Math.imul(fn + 1, 0x27d4eb2f), 0xc2b2ae35);
  a = Math.imul(a ^ (a >>> 15) ^ b, 0x2c1b3c6d);
  b = Math.imul(b ^ (b >>> 13) ^ a, 0x297a2d39);
  return ((a ^ (a >>> 16)) >>> 0) * 0x100000 + ((b ^ (b >>> 15)) >>> 12);
}

/** The least value of each of `count` hash functions. https://docs.snowflake.com/en/user-guide/querying-approximate-similarity */
function minima(list: DuckDBValue | undefined, count: number): number[] {
  const least = Array.from({ length: count }, () => Infinity);
  for (const hash of gathered(list)) {
    const bits = BigInt(String(hash));
    const [high, low] = [Number(bits >> 32n), Number(bits & 0xffffffffn)];
    for (let fn = 0; fn < count; fn += 1) least[fn] = Math.min(least[fn] ?? Infinity, mix(high, low, fn));
  }
  return least;
}

function write(state: readonly number[]): string {
  return JSON.stringify({ state: state.map((value) => (value === Infinity ? null : value)), type: 'minhash', version: 1 });
}

function read(text: DuckDBValue): number[] {
  const { state, type } = parseObject(String(text), 'MinHash');
  if (type !== 'minhash' || !Array.isArray(state)) throw SnowflakeError.of('variantCast', { value: String(text), type: 'MinHash' });
  return state.map((value: unknown) => (value === null ? Infinity : Number(value)));
}

function states(list: DuckDBValue | undefined): number[][] {
  const known = gathered(list).map(read);
  const [first] = known;
  if (known.some((state) => state.length !== first?.length))
    throw SnowflakeError.of('invalidArgument', { name: 'MINHASH_COMBINE', value: 'states of unlike lengths' });
  return known;
}

/** The share of functions on whose least value all states agree. */
function agreement(all: readonly (readonly number[])[]): number | null {
  const [first] = all;
  if (first === undefined) return null;
  const equal = first.filter((value, fn) => value !== Infinity && all.every((state) => state[fn] === value));
  return equal.length / first.length;
}

export const similarityNatives: readonly NativeFunction[] = [
  {
    name: 'sf_minhash',
    parameters: [LIST(UBIGINT), BIGINT],
    returns: VARCHAR,
    nullArguments: true,
    call: (list, count) => write(minima(list, Number(count))),
  },
  {
    name: 'sf_minhash_combine',
    parameters: [LIST(VARCHAR)],
    returns: VARCHAR,
    call: (list) => {
      const all = states(list);
      return write((all[0] ?? []).map((_, fn) => Math.min(...all.map((state) => state[fn] ?? Infinity))));
    },
  },
  {
    name: 'sf_minhash_similarity',
    parameters: [LIST(VARCHAR)],
    returns: DOUBLE,
    call: (list) => agreement(states(list)),
  },
];
