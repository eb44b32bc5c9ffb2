import { displayName, type ObjectName } from '../../sql/identifier.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { readCells } from '../duckdb/run.ts';
import { toWire } from '../duckdb/wire-text.ts';
import type { PreparationRuntime } from '../duckdb/preparation-runtime.ts';
import type { SystemFunction, TypedCell } from '../ports.ts';
import type { Bound } from './bound.ts';
import type { ExpressionContext } from './expression-context.ts';
import { cellBound } from './literal-bound.ts';
import { preparationToken } from './preparation.ts';
import { castTo } from './cast.ts';

/** A function that lives outside the data plane: called once, with constant arguments, before the statement runs. */
export function bindSystemFunction(
  name: ObjectName,
  fn: SystemFunction,
  args: readonly Bound[],
  context: ExpressionContext,
): Bound {
  const { state, ports } = context.bind;
  const token = preparationToken(state.name('system'));
  state.preparations.push({
    token,
    prepare: async (runtime) => {
      const values = await constantCells(args, runtime, displayName(name));
      const cell = await fn.call(values);
      return castTo(cellBound({ type: fn.returns, cell }), fn.returns, 'explicit', ports.facts).sql;
    },
  });
  return { type: fn.returns, nullable: true, sql: token };
}

/** Values of arguments without rows; those that are not literals are worked out by DuckDB. */
export async function constantCells(args: readonly Bound[], runtime: PreparationRuntime, name: string): Promise<TypedCell[]> {
  const known = args.map((arg): TypedCell | undefined =>
    arg.constant === undefined ? undefined : { type: arg.type, cell: arg.constant.cell },
  );
  const open = args.filter((arg) => arg.constant === undefined);
  if (open.length === 0) return known.flatMap((value) => (value === undefined ? [] : [value]));
  const sql = `SELECT ${open.map((arg) => runtime.text(toWire(arg.type, arg.sql))).join(', ')}`;
  let cells: readonly (string | null)[];
  try {
    [cells = []] = await readCells(runtime.connection, sql);
  } catch (error) {
    // A column in an argument: there is no row to take it from.
    if (error instanceof SnowflakeError && error.symbol === 'internal')
      throw SnowflakeError.of('notConstant', { name, argument: '1' });
    throw error;
  }
  let next = 0;
  return args.map((arg, index) => known[index] ?? { type: arg.type, cell: cells[next++] ?? null });
}
