import type { TaskGraph } from '../graph/task-graph.ts';
import { changedTasks, type RunProgress, type TaskProgress } from '../run/run-progress.ts';
import { hasFailed } from '../run/task-run.ts';
import { displayTaskName } from '../snowflake/task-name.ts';
import { formatDuration } from './duration.ts';
import { logLines } from './log-lines.ts';
import type { Output } from './output.ts';
import { errorLine, oneLine, shorten } from './printable.ts';
import { progressTable, runHeadline } from './progress-table.ts';
import { summaryLines } from './run-summary.ts';
import type { RunView } from './run-view.ts';
import { paintState, stateMark } from './style.ts';

const mostOfAValue = 200;

/** Lines as things happen, for logs and pipes. */
export const plainRunView = (output: Output, graph: TaskGraph, again: string): RunView => {
  const { colours } = output;
  let before: RunProgress | undefined;
  const line = (task: TaskProgress, at: number): string => {
    const clock = colours.dim(new Date(at).toISOString().slice(11, 19));
    const took = task.duration === null || task.completedAt === null ? '' : ` in ${formatDuration(task.duration)}`;
    const value = hasFailed(task.state) ? errorLine(task.errorMessage ?? '') : oneLine(task.returnValue ?? '');
    const said = value === '' ? '' : `: ${shorten(value, mostOfAValue)}`;
    return `${clock} ${paintState(colours, task.state, `${stateMark(task.state)} ${task.name} ${task.state}`)}${took}${said}`;
  };
  const show = (progress: RunProgress): void => {
    if (
      before === undefined ||
      before.run.attempt !== progress.run.attempt ||
      (before.run.state === 'SCHEDULED' && progress.run.state !== 'SCHEDULED')
    ) {
      output.print(runHeadline(displayTaskName(graph.root), progress.run, progress.duration, colours));
    }
    for (const task of changedTasks(before, progress)) {
      // What did not run is told by the table at the end.
      if (task.state !== 'NOT_RUN') output.print(line(task, task.completedAt ?? task.startedAt ?? progress.run.scheduledAt ?? 0));
    }
    before = progress;
  };
  return {
    show,
    log: (added) => {
      for (const text of logLines(added, colours)) output.print(text);
    },
    remark: (text) => output.remark(text),
    end: (progress) => {
      show(progress);
      output.print('');
      for (const row of progressTable(progress, colours, { columns: output.columns, rows: Number.POSITIVE_INFINITY }))
        output.print(row);
      output.print('');
      for (const row of summaryLines(graph, progress, colours, again)) output.print(row);
    },
    leave: () => {
      // Everything is printed already.
    },
  };
};
