import { type SnowflakeType, types } from '../../sql/types.ts';

/**
 * Precision and scale of NUMBER results.
 * https://docs.snowflake.com/en/sql-reference/operators-arithmetic#scale-and-precision-in-arithmetic-operations
 */

export type NumberType = Extract<SnowflakeType, { kind: 'NUMBER' }>;

const maxPrecision = 38;

function numberOf(leading: number, scale: number): NumberType {
  return { kind: 'NUMBER', precision: Math.max(1, Math.min(maxPrecision, leading + scale)), scale };
}

function leading(type: NumberType): number {
  return type.precision - type.scale;
}

export function additionType(a: NumberType, b: NumberType): NumberType {
  return numberOf(Math.max(leading(a), leading(b)) + 1, Math.max(a.scale, b.scale));
}

export function multiplicationType(a: NumberType, b: NumberType): NumberType {
  return numberOf(leading(a) + leading(b), Math.min(a.scale + b.scale, Math.max(a.scale, b.scale, 12)));
}

export function divisionType(a: NumberType, b: NumberType): NumberType {
  return numberOf(leading(a) + b.scale, Math.max(a.scale, Math.min(a.scale + 6, 12)));
}

/** Modulo and every other operation on several numbers; also the common type of several numbers: none loses its fraction. */
export function unionType(a: NumberType, b: NumberType): NumberType {
  return numberOf(Math.max(leading(a), leading(b)), Math.max(a.scale, b.scale));
}

/** Twelve digits more than the values have, which is what a trillion of them can need. */
export function sumType(a: NumberType): NumberType {
  return { kind: 'NUMBER', precision: Math.min(maxPrecision, a.precision + 12), scale: a.scale };
}

/** A sum divided by a count. */
export function averageType(a: NumberType): NumberType {
  return {
    kind: 'NUMBER',
    precision: Math.min(maxPrecision, a.precision + 18),
    scale: Math.max(a.scale, Math.min(a.scale + 6, 12)),
  };
}

/** The same over a window. https://docs.snowflake.com/en/sql-reference/functions/avg (examples) */
export function windowAverageType(a: NumberType): NumberType {
  return { kind: 'NUMBER', precision: Math.min(maxPrecision, a.precision + 3), scale: Math.min(37, a.scale + 3) };
}

/** https://docs.snowflake.com/en/sql-reference/functions/variance: squares have twice the digits behind the point. */
export function varianceType(a: NumberType): NumberType {
  return { kind: 'NUMBER', precision: maxPrecision, scale: Math.min(12, 2 * a.scale + 6) };
}

/** Type and plain decimal text of a numeric constant: `1.50` is NUMBER(3,2), `1e10` NUMBER(11,0), more than 38 digits FLOAT. */
export function numericLiteral(written: string): { readonly type: SnowflakeType; readonly text: string } {
  const text = plainDecimal(written);
  const [whole = '', fraction = ''] = text.split('.');
  const digits = whole.replace(/^0+/u, '').length;
  const precision = Math.max(1, digits === 0 && fraction.length > 0 ? fraction.length + 1 : digits + fraction.length);
  if (precision > maxPrecision) return { type: types.float, text: written };
  return { type: types.number(precision, fraction.length), text };
}

/** Moves an exponent into the digits. */
function plainDecimal(written: string): string {
  const [mantissa = '', exponentText] = written.toLowerCase().split('e');
  const [wholeText = '', fractionText = ''] = mantissa.split('.');
  if (exponentText === undefined) {
    const whole = wholeText === '' ? '0' : wholeText;
    return fractionText === '' ? whole : `${whole}.${fractionText}`;
  }
  const exponent = Math.max(-400, Math.min(400, Number(exponentText)));
  const digits = wholeText + fractionText;
  const point = wholeText.length + exponent;
  if (point >= digits.length) return digits.padEnd(point, '0') || '0';
  if (point <= 0) return `0.${'0'.repeat(-point)}${digits}`;
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}
