import { cellsOf, type PackedValues, textColumn } from './packed-column.ts';
import type { Row } from './result-set.ts';
import type { SnowflakeType } from './types.ts';

/** Rows of arguments by column. */
export interface ArgumentColumns {
  readonly rows: number;
  readonly columns: readonly PackedValues[];
}

/** The same of rows of cells; all must have as many. */
export function argumentColumns(rows: readonly Row[]): ArgumentColumns {
  const width = rows[0]?.length ?? 0;
  return {
    rows: rows.length,
    columns: Array.from({ length: width }, (_, index) => textColumn(rows.map((row) => row[index] ?? null))),
  };
}

export function argumentRows({ rows, columns }: ArgumentColumns, types: readonly SnowflakeType[]): Row[] {
  const cells = columns.map((column, index) => cellsOf(column, types[index] as SnowflakeType));
  return Array.from({ length: rows }, (_, row) => cells.map((column) => column[row] ?? null));
}
