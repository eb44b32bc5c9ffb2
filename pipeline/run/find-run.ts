import type { TaskGraph } from '../graph/task-graph.ts';
import { readCompleteRuns, readCurrentRuns, readTaskRuns } from '../snowflake/read-runs.ts';
import type { SqlClient } from '../snowflake/sql-client.ts';
import { sameRun, type GraphRun } from './graph-run.ts';
import { graphRunsOf } from './task-run.ts';

/** How many runs of the root are looked through for one that was skipped, which only TASK_HISTORY lists. */
const recentRoots = 50;

const newestFirst = (a: GraphRun, b: GraphRun): number => (b.scheduledAt ?? 0) - (a.scheduledAt ?? 0) || b.attempt - a.attempt;

const union = (...lists: readonly (readonly GraphRun[])[]): readonly GraphRun[] => {
  const runs: GraphRun[] = [];
  for (const run of lists.flat()) if (!runs.some((other) => sameRun(other, run))) runs.push(run);
  return runs.sort(newestFirst);
};

/** The recent runs of the graph, newest first: waiting, under way, ended in the last hour, or skipped. */
export const recentRuns = async (client: SqlClient, graph: TaskGraph, now: number): Promise<readonly GraphRun[]> => {
  const [current, complete, ofRoot] = await Promise.all([
    readCurrentRuns(client, graph),
    readCompleteRuns(client, graph),
    readTaskRuns(client, graph, { task: graph.root.name, limit: recentRoots }, now),
  ]);
  const skipped = graphRunsOf(graph.root.name, ofRoot).filter((run) => run.state === 'SKIPPED');
  return union(current, complete, skipped);
};

/** The run to watch when none is named: the one under way, else the last that ended, else the next that is due. */
export const runToWatch = async (client: SqlClient, graph: TaskGraph, now: number): Promise<GraphRun | undefined> => {
  const [current, complete] = await Promise.all([readCurrentRuns(client, graph), readCompleteRuns(client, graph)]);
  const executing = [...current].sort(newestFirst).find((run) => run.state === 'EXECUTING');
  if (executing !== undefined) return executing;
  const [ended] = union(complete);
  if (ended !== undefined) return ended;
  // Older than an hour: only its tasks are on record.
  const rows = await readTaskRuns(client, graph, { limit: 2 * graph.tasks.length + recentRoots }, now);
  const runs = graphRunsOf(graph.root.name, rows);
  return runs.find((run) => run.state !== 'SCHEDULED') ?? runs[0];
};
