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

/** A table, or the graph itself, redrawn in place. Logs and remarks scroll away above it. */
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
  return {
    show: (progress) => screen.draw(lines(progress, output.rows - linesAround)),
    log: (added) => {
      for (const line of logLines(added, colours)) screen.above(line);
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
