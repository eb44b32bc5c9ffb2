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
}
