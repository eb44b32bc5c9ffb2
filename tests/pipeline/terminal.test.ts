import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { progressOf, type RunProgress } from '../../pipeline/run/run-progress.ts';
import { jsonRunView } from '../../pipeline/terminal/json-run-view.ts';
import { clip } from '../../pipeline/terminal/live-screen.ts';
import { liveRunView } from '../../pipeline/terminal/live-run-view.ts';
import type { Output } from '../../pipeline/terminal/output.ts';
import { plainRunView } from '../../pipeline/terminal/plain-run-view.ts';
import { errorLine, excerpt, oneLine, printable, shorten } from '../../pipeline/terminal/printable.ts';
import { coloursFor } from '../../pipeline/terminal/style.ts';
import { graphRun, sampleGraph, taskRun } from './sample-graph.ts';

const recording = (fields: Partial<Output> = {}): Output & { readonly text: () => string } => {
  let written = '';
  const plain = coloursFor({}, {});
  return {
    json: false,
    live: false,
    colours: plain,
    errorColours: plain,
    columns: Number.POSITIVE_INFINITY,
    rows: Number.POSITIVE_INFINITY,
    write: (text) => void (written += text),
    print: (line) => void (written += `${line}\n`),
    remark: (line) => void (written += `${line}\n`),
    ...fields,
    text: () => written,
  };
};

const graph = sampleGraph();
const began = Date.UTC(2026, 0, 1, 12);
const at = (seconds: number): number => began + seconds * 1000;
const run = graphRun({ scheduledAt: at(0), startedAt: at(1) });
const load = taskRun('LOAD', { scheduledAt: at(0), startedAt: at(1), completedAt: at(11), returnValue: '2381\nrows' });
const training = taskRun('TRAIN', { state: 'EXECUTING', scheduledAt: at(11), startedAt: at(12), completedAt: null });
const error = `Python Interpreter Error:\nTraceback (most recent call last):\n  File "train.py", line 7\nValueError: \u001b[31mboom\u001b[0m`;
const broken = { ...training, state: 'FAILED' as const, completedAt: at(20), errorCode: 100_357, errorMessage: error };
const looks: readonly RunProgress[] = [
  progressOf(graph, run, [{ ...load, state: 'EXECUTING', completedAt: null, returnValue: null }], at(5)),
  progressOf(graph, run, [load, training], at(15)),
  progressOf(
    graph,
    { ...run, state: 'FAILED', completedAt: at(22) },
    [load, broken, taskRun('CLEANUP', { scheduledAt: at(20), startedAt: at(21), completedAt: at(22) })],
    at(30),
  ),
];

describe('a run in plain lines', () => {
  it('appends a line for each change, then the table, the end and its cause', () => {
    const output = recording();
    const view = plainRunView(output, graph, ' --stack dev');
    view.show(looks[0] as RunProgress);
    view.show(looks[0] as RunProgress);
    view.show(looks[1] as RunProgress);
    view.end(looks[2] as RunProgress);
    expect(output.text()).toMatchInlineSnapshot(`
      "▶ EXECUTING for 5.0s  DB.S.LOAD run group-1, started by EXECUTE TASK
      12:00:01 ▶ LOAD EXECUTING
      12:00:11 ✓ LOAD SUCCEEDED in 10.0s: 2381 rows
      12:00:12 ▶ TRAIN EXECUTING
      12:00:20 ✗ TRAIN FAILED in 8.0s: ValueError: boom
      12:00:22 ✓ CLEANUP SUCCEEDED in 1.0s

         TASK     STATE      DURATION  RETURN VALUE
      ✓  LOAD     SUCCEEDED     10.0s  2381 rows
      ✗  TRAIN    FAILED         8.0s  ValueError: boom
      ·  CHECK    NOT_RUN
      ·  ALERT    NOT_RUN
      ·  PROMOTE  NOT_RUN
      ✓  CLEANUP  SUCCEEDED      1.0s

      ✗ FAILED after 22.0s  DB.S.LOAD run group-1, started by EXECUTE TASK

      TRAIN failed with error 100357:
        Python Interpreter Error:
        Traceback (most recent call last):
          File "train.py", line 7
        ValueError: boom

      All of it, with the log of its job: pipeline logs TRAIN --stack dev. From the failed task on again: pipeline retry --stack dev.
      "
    `);
  });
});

