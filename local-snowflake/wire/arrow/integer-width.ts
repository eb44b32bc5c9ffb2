import type { Row } from '../../sql/result-set.ts';
import type { SnowflakeType } from '../../sql/types.ts';
import type { ArrowType } from './arrow-field.ts';

/** Digits that fit 64 bits whatever they are. */
const longDigits = 18;

/** The narrowest integer that holds every value of a NUMBER column without its point; a decimal when none does. */
export function integerType(type: SnowflakeType, index: number, rows: readonly Row[]): ArrowType {
  if (type.kind !== 'NUMBER') throw new Error('only numbers have a width');
  let smallest = 0;
  let largest = 0;
  for (const row of rows) {
    const cell = row[index];
    if (cell === null || cell === undefined) continue;
    if (cell.length > longDigits && digits(cell, type.scale) > longDigits)
      return { kind: 'decimal', precision: 38, scale: type.scale };
    // Near enough: what is not exact is beyond 53 bits, and so of the widest kind.
    const value = Number(cell);
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
  }
  const factor = 10 ** type.scale;
  const size = Math.max(Math.round(largest * factor), -Math.round(smallest * factor) - 1);
  return { kind: 'int', bits: size < 2 ** 7 ? 8 : size < 2 ** 15 ? 16 : size < 2 ** 31 ? 32 : 64 };
}

function digits(cell: string, scale: number): number {
  const [whole = ''] = cell.replace('-', '').split('.');
  return whole.length + scale;
}
