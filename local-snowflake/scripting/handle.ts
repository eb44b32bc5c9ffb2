import { types } from '../sql/types.ts';
import type { Frame, Handlers, Leave } from './frame.ts';
import { runStatements } from './run-block.ts';
import { Scope } from './scope.ts';
import { ScriptError } from './script-error.ts';
import type { Handler } from './tree.ts';

/** The block's clause for an exception: the first that names it, or OTHER. */
export function handlerOf({ clauses, declared }: Handlers, error: ScriptError): Handler | undefined {
  return clauses.find((clause) =>
    clause.names.some(({ name }) => name === 'OTHER' || name === error.exception || declared.exception(name) === error.exception),
  );
}

/**
 * Runs a handler. What goes wrong in it is for the blocks around. `frame` is where its block stands.
 * https://docs.snowflake.com/en/developer-guide/snowflake-scripting/exceptions
 */
export function handle(clause: Handler, error: ScriptError, handlers: Handlers, frame: Frame): Promise<Leave | undefined> {
  const scope = new Scope(clause.continues ? handlers.body : handlers.declared);
  // Zeros in front of a code are not part of the number.
  scope.declare('SQLCODE', { kind: 'value', type: types.number(38, 0), cell: String(Number(error.code)), untyped: true });
  scope.declareValue('SQLERRM', { type: types.varchar(), cell: error.message });
  scope.declareValue('SQLSTATE', { type: types.varchar(), cell: error.sqlState });
  return runStatements(clause.body, { ...frame, scope, handlers: handlers.outer, handling: error });
}

/**
 * Lets a loop go on behind an exception in its body, when the handler that takes it says CONTINUE.
 * @throws the exception when it does not
 */
export async function resume(thrown: unknown, frame: Frame): Promise<Leave | undefined> {
  if (!(thrown instanceof ScriptError)) throw thrown;
  for (let handlers = frame.handlers; handlers !== undefined; handlers = handlers.outer) {
    const clause = handlerOf(handlers, thrown);
    if (clause === undefined) continue;
    if (!clause.continues) break;
    return handle(clause, thrown, handlers, frame);
  }
  throw thrown;
}
