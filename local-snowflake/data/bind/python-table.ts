import { BIGINT, type DuckDBConnection } from '@duckdb/node-api';
import type { PackedValues } from '../../sql/packed-column.ts';
import { type SnowflakeType, types } from '../../sql/types.ts';
import { packedForm, readPacked } from '../duckdb/packed-reader.ts';
import { appendPacked, type VectorColumn } from '../duckdb/packed-writer.ts';
import { physicalType } from '../duckdb/physical-type.ts';
import type { PreparationRuntime } from '../duckdb/preparation-runtime.ts';
import { execute } from '../duckdb/run.ts';
import type { PartitionedRows, PythonFunction } from '../ports.ts';
import type { BindContext } from './bind-context.ts';
import type { Bound } from './bound.ts';
import { withClause } from './common-table-clause.ts';

/** A Python table function and the rows beside it; all SQL is DuckDB's. */
export interface PythonTable {
  readonly fn: PythonFunction;
  readonly args: readonly Bound[];
  /** ` FROM …` of the rows that the arguments come from; empty for a call without any. */
  readonly source: string;
  /** Columns of those rows that the statement uses. */
  readonly kept: readonly string[];
  readonly partitionBy: readonly { readonly sql: string; readonly compared: string }[];
  readonly orderBy: readonly { readonly sql: string; readonly direction: string }[];
  readonly results: readonly { readonly internal: string; readonly type: SnowflakeType; readonly wanted: boolean }[];
  /** Keeps rows for which the function gives none. */
  readonly leftJoin: boolean;
}

/** Calls the function over all its rows; returns the name of a table with the kept columns and the results. */
export async function runPythonTable(table: PythonTable, bind: BindContext, runtime: PreparationRuntime): Promise<string> {
  const { connection } = runtime;
  const rows = await keepRows(table, bind, runtime);
  const calls = await orderCalls(table, rows, runtime);
  const results = runtime.temporary();
  const columns = table.results.map(({ type }, index) => `r${String(index)} ${physicalType(type)}`);
  await execute(connection, `CREATE TEMP TABLE ${results} (source BIGINT, ${columns.join(', ')})`);
  await bind.ports.callPythonTable(table.fn, partitions(connection, calls, table.args), async (output) => {
    const source: VectorColumn = { type: BIGINT, values: { form: 'int64', bytes: output.sources } };
    const values = output.columns.map((column, index) => ({ column, type: table.results[index]?.type ?? types.varchar() }));
    await appendPacked(connection, results, [source], values, output.rows);
  });
  const answer = runtime.temporary();
  await execute(connection, `CREATE TEMP TABLE ${answer} AS ${answerQuery(table, rows, calls, results)}`);
  return `temp.main.${answer}`;
}

/** The rows with the columns that are kept, and one for each argument and each key. */
async function keepRows(table: PythonTable, bind: BindContext, runtime: PreparationRuntime): Promise<string> {
  const columns = [
    ...table.kept,
    ...table.args.map((arg, index) => `${arg.sql} AS a${String(index)}`),
    ...table.partitionBy.map((key, index) => `${key.compared} AS k${String(index)}`),
    ...table.orderBy.map((key, index) => `${key.sql} AS o${String(index)}`),
  ];
  const name = runtime.temporary();
  const query = `${withClause(bind)}SELECT ${columns.length === 0 ? '1 AS unused' : columns.join(', ')}${table.source}`;
  await execute(runtime.connection, `CREATE TEMP TABLE ${name} AS ${runtime.text(query)}`);
  return name;
}

/** Row `i` of the kept rows is call `n`, in partition `p`, both counted from 0 without gaps. */
async function orderCalls(table: PythonTable, rows: string, runtime: PreparationRuntime): Promise<string> {
  const keys = table.partitionBy.map((_, index) => `k${String(index)} NULLS LAST`);
  const order = table.orderBy.map((key, index) => `o${String(index)} ${key.direction}`);
  const args = table.args.map((_, index) => `a${String(index)}`);
  const partition = keys.length === 0 ? '0' : `dense_rank() OVER (ORDER BY ${keys.join(', ')}) - 1`;
  const strict =
    table.fn.nullHandling === 'STRICT' && args.length > 0 ? ` WHERE ${args.map((arg) => `${arg} IS NOT NULL`).join(' AND ')}` : '';
  const name = runtime.temporary();
  await execute(
    runtime.connection,
    `CREATE TEMP TABLE ${name} AS SELECT row_number() OVER (ORDER BY ${[...keys, ...order, 'rowid'].join(', ')}) - 1 AS n, ${partition} AS p, ${['rowid AS i', ...args].join(', ')} FROM ${rows}${strict} ORDER BY n`,
  );
  return name;
}

