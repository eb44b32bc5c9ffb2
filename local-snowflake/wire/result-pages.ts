import type { Row } from '../sql/result-set.ts';

/** Characters of row text that travel inside the answer itself. */
export const inlineLimit = 10 * 1024 * 1024;
/** Characters of row text in one chunk of a larger result. */
export const chunkLimit = 8 * 1024 * 1024;
/** Characters of row text beside the chunks of a larger result, so that a driver has rows at once. */
const firstPageLimit = 256 * 1024;

/** Rows `from` (inclusive) to `to` (exclusive), and the length of their JSON. */
export interface Page {
  readonly from: number;
  readonly to: number;
  readonly characters: number;
}

export interface Pages {
  /** The rows that the answer carries. */
  readonly inline: Page;
  /** The rest, in order; empty for a result of ordinary size. */
  readonly chunks: readonly Page[];
}

/** Divides a result by the size of its rows. Every row is in exactly one page; order is kept. */
export function paginate(rows: readonly Row[], limits = { inlineLimit, firstPageLimit, chunkLimit }): Pages {
  const lengths = rows.map(rowLength);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (total <= limits.inlineLimit) return { inline: { from: 0, to: rows.length, characters: total }, chunks: [] };
  const pages: Page[] = [];
  let from = 0;
  let characters = 0;
  const cut = (to: number): void => {
    pages.push({ from, to, characters });
    from = to;
    characters = 0;
  };
  for (const [index, length] of lengths.entries()) {
    const limit = pages.length === 0 ? limits.firstPageLimit : limits.chunkLimit;
    // The first page may stay empty (one enormous row first); a chunk never does.
    if (characters + length > limit && (index > from || pages.length === 0)) cut(index);
    characters += length;
  }
  cut(rows.length);
  const [inline, ...chunks] = pages;
  if (inline === undefined) throw new Error('a result without pages');
  return { inline, chunks };
}

/** The length of the row's JSON, give or take escapes. */
function rowLength(row: Row): number {
  let length = 2;
  for (const cell of row) length += cell === null ? 5 : cell.length + 3;
  return length;
}

/** Rows as connectors read a chunk: a JSON array without its brackets. */
export function chunkText(rows: readonly Row[]): string {
  return JSON.stringify(rows).slice(1, -1);
}
