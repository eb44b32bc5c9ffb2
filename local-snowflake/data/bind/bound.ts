import type { Cell } from '../../sql/result-set.ts';
import { type SnowflakeType, types } from '../../sql/types.ts';

/**
 * A bound expression: its Snowflake type, and the DuckDB expression it is lowered to.
 * `sql` always yields `physicalType(type)` and can stand anywhere an operand can.
 */
export interface Bound {
  readonly type: SnowflakeType;
  readonly nullable: boolean;
  readonly sql: string;
  /** Known without running anything: literals, binds, variables. The cell is in wire text, see sql/result-set.ts. */
  readonly constant?: { readonly cell: Cell };
  /** The literal NULL, which takes any type. */
  readonly untyped?: true;
  /** A VARIANT made from a typed value: casts go back to that value. */
  readonly origin?: Bound;
  /** The value at a key of an OBJECT, without going through the object's text. */
  readonly field?: (key: string) => Bound;
  /** SQL of a VARIANT as a floating-point number, without going through its text. */
  readonly float?: () => string;
  /** Must not be repeated in the text: each occurrence would be another value. */
  readonly volatile?: true;
}

export function bound(type: SnowflakeType, sql: string, nullable = true): Bound {
  return { type, sql, nullable };
}

export const nullBound: Bound = { type: types.varchar(), sql: 'NULL', nullable: true, constant: { cell: null }, untyped: true };

/** Text of a constant string; undefined when it is not constant. */
export function constantText(value: Bound | undefined): string | undefined {
  return value?.constant?.cell ?? undefined;
}
