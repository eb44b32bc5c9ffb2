/**
 * Decompression of bzip2 files, which Node.js does not have.
 * The format is written down at https://github.com/dsnet/compress/blob/master/doc/bzip2-format.pdf
 */

const blockMark = 0x314159265359;
const endMark = 0x177245385090;

/** @throws Error when the bytes are no bzip2 file, or a damaged one */
export function bunzip2(bytes: Uint8Array): Buffer {
  const bits = new BitReader(bytes);
  const parts: Buffer[] = [];
  // Files may stand one behind the other, as several processors write them.
  do {
    if (bits.read(16) !== 0x425a || bits.read(8) !== 0x68) throw new Error('not a bzip2 file');
    const size = bits.read(8) - 0x30;
    if (size < 1 || size > 9) throw new Error('not a bzip2 file');
    readStream(bits, size * 100_000, parts);
    bits.align();
  } while (!bits.atEnd);
  return Buffer.concat(parts);
}

function readStream(bits: BitReader, blockSize: number, parts: Buffer[]): void {
  let whole = 0;
  for (;;) {
    const mark = bits.read(24) * 2 ** 24 + bits.read(24);
    const sum = bits.read(32);
    if (mark === endMark) {
      if (sum !== whole) throw new Error('bzip2: checksum of the file does not agree');
      return;
    }
    if (mark !== blockMark) throw new Error('bzip2: no block where one should be');
    const block = readBlock(bits, blockSize);
    if (checksum(block) !== sum) throw new Error('bzip2: checksum of a block does not agree');
    whole = (((whole << 1) | (whole >>> 31)) ^ sum) >>> 0;
    parts.push(block);
  }
}

