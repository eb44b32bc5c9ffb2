/**
 * Test scripts in the manner of sqllogictest, for what the SQL of the local Snowflake answers. Every script names the
 * documentation page that its expectations come from.
 *
 * ```
 * # https://docs.snowflake.com/en/…
 * statement ok
 * CREATE TABLE t (a INT)
 *
 * query rowsort
 * SELECT a FROM t
 * ----
 * A
 * 1
 * NULL
 *
 * error 100051
 * SELECT 1 / 0
 * ```
 *
 * A query's first line of output names its columns; cells are separated by ` | `. `rowsort` compares rows in any order.
 * An error expects a code, and optionally words that the message must hold.
 */
export type ScriptStep =
  | { readonly kind: 'statement'; readonly line: number; readonly sql: string }
  | {
      readonly kind: 'query';
      readonly line: number;
      readonly sql: string;
      readonly sorted: boolean;
      readonly columns: string;
      readonly rows: readonly string[];
    }
  | { readonly kind: 'error'; readonly line: number; readonly sql: string; readonly code: string; readonly message: string };

export function parseScript(text: string): ScriptStep[] {
  const steps: ScriptStep[] = [];
  const lines = text.split('\n');
  let index = 0;
  while (index < lines.length) {
    const head = lines[index]?.trim() ?? '';
    const line = index + 1;
    index += 1;
    if (head === '' || head.startsWith('#')) continue;
    const body: string[] = [];
    while (index < lines.length && lines[index] !== '' && lines[index] !== '----') body.push(lines[index++] ?? '');
    const sql = body.join('\n');
    if (head === 'statement ok') steps.push({ kind: 'statement', line, sql });
    else if (head === 'query' || head === 'query rowsort') {
      if (lines[index] !== '----') throw new Error(`line ${String(line)}: a query needs its output behind ----`);
      index += 1;
      const [columns = '', ...rows] = takeUntilBlank(lines, index);
      index += rows.length + 1;
      steps.push({ kind: 'query', line, sql, sorted: head.endsWith('rowsort'), columns, rows });
    } else {
      const match = /^error (\d+)(?: (.*))?$/u.exec(head);
      if (match === null) throw new Error(`line ${String(line)}: not a step: ${head}`);
      steps.push({ kind: 'error', line, sql, code: match[1] ?? '', message: match[2] ?? '' });
    }
  }
  return steps;
}

function takeUntilBlank(lines: readonly string[], from: number): string[] {
  const end = lines.findIndex((line, index) => index >= from && line === '');
  return lines.slice(from, end < 0 ? undefined : end);
}
