import type { TaskGraph } from '../graph/task-graph.ts';
import { mostTaskRuns, readTaskRuns } from '../snowflake/read-runs.ts';
import type { SqlClient } from '../snowflake/sql-client.ts';
import { runToWatch } from './find-run.ts';
import { progressOf, type RunProgress } from './run-progress.ts';

/** The run under way, else the last one, with its tasks; undefined when none has begun. `now` is the server's clock. */
export const lastProgress = async (client: SqlClient, graph: TaskGraph, now: number): Promise<RunProgress | undefined> => {
  const run = await runToWatch(client, graph, now);
  if (run === undefined || run.state === 'SCHEDULED') return undefined;
  const limit = Math.min(mostTaskRuns, 200 + 8 * graph.tasks.length);
  return progressOf(graph, run, await readTaskRuns(client, graph, { group: run.group, limit }, now), now);
};
