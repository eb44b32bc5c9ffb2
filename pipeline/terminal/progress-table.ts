import Table from 'cli-table3';
import { isFinal, type GraphRun } from '../run/graph-run.ts';
import type { RunProgress, TaskProgress } from '../run/run-progress.ts';
import { hasFailed } from '../run/task-run.ts';
import { formatDuration } from './duration.ts';
import { errorLine, oneLine, shorten } from './printable.ts';
import { paintState, stateMark, type Colours } from './style.ts';

const noBorders = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

type Cell = string | { readonly content: string; readonly hAlign: 'left' | 'right' };

/** Rows under a line of headings, in aligned columns without borders. */
export const plainTable = (
  colours: Colours,
  headings: readonly string[],
  rows: readonly (readonly Cell[])[],
): readonly string[] => {
  const table = new Table({
    head: headings.map((heading) => colours.dim(heading)),
    chars: noBorders,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const row of rows) table.push([...row]);
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
};

const note = (task: TaskProgress): string => {
  if (task.errorMessage !== null && (hasFailed(task.state) || task.state === 'CANCELLED')) return errorLine(task.errorMessage);
  return task.returnValue === null ? '' : oneLine(task.returnValue);
};

// What needs attention first, when there are more tasks than lines.
const urgency = (task: TaskProgress): number => {
  if (hasFailed(task.state) || task.state === 'CANCELLED') return 0;
  if (task.state === 'EXECUTING') return 1;
  return task.state === 'SCHEDULED' ? 2 : task.completedAt === null ? 4 : 3;
};

const chooseTasks = (tasks: readonly TaskProgress[], lines: number): readonly TaskProgress[] => {
  if (tasks.length <= lines) return tasks;
  const chosen = new Set(
    [...tasks].sort((a, b) => urgency(a) - urgency(b) || (b.completedAt ?? 0) - (a.completedAt ?? 0)).slice(0, lines),
  );
  return tasks.filter((task) => chosen.has(task));
};

const countStates = (tasks: readonly TaskProgress[]): string => {
  const counts = new Map<string, number>();
  for (const task of tasks) counts.set(task.state, (counts.get(task.state) ?? 0) + 1);
  return [...counts].map(([state, count]) => `${count} ${state}`).join(', ');
};

export interface TableSize {
  readonly columns: number;
  readonly rows: number;
}

/** The tasks of a run, a line each: state, duration, return value or error. Shortened to the size of the terminal. */
export const progressTable = (progress: RunProgress, colours: Colours, size: TableSize): readonly string[] => {
  const shown = chooseTasks(progress.tasks, Math.max(3, size.rows - 1));
  const nameWidth = Math.max(4, ...shown.map((task) => task.name.length));
  const stateWidth = Math.max(5, ...shown.map((task) => task.state.length));
  const noteWidth = size.columns - nameWidth - stateWidth - 22;
  const rows = shown.map((task) => [
    paintState(colours, task.state, stateMark(task.state)),
    task.name,
    paintState(colours, task.state, task.state),
    { content: task.duration === null ? '' : formatDuration(task.duration), hAlign: 'right' as const },
    colours.dim(
      `${task.attempt < progress.run.attempt ? `(attempt ${task.attempt}) ` : ''}${shorten(note(task), Math.min(noteWidth, 400))}`,
    ),
  ]);
  const rest = progress.tasks.filter((task) => !shown.includes(task));
  return [
    ...plainTable(colours, ['', 'TASK', 'STATE', 'DURATION', 'RETURN VALUE'], rows),
    ...(rest.length === 0 ? [] : [colours.dim(`… and ${rest.length} more: ${countStates(rest)}`)]),
  ];
};

const origins: Readonly<Record<string, string>> = {
  SCHEDULE: 'on schedule',
  EXECUTE_TASK: 'by EXECUTE TASK',
  'EXECUTE TASK': 'by EXECUTE TASK',
  'MANUAL RETRY': 'by a retry',
  'AUTOMATIC RETRY': 'by an automatic retry',
  TRIGGER: 'by new data in its stream',
};

/** One line about a run: which, how it began, how it is. */
export const runHeadline = (graph: string, run: GraphRun, duration: number | null, colours: Colours): string => {
  const attempt = run.attempt > 1 ? `, attempt ${run.attempt}` : '';
  const origin = origins[run.scheduledFrom] ?? run.scheduledFrom;
  const state = paintState(colours, run.state, `${stateMark(run.state)} ${run.state}`);
  const due = run.state === 'SCHEDULED' && run.scheduledAt !== null ? ` for ${new Date(run.scheduledAt).toISOString()}` : '';
  const took =
    duration === null || run.state === 'SCHEDULED' ? '' : ` ${isFinal(run.state) ? 'after' : 'for'} ${formatDuration(duration)}`;
  return `${state}${due}${took}  ${colours.bold(graph)} ${colours.dim(`run ${run.group.slice(0, 8)}${attempt}, started ${origin}`)}`;
};
