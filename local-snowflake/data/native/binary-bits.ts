import { BIGINT, BLOB, DuckDBBlobValue, type DuckDBValue, VARCHAR } from '@duckdb/node-api';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { NativeFunction } from './native-function.ts';

function bytesOf(value: DuckDBValue | undefined): Uint8Array {
  return value instanceof DuckDBBlobValue ? value.bytes : new Uint8Array();
}

/** The shorter of two values gets zeros on the side that `padside` names; '' allows no padding. */
function sameLength(a: Uint8Array, b: Uint8Array, padside: string): readonly [Uint8Array, Uint8Array] {
  if (a.length === b.length) return [a, b];
  if (padside === '') throw SnowflakeError.of('binaryLengths', { first: a.length, second: b.length });
  const length = Math.max(a.length, b.length);
  const padded = (bytes: Uint8Array): Uint8Array => {
    const wide = new Uint8Array(length);
    wide.set(bytes, padside === 'LEFT' ? length - bytes.length : 0);
    return wide;
  };
  return [padded(a), padded(b)];
}

function bitwise(name: string, work: (a: number, b: number) => number): NativeFunction {
  return {
    name,
    parameters: [BLOB, BLOB, VARCHAR],
    returns: BLOB,
    call: (first, second, padside) => {
      const [a, b] = sameLength(bytesOf(first), bytesOf(second), String(padside));
      return new DuckDBBlobValue(a.map((byte, index) => work(byte, b[index] ?? 0)));
    },
  };
}

/** The value stays as long as it is: what leaves it on one side is lost. */
function shifted(bytes: Uint8Array, by: bigint): Uint8Array {
  if (bytes.length === 0) return bytes;
  const value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  const width = bytes.length * 8;
  const moved = by > BigInt(width) || by < BigInt(-width) ? 0n : by < 0n ? value >> -by : BigInt.asUintN(width, value << by);
  return Buffer.from(moved.toString(16).padStart(width / 4, '0'), 'hex');
}

/** Bits and bytes of BINARY values. https://docs.snowflake.com/en/sql-reference/functions/bitand */
export const binaryBitNatives: readonly NativeFunction[] = [
  bitwise('sf_bytes_and', (a, b) => a & b),
  bitwise('sf_bytes_or', (a, b) => a | b),
  bitwise('sf_bytes_xor', (a, b) => a ^ b),
  {
    name: 'sf_bytes_reverse',
    parameters: [BLOB],
    returns: BLOB,
    call: (bytes) => new DuckDBBlobValue(bytesOf(bytes).toReversed()),
  },
  {
    // POSITION: from 1; 0 when it is not there.
    name: 'sf_bytes_position',
    parameters: [BLOB, BLOB, BIGINT],
    returns: BIGINT,
    call: (what, bytes, from) => BigInt(Buffer.from(bytesOf(bytes)).indexOf(bytesOf(what), Math.max(0, Number(from) - 1)) + 1),
  },
  {
    name: 'sf_bytes_not',
    parameters: [BLOB],
    returns: BLOB,
    call: (bytes) => new DuckDBBlobValue(bytesOf(bytes).map((byte) => ~byte)),
  },
  {
    // To the left; negative counts go to the right.
    name: 'sf_bytes_shift',
    parameters: [BLOB, BIGINT],
    returns: BLOB,
    call: (bytes, by) => new DuckDBBlobValue(shifted(bytesOf(bytes), BigInt(String(by)))),
  },
];
