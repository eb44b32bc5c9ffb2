// CSI sequences (colours, cursor) and OSC sequences (titles, links), from ECMA-48.
const escape = '\\u001b';
const sequences = new RegExp(`${escape}\\[[0-9;?]*[ -/]*[@-~]|${escape}\\][^\\u0007${escape}]*(?:\\u0007|${escape}\\\\)`, 'gu');

/**
 * Text from a task (return values, error messages, logs) as a terminal may show it: escape sequences and control
 * characters are taken out, so that no payload moves the cursor or recolours the screen. Line ends and tabs stay.
 */
export const printable = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    .replaceAll(sequences, '')
    .replaceAll(/(?![\t\n])\p{Cc}/gu, '');

/** The same on one line. */
export const oneLine = (text: string): string => printable(text).replaceAll(/\s+/g, ' ').trim();

/** At most `width` characters, the last an ellipsis when there was more. */
export const shorten = (text: string, width: number): string => {
  const chars = Array.from(text);
  if (chars.length <= width) return text;
  return width <= 0 ? '' : `${chars.slice(0, width - 1).join('')}…`;
};

/** The first and last lines of a long text: of a traceback, both the beginning and the end matter. */
export const excerpt = (text: string, lines: number): readonly string[] => {
  const all = printable(text).trimEnd().split('\n');
  if (all.length <= lines) return all;
  const head = Math.ceil(lines / 4);
  return [...all.slice(0, head), `… (${all.length - lines + 1} more lines)`, ...all.slice(all.length - (lines - head - 1))];
};

/**
 * An error on one line: of a Python traceback the line that names the exception, since the frames before it say less.
 */
export const errorLine = (message: string): string => {
  const lines = printable(message).split('\n');
  const traceback = lines.findIndex((line) => line.startsWith('Traceback'));
  const exception = traceback < 0 ? undefined : lines.slice(traceback + 1).findLast((line) => /^\S/.test(line));
  return oneLine(exception ?? message);
};
