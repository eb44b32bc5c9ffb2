import type { TaskGraph } from '../graph/task-graph.ts';
import type { RunProgress } from '../run/run-progress.ts';
import { hasFailed } from '../run/task-run.ts';
import { displayTaskName } from '../snowflake/task-name.ts';
import { excerpt } from './printable.ts';
import { runHeadline } from './progress-table.ts';
import type { Colours } from './style.ts';

const errorLines = 14;

/** Failures shown in full; the others are named. */
const mostErrors = 3;

/** What failed and why, and where to look next; `again` are the options that name the same graph. */
export const failureLines = (progress: RunProgress, colours: Colours, again: string): readonly string[] => {
  const failed = progress.tasks.filter((task) => hasFailed(task.state));
  const lines = failed
    .slice(0, mostErrors)
    .flatMap((task) => [
      '',
      colours.red(`${task.name} failed${task.errorCode === null ? '' : ` with error ${task.errorCode}`}:`),
      ...excerpt(task.errorMessage ?? 'no message', errorLines).map((line) => `  ${line}`),
      ...(task.state === 'FAILED_AND_AUTO_SUSPENDED'
        ? [colours.yellow(`  The graph was suspended after too many failures in a row: pipeline resume${again}.`)]
        : []),
    ]);
  if (failed.length > mostErrors)
    lines.push(
      '',
      `Also failed: ${failed
        .slice(mostErrors)
        .map((task) => task.name)
        .join(', ')}.`,
    );
  const [first] = failed;
  if (first !== undefined)
    lines.push(
      '',
      `All of it, with the log of its job: pipeline logs ${first.name}${again}. From the failed task on again: pipeline retry${again}.`,
    );
  return lines;
};

/** How a run ended, in one line, with what failed below it. */
export const summaryLines = (graph: TaskGraph, progress: RunProgress, colours: Colours, again: string): readonly string[] => [
  runHeadline(displayTaskName(graph.root), progress.run, progress.duration, colours),
  ...failureLines(progress, colours, again),
];
