import type { TaskGraph } from '../graph/task-graph.ts';
import type { RunProgress } from '../run/run-progress.ts';
import { jsonRunView } from './json-run-view.ts';
import { liveRunView } from './live-run-view.ts';
import type { Output } from './output.ts';
import { plainRunView } from './plain-run-view.ts';

/** Shows a run while it goes on. */
export interface RunView {
  show(progress: RunProgress): void;
  /** A remark between two looks. */
  remark(text: string): void;
  /** The run has ended. */
  end(progress: RunProgress): void;
  /** The watching ended, the run did not. */
  leave(): void;
}

/** JSON lines when asked for, a redrawn table on a terminal, else lines as things happen. `again` are the options that name the same graph. */
export const openRunView = (output: Output, graph: TaskGraph, again: string): RunView => {
  if (output.json) return jsonRunView(output, graph);
  return output.live ? liveRunView(output, graph, again) : plainRunView(output, graph, again);
};
