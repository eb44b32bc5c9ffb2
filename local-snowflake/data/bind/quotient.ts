import { physicalType } from '../duckdb/physical-type.ts';
import type { NumberType } from '../types/numeric-rules.ts';

/** SQL of a DECIMAL and its scale. */
interface Operand {
  readonly sql: string;
  readonly scale: number;
}

/** Digits that 64-bit integers and DuckDB's decimals of that size hold. */
const narrowDigits = 18;
/** Operands stand in the text twice, so that divisions of divisions would grow without end. */
const longestOperands = 1500;

/**
 * Exact division: an integer division with one digit more than wanted, which the cast to the result's scale rounds away
 * (half away from zero). DuckDB divides integers of 64 bits some forty times faster than wider ones, so that these are left to
 * the rows that need them.
 * @param divisor says what becomes of a divisor's digits that may be zero
 * @param repeatable whether the operands may stand in the text twice
 */
export function quotient(a: Operand, b: Operand, type: NumberType, divisor: (sql: string) => string, repeatable: boolean): string {
  const digits = type.scale + 1;
  const shift = digits + b.scale - a.scale;
  const rounded = (integer: string): string =>
    `CAST(${integer} * CAST(0.${'0'.repeat(digits - 1)}1 AS DECIMAL(${String(digits)},${String(digits)})) AS ${physicalType(type)})`;
  const dividend = `(${wideDigits(a)} * CAST(${power(Math.max(0, shift))} AS HUGEINT))`;
  const wide = rounded(`CAST(${dividend} // ${divisor(wideDigits(b))} AS DECIMAL(38,0))`);
  // Room for the dividend's digits before it is shifted, and for those of either while its point is moved.
  const room = Math.min(narrowDigits - shift, narrowDigits - a.scale - 1);
  const narrow = shift >= 0 && room > a.scale && narrowDigits - b.scale - 1 > b.scale && narrowDigits + digits <= 38;
  if (!narrow || !repeatable || a.sql.length + b.sql.length > longestOperands) return wide;
  const shifted = `(${narrowDigitsOf(a, room)} * CAST(${power(shift)} AS BIGINT))`;
  const quick = `${shifted} // ${divisor(narrowDigitsOf(b, narrowDigits - b.scale - 1))}`;
  return `coalesce(${rounded(`CAST(${quick} AS DECIMAL(${String(narrowDigits)},0))`)}, ${wide})`;
}

/** A DECIMAL's digits as an integer of 128 bits. */
function wideDigits({ sql, scale }: Operand): string {
  // DuckDB keeps products of narrow decimals narrow, whatever becomes of their digits.
  return scale === 0
    ? `CAST(${sql} AS HUGEINT)`
    : `CAST(CAST(${sql} AS DECIMAL(38,${String(scale)})) * ${power(scale)} AS HUGEINT)`;
}

/** A DECIMAL's digits as an integer of 64 bits; NULL where there are more than `room`. */
function narrowDigitsOf({ sql, scale }: Operand, room: number): string {
  const fitting = `TRY_CAST(${sql} AS DECIMAL(${String(room)},${String(scale)}))`;
  return scale === 0 ? `CAST(${fitting} AS BIGINT)` : `CAST(${fitting} * ${power(scale)} AS BIGINT)`;
}

function power(exponent: number): string {
  return `CAST(1${'0'.repeat(exponent)} AS DECIMAL(${String(exponent + 1)},0))`;
}
