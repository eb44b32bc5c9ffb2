import type { TypedValue } from '../objects/extensions.ts';
import { types } from '../sql/types.ts';
import { bindExpression } from './bind-names.ts';
import { assign, declare } from './declare.ts';
import { castTo, evaluate, holds, isTrue } from './evaluate.ts';
import type { Frame, Leave, Returned } from './frame.ts';
import { awaitJobs, cancelJob, startJob } from './run-async.ts';
import { runBlock, runStatements } from './run-block.ts';
import { closeCursor, fetchRow, openCursor, tableOf } from './run-cursor.ts';
import { runLoop } from './run-loop.ts';
import { runSource } from './run-sql.ts';
import { asException, ScriptError } from './script-error.ts';
import { valueForm } from './value-form.ts';
import type { Expression, Statement } from './tree.ts';

/** Runs one statement; what it gives back says how it leaves the statements around it. */
export async function runStep(statement: Statement, frame: Frame): Promise<Leave | undefined> {
  switch (statement.kind) {
    case 'block':
      return runBlock(statement, frame);
    case 'forRange':
    case 'forRows':
    case 'while':
    case 'repeat':
    case 'loop':
      return runLoop(statement, frame);
    case 'if':
      return runIf(statement, frame);
    case 'case':
      return runCase(statement, frame);
    case 'leave':
      return { kind: statement.how, label: statement.label?.name };
    case 'return':
      return { kind: 'return', returned: await returned(statement.value, statement.at, frame) };
    case 'returnTable':
      return { kind: 'return', returned: { kind: 'table', result: tableOf(statement, frame) } };
    default:
      await runPlain(statement, frame);
      return undefined;
  }
}

type Plain = Extract<
  Statement,
  {
    kind:
      | 'sql'
      | 'call'
      | 'executeImmediate'
      | 'async'
      | 'await'
      | 'cancel'
      | 'let'
      | 'assign'
      | 'open'
      | 'fetch'
      | 'close'
      | 'raise'
      | 'null';
  }
>;

/** Statements behind which the next one always follows. */
async function runPlain(statement: Plain, frame: Frame): Promise<void> {
  switch (statement.kind) {
    case 'sql':
    case 'call':
    case 'executeImmediate':
      await runSource(statement, frame);
      return;
    case 'async':
      await startJob(statement, statement.at, frame);
      return;
    case 'await':
      return awaitJobs(statement, frame);
    case 'cancel':
      return cancelJob(statement, frame);
    case 'let':
      return declare(statement.declaration, statement.at, frame);
    case 'assign':
      return assign(statement, frame);
    case 'open':
      return openCursor(statement, frame);
    case 'fetch':
      return fetchRow(statement, frame);
    case 'close':
      closeCursor(statement, frame);
      return;
    case 'raise':
      throw raised(statement, frame);
    case 'null':
  }
}

/** https://docs.snowflake.com/en/sql-reference/snowflake-scripting/raise */
function raised({ exception, at }: Extract<Statement, { kind: 'raise' }>, frame: Frame): Error {
  if (exception === undefined) return frame.handling ?? new Error('RAISE outside of a handler was let through');
  const declared = frame.scope.exception(exception.name);
  return declared === undefined ? new Error(`exception ${exception.name} was let through`) : ScriptError.raised(declared, at);
}

async function runIf(statement: Extract<Statement, { kind: 'if' }>, frame: Frame): Promise<Leave | undefined> {
  for (const { condition, body } of statement.branches) if (await holds(condition, frame)) return runStatements(body, frame);
  return statement.otherwise === undefined ? undefined : runStatements(statement.otherwise, frame);
}

/** The first branch that matches; NULL matches nothing. https://docs.snowflake.com/en/sql-reference/snowflake-scripting/case */
async function runCase(statement: Extract<Statement, { kind: 'case' }>, frame: Frame): Promise<Leave | undefined> {
  const operand = statement.operand === undefined ? undefined : await evaluate(statement.operand, frame);
  for (const { condition, body } of statement.branches) {
    const taken = operand === undefined ? await holds(condition, frame) : await matches(operand, condition, frame);
    if (taken) return runStatements(body, frame);
  }
  return statement.otherwise === undefined ? undefined : runStatements(statement.otherwise, frame);
}

async function matches(operand: TypedValue, value: Expression, frame: Frame): Promise<boolean> {
  const { port } = frame.run;
  const { text, binds } = bindExpression(value, frame);
  try {
    return isTrue(await port.evaluate(`:SCRIPT$OPERAND = (${text})`, new Map([...binds, ['SCRIPT$OPERAND', operand]])));
  } catch (thrown) {
    throw asException('EXPRESSION_ERROR', thrown, value.at, port.signal);
  }
}

/** A value as a block returns it: text and binaries at full width, a loop's counter as text. */
async function returned(expression: Expression | undefined, at: number, frame: Frame): Promise<Returned> {
  if (expression === undefined) return { kind: 'value', value: { type: types.varchar(), cell: null }, simple: false, at };
  const form = valueForm(expression, frame);
  const given = await evaluate(expression, frame);
  const value = form === 'untyped' ? await castTo(given, types.varchar(), frame.run.port) : widened(given);
  return { kind: 'value', value, simple: form === 'simple', at: expression.at };
}

export function widened({ type, cell }: TypedValue): TypedValue {
  if (type.kind === 'VARCHAR') return { type: types.varchar(), cell };
  return type.kind === 'BINARY' ? { type: types.binary(), cell } : { type, cell };
}
