import { exitCodeOfRun } from '../exit-code.ts';
import type { TaskGraph } from '../graph/task-graph.ts';
import { isFinal, type GraphRun } from '../run/graph-run.ts';
import type { TaskRun } from '../run/task-run.ts';
import { changedTasks, type RunProgress, type TaskProgress } from '../run/run-progress.ts';
import { displayTaskName } from '../snowflake/task-name.ts';
import type { Output } from './output.ts';
import type { RunView } from './run-view.ts';

const instant = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString());

const parsed = (json: string | null): unknown => {
  if (json === null) return null;
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return json;
  }
};

/** A run as `--json` gives it. Field names are documented in docs/operating.md and stay. */
export const runAsJson = (run: GraphRun): Readonly<Record<string, unknown>> => ({
  group: run.group,
  attempt: run.attempt,
  state: run.state,
  scheduledFrom: run.scheduledFrom,
  scheduledAt: instant(run.scheduledAt),
  startedAt: instant(run.startedAt),
  completedAt: instant(run.completedAt),
  firstErrorTask: run.firstErrorTask,
  firstErrorMessage: run.firstErrorMessage,
  config: parsed(run.config),
});

/** A task of a run as `--json` gives it. */
export const taskAsJson = (task: TaskProgress): Readonly<Record<string, unknown>> => ({
  task: task.name,
  role: task.role,
  state: task.state,
  attempt: task.attempt,
  startedAt: instant(task.startedAt),
  completedAt: instant(task.completedAt),
  durationMs: task.duration,
  returnValue: task.returnValue,
  errorCode: task.errorCode,
  errorMessage: task.errorMessage,
  queryId: task.queryId,
});

/** A row of the history as `--json` gives it. */
export const taskRunAsJson = (run: TaskRun): Readonly<Record<string, unknown>> => ({
  task: run.task,
  group: run.group,
  attempt: run.attempt,
  state: run.state,
  scheduledFrom: run.scheduledFrom,
  scheduledAt: instant(run.scheduledAt),
  startedAt: instant(run.startedAt),
  completedAt: instant(run.completedAt),
  returnValue: run.returnValue,
  errorCode: run.errorCode,
  errorMessage: run.errorMessage,
  queryId: run.queryId,
  config: parsed(run.config),
});

export const jsonRunView = (output: Output, graph: TaskGraph): RunView => {
  let before: RunProgress | undefined;
  const emit = (event: string, fields: Readonly<Record<string, unknown>>): void => {
    output.print(JSON.stringify({ event, ...fields }));
  };
  const show = (progress: RunProgress): void => {
    const { run } = progress;
    if (before === undefined || before.run.state !== run.state || before.run.attempt !== run.attempt) {
      emit('run', { graph: displayTaskName(graph.root), ...runAsJson(run) });
    }
    for (const task of changedTasks(before, progress)) emit('task', taskAsJson(task));
    before = progress;
  };
  return {
    show,
    log: (added) => {
      for (const entry of added) emit('log', { ...entry });
    },
    remark: (text) => emit('remark', { message: text }),
    end: (progress) => {
      show(progress);
      const { state } = progress.run;
      emit('end', {
        graph: displayTaskName(graph.root),
        ...runAsJson(progress.run),
        durationMs: progress.duration,
        exitCode: isFinal(state) ? exitCodeOfRun(state) : null,
        tasks: progress.tasks.map(taskAsJson),
      });
    },
    leave: () => emit('left', { graph: displayTaskName(graph.root), ...(before === undefined ? {} : runAsJson(before.run)) }),
  };
};
