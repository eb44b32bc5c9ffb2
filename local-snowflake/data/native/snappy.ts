import { SnowflakeError } from '../../errors/snowflake-error.ts';

/** Of four bytes, where they may have stood before. */
const tableBits = 14;

/**
 * Raw Snappy blocks: the length, then literals and copies of what came before.
 * https://github.com/google/snappy/blob/main/format_description.txt
 */
export function snappyCompress(input: Uint8Array): Uint8Array {
  const bytes = Buffer.from(input);
  const out: number[] = [];
  writeLength(out, bytes.length);
  const table = new Int32Array(1 << tableBits).fill(-1);
  let literal = 0;
  let position = 0;
  while (position + 4 <= bytes.length) {
    const word = bytes.readUInt32LE(position);
    const slot = Math.imul(word, 0x1e35a7bd) >>> (32 - tableBits);
    const before = table[slot] ?? -1;
    table[slot] = position;
    if (before < 0 || position - before > 0xffff || bytes.readUInt32LE(before) !== word) {
      position += 1;
      continue;
    }
    let length = 4;
    while (position + length < bytes.length && bytes[before + length] === bytes[position + length]) length += 1;
    writeLiteral(out, bytes.subarray(literal, position));
    writeCopy(out, position - before, length);
    position += length;
    literal = position;
  }
  writeLiteral(out, bytes.subarray(literal));
  return Uint8Array.from(out);
}

/** @throws SnowflakeError `invalidArgument` for bytes that are no Snappy block */
export function snappyDecompress(input: Uint8Array): Uint8Array {
  const reader = { at: 0 };
  const next = (): number => {
    const byte = input[reader.at];
    if (byte === undefined) throw malformed(input);
    reader.at += 1;
    return byte;
  };
  const little = (count: number): number => {
    let value = 0;
    for (let index = 0; index < count; index += 1) value += next() * 256 ** index;
    return value;
  };
  const expected = readLength(next, input);
  // A byte of copies makes at most some sixty: a longer claim is no block, and must not take the memory it asks for.
  if (expected > input.length * 64) throw malformed(input);
  const out = Buffer.alloc(expected);
  let written = 0;
  while (reader.at < input.length) {
    const tag = next();
    const kind = tag & 3;
    if (kind === 0) {
      const size = tag >> 2;
      const length = (size < 60 ? size : little(size - 59)) + 1;
      if (reader.at + length > input.length || written + length > expected) throw malformed(input);
      out.set(input.subarray(reader.at, reader.at + length), written);
      reader.at += length;
      written += length;
      continue;
    }
    const length = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const offset = kind === 1 ? ((tag >> 5) << 8) + next() : little(kind === 2 ? 2 : 4);
    if (offset === 0 || offset > written || written + length > expected) throw malformed(input);
    // One after the other: a copy may reach into what it writes.
    for (let index = 0; index < length; index += 1, written += 1) out[written] = out[written - offset] ?? 0;
  }
  if (written !== expected) throw malformed(input);
  return out;
}

function malformed(input: Uint8Array): SnowflakeError {
  return SnowflakeError.of('invalidArgument', {
    name: 'DECOMPRESS',
    value: `${String(input.length)} bytes`,
    reason: 'not a Snappy block',
  });
}

function writeLength(out: number[], length: number): void {
  let rest = length;
  for (; rest >= 128; rest = Math.floor(rest / 128)) out.push((rest % 128) + 128);
  out.push(rest);
}

function readLength(next: () => number, input: Uint8Array): number {
  let length = 0;
  for (let shift = 0; shift < 5; shift += 1) {
    const byte = next();
    length += (byte & 127) * 128 ** shift;
    if (byte < 128) return length;
  }
  throw malformed(input);
}

function writeLiteral(out: number[], bytes: Uint8Array): void {
  if (bytes.length === 0) return;
  const size = bytes.length - 1;
  if (size < 60) out.push(size << 2);
  else {
    const width = size < 0x100 ? 1 : size < 0x10000 ? 2 : size < 0x1000000 ? 3 : 4;
    out.push((59 + width) << 2);
    for (let index = 0; index < width; index += 1) out.push(Math.floor(size / 256 ** index) & 255);
  }
  for (const byte of bytes) out.push(byte);
}

/** Copies of up to 64 bytes each, at distances of up to 65,535. */
function writeCopy(out: number[], offset: number, length: number): void {
  for (let rest = length; rest > 0;) {
    const size = Math.min(rest, 64);
    out.push(((size - 1) << 2) | 2, offset & 255, offset >> 8);
    rest -= size;
  }
}
