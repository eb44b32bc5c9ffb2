/** Prints either JSON for programs or lines for people. */
export function report(json: boolean | undefined, value: unknown, lines: () => readonly string[]): void {
  const text = json === true ? JSON.stringify(value, null, 2) : lines().join('\n');
  process.stdout.write(text === '' ? '' : `${text}\n`);
}

/** Columns padded to their widest cell; the last one is left ragged. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  return rows.map((row) =>
    row
      .map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** One line of at most `width` characters. */
export function oneLine(text: string, width = 100): string {
  const flat = text.replace(/\s+/gu, ' ').trim();
  return flat.length <= width ? flat : `${flat.slice(0, width - 1)}…`;
}

/** `2026-01-01 12:00:00` in UTC. */
export function timeText(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ');
}
