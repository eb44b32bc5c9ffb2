import { PipelineFailure } from '../failure.ts';
import type { TaskGraph } from '../graph/task-graph.ts';
import { mostTaskRuns, readCompleteRuns, readCurrentRuns, readTaskRuns } from '../snowflake/read-runs.ts';
import { text, type SqlClient } from '../snowflake/sql-client.ts';
import { sqlTaskName } from '../snowflake/task-name.ts';
import { isFinal, sameRun, type GraphRun } from './graph-run.ts';
import type { Pace } from './pace.ts';
import { progressOf, type RunProgress } from './run-progress.ts';
import { graphRunsOf, type TaskRun } from './task-run.ts';

export interface FollowOptions {
  readonly client: SqlClient;
  readonly graph: TaskGraph;
  readonly run: GraphRun;
  readonly pace: Pace;
  /** The server's clock, epoch milliseconds. */
  readonly serverNow: () => number;
  readonly signal: AbortSignal;
}

/** How long a run may be listed nowhere before its tasks alone decide how it ended. */
const lag = 30_000;

// Close together at first, when much happens and runs may be short.
const interval = (elapsed: number): number => (elapsed < 15_000 ? 500 : elapsed < 5 * 60_000 ? 1000 : 3000);

const automaticRetries = async (client: SqlClient, graph: TaskGraph): Promise<number> => {
  // https://docs.snowflake.com/en/sql-reference/parameters#task-auto-retry-attempts
  const rows = await client
    .query(`SHOW PARAMETERS LIKE 'TASK_AUTO_RETRY_ATTEMPTS' IN TASK ${sqlTaskName(graph.root)}`)
    .catch(() => []);
  const [row] = rows;
  return row === undefined ? 0 : Number(text(row, 'value'));
};

interface Look {
  readonly run: GraphRun | undefined;
  readonly next: GraphRun | undefined;
  readonly taskRuns: readonly TaskRun[];
}

const look = async (options: FollowOptions, run: GraphRun): Promise<Look> => {
  const { client, graph, serverNow } = options;
  // A retry builds on the attempts before it, whose tasks were scheduled earlier than the run itself.
  const since = run.attempt === 1 && run.scheduledAt !== null ? run.scheduledAt - 60_000 : undefined;
  const until = isFinal(run.state) && run.completedAt !== null ? run.completedAt + 60_000 : undefined;
  const limit = Math.min(mostTaskRuns, 200 + 8 * graph.tasks.length);
  const [current, taskRuns] = await Promise.all([
    readCurrentRuns(client, graph),
    readTaskRuns(client, graph, { group: run.group, since, until, limit }, serverNow()),
  ]);
  const isNext = (other: GraphRun): boolean => other.group === run.group && other.attempt === run.attempt + 1;
  const listed = current.find((other) => sameRun(other, run));
  if (listed !== undefined) return { run: listed, next: undefined, taskRuns };
  const complete = await readCompleteRuns(client, graph);
  const next = [...current, ...complete].find(isNext);
  const ended = complete.find((other) => sameRun(other, run));
  if (ended !== undefined) return { run: ended, next, taskRuns };
  const skipped = graphRunsOf(graph.root.name, taskRuns).find((other) => sameRun(other, run) && other.state === 'SKIPPED');
  return { run: skipped, next, taskRuns };
};

const stillBusy = (run: GraphRun, taskRuns: readonly TaskRun[]): boolean =>
  taskRuns.some((other) => sameRun(other, run) && (other.state === 'EXECUTING' || other.state === 'SCHEDULED'));

/** Whether Snowflake is about to start another attempt by itself. */
const retryMayFollow = async (options: FollowOptions, run: GraphRun): Promise<boolean> =>
  run.state === 'FAILED' &&
  run.completedAt !== null &&
  options.serverNow() - run.completedAt < 2 * lag &&
  run.attempt <= (await automaticRetries(options.client, options.graph));

const replaced = (): PipelineFailure =>
  new PipelineFailure('The run is no longer listed and none of its tasks ever started.', {
    wayOut: 'Another EXECUTE TASK took its place, or the graph was replaced. See pipeline history.',
  });

/**
 * Looks at a run again and again until it has ended, automatic retries included. The last progress it gives is final,
 * unless the signal ends it before. It only reads: the run goes on whether or not anyone looks.
 */
export async function* followRun(options: FollowOptions): AsyncGenerator<RunProgress, void, undefined> {
  const { graph, pace, serverNow, signal } = options;
  const begun = pace.now();
  let run = options.run;
  /** Since when the run has been gone from the lists, or has been listed as ended while something may still follow. */
  let doubtSince: number | undefined;
  while (!signal.aborted) {
    const seen = await look(options, run);
    const doubted = doubtSince === undefined ? 0 : pace.now() - doubtSince;
    const show = (as: GraphRun): RunProgress => progressOf(graph, as, seen.taskRuns, serverNow());
    if (seen.next !== undefined) {
      run = seen.next;
      doubtSince = undefined;
      continue;
    }
    if (seen.run === undefined) {
      const derived = graphRunsOf(graph.root.name, seen.taskRuns).find((other) => sameRun(other, run));
      // A run that ended more than an hour ago is listed nowhere: its tasks tell the whole story.
      if (derived !== undefined && isFinal(derived.state) && (isFinal(run.state) || doubted >= lag)) {
        yield show(derived);
        return;
      }
      if (derived === undefined && doubted >= lag) throw replaced();
      doubtSince ??= pace.now();
      // Between two of its tasks a run looks finished: no last word yet.
      yield show(derived === undefined || isFinal(derived.state) ? run : derived);
    } else if (!isFinal(seen.run.state)) {
      run = seen.run;
      doubtSince = undefined;
      yield show(run);
    } else {
      run = seen.run;
      const more = doubted < lag && (stillBusy(run, seen.taskRuns) || (await retryMayFollow(options, run)));
      if (!more) {
        yield show(run);
        return;
      }
      doubtSince ??= pace.now();
      yield show({ ...run, state: 'EXECUTING', completedAt: null });
    }
    await pace.wait(interval(pace.now() - begun), signal);
  }
}
