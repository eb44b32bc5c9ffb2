import { types } from '../sql/types.ts';
import { convert, evaluate, holds } from './evaluate.ts';
import { type Frame, type Leave, within } from './frame.ts';
import { resume } from './handle.ts';
import { runStatements } from './run-block.ts';
import { loopRows } from './run-cursor.ts';
import { Scope } from './scope.ts';
import type { Loop } from './tree.ts';

type LoopOf<K extends Loop['kind']> = Extract<Loop, { kind: K }>;

/** https://docs.snowflake.com/en/developer-guide/snowflake-scripting/loops */
export function runLoop(loop: Loop, frame: Frame): Promise<Leave | undefined> {
  switch (loop.kind) {
    case 'forRange':
      return runRange(loop, frame);
    case 'forRows':
      return runRows(loop, frame);
    case 'while':
      return iterate(loop, frame, () => holds(loop.condition, frame));
    case 'repeat':
      return runRepeat(loop, frame);
    case 'loop':
      return iterate(loop, frame, async () => true);
  }
}

/** How an iteration ended: `on` goes on with the next one. */
type Ended = { readonly on: true } | { readonly on: false; readonly leave: Leave | undefined };

/** One iteration; an exception that a CONTINUE handler takes ends the iteration alone. */
async function iteration(loop: Loop, frame: Frame): Promise<Ended> {
  let leave: Leave | undefined;
  try {
    leave = await runStatements(loop.body, frame);
  } catch (thrown) {
    leave = await resume(thrown, frame);
  }
  if (leave === undefined) return { on: true };
  const here = leave.kind !== 'return' && (leave.label === undefined || leave.label === loop.label);
  if (!here) return { on: false, leave };
  return leave.kind === 'continue' ? { on: true } : { on: false, leave: undefined };
}

async function iterate(loop: Loop, frame: Frame, goesOn: () => Promise<boolean>): Promise<Leave | undefined> {
  while (await goesOn()) {
    const ended = await iteration(loop, frame);
    if (!ended.on) return ended.leave;
  }
  return undefined;
}

async function runRepeat(loop: LoopOf<'repeat'>, frame: Frame): Promise<Leave | undefined> {
  let first = true;
  return iterate(loop, frame, async () => {
    const goesOn = first || !(await holds(loop.until, frame));
    first = false;
    return goesOn;
  });
}

const counterType = types.number(9, 0);

/** The bounds are read once; the counter is a variable of the loop alone. https://docs.snowflake.com/en/sql-reference/snowflake-scripting/for */
async function runRange(loop: LoopOf<'forRange'>, frame: Frame): Promise<Leave | undefined> {
  const whole = async (bound: typeof loop.from): Promise<bigint | undefined> => {
    const { cell } = await convert(await evaluate(bound, frame), types.number(38, 0), bound.at, frame);
    return cell === null ? undefined : BigInt(cell);
  };
  const from = await whole(loop.from);
  const to = await whole(loop.to);
  if (from === undefined || to === undefined) return undefined;
  const start = loop.reverse ? loop.to : loop.from;
  // Only the first value has to fit the counter's type.
  await convert({ type: types.number(38, 0), cell: String(loop.reverse ? to : from) }, counterType, start.at, frame);
  let count = 0n;
  const scope = new Scope(frame.scope);
  return iterate(loop, within(frame, scope), async () => {
    const value = loop.reverse ? to - count : from + count;
    count += 1n;
    scope.declare(loop.counter.name, { kind: 'value', type: counterType, cell: String(value), untyped: true });
    return value >= from && value <= to;
  });
}

async function runRows(loop: LoopOf<'forRows'>, frame: Frame): Promise<Leave | undefined> {
  const rows = await loopRows(loop.source, loop.at, frame);
  const scope = new Scope(frame.scope);
  try {
    return await iterate(loop, within(frame, scope), async () => {
      const cells = rows.next();
      if (cells !== undefined) scope.declare(loop.row.name, { kind: 'row', columns: rows.columns, cells });
      return cells !== undefined;
    });
  } finally {
    rows.end();
  }
}
