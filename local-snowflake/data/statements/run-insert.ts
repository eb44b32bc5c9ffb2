import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { Cell } from '../../sql/result-set.ts';
import { bindExpression } from '../bind/bind-expression.ts';
import { bindQuery } from '../bind/bind-query.ts';
import { type Bound, bound, nullBound } from '../bind/bound.ts';
import type { QueryColumn } from '../bind/bound-query.ts';
import { type ExpressionContext, newBlock } from '../bind/expression-context.ts';
import { Scope } from '../bind/scope.ts';
import { deleteRows, insertRows } from '../changes/tracked-write.ts';
import { appendText } from '../duckdb/append-cells.ts';
import { fromWire } from '../duckdb/wire-text.ts';
import type { TableColumn } from '../ports.ts';
import type { Expression, Statement } from '../syntax/tree.ts';
import { type DmlResult, inserted } from './dml-result.ts';
import type { StatementFrame } from './statement-frame.ts';
import { assigned, defaultValue, isDefault, type TargetTable, targetColumns, targetTable } from './target-table.ts';

type Insert = Extract<Statement, { kind: 'insert' }>;

/** https://docs.snowflake.com/en/sql-reference/sql/insert */
export async function runInsert(statement: Insert, frame: StatementFrame): Promise<DmlResult> {
  const target = targetTable(statement.table, 'INSERT', frame);
  const columns = targetColumns(target, statement.columns);
  const source = await insertSource(statement, target, columns, frame);
  const names = [...columns, ...source.defaults].map((column) => column.physical);
  if (!statement.overwrite) return inserted(await insertRows(target, names, source.sql, frame));
  return frame.atomically(async () => {
    await deleteRows(target, undefined, frame);
    return inserted(await insertRows(target, names, source.sql, frame));
  });
}

interface InsertSource {
  readonly sql: string;
  /** Columns that the source fills beyond those named. */
  readonly defaults: readonly TableColumn[];
}

async function insertSource(
  statement: Insert,
  target: TargetTable,
  columns: readonly TableColumn[],
  frame: StatementFrame,
): Promise<InsertSource> {
  const defaults = target.columns.filter(
    (column) => !columns.includes(column) && (column.defaultText !== undefined || column.identity !== undefined),
  );
  const { body } = statement.source;
  const plain = statement.source.commonTables.length === 0 && statement.source.limit === undefined;
  if (body.kind === 'values' && plain) {
    const rows = frame.ports.bindRows ?? 1;
    return {
      defaults,
      sql: await (rows > 1
        ? boundRows(body.rows, rows, target, columns, defaults, frame)
        : valueRows(body.rows, target, columns, defaults, frame)),
    };
  }
  const query = bindQuery(statement.source, frame.bind);
  checkCount(columns.length, query.columns.length);
  const list = query.columns.map((column, index) => assigned(columnBound(column), at(columns, index), frame).sql);
  const rest = defaults.map((column) => defaultValue(column, target, frame).sql);
  return { defaults, sql: `SELECT ${[...list, ...rest].join(', ')} FROM (${query.sql}) AS source` };
}

/** A column that is nothing but NULL fits any type. */
function columnBound({ type, internal, nullable, untyped }: QueryColumn): Bound {
  return untyped === true ? nullBound : bound(type, internal, nullable);
}

/** `VALUES (…), (…)`; each cell goes straight into its column's type, and DEFAULT stands for the column's own. */
function valueRows(
  rows: readonly (readonly Expression[])[],
  target: TargetTable,
  columns: readonly TableColumn[],
  defaults: readonly TableColumn[],
  frame: StatementFrame,
): Promise<string> {
  const context: ExpressionContext = { bind: frame.bind, scope: new Scope([]), block: newBlock() };
  const tuples = rows.map((row) => `(${rowValues(row, target, columns, defaults, frame, context).join(', ')})`);
  if (context.block !== undefined && context.block.pythonCalls.length > 0)
    throw SnowflakeError.of('unsupported', { feature: 'Python function in VALUES; use INSERT … SELECT' });
  return Promise.resolve(`VALUES ${tuples.join(', ')}`);
}

function rowValues(
  row: readonly Expression[],
  target: TargetTable,
  columns: readonly TableColumn[],
  defaults: readonly TableColumn[],
  frame: StatementFrame,
  context: ExpressionContext,
): string[] {
  checkCount(columns.length, row.length);
  const cells = row.map((cell, index) => {
    const column = at(columns, index);
    return isDefault(cell) ? defaultValue(column, target, frame) : assigned(bindExpression(cell, context), column, frame);
  });
  return [...cells, ...defaults.map((column) => defaultValue(column, target, frame))].map((value) => value.sql);
}

/** A batch insert: one row of VALUES, run for every row of binds. */
async function boundRows(
  rows: readonly (readonly Expression[])[],
  count: number,
  target: TargetTable,
  columns: readonly TableColumn[],
  defaults: readonly TableColumn[],
  frame: StatementFrame,
): Promise<string> {
  const [row] = rows;
  if (row === undefined || rows.length !== 1)
    throw SnowflakeError.of('unsupported', { feature: 'several rows of VALUES with several rows of binds' });
  const keys: string[] = [];
  const bindColumn = (key: string): Bound | undefined => {
    if (frame.ports.bind(key) === undefined) return undefined;
    if (!keys.includes(key)) keys.push(key);
    const type = bindType(key, count, frame);
    return bound(type, fromWire(type, `t${String(keys.indexOf(key))}`));
  };
  const context: ExpressionContext = { bind: frame.bind, scope: new Scope([]), block: newBlock(), bindColumn };
  const values = rowValues(row, target, columns, defaults, frame, context);
  const table = frame.runtime.temporary();
  const cells = Array.from({ length: count }, (_, index): Cell[] => keys.map((key) => bindCell(key, index, frame)));
  await appendText(frame.runtime.connection, table, cells, keys.length);
  return `SELECT ${values.join(', ')} FROM temp.main.${table}`;
}

function bindCell(key: string, row: number, frame: StatementFrame): Cell {
  return frame.ports.bindAt?.(key, row).cell ?? null;
}

function bindType(key: string, count: number, frame: StatementFrame): Bound['type'] {
  for (let row = 0; row < count; row += 1) {
    const value = frame.ports.bindAt?.(key, row);
    if (value !== undefined && value.cell !== null) return value.type;
  }
  return frame.ports.bindAt?.(key, 0).type ?? missingBind(key);
}

function missingBind(key: string): never {
  throw SnowflakeError.of('bindVariableNotSet', { name: `:${key}` });
}

export function checkCount(expected: number, got: number): void {
  if (expected !== got) throw SnowflakeError.of('insertColumnCount', { expected, got });
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError(`no item ${String(index)}`);
  return item;
}
