import type { BindContext } from './bind-context.ts';
import type { Bound } from './bound.ts';
import type { PythonCall } from './python-call.ts';
import type { Scope } from './scope.ts';

/** One SELECT block (or UPDATE, DELETE …) while its expressions are bound. */
export interface Block {
  /** Python functions called in the block; each becomes a column that is filled before the block runs. */
  readonly pythonCalls: PythonCall[];
  /** How deep inside aggregates the binder is: they do not nest. */
  aggregateDepth: number;
  /** Whether an aggregate was met outside of a window. */
  aggregates: boolean;
}

export function newBlock(): Block {
  return { pythonCalls: [], aggregateDepth: 0, aggregates: false };
}

export interface ExpressionContext {
  readonly bind: BindContext;
  readonly scope: Scope;
  /** Undefined where there are no rows: arguments of table functions, defaults. */
  readonly block: Block | undefined;
  /** Clause being bound, where aggregates are refused. */
  readonly clause?: 'WHERE';
  /** Inside a window function or its OVER, where no other window may stand. */
  readonly window?: true;
  /** `?` of a multi-row insert: columns of the rows. */
  readonly bindColumn?: (key: string) => Bound | undefined;
}
