import type { Cell, Row } from './result-set.ts';

/** Rows of arguments by column, as JSON text: what has a million rows never becomes a million objects on its way. */
export interface ArgumentColumns {
  readonly rows: number;
  /** For each argument a JSON array of its cells, text or null. */
  readonly columns: readonly string[];
}

/** The same of rows; all must have as many cells. */
export function argumentColumns(rows: readonly Row[]): ArgumentColumns {
  const width = rows[0]?.length ?? 0;
  const columns = Array.from({ length: width }, (_, index) => JSON.stringify(rows.map((row) => row[index] ?? null)));
  return { rows: rows.length, columns };
}

export function argumentRows({ rows, columns }: ArgumentColumns): Row[] {
  const cells = columns.map((column) => JSON.parse(column) as Cell[]);
  return Array.from({ length: rows }, (_, index) => cells.map((column) => column[index] ?? null));
}
