import { PipelineFailure } from '../failure.ts';
import type { TaskGraph } from '../graph/task-graph.ts';
import { sqlTaskName, stringLiteral } from '../snowflake/task-name.ts';
import type { SqlClient } from '../snowflake/sql-client.ts';
import { recentRuns } from './find-run.ts';
import { isFinal, sameRun, type GraphRun } from './graph-run.ts';
import type { Pace } from './pace.ts';
import { configLiteral, type ConfigObject } from './run-config.ts';

/** What is asked of Snowflake. https://docs.snowflake.com/en/sql-reference/sql/execute-task */
export type StartRequest =
  | { readonly kind: 'fresh'; readonly config: ConfigObject | undefined }
  | { readonly kind: 'retry last' }
  | { readonly kind: 'retry group'; readonly group: string };

const statement = (graph: TaskGraph, request: StartRequest): string => {
  const execute = `EXECUTE TASK ${sqlTaskName(graph.root)}`;
  switch (request.kind) {
    case 'fresh':
      return request.config === undefined ? execute : `${execute} USING CONFIG = ${configLiteral(request.config)}`;
    case 'retry last':
      return `${execute} RETRY LAST`;
    case 'retry group':
      return `${execute} RETRY GRAPH RUN GROUP ${stringLiteral(request.group)}`;
  }
};

/** Snowflake lists a new run within seconds; it may take longer when its scheduler is busy. */
const patience = 90_000;

export interface StartedRun {
  readonly run: GraphRun;
  /** The run that was under way already and that this one waits for, if any. */
  readonly behind: GraphRun | undefined;
}

/**
 * Starts a run and finds out which it is. EXECUTE TASK answers without naming the run, so it is recognised as the one
 * of its kind that had neither begun nor ended before. A run that was merely scheduled may be replaced by this one.
 */
export const startRun = async (
  client: SqlClient,
  graph: TaskGraph,
  request: StartRequest,
  serverNow: () => number,
  pace: Pace,
): Promise<StartedRun> => {
  const before = (await recentRuns(client, graph, serverNow())).filter((run) => run.state !== 'SCHEDULED');
  const behind = before.find((run) => run.state === 'EXECUTING');
  await client.query(statement(graph, request));
  const asked = request.kind === 'fresh' ? 'EXECUTE_TASK' : 'MANUAL RETRY';
  const giveUpAt = pace.now() + patience;
  for (;;) {
    const runs = await recentRuns(client, graph, serverNow());
    const run = runs.find((candidate) => candidate.scheduledFrom === asked && !before.some((known) => sameRun(known, candidate)));
    if (run !== undefined) return { run, behind: isFinal(run.state) ? undefined : behind };
    if (pace.now() >= giveUpAt) {
      throw new PipelineFailure(`Snowflake accepted the run but does not list it after ${patience / 1000} seconds.`, {
        wayOut: 'It may still start: pipeline watch joins it. pipeline doctor looks for what holds it up.',
      });
    }
    await pace.wait(500);
  }
};
