import { BIGINT, BLOB, DuckDBBlobValue, DuckDBListValue, type DuckDBValue, INTEGER, LIST } from '@duckdb/node-api';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { gathered } from './sketch-state.ts';
import type { NativeFunction } from './native-function.ts';

const bits = 32_768;
/** Positions are listed up to here; more of them are written as bits behind a mark. */
const listed = 2000;
const denseHeader = 12;

/**
 * How many positions, then each in two bytes, ten bytes at least; or the bits themselves.
 * https://docs.snowflake.com/en/user-guide/querying-bitmaps-for-distinct-counts#creating-bitmaps
 */
function write(positions: ReadonlySet<number>): DuckDBBlobValue {
  if (positions.size <= listed) {
    const bytes = Buffer.alloc(Math.max(10, 2 + 2 * positions.size));
    bytes.writeUInt16BE(positions.size, 0);
    [...positions].toSorted((a, b) => a - b).forEach((position, index) => bytes.writeUInt16LE(position, 2 + 2 * index));
    return new DuckDBBlobValue(bytes);
  }
  const bytes = Buffer.alloc(denseHeader + bits / 8);
  bytes.writeUInt16BE(0xffff, 0);
  for (const position of positions) {
    const at = denseHeader + (position >> 3);
    bytes[at] = (bytes[at] ?? 0) | (1 << (position & 7));
  }
  return new DuckDBBlobValue(bytes);
}

function read(value: DuckDBValue | undefined): number[] {
  const bytes = Buffer.from(value instanceof DuckDBBlobValue ? value.bytes : []);
  const count = bytes.length < 10 ? undefined : bytes.readUInt16BE(0);
  if (count === 0xffff && bytes.length === denseHeader + bits / 8) {
    return Array.from({ length: bits }, (_, position) => position).filter(
      (position) => ((bytes[denseHeader + (position >> 3)] ?? 0) >> (position & 7)) % 2 === 1,
    );
  }
  if (count === undefined || bytes.length < 2 + 2 * count)
    throw SnowflakeError.of('invalidArgument', { name: 'BITMAP_COUNT', value: 'no bitmap' });
  return Array.from({ length: count }, (_, index) => bytes.readUInt16LE(2 + 2 * index));
}

function checked(position: DuckDBValue): number {
  const number = Number(position);
  if (number < 0 || number >= bits)
    throw SnowflakeError.of('invalidArgument', { name: 'BITMAP_CONSTRUCT_AGG', value: String(position) });
  return number;
}

export const bitmapNatives: readonly NativeFunction[] = [
  {
    name: 'sf_bitmap_construct',
    parameters: [LIST(INTEGER)],
    returns: BLOB,
    call: (list) => write(new Set(gathered(list).map(checked))),
  },
  {
    name: 'sf_bitmap_or',
    parameters: [LIST(BLOB)],
    returns: BLOB,
    call: (list) => write(new Set(gathered(list).flatMap(read))),
  },
  {
    name: 'sf_bitmap_and',
    parameters: [LIST(BLOB)],
    returns: BLOB,
    call: (list) => {
      const [first = [], ...others] = gathered(list).map((bitmap) => read(bitmap));
      const sets = others.map((positions) => new Set(positions));
      return write(new Set(first.filter((position) => sets.every((set) => set.has(position)))));
    },
  },
  {
    name: 'sf_bitmap_positions',
    parameters: [BLOB],
    returns: LIST(BIGINT),
    call: (bitmap) => new DuckDBListValue(read(bitmap).map(BigInt)),
  },
  { name: 'sf_bitmap_count', parameters: [BLOB], returns: BIGINT, call: (bitmap) => BigInt(read(bitmap).length) },
];