class BitReader {
  readonly #bytes: Uint8Array;
  #position = 0;
  #bit = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#position >= this.#bytes.length;
  }

  align(): void {
    if (this.#bit > 0) this.#position += 1;
    this.#bit = 0;
  }

  /** A number of up to 32 bits, the highest first. */
  read(count: number): number {
    let value = 0;
    let left = count;
    while (left > 0) {
      const byte = this.#bytes[this.#position];
      if (byte === undefined) throw new Error('bzip2: the file ends too early');
      const taken = Math.min(left, 8 - this.#bit);
      value = value * 2 ** taken + ((byte >> (8 - this.#bit - taken)) & ((1 << taken) - 1));
      left -= taken;
      this.#bit += taken;
      if (this.#bit === 8) {
        this.#bit = 0;
        this.#position += 1;
      }
    }
    return value;
  }
}

/** Symbols of one Huffman code by the lengths of their codes, the shortest first. */
class HuffmanCode {
  readonly #symbols: readonly number[];
  /** Of each length: the first code, and where its symbols begin. */
  readonly #lengths: readonly { readonly first: number; readonly count: number; readonly from: number }[];

  constructor(lengths: readonly number[]) {
    const longest = Math.max(...lengths);
    this.#symbols = [...lengths.keys()].sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0) || a - b);
    let code = 0;
    let from = 0;
    this.#lengths = Array.from({ length: longest }, (_, index) => {
      const count = lengths.filter((length) => length === index + 1).length;
      const entry = { first: code, count, from };
      code = (code + count) * 2;
      from += count;
      return entry;
    });
  }

  next(bits: BitReader): number {
    let code = 0;
    for (const { first, count, from } of this.#lengths) {
      code = code * 2 + bits.read(1);
      if (code - first < count) return this.#symbols[from + code - first] ?? 0;
    }
    throw new Error('bzip2: no such code');
  }
}

function readBlock(bits: BitReader, blockSize: number): Buffer {
  if (bits.read(1) === 1) throw new Error('bzip2: randomised blocks are not supported');
  const origin = bits.read(24);
  const bytes = usedBytes(bits);
  const groups = bits.read(3);
  const selectors = readSelectors(bits, groups);
  const codes = Array.from({ length: groups }, () => new HuffmanCode(codeLengths(bits, bytes.length + 2)));
  const moved = readMoved(bits, codes, selectors, bytes, blockSize);
  return withoutRuns(inverted(moved, origin));
}

/** Bytes that occur in a block, as a map of maps of bits. */
function usedBytes(bits: BitReader): number[] {
  const rows = bits.read(16);
  const found: number[] = [];
  for (let row = 0; row < 16; row += 1) {
    if (((rows >> (15 - row)) & 1) === 0) continue;
    const columns = bits.read(16);
    for (let column = 0; column < 16; column += 1) if (((columns >> (15 - column)) & 1) === 1) found.push(row * 16 + column);
  }
  return found;
}

/** Which code each fifty symbols have, moved to the front when it was used. */
function readSelectors(bits: BitReader, groups: number): number[] {
  const order = Array.from({ length: groups }, (_, index) => index);
  return Array.from({ length: bits.read(15) }, () => {
    let place = 0;
    while (bits.read(1) === 1) place += 1;
    return toFront(order, place);
  });
}

function toFront(order: number[], place: number): number {
  const [value] = order.splice(place, 1);
  if (value === undefined) throw new Error('bzip2: no such symbol');
  order.unshift(value);
  return value;
}

function codeLengths(bits: BitReader, symbols: number): number[] {
  let length = bits.read(5);
  return Array.from({ length: symbols }, () => {
    while (bits.read(1) === 1) length += bits.read(1) === 0 ? 1 : -1;
    if (length < 1 || length > 20) throw new Error('bzip2: no such length of a code');
    return length;
  });
}

const symbolsOfSelector = 50;

/** The block before its bytes are put back in order: runs of the byte in front are counted in digits of 1 and 2. */
function readMoved(
  bits: BitReader,
  codes: readonly HuffmanCode[],
  selectors: readonly number[],
  bytes: readonly number[],
  blockSize: number,
): Uint8Array {
  const block = new Uint8Array(blockSize);
  const order = [...bytes];
  const end = bytes.length + 1;
  let length = 0;
  let run = 0;
  let digit = 1;
  for (let count = 0; ; count += 1) {
    const code = codes[selectors[Math.floor(count / symbolsOfSelector)] ?? -1];
    if (code === undefined) throw new Error('bzip2: no code for the symbols');
    const symbol = code.next(bits);
    if (symbol <= 1) {
      run += digit * (symbol + 1);
      digit *= 2;
      continue;
    }
    if (length + run > blockSize) throw new Error('bzip2: a block larger than its size');
    block.fill(order[0] ?? 0, length, length + run);
    length += run;
    run = 0;
    digit = 1;
    if (symbol === end) return block.subarray(0, length);
    if (length === blockSize) throw new Error('bzip2: a block larger than its size');
    block[length] = toFront(order, symbol - 1);
    length += 1;
  }
}

/** The Burrows-Wheeler transform, back. */
function inverted(block: Uint8Array, origin: number): Uint8Array {
  const starts = new Uint32Array(257);
  for (const byte of block) starts[byte + 1] = (starts[byte + 1] ?? 0) + 1;
  for (let byte = 1; byte < 257; byte += 1) starts[byte] = (starts[byte] ?? 0) + (starts[byte - 1] ?? 0);
  const next = new Uint32Array(block.length);
  block.forEach((byte, index) => {
    const place = starts[byte] ?? 0;
    next[place] = index;
    starts[byte] = place + 1;
  });
  const result = new Uint8Array(block.length);
  let at = next[origin] ?? 0;
  for (let index = 0; index < block.length; index += 1) {
    result[index] = block[at] ?? 0;
    at = next[at] ?? 0;
  }
  return result;
}

/** Behind four equal bytes stands how many more there are. */
function withoutRuns(block: Uint8Array): Buffer {
  const parts: number[] = [];
  const pieces: Buffer[] = [];
  let equal = 0;
  let last = -1;
  for (const byte of block) {
    if (equal === 4) {
      for (let count = 0; count < byte; count += 1) parts.push(last);
      equal = 0;
      last = -1;
    } else {
      equal = byte === last ? equal + 1 : 1;
      last = byte;
      parts.push(byte);
    }
    if (parts.length > 60_000) pieces.push(Buffer.from(parts.splice(0)));
  }
  return Buffer.concat([...pieces, Buffer.from(parts)]);
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) value = value < 0 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value >>> 0;
});

function checksum(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = ((sum << 8) ^ (table[((sum >>> 24) ^ byte) & 255] ?? 0)) >>> 0;
  return (sum ^ 0xffffffff) >>> 0;
}