const batchRows = { values: 65_536, texts: 16_384 };

/** The calls in order, with the places where partitions end. */
async function* partitions(
  connection: DuckDBConnection,
  calls: string,
  args: PythonTable['args'],
): AsyncGenerator<PartitionedRows> {
  const size = args.some(({ type }) => packedForm(type) === 'text') ? batchRows.texts : batchRows.values;
  const partition = { type: types.number(18, 0), sql: 'p' };
  const columns = [partition, ...args.map(({ type }, index) => ({ type, sql: `a${String(index)}` }))];
  let open: bigint | undefined;
  for (let start = 0; ; start += size) {
    const range = `n >= ${String(start)} AND n < ${String(start + size)}`;
    const { rows, columns: read } = await readPacked(connection, columns, calls, range);
    const [numbers, ...values] = read;
    const ends: number[] = [];
    for (const [index, number] of integers(numbers).entries()) {
      if (open !== undefined && number !== open) ends.push(index);
      open = number;
    }
    const last = rows < size;
    // Without a row there is no partition.
    if (last && open !== undefined) ends.push(rows);
    if (open !== undefined) yield { rows, columns: values, ends };
    if (last) return;
  }
}

function integers(column: PackedValues | undefined): BigInt64Array {
  return new BigInt64Array(Uint8Array.from(column?.bytes ?? []).buffer);
}

function answerQuery(
  { kept, partitionBy, results: columns, leftJoin }: PythonTable,
  rows: string,
  calls: string,
  results: string,
): string {
  const wanted = columns.flatMap(({ internal, wanted: is }, index) => (is ? [{ internal, sql: `r.r${String(index)}` }] : []));
  const list = (beside: (column: string) => string, values: readonly string[]): string => {
    const all = [
      ...kept.map((column) => `${beside(column)} AS ${column}`),
      ...wanted.map(({ internal }, index) => `${values[index] ?? 'NULL'} AS ${internal}`),
    ];
    return all.length === 0 ? '1 AS unused' : all.join(', ');
  };
  const typed = wanted.map(({ sql }) => sql);
  const parts = [
    `SELECT ${list((column) => `m.${column}`, typed)} FROM ${results} AS r JOIN ${calls} AS c ON c.n = r.source JOIN ${rows} AS m ON m.rowid = c.i`,
    // Of the columns beside it a partition has those that it is partitioned by.
    `SELECT ${list((column) => (isKey(column, partitionBy) ? `p.${column}` : 'NULL'), typed)} FROM ${results} AS r JOIN (${partitionKeys(kept, partitionBy, rows, calls)}) AS p ON p.p = -1 - r.source`,
  ];
  if (leftJoin) {
    parts.push(
      `SELECT ${list((column) => `m.${column}`, [])} FROM ${rows} AS m WHERE m.rowid NOT IN (SELECT c.i FROM ${calls} AS c WHERE c.n IN (SELECT source FROM ${results}))`,
    );
  }
  return parts.join(' UNION ALL ');
}

function isKey(column: string, partitionBy: PythonTable['partitionBy']): boolean {
  return partitionBy.some(({ sql }) => sql === column);
}

function partitionKeys(kept: readonly string[], partitionBy: PythonTable['partitionBy'], rows: string, calls: string): string {
  const keys = kept.filter((column) => isKey(column, partitionBy)).map((column) => `, any_value(m.${column}) AS ${column}`);
  return `SELECT c.p${keys.join('')} FROM ${calls} AS c JOIN ${rows} AS m ON m.rowid = c.i GROUP BY c.p`;
}
