import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { execute } from '../duckdb/run.ts';
import type { BindContext } from './bind-context.ts';
import type { Bound } from './bound.ts';
import type { FromBinding } from './from-binding.ts';
import { withClause } from './common-table-clause.ts';
import { CalledRows } from './called-rows.ts';
import { preparationToken } from './preparation.ts';
import type { PythonCall } from './python-call.ts';

interface PythonBlock {
  readonly from: string;
  /** The condition, where it needs results of calls. */
  readonly where: string | undefined;
  /** Tells it that no more rows than the first so many are wanted; undefined where calls choose or put together rows. */
  readonly limit: ((rows: string, order?: string) => void) | undefined;
}

/**
 * A block that calls Python reads from a temporary table instead of its FROM: the rows with every column the block uses,
 * and one more for each call. Calls are made in batches of distinct arguments where the function is IMMUTABLE.
 */
export function materialisePython(
  from: FromBinding,
  where: Bound | undefined,
  calls: readonly PythonCall[],
  bind: BindContext,
  groupKeys?: readonly string[],
): PythonBlock {
  const token = preparationToken(bind.state.name('python'));
  const aggregates = calls.filter((call) => call.aggregate);
  if (aggregates.length > 0 && groupKeys === undefined)
    throw SnowflakeError.of('unsupported', { feature: 'Python aggregate with GROUP BY ALL, ROLLUP, CUBE or GROUPING SETS' });
  const filtersCalls = where !== undefined && calls.some((call) => where.sql.includes(call.internal));
  if (aggregates.length > 0 && filtersCalls)
    throw SnowflakeError.of('unsupported', {
      feature: 'Python aggregate of rows that a Python function chooses; filter them in a sub-query',
    });
  let wanted = '';
  bind.state.preparations.push({
    token,
    prepare: async (runtime) => {
      const source = from.render();
      const columns = from.used();
      const list = columns.length === 0 ? '1 AS unused' : columns.join(', ');
      const rows = `${withClause(bind)}SELECT ${list}${source === '' ? '' : ` FROM ${source}`}${where === undefined || filtersCalls ? '' : ` WHERE ${where.sql}`}${wanted}`;
      const table = runtime.temporary();
      await execute(runtime.connection, `CREATE TEMP TABLE ${table} AS ${runtime.text(rows)}`);
      const called = new CalledRows(table, bind, runtime);
      let level = 0;
      for (const call of calls.toSorted((first, second) => first.level - second.level)) {
        // Its arguments are results of those before it.
        if (call.level > level) await called.settle();
        level = call.level;
        await (call.aggregate ? called.aggregate(call, groupKeys ?? []) : called.call(call));
      }
      return called.source();
    },
  });
  return {
    from: ` FROM ${token}`,
    where: filtersCalls ? where.sql : undefined,
    limit:
      filtersCalls || aggregates.length > 0
        ? undefined
        : (rows, order) => {
            if (order === undefined && where === undefined) from.limit?.(rows);
            wanted = `${order === undefined ? '' : ` ORDER BY ${order}`} LIMIT ${rows}`;
          },
  };
}
