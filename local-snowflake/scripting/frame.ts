import type { ChildJob } from './child-job.ts';
import type { RunStatus } from './run-status.ts';
import type { Scope } from './scope.ts';
import type { ScriptError } from './script-error.ts';
import type { Binds, ScriptPort } from './script-port.ts';
import type { ResultSet } from '../sql/result-set.ts';
import type { TypedValue } from '../objects/extensions.ts';
import type { Handler } from './tree.ts';

/** One run of a script. */
export interface Run {
  readonly text: string;
  readonly port: ScriptPort;
  readonly status: RunStatus;
  /** Values of the script's own `?`, by `1`, `2`, … */
  readonly positional: Binds;
  /** Child jobs that nobody has waited for yet, in the order of their starts. */
  readonly jobs: Set<ChildJob>;
  /** Whether it is a child job. */
  readonly child: boolean;
}

/** The handlers of a block and those around it, innermost first. */
export interface Handlers {
  readonly clauses: readonly Handler[];
  /** What EXIT handlers see: the block's DECLARE section. */
  readonly declared: Scope;
  /** What CONTINUE handlers see: what LET has declared as well. */
  readonly body: Scope;
  readonly outer: Handlers | undefined;
}

/** Where a run is. */
export interface Frame {
  readonly run: Run;
  readonly scope: Scope;
  readonly handlers: Handlers | undefined;
  /** The exception that is being handled, which RAISE alone raises again. */
  readonly handling: ScriptError | undefined;
}

/** How statements ended other than by going on. */
export type Leave =
  | { readonly kind: 'break' | 'continue'; readonly label: string | undefined }
  | { readonly kind: 'return'; readonly returned: Returned };

export type Returned =
  /** `simple`: a literal, a name or a cast, which a procedure converts to the type that it declares. */
  | { readonly kind: 'value'; readonly value: TypedValue; readonly simple: boolean; readonly at: number }
  | { readonly kind: 'table'; readonly result: ResultSet };

export function within(frame: Frame, scope: Scope): Frame {
  return { ...frame, scope };
}
