import type { TaskGraph } from '../graph/task-graph.ts';
import type { JobLines } from '../run/job-tails.ts';
import type { RunProgress } from '../run/run-progress.ts';
import { jsonRunView } from './json-run-view.ts';
import { liveRunView } from './live-run-view.ts';
import type { Output } from './output.ts';
import { plainRunView } from './plain-run-view.ts';

/** Shows a run while it goes on. */
export interface RunView {
  show(progress: RunProgress): void;
  /** What the tasks' jobs have logged since the last look. */
  log(lines: readonly JobLines[]): void;
  /** A remark between two looks. */
  remark(text: string): void;
  /** The run has ended. */
  end(progress: RunProgress): void;
  /** The watching ended, the run did not. */
  leave(): void;
}

export interface ViewOptions {
  /** The options that name the same graph again, for advice. */
  readonly again: string;
  /** On a terminal with room for it, the drawn graph instead of the table. */
  readonly dag: boolean;
  /** Whether logs scroll by whole; else a redrawn view keeps their last lines below it. */
  readonly wholeLogs: boolean;
}

/** JSON lines when asked for, a redrawn table or graph on a terminal, else lines as things happen. */
export const openRunView = (output: Output, graph: TaskGraph, options: ViewOptions): RunView => {
  if (output.json) return jsonRunView(output, graph);
  return output.live ? liveRunView(output, graph, options) : plainRunView(output, graph, options.again);
};
