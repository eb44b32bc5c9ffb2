import type { TaskGraph } from '../graph/task-graph.ts';
import type { RunProgress } from '../run/run-progress.ts';
import { displayTaskName } from '../snowflake/task-name.ts';
import { openLiveScreen } from './live-screen.ts';
import type { Output } from './output.ts';
import { progressTable, runHeadline } from './progress-table.ts';
import { failureLines } from './run-summary.ts';
import type { RunView } from './run-view.ts';

/** A table that is redrawn in place. */
export const liveRunView = (output: Output, graph: TaskGraph, again: string): RunView => {
  const screen = openLiveScreen(output);
  const name = displayTaskName(graph.root);
  const lines = (progress: RunProgress, rows: number): readonly string[] => [
    runHeadline(name, progress.run, progress.duration, output.colours),
    '',
    ...progressTable(progress, output.colours, { columns: output.columns, rows }),
  ];
  return {
    show: (progress) => screen.draw(lines(progress, output.rows - 4)),
    remark: (text) => screen.above(output.colours.yellow(text)),
    end: (progress) => {
      // Nothing is redrawn any more, so every task gets its line.
      screen.draw(lines(progress, Number.POSITIVE_INFINITY));
      screen.close();
      for (const line of failureLines(progress, output.colours, again)) output.print(line);
    },
    leave: () => screen.close(),
  };
};