describe('a run in JSON lines', () => {
  it('gives one object a line, ending with the state and the exit code', () => {
    const output = recording({ json: true });
    const view = jsonRunView(output, graph);
    for (const look of looks.slice(0, 2)) view.show(look);
    view.remark('a remark');
    view.end(looks[2] as RunProgress);
    const events = output
      .text()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.map((event) => [event['event'], event['task'] ?? event['state'] ?? event['message']])).toEqual([
      ['run', 'EXECUTING'],
      ['task', 'LOAD'],
      ['task', 'LOAD'],
      ['task', 'TRAIN'],
      ['remark', 'a remark'],
      ['run', 'FAILED'],
      ['task', 'TRAIN'],
      ['task', 'CHECK'],
      ['task', 'ALERT'],
      ['task', 'PROMOTE'],
      ['task', 'CLEANUP'],
      ['end', 'FAILED'],
    ]);
    expect(events.at(-1)).toMatchObject({
      graph: 'DB.S.LOAD',
      exitCode: 1,
      durationMs: 22_000,
      completedAt: '2026-01-01T12:00:22.000Z',
    });
    expect(events[2]).toMatchObject({ state: 'SUCCEEDED', durationMs: 10_000, returnValue: '2381\nrows' });
  });
});

const escape = '\\u001b';
const pieces = new RegExp(`${escape}\\[(\\d+)A|${escape}\\[\\?25[lh]|${escape}\\[[KJ]|\\r|\\n|[^${escape}\\r\\n]+`, 'g');

/** What a terminal shows after it has read all that was written. */
const screenAfter = (written: string): readonly string[] => {
  const rows: string[] = [''];
  let row = 0;
  for (const [piece, up] of written.matchAll(pieces)) {
    if (up !== undefined) row -= Number(up);
    else if (piece === '\u001b[J') rows.splice(row, Number.POSITIVE_INFINITY, '');
    else if (piece === '\n') rows[++row] ??= '';
    else if (!piece.startsWith('\u001b') && piece !== '\r') rows[row] = piece;
  }
  return rows;
};

describe('a run on a terminal', () => {
  it('redraws the table in place and keeps remarks above it', () => {
    const output = recording({ live: true, columns: 80, rows: 24 });
    const view = liveRunView(output, graph, { again: '', dag: false, wholeLogs: false });
    view.show(looks[0] as RunProgress);
    view.remark('careful');
    view.show(looks[1] as RunProgress);
    const screen = screenAfter(output.text());
    expect(screen[0]).toBe('careful');
    expect(screen.filter((line) => line.includes('LOAD  '))).toHaveLength(1);
    expect(screen.find((line) => line.includes('TRAIN'))).toMatch(/▶ +TRAIN +EXECUTING +3\.0s/);
    view.end(looks[2] as RunProgress);
    expect(output.text()).toContain('\u001b[?25h');
    expect(screenAfter(output.text()).join('\n')).toContain('ValueError: boom');
  });

  it('draws the graph where it fits, and the table where it does not', () => {
    const shown = (rows: number): string => {
      const output = recording({ live: true, columns: 80, rows });
      const view = liveRunView(output, graph, { again: '', dag: true, wholeLogs: false });
      view.show(looks[0] as RunProgress);
      view.show(looks[1] as RunProgress);
      view.leave();
      return screenAfter(output.text()).join('\n');
    };
    expect(`\n${shown(60)}\n`).toMatchInlineSnapshot(`
      "
      ▶ EXECUTING for 15.0s  DB.S.LOAD run group-1, started by EXECUTE TASK

          ┌───────────────────┐
          │       LOAD        │
          │ ✓ SUCCEEDED 10.0s │
          │     2381 rows     │
          └─────────┬─────────┘
                    │
                    ▼
          ┌───────────────────┐
          │       TRAIN       │
          │ ▶ EXECUTING 3.0s  │
          │                   │
          └─────────┬─────────┘
                    │
                    ▼
              ┌───────────┐
              │   CHECK   │
              │ · WAITING │
              │           │
              └─────┬─────┘
            ┌───────┴───────┐
            ▼               ▼
      ┌───────────┐   ┌───────────┐
      │   ALERT   │   │  PROMOTE  │
      │ · WAITING │   │ · WAITING │
      │           │   │           │
      └─────┬─────┘   └─────┬─────┘
            └┄┄┄┄┄┄┄┬┄┄┄┄┄┄┄┘
                    ▼
              ┌───────────┐
              │  CLEANUP  │
              │ · WAITING │
              │           │
              └───────────┘

      "
    `);
    expect(shown(20)).toMatch(/▶ +TRAIN +EXECUTING +3\.0s/);
  });

  it('lets what jobs log scroll away above the table', () => {
    const output = recording({ live: true, columns: 80, rows: 24 });
    const view = liveRunView(output, graph, { again: '', dag: false, wholeLogs: true });
    view.show(looks[1] as RunProgress);
    view.log([{ task: 'TRAIN', job: 'DB.S.JOB', instance: 0, lines: ['epoch 1', 'epoch 2\u001b[2J'] }]);
    view.log([{ task: 'TRAIN', job: 'DB.S.JOB', instance: 1, lines: ['ready'] }]);
    view.leave();
    expect(screenAfter(output.text()).slice(0, 4)).toEqual([
      'TRAIN │ epoch 1',
      'TRAIN │ epoch 2',
      'TRAIN.1 │ ready',
      expect.stringContaining('EXECUTING'),
    ]);
  });

  it('keeps the last lines of the logs below the table, as many as there is room for, and drops them at the end', () => {
    const shown = (rows: number): readonly string[] => {
      const output = recording({ live: true, columns: 80, rows });
      const view = liveRunView(output, graph, { again: '', dag: false, wholeLogs: false });
      view.show(looks[1] as RunProgress);
      for (let epoch = 1; epoch <= 9; epoch++)
        view.log([{ task: 'TRAIN', job: 'DB.S.JOB', instance: 0, lines: [`epoch ${epoch}`] }]);
      view.show(looks[1] as RunProgress);
      const screen = screenAfter(output.text());
      expect(screen.length).toBeLessThanOrEqual(rows);
      view.end(looks[2] as RunProgress);
      expect(screenAfter(output.text()).join('\n')).not.toContain('epoch');
      return screen.filter((line) => line.includes('epoch'));
    };
    expect(shown(24)).toEqual([5, 6, 7, 8, 9].map((epoch) => `TRAIN │ epoch ${epoch}`));
    expect(shown(12)).toEqual([8, 9].map((epoch) => `TRAIN │ epoch ${epoch}`));
    expect(shown(8)).toEqual([]);
  });

  it('shows what matters when there are more tasks than lines', () => {
    const output = recording({ live: true, columns: 80, rows: 9 });
    const view = liveRunView(output, graph, { again: '', dag: false, wholeLogs: false });
    view.show(progressOf(graph, run, [load, broken], at(25)));
    const screen = screenAfter(output.text()).join('\n');
    expect(screen).toMatch(/✗ +TRAIN/);
    expect(screen).toContain('… and 2 more: 2 WAITING');
    view.leave();
  });

  it('cuts lines to the width of the terminal, colours and all', () => {
    expect(clip('\u001b[31mabcdef\u001b[0m', 3)).toBe('\u001b[31mabc\u001b[0m');
    expect(clip('abc', 3)).toBe('abc');
    expect(clip('表表表', 5)).toBe('表表');
  });
});

