import type { PythonFunction } from '../ports.ts';
import type { Bound } from './bound.ts';

/** A Python function's call in a block; `internal` is the column that will hold its results. */
export interface PythonCall {
  readonly fn: PythonFunction;
  readonly args: readonly Bound[];
  readonly internal: string;
  /** Depends on earlier calls of the block (`f(g(x))`). */
  readonly level: number;
  /** A result for each group, on each of its rows. */
  readonly aggregate: boolean;
  /** What the block wants of the objects that it answers; each is a column beside the results. */
  readonly fields: Map<string, CallField>;
}

/** The value at a key of a call's results. The columns' names begin with that of the results. */
export interface CallField {
  /** As a VARIANT. */
  readonly internal: string;
  /** As a floating-point number. */
  readonly float: string;
  floatWanted: boolean;
}
