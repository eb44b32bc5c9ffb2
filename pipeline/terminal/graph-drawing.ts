import { layoutGraph } from '../graph/graph-layout.ts';
import type { TaskGraph } from '../graph/task-graph.ts';
import { drawInTerminal } from '../graph/terminal-drawing.ts';
import type { Layout } from '../graph/layered-layout.ts';
import type { RunProgress, TaskProgress } from '../run/run-progress.ts';
import { hasFailed } from '../run/task-run.ts';
import { formatDuration } from './duration.ts';
import { errorLine, oneLine, shorten } from './printable.ts';
import { paintState, stateMark, type Colours } from './style.ts';

/** Longest return value or error in a box. */
const mostInBox = 28;

/** A task's state in a few words. */
export const stateText = (task: TaskProgress): string =>
  `${stateMark(task.state)} ${task.state}${task.duration === null ? '' : ` ${formatDuration(task.duration)}`}`;

const outcome = (task: TaskProgress | undefined): string => {
  if (task === undefined) return '';
  const text = hasFailed(task.state) ? errorLine(task.errorMessage ?? '') : oneLine(task.returnValue ?? '');
  return shorten(text, mostInBox);
};

export interface GraphDrawing {
  readonly layout: Layout;
  /** The lines of text in the box of a task. */
  readonly linesOf: (task: string) => readonly string[];
  /** The drawing, a string for each row. */
  readonly draw: (colours: Colours) => readonly string[];
}

/**
 * The graph as boxes: name (with ‖ when the task is suspended), state when there is a run, and with `outcomes` what the task
 * returned or failed with, for which a line is kept in every box, so that the boxes keep their size while a run goes on.
 */
export const graphDrawing = (graph: TaskGraph, progress: RunProgress | undefined, outcomes: boolean): GraphDrawing => {
  const tasks = new Map(graph.tasks.map((task) => [task.name, task]));
  const states = new Map(progress?.tasks.map((task) => [task.name, task]));
  const linesOf = (name: string): readonly string[] => {
    const state = states.get(name);
    return [
      `${name}${tasks.get(name)?.suspended ? ' ‖' : ''}`,
      ...(state === undefined ? [] : [stateText(state)]),
      ...(outcomes ? [outcome(state)] : []),
    ];
  };
  const layout = layoutGraph(graph, linesOf);
  return {
    layout,
    linesOf,
    draw: (colours) =>
      drawInTerminal(layout, (name) => {
        const state = states.get(name)?.state;
        return { lines: linesOf(name), paint: (text) => (state === undefined ? text : paintState(colours, state, text)) };
      }),
  };
};
