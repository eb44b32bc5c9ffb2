import type { TypedValue } from '../objects/extensions.ts';
import type { ResultSet } from '../sql/result-set.ts';

/** Values by key: upper-case names for `:name` and for bare names, `1`, `2`, … for `?`. */
export type Binds = ReadonlyMap<string, TypedValue>;

export interface StatementOutcome {
  readonly queryId: string;
  readonly result: ResultSet;
  /** Rows inserted, updated or deleted; null when the statement was no DML. */
  readonly affectedRows: number | null;
  /** Output arguments of a CALL, by their position in it. */
  readonly outputs?: ReadonlyMap<number, TypedValue>;
}

/** What a script asks of the session that runs it. All methods reject with a SnowflakeError. */
export interface ScriptPort {
  /** Runs one SQL statement as a statement of its own, with its own query id. */
  run(text: string, binds: Binds): Promise<StatementOutcome>;
  /** Runs the text of an EXECUTE IMMEDIATE. */
  runImmediate(text: string, binds: Binds): Promise<StatementOutcome>;
  evaluate(expression: string, binds: Binds): Promise<TypedValue>;
  /** A way to run one statement beside the script, at the same time: under an id that is known at once, and stopped on its own. */
  child(): ChildPort;
  /** Called before each step: lets other work of the server go on. */
  pause(): Promise<void>;
  /** Aborted with the SnowflakeError that ends the script when it is cancelled or times out. */
  readonly signal: AbortSignal;
}

export interface ChildPort {
  readonly queryId: string;
  /** Gives `work` a port when there is room for one more; the port is good until `work` has ended. */
  run<T>(work: (port: ScriptPort) => Promise<T>): Promise<T>;
  cancel(): void;
}
