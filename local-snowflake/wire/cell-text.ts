import type { Cell, ResultColumn, Row } from '../sql/result-set.ts';

/**
 * Rows as drivers read them. Cells travel as they are, but for times: drivers take the digits behind the point as a
 * whole number in the column's scale (the Python connector's `get_seconds_microseconds`), so there must be just as many.
 */
export function encodeRows(columns: readonly ResultColumn[], rows: readonly Row[]): readonly Row[] {
  const times = columns.flatMap((column, index) =>
    'precision' in column.type && column.type.kind !== 'NUMBER' ? [{ index, scale: column.type.precision }] : [],
  );
  if (times.length === 0) return rows;
  return rows.map((row) => {
    const cells: Cell[] = [...row];
    for (const { index, scale } of times) {
      const cell = row[index];
      if (cell !== undefined && cell !== null) cells[index] = withScale(cell, scale);
    }
    return cells;
  });
}

/** `1.5` in scale 3 is `1.500`, in scale 0 `1`; an offset behind a blank stays. */
export function withScale(cell: string, scale: number): string {
  const [number = '', offset] = cell.split(' ');
  const [whole = '', fraction = ''] = number.split('.');
  const digits = fraction.slice(0, scale).padEnd(scale, '0');
  return `${whole}${scale === 0 ? '' : `.${digits}`}${offset === undefined ? '' : ` ${offset}`}`;
}
