import type { DuckDBConnection } from '@duckdb/node-api';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { ArgumentColumns } from '../../sql/argument-columns.ts';
import type { Cell } from '../../sql/result-set.ts';
import { appendCells } from '../duckdb/append-cells.ts';
import { execute, readCells } from '../duckdb/run.ts';
import { fromWire, toWire } from '../duckdb/wire-text.ts';
import type { PreparationRuntime } from '../duckdb/preparation-runtime.ts';
import type { StatementPorts } from '../ports.ts';
import type { BindContext } from './bind-context.ts';
import type { Bound } from './bound.ts';
import type { FromBinding } from './from-binding.ts';
import { withClause } from './common-table-clause.ts';
import { preparationToken } from './preparation.ts';
import { runPythonTable } from './python-table.ts';
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
  groupKeys?: readonly string[],
): { readonly from: string; readonly where: string | undefined } {
  const token = preparationToken(bind.state.name('python'));
  const aggregates = calls.filter((call) => call.aggregate);
  if (aggregates.length > 0 && groupKeys === undefined)
    throw SnowflakeError.of('unsupported', { feature: 'Python aggregate with GROUP BY ALL, ROLLUP, CUBE or GROUPING SETS' });
  const filtersCalls = where !== undefined && calls.some((call) => where.sql.includes(call.internal));
  if (aggregates.length > 0 && filtersCalls)
    throw SnowflakeError.of('unsupported', {
      feature: 'Python aggregate of rows that a Python function chooses; filter them in a sub-query',
    });
  bind.state.preparations.push({
    token,
    prepare: async (runtime) => {
      const source = from.render();
      const columns = from.used();
      const list = columns.length === 0 ? '1 AS unused' : columns.join(', ');
      const rows = `${withClause(bind)}SELECT ${list}${source === '' ? '' : ` FROM ${source}`}${where === undefined || filtersCalls ? '' : ` WHERE ${where.sql}`}`;
      let table = runtime.temporary();
      await execute(runtime.connection, `CREATE TEMP TABLE ${table} AS ${runtime.text(rows)}`);
      for (const call of [...calls].sort((a, b) => a.level - b.level))
        table = await (call.aggregate
          ? addAggregate(call, groupKeys ?? [], table, bind, runtime)
          : addCall(call, table, bind.ports, runtime));
      return table;
    },
  });
  return { from: ` FROM ${token}`, where: filtersCalls ? where.sql : undefined };
}

/** A copy of `table` with the result of each row's group in one more column. */
async function addAggregate(
  call: PythonCall,
  keys: readonly string[],
  table: string,
  bind: BindContext,
  runtime: PreparationRuntime,
): Promise<string> {
  if ('table' in call.fn.returns) throw SnowflakeError.of('unsupported', { feature: 'table function as a value' });
  const group = bind.state.name('g');
  const result = bind.state.name('r');
  const number = keys.length === 0 ? '0' : `dense_rank() OVER (ORDER BY ${keys.join(', ')})`;
  const grouped = runtime.temporary();
  await execute(runtime.connection, runtime.text(`CREATE TEMP TABLE ${grouped} AS SELECT *, ${number} AS ${group} FROM ${table}`));
  const results = await runPythonTable(
    {
      fn: call.fn,
      args: call.args,
      source: ` FROM ${grouped}`,
      kept: [group],
      partitionBy: [{ sql: group, compared: group }],
      orderBy: [],
      results: [{ internal: result, type: call.fn.returns, wanted: true }],
      leftJoin: false,
    },
    { ...bind, commonTables: [] },
    runtime,
  );
  const next = runtime.temporary();
  await execute(
    runtime.connection,
    `CREATE TEMP TABLE ${next} AS SELECT m.* EXCLUDE (${group}), p.${result} AS ${call.internal} FROM ${grouped} AS m LEFT JOIN ${results} AS p ON p.${group} = m.${group}`,
  );
  return next;
}

