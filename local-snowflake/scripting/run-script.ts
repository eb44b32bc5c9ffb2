import type { TypedValue } from '../objects/extensions.ts';
import { checkScript } from './check-script.ts';
import type { ChildJob } from './child-job.ts';
import type { Frame, Returned } from './frame.ts';
import type { Script } from './parse-script.ts';
import { runBlock } from './run-block.ts';
import { RunStatus } from './run-status.ts';
import { Scope } from './scope.ts';
import { ScriptError } from './script-error.ts';
import type { Binds, ScriptPort } from './script-port.ts';

export interface ScriptOptions {
  /** A procedure's arguments, already of the types that it declares. */
  readonly arguments: readonly { readonly name: string; readonly value: TypedValue }[];
  /** What the script may return; undefined for a block that is no procedure's body. */
  readonly returns: 'TABLE' | 'SCALAR' | undefined;
  /** Values of the client's `?`, by `1`, `2`, … */
  readonly positional: Binds;
  /** Takes the names as the script's end left them. */
  readonly ended?: (scope: Scope) => void;
}

/**
 * Checks a script and runs it.
 * @returns what RETURN handed back, undefined when the script ended without one
 * @throws SnowflakeError what the check found, or the exception that no handler took, with the code of what raised it
 */
export async function runScript(script: Script, port: ScriptPort, options: ScriptOptions): Promise<Returned | undefined> {
  checkScript(script, { names: options.arguments.map(({ name }) => name), returns: options.returns });
  const scope = new Scope();
  for (const { name, value } of options.arguments) scope.declareValue(name, value);
  const run = {
    text: script.text,
    port,
    status: new RunStatus(),
    positional: options.positional,
    jobs: new Set<ChildJob>(),
    child: false,
  };
  const frame: Frame = { run, scope, handlers: undefined, handling: undefined };
  try {
    const leave = await runBlock(script.block, frame);
    options.ended?.(scope);
    return leave?.kind === 'return' ? leave.returned : undefined;
  } catch (thrown) {
    throw thrown instanceof ScriptError ? thrown.uncaught(script.text) : thrown;
  } finally {
    // A job that still runs when its script ends is cancelled.
    await Promise.all([...run.jobs].map((job) => job.cancelled()));
  }
}
