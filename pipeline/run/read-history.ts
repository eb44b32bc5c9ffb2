import { PipelineFailure } from '../failure.ts';
import type { TaskGraph } from '../graph/task-graph.ts';
import { mostTaskRuns, readCurrentRuns, readTaskRuns } from '../snowflake/read-runs.ts';
import type { SqlClient } from '../snowflake/sql-client.ts';
import { sameRun, type GraphRun } from './graph-run.ts';
import { graphRunsOf, type TaskRun } from './task-run.ts';

export interface History {
  /** Newest first. */
  readonly runs: readonly GraphRun[];
  readonly taskRuns: readonly TaskRun[];
  /** Snowflake's limit on the rows of TASK_HISTORY cut off older runs that were asked for. */
  readonly cut: boolean;
}

/** The last `count` runs of the graph within seven days, those under way and next due included. */
export const readHistory = async (client: SqlClient, graph: TaskGraph, count: number, now: number): Promise<History> => {
  // A run has at most a row for each task; one more run makes sure that the last one is whole.
  const limit = Math.min(mostTaskRuns, (count + 2) * (graph.tasks.length + 1));
  const [taskRuns, current] = await Promise.all([readTaskRuns(client, graph, { limit }, now), readCurrentRuns(client, graph)]);
  const derived = graphRunsOf(graph.root.name, taskRuns);
  // Where the rows end, the oldest run may be there in part.
  const full = taskRuns.length >= limit;
  const whole = full ? derived.slice(0, -1) : derived;
  const runs = whole.map((run) => current.find((other) => sameRun(other, run)) ?? run);
  return { runs: runs.slice(0, count), taskRuns, cut: full && limit === mostTaskRuns && runs.length < count };
};

/** The run whose group begins with `prefix`, its last attempt. @throws PipelineFailure when there is none, or several. */
export const findRunByGroup = (runs: readonly GraphRun[], prefix: string): GraphRun => {
  const found = runs.filter((run) => run.group.toLowerCase().startsWith(prefix.toLowerCase()));
  const groups = new Set(found.map((run) => run.group));
  const [run] = [...found].sort((a, b) => b.attempt - a.attempt);
  if (run === undefined) {
    throw new PipelineFailure(`No run of the last seven days begins with "${prefix}".`, { wayOut: 'pipeline history lists them.' });
  }
  if (groups.size > 1) {
    throw new PipelineFailure(`Several runs begin with "${prefix}": ${[...groups].join(', ')}.`, {
      wayOut: 'Give more of its characters.',
    });
  }
  return run;
};
