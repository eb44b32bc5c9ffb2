import { sameType, type SnowflakeType, type TypeKind, types } from '../../sql/types.ts';
import { type NumberType, unionType } from './numeric-rules.ts';
import { commonStructured, isStructured } from './structured-rules.ts';

/** Text that stands where a number is wanted, and says nothing of its scale. */
export const numberOfText: NumberType = { kind: 'NUMBER', precision: 38, scale: 5 };

const timestamps: readonly TypeKind[] = ['TIMESTAMP_NTZ', 'TIMESTAMP_LTZ', 'TIMESTAMP_TZ'];
const semiStructured: readonly TypeKind[] = ['VARIANT', 'OBJECT', 'ARRAY'];

export function isTimestamp(type: SnowflakeType): boolean {
  return timestamps.includes(type.kind);
}

export function isSemiStructured(type: SnowflakeType): boolean {
  return semiStructured.includes(type.kind);
}

/**
 * The type that values of both types become where one is needed: CASE branches, set operations, IN lists, comparisons.
 * https://docs.snowflake.com/en/sql-reference/data-type-conversion
 */
export function commonType(a: SnowflakeType, b: SnowflakeType): SnowflakeType | undefined {
  if (a.kind === b.kind) return sameKind(a, b);
  return meet(a, b) ?? meet(b, a);
}

function sameKind(a: SnowflakeType, b: SnowflakeType): SnowflakeType | undefined {
  if (isStructured(a)) return commonStructured(a, b);
  if (a.kind === 'VECTOR') return sameType(a, b) ? a : undefined;
  if (a.kind === 'NUMBER' && b.kind === 'NUMBER') return unionType(a, b);
  if ((a.kind === 'VARCHAR' && b.kind === 'VARCHAR') || (a.kind === 'BINARY' && b.kind === 'BINARY')) {
    return { kind: a.kind, length: Math.max(a.length, b.length) };
  }
  if ('precision' in a && 'precision' in b) return { ...a, precision: Math.max(a.precision, b.precision) };
  return a;
}

function meet(a: SnowflakeType, b: SnowflakeType): SnowflakeType | undefined {
  if (isStructured(a) || isStructured(b) || a.kind === 'VECTOR' || b.kind === 'VECTOR') return undefined;
  if (isSemiStructured(a)) return a.kind === 'VARIANT' || isSemiStructured(b) ? types.variant : undefined;
  if (a.kind === 'FLOAT' && (b.kind === 'NUMBER' || b.kind === 'VARCHAR' || b.kind === 'BOOLEAN')) return a;
  if (a.kind === 'NUMBER' && b.kind === 'VARCHAR') return unionType(a, numberOfText);
  if (a.kind === 'NUMBER' && b.kind === 'BOOLEAN') return a;
  if (a.kind === 'BOOLEAN' && b.kind === 'VARCHAR') return a;
  if (isTimestamp(a)) {
    if (b.kind === 'DATE' || b.kind === 'VARCHAR') return a;
    if (isTimestamp(b)) return timestamps.indexOf(a.kind) >= timestamps.indexOf(b.kind) ? a : b;
  }
  if ((a.kind === 'DATE' || a.kind === 'TIME') && b.kind === 'VARCHAR') return a;
  if (a.kind === 'BINARY' && b.kind === 'VARCHAR') return a;
  return undefined;
}
