import { columnsOf } from '../graph/terminal-drawing.ts';
import type { Output } from './output.ts';

const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
const clearLine = '\u001b[K';
const clearBelow = '\u001b[J';
const up = (lines: number): string => (lines === 0 ? '' : `\u001b[${lines}A`);

const reset = '\u001b[0m';

// A colour, or a character.
const escape = '\\u001b';
const pieces = new RegExp(`${escape}\\[[0-9;]*m|.`, 'gsu');

/** A line, colours and all, cut to so many columns: a longer one would wrap and spoil the redrawing. */
export const clip = (line: string, columns: number): string => {
  let left = columns;
  let kept = '';
  for (const [piece] of line.matchAll(pieces)) {
    const width = piece.startsWith('\u001b') ? 0 : columnsOf(piece);
    if (width > left) return kept.includes('\u001b') ? `${kept}${reset}` : kept;
    left -= width;
    kept += piece;
  }
  return kept;
};

/** Lines at the bottom of the terminal that are drawn over and over. */
export interface LiveScreen {
  /** Replaces what was drawn before. Lines are cut to the width of the terminal. */
  draw(lines: readonly string[]): void;
  /** Puts a line that stays above the drawn ones. */
  above(line: string): void;
  /** Leaves what is drawn and gives the cursor back. */
  close(): void;
}

export const openLiveScreen = (output: Output): LiveScreen => {
  let drawn: readonly string[] = [];
  let open = false;
  const restore = (): void => {
    if (open) output.write(showCursor);
    open = false;
  };
  const paint = (lines: readonly string[], before: string): void => {
    if (!open) {
      // However the process ends, the cursor comes back.
      process.once('exit', restore);
      open = true;
    }
    output.write(
      `${hideCursor}${up(drawn.length)}\r${before}${lines.map((line) => `${clip(line, output.columns - 1)}${clearLine}\n`).join('')}${clearBelow}`,
    );
    drawn = lines;
  };
  return {
    draw: (lines) => paint(lines, ''),
    above: (line) => paint(drawn, `${line}${clearLine}\n`),
    close: () => {
      process.removeListener('exit', restore);
      restore();
    },
  };
};
