import { column, type ResultSet } from '../../sql/result-set.ts';
import { types } from '../../sql/types.ts';

/** The one-row answer of a DML statement, and the rows it touched. */
export interface DmlResult {
  readonly result: ResultSet;
  readonly affectedRows: number;
}

/** Answers like `number of rows inserted`. */
export function countResult(counts: Readonly<Record<string, number>>): DmlResult {
  return {
    result: {
      columns: Object.keys(counts).map((name) => column(name, types.number(38, 0), false)),
      rows: [Object.values(counts).map(String)],
    },
    affectedRows: Object.values(counts).reduce((sum, count) => sum + count, 0),
  };
}

export function inserted(rows: number): DmlResult {
  return countResult({ 'number of rows inserted': rows });
}

export function deleted(rows: number): DmlResult {
  return countResult({ 'number of rows deleted': rows });
}

export function updated(rows: number, joined: number): DmlResult {
  return { ...countResult({ 'number of rows updated': rows, 'number of multi-joined rows updated': joined }), affectedRows: rows };
}