/** A copy of `table` with the call's results in one more column. */
async function addCall(call: PythonCall, table: string, ports: StatementPorts, runtime: PreparationRuntime): Promise<string> {
  const { connection } = runtime;
  if ('table' in call.fn.returns) throw SnowflakeError.of('unsupported', { feature: 'table function as a value' });
  const next = runtime.temporary();
  const args = call.args.map((arg) => runtime.text(toWire(arg.type, arg.sql)));
  const named = args.map((sql, index) => `${sql} AS a${String(index)}`);
  const distinct =
    call.fn.volatility === 'IMMUTABLE' &&
    (await repeats(
      connection,
      table,
      call.args.map((arg) => runtime.text(arg.sql)),
    ));
  const calls = distinct
    ? `(SELECT row_number() OVER () AS k, * FROM (SELECT DISTINCT ${named.join(', ') || '1 AS unused'} FROM ${table}))`
    : `(SELECT rowid AS k${named.map((sql) => `, ${sql}`).join('')} FROM ${table})`;
  // Read part by part below: what looks at more than its own row is worked out once.
  const keys = distinct || args.some((sql) => /\b(?:SELECT|OVER)\b/iu.test(sql)) ? runtime.temporary() : calls;
  if (keys !== calls) await execute(connection, `CREATE TEMP TABLE ${keys} AS SELECT * FROM ${calls}`);
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

/** Up to so many rows, looking for distinct arguments costs next to nothing. */
const fewRows = 10_000;

/**
 * Whether to look for the distinct arguments: of many rows only where they occur more than twice on average, since that
 * takes longer than most functions do.
 */
async function repeats(connection: DuckDBConnection, table: string, args: readonly string[]): Promise<boolean> {
  if (args.length === 0) return true;
  const [row] = await readCells(
    connection,
    `SELECT CAST(count(*) <= ${String(fewRows)} OR count(*) > 2 * approx_count_distinct(hash(${args.join(', ')})) AS VARCHAR) FROM ${table}`,
  );
  return row?.[0] === 'true';
}

/**
 * Rows of one call. Large enough that the call costs little beside its rows, small enough that the worker computes one batch
 * while the next is read.
 */
const batchRows = 20_000n;

interface CallBatch {
  /** Numbers of the calls. */
  readonly keys: readonly Cell[];
  readonly args: ArgumentColumns;
}

/** `keys` has the calls, numbered without gaps in `k`; numbers of rows that are not committed yet are as large as BIGINT allows. */
async function callInBatches(
  call: PythonCall,
  names: readonly string[],
  keys: string,
  results: string,
  ports: StatementPorts,
  connection: DuckDBConnection,
): Promise<void> {
  const skipNulls =
    call.fn.nullHandling === 'STRICT' && names.length > 0 ? names.map((name) => ` AND ${name} IS NOT NULL`).join('') : '';
  // DuckDB writes the cells as JSON; as JavaScript's strings they would take longer than all the rest.
  const columns = ['CAST(k AS VARCHAR)', ...names].map((cell) => `CAST(to_json(list(${cell} ORDER BY k)) AS VARCHAR)`);
  const read = async (first: bigint): Promise<CallBatch> => {
    const range = `k >= ${String(first)} AND k < ${String(first + batchRows)}`;
    const [row = []] = await readCells(connection, `SELECT ${columns.join(', ')} FROM ${keys} WHERE ${range}${skipNulls}`);
    const [numbers, ...values] = row;
    const found = JSON.parse(numbers ?? '[]') as Cell[];
    return { keys: found, args: { rows: found.length, columns: values.map((text) => text ?? '[]') } };
  };
  const append = async (batch: CallBatch, answer: Promise<readonly Cell[]>): Promise<void> => {
    const values = await answer;
    const rows = batch.keys.map((key, index): readonly Cell[] => [key, values[index] ?? null]);
    await appendCells(connection, results, rows);
  };
  const [range] = await readCells(connection, `SELECT CAST(min(k) AS VARCHAR), CAST(max(k) AS VARCHAR) FROM ${keys}`);
  const last = BigInt(range?.[1] ?? -1);
  let running: { readonly batch: CallBatch; readonly answer: Promise<readonly Cell[]> } | undefined;
  for (let first = BigInt(range?.[0] ?? 0); first <= last; first += batchRows) {
    const batch = await read(first);
    if (running !== undefined) await append(running.batch, running.answer);
    running = batch.keys.length === 0 ? undefined : { batch, answer: ports.callPython(call.fn, batch.args) };
    // One that fails while the next batch is read must not count as an unhandled rejection.
    running?.answer.catch(() => undefined);
  }
  if (running !== undefined) await append(running.batch, running.answer);
}
