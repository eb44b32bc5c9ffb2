import type { TaskGraph } from '../graph/task-graph.ts';
import type { RunProgress } from '../run/run-progress.ts';
import { displayTaskName } from '../snowflake/task-name.ts';
import { graphDrawing } from './graph-drawing.ts';
import { openLiveScreen } from './live-screen.ts';
import { logLines } from './log-lines.ts';
import type { Output } from './output.ts';
import { progressTable, runHeadline } from './progress-table.ts';
import { failureLines } from './run-summary.ts';
import type { RunView, ViewOptions } from './run-view.ts';

/** Lines around the drawing: headline, blank line, the line of the cursor. */
const linesAround = 3;

/** Last lines of the jobs' logs that stay below the table, and the blank line before them. */
const mostOfTheLogs = 6;

/** A table, or the graph itself, redrawn in place. Remarks scroll away above it, and so do whole logs; tails of logs stay below it. */
export const liveRunView = (output: Output, graph: TaskGraph, options: ViewOptions): RunView => {
  const screen = openLiveScreen(output);
  const { colours } = output;
  const name = displayTaskName(graph.root);
  const body = (progress: RunProgress, rows: number): readonly string[] => {
    if (options.dag) {
      const drawing = graphDrawing(graph, progress, true);
      if (drawing.layout.width < output.columns && drawing.layout.height <= rows) return drawing.draw(colours);
    }
    return progressTable(progress, colours, { columns: output.columns, rows: rows - 1 });
  };
  const lines = (progress: RunProgress, rows: number): readonly string[] => [
    runHeadline(name, progress.run, progress.duration, colours),
    '',
    ...body(progress, rows),
  ];
  let tail: readonly string[] = [];
  const withTail = (progress: RunProgress): readonly string[] => {
    // A low terminal keeps its lines for the tasks.
    const room = Math.floor((output.rows - linesAround) / 3);
    const kept = room < 2 ? [] : tail.slice(-(Math.min(room, mostOfTheLogs) - 1));
    const below = kept.length === 0 ? [] : ['', ...kept];
    return [...lines(progress, output.rows - linesAround - below.length), ...below];
  };
  return {
    show: (progress) => screen.draw(withTail(progress)),
    log: (added) => {
      const logged = logLines(added, colours);
      if (options.wholeLogs) for (const line of logged) screen.above(line);
      else tail = [...tail, ...logged].slice(-mostOfTheLogs);
    },
    remark: (text) => screen.above(colours.yellow(text)),
    end: (progress) => {
      // Nothing is redrawn any more, so every task gets its line.
      screen.draw(lines(progress, Number.POSITIVE_INFINITY));
      screen.close();
      for (const line of failureLines(progress, colours, options.again)) output.print(line);
    },
    leave: () => screen.close(),
  };
};
