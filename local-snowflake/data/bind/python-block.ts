import type { DuckDBConnection } from '@duckdb/node-api';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { Cell } from '../../sql/result-set.ts';
import { appendCells } from '../duckdb/append-cells.ts';
import { execute, readCells } from '../duckdb/run.ts';
import { fromWire, toWire } from '../duckdb/wire-text.ts';
import type { PreparationRuntime } from '../duckdb/preparation-runtime.ts';
import type { StatementPorts } from '../ports.ts';
import type { BindContext } from './bind-context.ts';
import type { Bound } from './bound.ts';
import type { FromBinding } from './from-binding.ts';
import { preparationToken } from './preparation.ts';
import type { PythonCall } from './python-call.ts';

/**
 * A block that calls Python reads from a temporary table instead of its FROM: the rows with every column the block uses,
 * and one more for each call. Calls are made in batches of distinct arguments where the function is IMMUTABLE.
 */
export function materialisePython(
  from: FromBinding,
  where: Bound | undefined,
  calls: readonly PythonCall[],
  bind: BindContext,
): { readonly from: string; readonly where: string | undefined } {
  const token = preparationToken(bind.state.name('python'));
  const filtersCalls = where !== undefined && calls.some((call) => where.sql.includes(call.internal));
  bind.state.preparations.push({
    token,
    prepare: async (runtime) => {
      const source = from.render();
      const columns = from.used();
      const list = columns.length === 0 ? '1 AS unused' : columns.join(', ');
      const rows = `${withClause(bind)}SELECT ${list}${source === '' ? '' : ` FROM ${source}`}${where === undefined || filtersCalls ? '' : ` WHERE ${where.sql}`}`;
      let table = runtime.temporary();
      await execute(runtime.connection, `CREATE TEMP TABLE ${table} AS ${runtime.text(rows)}`);
      for (const call of [...calls].sort((a, b) => a.level - b.level)) table = await addCall(call, table, bind.ports, runtime);
      return table;
    },
  });
  return { from: ` FROM ${token}`, where: filtersCalls ? where.sql : undefined };
}

/** The common tables that a block may read, for its rows alone. */
export function withClause({ commonTables }: BindContext): string {
  if (commonTables.length === 0) return '';
  const definitions = commonTables.map(({ name, definition }) => {
    if (definition === undefined) throw SnowflakeError.of('unsupported', { feature: `Python function in recursive ${name}` });
    return definition;
  });
  return `WITH RECURSIVE ${definitions.join(', ')} `;
}

/** A copy of `table` with the call's results in one more column. */
async function addCall(call: PythonCall, table: string, ports: StatementPorts, runtime: PreparationRuntime): Promise<string> {
  const { connection } = runtime;
  if ('table' in call.fn.returns) throw SnowflakeError.of('unsupported', { feature: 'table function as a value' });
  const next = runtime.temporary();
  const keys = runtime.temporary();
  const args = call.args.map((arg) => runtime.text(toWire(arg.type, arg.sql)));
  const named = args.map((sql, index) => `${sql} AS a${String(index)}`);
  const distinct = call.fn.volatility === 'IMMUTABLE';
  const keyed = distinct
    ? `SELECT row_number() OVER () AS k, * FROM (SELECT DISTINCT ${named.join(', ') || '1 AS unused'} FROM ${table})`
    : `SELECT rowid AS k${named.map((sql) => `, ${sql}`).join('')} FROM ${table}`;
  await execute(connection, `CREATE TEMP TABLE ${keys} AS ${keyed}`);
  const names = args.map((_, index) => `a${String(index)}`);
  const results = runtime.temporary();
  await execute(connection, `CREATE TEMP TABLE ${results} (k BIGINT, r VARCHAR)`);
  await callInBatches(call, names, keys, results, ports, connection);
  // Converted before the join: there are fewer results than rows.
  const typed = runtime.temporary();
  await execute(connection, `CREATE TEMP TABLE ${typed} AS SELECT k, ${fromWire(call.fn.returns, 'r')} AS r FROM ${results}`);
  const result = `p.r AS ${call.internal}`;
  const join = distinct
    ? `JOIN ${keys} AS d ON ${names.map((name, index) => `d.${name} IS NOT DISTINCT FROM ${args[index] ?? 'NULL'}`).join(' AND ') || 'true'} LEFT JOIN ${typed} AS p ON p.k = d.k`
    : `LEFT JOIN ${typed} AS p ON p.k = m.rowid`;
  await execute(connection, `CREATE TEMP TABLE ${next} AS SELECT m.*, ${result} FROM ${table} AS m ${join}`);
  return next;
}

const batchRows = 100_000;

async function callInBatches(
  call: PythonCall,
  names: readonly string[],
  keys: string,
  results: string,
  ports: StatementPorts,
  connection: DuckDBConnection,
): Promise<void> {
  const skipNulls =
    call.fn.nullHandling === 'STRICT' && names.length > 0
      ? ` WHERE ${names.map((name) => `${name} IS NOT NULL`).join(' AND ')}`
      : '';
  for (let offset = 0; ; offset += batchRows) {
    const page = `SELECT CAST(k AS VARCHAR)${names.map((name) => `, ${name}`).join('')} FROM ${keys}${skipNulls} ORDER BY ${keys}.k LIMIT ${String(batchRows)} OFFSET ${String(offset)}`;
    const rows = await readCells(connection, page);
    if (rows.length === 0) return;
    const values = await ports.callPython(
      call.fn,
      rows.map((row) => row.slice(1)),
    );
    await appendCells(
      connection,
      results,
      rows.map((row, index): readonly Cell[] => [row[0] ?? null, values[index] ?? null]),
    );
    if (rows.length < batchRows) return;
  }
}
