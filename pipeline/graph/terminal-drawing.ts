import type { Layout, Wire } from './layered-layout.ts';

/** What stands in a node's box: one line of text per inner row, and how to colour it. */
export interface BoxText {
  readonly lines: readonly string[];
  readonly paint: (text: string) => string;
}

const north = 1;
const east = 2;
const south = 4;
const west = 8;

// Index: the sum of the directions a cell is connected to.
const solid = [' ', '╵', '╶', '└', '╷', '│', '┌', '├', '╴', '┘', '─', '┴', '┐', '┤', '┬', '┼'] as const;
const dashedVertical = '┆';
const dashedHorizontal = '┄';

interface Cell {
  readonly net: number;
  bits: number;
  dashed: boolean;
}

const drawWire = (grid: Map<string, Cell[]>, wire: Wire): void => {
  const horizontal = wire.from.y === wire.to.y;
  const length = horizontal ? Math.abs(wire.to.x - wire.from.x) : Math.abs(wire.to.y - wire.from.y);
  if (length === 0) return;
  const x0 = Math.min(wire.from.x, wire.to.x);
  const y0 = Math.min(wire.from.y, wire.to.y);
  const [backwards, forwards] = horizontal ? [west, east] : [north, south];
  for (let step = 0; step <= length; step++) {
    const key = `${horizontal ? x0 + step : x0} ${horizontal ? y0 : y0 + step}`;
    const cells = grid.get(key) ?? [];
    grid.set(key, cells);
    let cell = cells.find((other) => other.net === wire.net);
    if (cell === undefined) {
      cell = { net: wire.net, bits: 0, dashed: wire.dashed };
      cells.push(cell);
    }
    if (step > 0) cell.bits |= backwards;
    if (step < length) cell.bits |= forwards;
  }
};

const glyph = (cells: readonly Cell[]): string => {
  // Where wires of two nets cross, the horizontal one passes under the vertical one: the two do not join.
  const through = cells.find((cell) => (cell.bits & (north | south)) === (north | south));
  const under = cells.find((cell) => cell !== through && (cell.bits & (east | west)) === (east | west));
  const visible = through !== undefined && under !== undefined ? [through] : cells;
  const bits = visible.reduce((sum, cell) => sum | cell.bits, 0);
  if (visible.every((cell) => cell.dashed)) {
    if (bits === (north | south)) return dashedVertical;
    if (bits === (east | west)) return dashedHorizontal;
  }
  return solid[bits] ?? ' ';
};

// Hangul, CJK and full-width forms, and pictographs.
const isWide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Columns a text takes: the few wide characters of a task's name count two. */
export const columnsOf = (text: string): number => Array.from(text).reduce((sum, char) => sum + (isWide.test(char) ? 2 : 1), 0);

const centred = (text: string, width: number): string => {
  const free = Math.max(0, width - columnsOf(text));
  return `${' '.repeat(Math.floor(free / 2))}${text}${' '.repeat(Math.ceil(free / 2))}`;
};

/** Draws the layout with box-drawing characters, a string for each row, without trailing blanks. */
export const drawInTerminal = (layout: Layout, boxOf: (id: string) => BoxText): readonly string[] => {
  const wires = new Map<string, Cell[]>();
  for (const wire of layout.wires) drawWire(wires, wire);
  // Each row as pieces by column: boxes are painted whole, so that colours never split.
  const rows: Map<number, { text: string; columns: number }>[] = Array.from({ length: layout.height }, () => new Map());
  for (const [key, cells] of wires) {
    const [x = 0, y = 0] = key.split(' ').map(Number);
    rows[y]?.set(x, { text: glyph(cells), columns: 1 });
  }
  for (const edge of layout.edges) {
    const end = edge.points.at(-1);
    if (end !== undefined) rows[end.y]?.set(end.x, { text: '▼', columns: 1 });
  }
  const exits = new Map<number, Set<number>>();
  for (const edge of layout.edges) {
    const start = edge.points[0];
    if (start !== undefined) exits.set(start.y, (exits.get(start.y) ?? new Set()).add(start.x));
  }
  for (const node of layout.nodes) {
    const { lines, paint } = boxOf(node.id);
    const inner = node.width - 2;
    const bottom = node.y + node.height - 1;
    const border = (row: number, left: string, right: string): string =>
      left +
      Array.from({ length: inner }, (_column, at) => (row === bottom && exits.get(row)?.has(node.x + 1 + at) ? '┬' : '─')).join(
        '',
      ) +
      right;
    for (let row = node.y; row <= bottom; row++) {
      for (let x = node.x; x < node.x + node.width; x++) rows[row]?.delete(x);
      let text: string;
      if (row === node.y) text = border(row, '┌', '┐');
      else if (row === bottom) text = border(row, '└', '┘');
      else text = `│${centred(lines[row - node.y - 1] ?? '', inner)}│`;
      rows[row]?.set(node.x, { text: paint(text), columns: node.width });
    }
  }
  return rows.map((row) => {
    let line = '';
    let column = 0;
    for (const [x, piece] of [...row].sort(([a], [b]) => a - b)) {
      line += ' '.repeat(Math.max(0, x - column)) + piece.text;
      column = x + piece.columns;
    }
    return line.trimEnd();
  });
};