describe('text from tasks', () => {
  it('loses everything a terminal would obey', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('\u001b[2J', '\u001b]0;title\u0007', '\u009b5A', '\u0007', '\r'),
        (text, control) => {
          expect(printable(`${text}${control}${text}`)).not.toMatch(/(?![\t\n])\p{Cc}/u);
        },
      ),
    );
    expect(printable('a\u001b[31mb\u001b[0m\u001b]8;;http://x\u0007c')).toBe('abc');
  });

  it('is shortened at the end, or in the middle for tracebacks', () => {
    expect(errorLine(error)).toBe('ValueError: boom');
    expect(errorLine('SQL compilation error:\nObject X does not exist.')).toBe('SQL compilation error: Object X does not exist.');
    expect(oneLine(' a\n\tb ')).toBe('a b');
    expect(shorten('abcdef', 4)).toBe('abc…');
    expect(excerpt(Array.from({ length: 30 }, (_line, line) => `line ${line}`).join('\n'), 8)).toEqual([
      'line 0',
      'line 1',
      '… (23 more lines)',
      'line 25',
      'line 26',
      'line 27',
      'line 28',
      'line 29',
    ]);
  });
});

describe('colours', () => {
  const coloured = (stream: { isTTY?: boolean }, environment: Record<string, string>): boolean =>
    coloursFor(stream, environment).isColorSupported;
  it('are for terminals, and for nobody who asks for none', () => {
    expect(coloured({ isTTY: true }, {})).toBe(true);
    expect(coloured({}, {})).toBe(false);
    expect(coloured({}, { CI: 'true' })).toBe(false);
    expect(coloured({ isTTY: true }, { NO_COLOR: '1' })).toBe(false);
    expect(coloured({ isTTY: true }, { NO_COLOR: '' })).toBe(true);
    expect(coloured({ isTTY: true }, { TERM: 'dumb' })).toBe(false);
    expect(coloured({}, { FORCE_COLOR: '1' })).toBe(true);
  });
});
