import type { DuckDBConnection } from '@duckdb/node-api';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { SnowflakeType } from '../../sql/types.ts';
import type { PackedExpression } from '../duckdb/packed-reader.ts';
import type { PreparationRuntime } from '../duckdb/preparation-runtime.ts';
import { execute, readCells } from '../duckdb/run.ts';
import type { BindContext } from './bind-context.ts';
import { CallResults, type ResultExpression } from './call-results.ts';
import { callRows } from './call-rows.ts';
import type { PythonCall } from './python-call.ts';
import { runPythonTable } from './python-table.ts';

/** Rows in a temporary table, to which the results of calls are added. */
export class CalledRows {
  readonly #bind: BindContext;
  readonly #runtime: PreparationRuntime;
  #table: string;
  /** Results for the table's rows in their order, which stand beside it until something must look at them. */
  #beside: CallResults[] = [];

  constructor(table: string, bind: BindContext, runtime: PreparationRuntime) {
    this.#table = table;
    this.#bind = bind;
    this.#runtime = runtime;
  }

  /** What the block reads: the columns that it does not use cost nothing. */
  async source(): Promise<string> {
    return this.#beside.length === 0 ? this.#table : `(${await this.#joined()})`;
  }

  /** Makes the table one of rows and results. */
  async settle(): Promise<void> {
    if (this.#beside.length === 0) return;
    const query = await this.#joined();
    this.#beside = [];
    await this.#replace(query);
  }

  /** Calls the function for the rows. IMMUTABLE ones get the same arguments once, STRICT ones none of which one is NULL. */
  async call(call: PythonCall): Promise<void> {
    const type = valueType(call);
    const { connection } = this.#runtime;
    const args = call.args.map((arg) => ({ type: arg.type, sql: this.#runtime.text(arg.sql) }));
    const missing =
      call.fn.nullHandling === 'STRICT'
        ? args.filter((_, index) => call.args[index]?.nullable === true).map(({ sql }) => `${sql} IS NULL`)
        : [];
    const distinct = call.fn.volatility === 'IMMUTABLE' && (await repeats(connection, this.#table, args));
    // Read part by part: what looks at more than its own row is worked out once.
    const whole = args.some(({ sql }) => /\b(?:SELECT|OVER)\b/iu.test(sql));
    if (distinct || whole || (missing.length > 0 && (await some(connection, this.#table, missing.join(' OR '))))) {
      await this.#callApart(call, type, args, distinct, missing);
      return;
    }
    const results = new CallResults(call, type, this.#runtime);
    await this.#callRows(call, this.#table, args, results);
    this.#beside.push(results);
  }

  /** Calls the aggregate for each group; every row gets the result of its group. */
  async aggregate(call: PythonCall, keys: readonly string[]): Promise<void> {
    await this.settle();
    const group = this.#bind.state.name('g');
    const result = this.#bind.state.name('r');
    const number = keys.length === 0 ? '0' : `dense_rank() OVER (ORDER BY ${keys.join(', ')})`;
    await this.#replace(this.#runtime.text(`SELECT *, ${number} AS ${group} FROM ${this.#table}`));
    const results = await runPythonTable(
      {
        fn: call.fn,
        args: call.args,
        source: ` FROM ${this.#table}`,
        kept: [group],
        partitionBy: [{ sql: group, compared: group }],
        orderBy: [],
        results: [{ internal: result, type: valueType(call), wanted: true }],
        leftJoin: false,
      },
      { ...this.#bind, commonTables: [] },
      this.#runtime,
    );
    await this.#replace(
      `SELECT m.* EXCLUDE (${group}), p.${result} AS ${call.internal} FROM ${this.#table} AS m LEFT JOIN ${results} AS p ON p.${group} = m.${group}`,
    );
  }

  /** Calls of other rows than those of the table: results are joined by the arguments, or by the row. */
  async #callApart(
    call: PythonCall,
    type: SnowflakeType,
    args: readonly PackedExpression[],
    distinct: boolean,
    missing: readonly string[],
  ): Promise<void> {
    await this.settle();
    const calls = this.#runtime.temporary();
    const given = args.map(({ sql }, index) => `${sql} AS a${String(index)}`);
    const list = distinct ? `DISTINCT ${given.join(', ') || '1 AS unused'}` : ['rowid AS k', ...given].join(', ');
    const present = missing.length === 0 ? '' : ` WHERE NOT (${missing.join(' OR ')})`;
    await execute(this.#runtime.connection, `CREATE TEMP TABLE ${calls} AS SELECT ${list} FROM ${this.#table}${present}`);
    const results = new CallResults(call, type, this.#runtime);
    await this.#callRows(
      call,
      calls,
      args.map((arg, index) => ({ type: arg.type, sql: `a${String(index)}` })),
      results,
    );
    const columns = results.columns('r');
    const on = distinct
      ? args.map(({ sql }, index) => `p.a${String(index)} IS NOT DISTINCT FROM ${sql}`).join(' AND ') || 'true'
      : 'p.k = m.rowid';
    await this.#replace(
      `SELECT m.*, ${columns.map(({ name }) => `p.${name}`).join(', ')} FROM ${this.#table} AS m LEFT JOIN (SELECT c.*, ${named(columns).join(', ')} FROM ${calls} AS c POSITIONAL JOIN ${await results.table()} AS r) AS p ON ${on}`,
    );
  }

  async #callRows(call: PythonCall, table: string, args: readonly PackedExpression[], results: CallResults): Promise<void> {
    await callRows(
      this.#runtime.connection,
      table,
      args,
      (batch) => this.#bind.ports.callPython(call.fn, batch),
      (column, rows) => results.append(column, rows),
    );
  }

  async #joined(): Promise<string> {
    const columns = this.#beside.flatMap((results, index) => named(results.columns(`p${String(index)}`)));
    const tables = await Promise.all(this.#beside.map((results) => results.table()));
    const joins = tables.map((table, index) => ` POSITIONAL JOIN ${table} AS p${String(index)}`);
    return `SELECT ${['m.*', ...columns].join(', ')} FROM ${this.#table} AS m${joins.join('')}`;
  }

  async #replace(query: string): Promise<void> {
    const next = this.#runtime.temporary();
    await execute(this.#runtime.connection, `CREATE TEMP TABLE ${next} AS ${query}`);
    this.#table = next;
  }
}

function named(columns: readonly ResultExpression[]): string[] {
  return columns.map(({ name, sql }) => `${sql} AS ${name}`);
}

function valueType(call: PythonCall): SnowflakeType {
  if ('table' in call.fn.returns) throw SnowflakeError.of('unsupported', { feature: 'table function as a value' });
  return call.fn.returns;
}

async function some(connection: DuckDBConnection, table: string, condition: string): Promise<boolean> {
  return (await readCells(connection, `SELECT '1' FROM ${table} WHERE ${condition} LIMIT 1`)).length > 0;
}

/** Up to so many rows, looking for distinct arguments costs next to nothing. */
const fewRows = 10_000;

/**
 * Whether to look for the distinct arguments: of many rows only where they occur more than twice on average, since that
 * takes longer than most functions do.
 */
async function repeats(connection: DuckDBConnection, table: string, args: readonly PackedExpression[]): Promise<boolean> {
  if (args.length === 0) return true;
  const hash = `hash(${args.map(({ sql }) => sql).join(', ')})`;
  const [row] = await readCells(
    connection,
    `SELECT CAST(count(*) <= ${String(fewRows)} OR count(*) > 2 * approx_count_distinct(${hash}) AS VARCHAR) FROM ${table}`,
  );
  return row?.[0] === 'true';
}
