import { declare } from './declare.ts';
import { type Frame, type Handlers, type Leave, within } from './frame.ts';
import { handle, handlerOf } from './handle.ts';
import { runStep } from './run-step.ts';
import { Scope } from './scope.ts';
import { ScriptError } from './script-error.ts';
import type { Block, Statement } from './tree.ts';

/** Runs a block in a scope of its own. https://docs.snowflake.com/en/developer-guide/snowflake-scripting/blocks */
export async function runBlock(block: Block, frame: Frame): Promise<Leave | undefined> {
  const declared = new Scope(frame.scope);
  // What fails in DECLARE is for the blocks around.
  for (const declaration of block.declarations) await declare(declaration, declaration.name.at, within(frame, declared));
  const body = new Scope(declared);
  const handlers: Handlers = { clauses: block.handlers, declared, body, outer: frame.handlers };
  return leaving(await runHandled(block.body, handlers, within(frame, body)), block.label);
}

/** BREAK with the block's label ends the block. */
function leaving(leave: Leave | undefined, label: string | undefined): Leave | undefined {
  return leave?.kind === 'break' && label !== undefined && leave.label === label ? undefined : leave;
}

/** The block's statements: a CONTINUE handler lets the next one follow, an EXIT handler ends the block. */
async function runHandled(statements: readonly Statement[], handlers: Handlers, frame: Frame): Promise<Leave | undefined> {
  const inner: Frame = { ...frame, handlers };
  for (const statement of statements) {
    let leave: Leave | undefined;
    try {
      leave = await runStatement(statement, inner);
    } catch (thrown) {
      if (!(thrown instanceof ScriptError)) throw thrown;
      const clause = handlerOf(handlers, thrown);
      if (clause === undefined) throw thrown;
      leave = await handle(clause, thrown, handlers, frame);
      if (!clause.continues) return leave;
    }
    if (leave !== undefined) return leave;
  }
  return undefined;
}

/** Statements of a branch, a loop or a handler, in a scope of their own. */
export async function runStatements(statements: readonly Statement[], frame: Frame): Promise<Leave | undefined> {
  const inner = within(frame, new Scope(frame.scope));
  for (const statement of statements) {
    const leave = await runStatement(statement, inner);
    if (leave !== undefined) return leave;
  }
  return undefined;
}

async function runStatement(statement: Statement, frame: Frame): Promise<Leave | undefined> {
  const { port } = frame.run;
  await port.pause();
  if (port.signal.aborted) throw port.signal.reason;
  return runStep(statement, frame);
}
