import type { Cell } from '../../sql/result-set.ts';

/** Which cells are there, a bit each. */
export function bits(cells: readonly Cell[]): { readonly validity: Uint8Array; readonly nulls: number } {
  const validity = new Uint8Array(Math.ceil(cells.length / 8));
  let nulls = 0;
  cells.forEach((cell, index) => {
    if (cell === null) nulls += 1;
    else setBit(validity, index);
  });
  // No bitmap says the same as a full one.
  return nulls === 0 ? { validity: new Uint8Array(0), nulls } : { validity, nulls };
}

function setBit(target: Uint8Array, index: number): void {
  target[index >> 3] = (target[index >> 3] ?? 0) | (1 << (index & 7));
}

export function booleans(cells: readonly Cell[]): Uint8Array {
  const values = new Uint8Array(Math.ceil(cells.length / 8));
  cells.forEach((cell, index) => {
    if (cell === '1' || cell === 'true') setBit(values, index);
  });
  return values;
}

export function doubles(cells: readonly Cell[]): Uint8Array {
  const values = new Float64Array(cells.length);
  cells.forEach((cell, index) => {
    values[index] = cell === 'inf' ? Infinity : cell === '-inf' ? -Infinity : Number(cell);
  });
  return new Uint8Array(values.buffer);
}

export function dates(cells: readonly Cell[]): Uint8Array {
  return new Uint8Array(Int32Array.from(cells, Number).buffer);
}

/** Numbers of `scale` digits behind the point as whole numbers of these units. */
export function integers(cells: readonly Cell[], scale: number, width: 8 | 16 | 32 | 64): Uint8Array {
  const values = new Uint8Array((cells.length * width) / 8);
  const view = new DataView(values.buffer);
  cells.forEach((cell, index) => {
    if (cell === null) return;
    const text = unscaled(cell, scale);
    if (width === 8) view.setInt8(index, Number(text));
    else if (width === 16) view.setInt16(index * 2, Number(text), true);
    else if (width === 32) view.setInt32(index * 4, Number(text), true);
    else setLong(view, index * 8, text);
  });
  return values;
}

/** The longest text that a JavaScript number holds exactly. */
const exactLength = 15;

function setLong(view: DataView, offset: number, text: string): void {
  if (text.length > exactLength) {
    view.setBigInt64(offset, BigInt(text), true);
    return;
  }
  // Several times faster than a BigInt.
  const value = Number(text);
  view.setInt32(offset, value | 0, true);
  view.setInt32(offset + 4, Math.floor(value / 2 ** 32), true);
}

export function decimals(cells: readonly Cell[], scale: number): Uint8Array {
  const values = new Uint8Array(cells.length * 16);
  const view = new DataView(values.buffer);
  cells.forEach((cell, index) => {
    if (cell === null) return;
    const value = BigInt(unscaled(cell, scale));
    view.setBigUint64(index * 16, BigInt.asUintN(64, value), true);
    view.setBigInt64(index * 16 + 8, value >> 64n, true);
  });
  return values;
}

/** `1.5` with scale 3 is `1500`. What is finer than the scale is cut off. */
function unscaled(cell: string, scale: number): string {
  const point = cell.indexOf('.');
  if (point < 0) return scale === 0 ? cell : cell + '0'.repeat(scale);
  const whole = cell.slice(0, point);
  return scale === 0 ? whole : whole + cell.slice(point + 1, point + 1 + scale).padEnd(scale, '0');
}

export function texts(cells: readonly Cell[]): readonly [offsets: Uint8Array, values: Uint8Array] {
  // One text for all: a buffer for each takes several times as long.
  const together = cells.join('');
  const values = Buffer.from(together);
  const ascii = values.length === together.length;
  return [offsetsOf(cells, (cell) => (ascii ? cell.length : Buffer.byteLength(cell))), values];
}

export function bytes(cells: readonly Cell[]): readonly [offsets: Uint8Array, values: Uint8Array] {
  return [offsetsOf(cells, (cell) => cell.length / 2), Buffer.from(cells.join(''), 'hex')];
}

function offsetsOf(cells: readonly Cell[], length: (cell: string) => number): Uint8Array {
  const offsets = new Int32Array(cells.length + 1);
  let end = 0;
  cells.forEach((cell, index) => {
    if (cell !== null) end += length(cell);
    offsets[index + 1] = end;
  });
  return new Uint8Array(offsets.buffer);
}
