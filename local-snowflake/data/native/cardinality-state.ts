import { BIGINT, BLOB, DuckDBBlobValue, DuckDBListValue, type DuckDBValue, INTEGER, LIST, VARCHAR } from '@duckdb/node-api';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { parseObject } from './sketch-state.ts';
import type { NativeFunction } from './native-function.ts';

const size = 4096;
/** Bits of a hash behind the twelve that choose the register; their leading zeros and one more are its value. */
const depth = 52;

type Registers = Uint8Array;

/** Entries are `64 * register + value`. */
function fromEntries(list: DuckDBValue | undefined): Registers {
  const registers = new Uint8Array(size);
  for (const entry of list instanceof DuckDBListValue ? list.items : []) {
    if (entry === null) continue;
    const register = Number(entry) >> 6;
    registers[register] = Math.max(registers[register] ?? 0, Number(entry) & 63);
  }
  return registers;
}

function fromBinary(value: DuckDBValue | undefined): Registers {
  const bytes = value instanceof DuckDBBlobValue ? value.bytes : new Uint8Array();
  if (bytes.length !== size) throw SnowflakeError.of('invalidArgument', { name: 'HLL_ESTIMATE', value: 'no HyperLogLog state' });
  return bytes;
}

function merged(states: readonly Registers[]): Registers {
  const registers = new Uint8Array(size);
  for (const state of states) state.forEach((value, index) => (registers[index] = Math.max(registers[index] ?? 0, value)));
  return registers;
}

/** Ertl's estimator: unbiased for few and for many values alike. https://arxiv.org/abs/1702.01284 */
function estimate(registers: Registers): bigint {
  const counts = Array.from({ length: depth + 2 }, () => 0);
  for (const value of registers) counts[value] = (counts[value] ?? 0) + 1;
  let z = size * tau(1 - (counts[depth + 1] ?? 0) / size);
  for (let value = depth; value >= 1; value -= 1) z = (z + (counts[value] ?? 0)) / 2;
  z += size * sigma((counts[0] ?? 0) / size);
  return BigInt(Math.round((size * size) / (2 * Math.LN2) / z));
}

function sigma(share: number): number {
  if (share === 1) return Infinity;
  let [x, y, z, before] = [share, 1, share, -1];
  while (z !== before) {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  }
  return z;
}

function tau(share: number): number {
  if (share === 0 || share === 1) return 0;
  let [x, y, z, before] = [share, 1, 1 - share, -1];
  while (z !== before) {
    x = Math.sqrt(x);
    before = z;
    y /= 2;
    z -= (1 - x) ** 2 * y;
  }
  return z / 3;
}

/** https://docs.snowflake.com/en/user-guide/querying-approximate-cardinality#exported-state-format */
function exported(registers: Registers): string {
  const used = [...registers.entries()].filter(([, value]) => value > 0);
  const content =
    used.length > size / 4
      ? { dense: [...registers] }
      : { sparse: { indices: used.map(([index]) => index), maxLzCounts: used.map(([, value]) => value) } };
  return JSON.stringify({ ...content, precision: 12, version: 3 });
}

function imported(text: string): Registers {
  const { dense, sparse } = parseObject(text, 'HyperLogLog') as {
    readonly dense?: readonly number[];
    readonly sparse?: { readonly indices?: readonly number[]; readonly maxLzCounts?: readonly number[] };
  };
  if (Array.isArray(dense) && dense.length === size) return Uint8Array.from(dense);
  const { indices, maxLzCounts } = sparse ?? {};
  const legal =
    indices !== undefined &&
    indices.length === maxLzCounts?.length &&
    new Set(indices).size === indices.length &&
    indices.every((index) => Number.isInteger(index) && index >= 0 && index < size);
  if (!legal) throw SnowflakeError.of('variantCast', { value: text, type: 'HyperLogLog' });
  const registers = new Uint8Array(size);
  indices.forEach((register, place) => (registers[register] = maxLzCounts?.[place] ?? 0));
  return registers;
}

export const cardinalityNatives: readonly NativeFunction[] = [
  {
    name: 'sf_hll_accumulate',
    parameters: [LIST(INTEGER)],
    returns: BLOB,
    nullArguments: true,
    call: (entries) => new DuckDBBlobValue(fromEntries(entries)),
  },
  {
    name: 'sf_hll_combine',
    parameters: [LIST(BLOB)],
    returns: BLOB,
    nullArguments: true,
    call: (states) =>
      new DuckDBBlobValue(
        merged(states instanceof DuckDBListValue ? states.items.filter((state) => state !== null).map(fromBinary) : []),
      ),
  },
  { name: 'sf_hll_estimate', parameters: [BLOB], returns: BIGINT, call: (state) => estimate(fromBinary(state)) },
  { name: 'sf_hll_export', parameters: [BLOB], returns: VARCHAR, call: (state) => exported(fromBinary(state)) },
  { name: 'sf_hll_import', parameters: [VARCHAR], returns: BLOB, call: (text) => new DuckDBBlobValue(imported(String(text))) },
];
