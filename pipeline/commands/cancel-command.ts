import { exitCode, type ExitCode } from '../exit-code.ts';
import { qualifiedTask } from '../graph/task-graph.ts';
import { isFinal, sameRun, type GraphRun } from '../run/graph-run.ts';
import { readCompleteRuns, readCurrentRuns, readTaskRuns } from '../snowflake/read-runs.ts';
import { sqlTaskName, stringLiteral, displayTaskName } from '../snowflake/task-name.ts';
import { runAsJson } from '../terminal/json-run-view.ts';
import { runHeadline } from '../terminal/progress-table.ts';
import { withGraph, type CommonOptions, type GraphSession } from './graph-session.ts';

/** Snowflake answers before the run is over; how long its end is waited for. */
const patience = 60_000;

interface Pass {
  /** Tasks asked to stop in this pass. */
  readonly cancelled: readonly string[];
  /** Something other than the finalizer runs or is about to. */
  readonly busy: boolean;
}

/**
 * The function cancels one task's run, so it is called for every task of the run that executes. The finalizer is left
 * to do its work. https://docs.snowflake.com/en/sql-reference/functions/system_user_task_cancel_ongoing_executions
 */
const cancelTasks = async ({ client, graph, serverNow }: GraphSession, run: GraphRun): Promise<Pass> => {
  const finalizer = graph.tasks.find((task) => task.role === 'finalizer')?.name;
  const taskRuns = await readTaskRuns(client, graph, { group: run.group, limit: 200 + 8 * graph.tasks.length }, serverNow());
  const going = taskRuns.filter((other) => sameRun(other, run) && other.task !== finalizer);
  const cancelled = going.filter((other) => other.state === 'EXECUTING').map((other) => other.task);
  for (const task of cancelled) {
    const name = stringLiteral(sqlTaskName(qualifiedTask(graph, task)));
    await client.query(`SELECT SYSTEM$USER_TASK_CANCEL_ONGOING_EXECUTIONS(${name})`);
  }
  return { cancelled, busy: going.some((other) => other.state === 'EXECUTING' || other.state === 'SCHEDULED') };
};

const endOf = async (session: GraphSession, run: GraphRun, onCancelled: (task: string) => void): Promise<GraphRun> => {
  const { client, graph, pace } = session;
  const giveUpAt = pace.now() + patience;
  const told = new Set<string>();
  for (;;) {
    const pass = await cancelTasks(session, run);
    for (const task of pass.cancelled.filter((name) => !told.has(name))) {
      told.add(task);
      onCancelled(task);
    }
    const ended = (await readCompleteRuns(client, graph)).find((other) => sameRun(other, run));
    if (ended !== undefined) return ended;
    const listed = (await readCurrentRuns(client, graph)).find((other) => sameRun(other, run));
    if (pace.now() >= giveUpAt || (listed !== undefined && !pass.busy && pass.cancelled.length === 0 && told.size > 0))
      return listed ?? run;
    await pace.wait(500);
  }
};

/** Cancels the run under way: what executes is stopped, what comes after does not start, the finalizer still runs. */
export const cancelCommand = (options: CommonOptions): Promise<ExitCode> =>
  withGraph(options, async (session) => {
    const { client, graph, output, serverNow } = session;
    const runs = (await readCurrentRuns(client, graph)).filter((run) => run.state === 'EXECUTING');
    if (runs.length === 0) {
      output.remark(`No run of ${displayTaskName(graph.root)} is under way.`);
      return exitCode.succeeded;
    }
    for (const run of runs) {
      const ended = await endOf(session, run, (task) => output.remark(`Asked Snowflake to cancel ${task}.`));
      if (output.json) output.print(JSON.stringify({ event: 'run', graph: displayTaskName(graph.root), ...runAsJson(ended) }));
      else {
        const duration = ended.scheduledAt === null ? null : (ended.completedAt ?? serverNow()) - ended.scheduledAt;
        output.print(runHeadline(displayTaskName(graph.root), ended, duration, output.colours));
        if (!isFinal(ended.state)) output.remark('It is still ending (its finalizer, perhaps): pipeline watch shows it.');
      }
    }
    return exitCode.succeeded;
  });
