import { bindQuery } from '../bind/bind-query.ts';
import type { BoundQuery } from '../bind/bound-query.ts';
import { resultCells } from '../duckdb/result-cells.ts';
import { toWire } from '../duckdb/wire-text.ts';
import type { ResultColumn, ResultSet } from '../../sql/result-set.ts';
import type { Query } from '../syntax/tree.ts';
import type { StatementFrame } from './statement-frame.ts';

export async function runQuery(query: Query, frame: StatementFrame): Promise<ResultSet> {
  const result = bindQuery(query, frame.bind);
  if (result.constantRow !== undefined) return { columns: resultColumns(result), rows: [[...result.constantRow]] };
  const cells = result.columns.map((column) => resultCells(column.type, column.internal));
  const list = cells.map((cell, index) => `${cell.sql} AS w${String(index)}`);
  const rows = await frame.query(
    `SELECT ${list.join(', ')} FROM (${result.sql}) AS result`,
    cells.map((cell) => cell.read),
  );
  return { columns: resultColumns(result), rows };
}

export function resultColumns(query: BoundQuery): ResultColumn[] {
  return query.columns.map(({ name, type, nullable }) => ({ name, type, nullable }));
}

/** The query with every column as wire text. */
export function wireSql(query: BoundQuery): string {
  const list = query.columns.map((column, index) => `${toWire(column.type, column.internal)} AS w${String(index)}`);
  return `SELECT ${list.join(', ')} FROM (${query.sql}) AS result`;
}
