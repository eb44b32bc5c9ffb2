import { exitCode, type ExitCode } from '../exit-code.ts';
import { PipelineFailure } from '../failure.ts';
import type { TaskGraph } from '../graph/task-graph.ts';
import { findRunByGroup } from '../run/read-history.ts';
import { graphRunsOf, hasFailed, type TaskRun } from '../run/task-run.ts';
import { readContainerLogs, readJobs, type ContainerLog, type Job } from '../snowflake/read-job-logs.ts';
import { readTaskRuns } from '../snowflake/read-runs.ts';
import { displayTaskName } from '../snowflake/task-name.ts';
import { formatDuration } from '../terminal/duration.ts';
import { taskRunAsJson } from '../terminal/json-run-view.ts';
import type { Output } from '../terminal/output.ts';
import { printable } from '../terminal/printable.ts';
import { paintState, stateMark } from '../terminal/style.ts';
import { sameTarget, withGraph, type CommonOptions } from './graph-session.ts';

export interface LogsOptions extends CommonOptions {
  readonly task: string;
  readonly run?: string | undefined;
  readonly lines: number;
}

/** Names of tasks are usually upper case; `train_model` finds TRAIN_MODEL unless a task is called just that. */
const memberNamed = (graph: TaskGraph, given: string): string => {
  const names = graph.tasks.map((task) => task.name);
  const found = names.find((name) => name === given) ?? names.find((name) => name === given.toUpperCase());
  if (found !== undefined) return found;
  throw new PipelineFailure(`The graph has no task ${given}.`, { wayOut: `It has ${names.join(', ')}.` });
};

const chooseRun = (
  graph: TaskGraph,
  task: string,
  taskRuns: readonly TaskRun[],
  prefix: string | undefined,
  again: string,
): TaskRun => {
  const ofRun = prefix === undefined ? undefined : findRunByGroup(graphRunsOf(graph.root.name, taskRuns), prefix);
  const candidates = taskRuns.filter((run) => run.state !== 'SCHEDULED' && (ofRun === undefined || run.group === ofRun.group));
  const [run] = [...candidates].sort((a, b) => (b.scheduledAt ?? 0) - (a.scheduledAt ?? 0) || b.attempt - a.attempt);
  if (run === undefined) {
    throw new PipelineFailure(`${task} has not run in the last seven days.`, {
      wayOut: `See pipeline history${again}; start a run: pipeline run${again}.`,
    });
  }
  return run;
};

interface JobWithLogs {
  readonly job: Job;
  readonly logs: readonly ContainerLog[];
}

const printLog = (run: TaskRun, jobs: readonly JobWithLogs[], output: Output): void => {
  const { colours } = output;
  const took =
    run.startedAt === null || run.completedAt === null ? '' : ` after ${formatDuration(run.completedAt - run.startedAt)}`;
  const started = run.startedAt === null ? '' : `, started ${new Date(run.startedAt).toISOString()}`;
  output.print(
    `${paintState(colours, run.state, `${stateMark(run.state)} ${run.task} ${run.state}`)}${took} ${colours.dim(`run ${run.group.slice(0, 8)}, attempt ${run.attempt}${started}${run.queryId === null ? '' : `, query ${run.queryId}`}`)}`,
  );
  if (run.returnValue !== null) output.print(`\nReturned: ${printable(run.returnValue)}`);
  if (run.errorMessage !== null) {
    const title = `Error ${run.errorCode ?? ''}`.trim();
    output.print(`\n${hasFailed(run.state) ? colours.red(title) : title}\n${printable(run.errorMessage)}`);
  }
  for (const { job, logs } of jobs) {
    output.print(`\n${colours.bold(`Job ${displayTaskName(job.service)}`)} ${job.status} on ${job.computePool}`);
    for (const log of logs) {
      output.print(colours.dim(`── instance ${log.instance}, container ${log.container}, ${log.status} ──`));
      output.print(printable(log.text).trimEnd() || colours.dim('(nothing was logged)'));
    }
  }
};

/** What the last run of a task left: state, error with its traceback, return value, and the logs of the ML jobs it started. */
export const logsCommand = (options: LogsOptions): Promise<ExitCode> =>
  withGraph(options, async ({ client, graph, output, serverNow, target }) => {
    const task = memberNamed(graph, options.task);
    const now = serverNow();
    const taskRuns = await readTaskRuns(client, graph, { task, limit: options.run === undefined ? 50 : 1000 }, now);
    const run = chooseRun(graph, task, taskRuns, options.run, sameTarget(target));
    const jobs: JobWithLogs[] = [];
    if (run.startedAt !== null) {
      for (const job of await readJobs(client, graph.root.database, run.startedAt, run.completedAt ?? now)) {
        jobs.push({ job, logs: await readContainerLogs(client, job, options.lines) });
      }
    }
    if (output.json) {
      output.print(
        JSON.stringify({
          event: 'logs',
          ...taskRunAsJson(run),
          jobs: jobs.map(({ job, logs }) => ({
            service: displayTaskName(job.service),
            status: job.status,
            computePool: job.computePool,
            createdAt: new Date(job.createdAt).toISOString(),
            logs,
          })),
        }),
      );
    } else printLog(run, jobs, output);
    return exitCode.succeeded;
  });
