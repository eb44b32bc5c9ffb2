import type { TaskGraph, TaskRole } from '../graph/task-graph.ts';
import { isFinal, type GraphRun } from './graph-run.ts';
import type { TaskRun, TaskRunState } from './task-run.ts';

/**
 * Snowflake's states of a task run, and three for tasks without one:
 * WAITING (its turn may come), NOT_RUN (the run ended before), SUSPENDED (left out: its successors run without it).
 */
export type TaskState = TaskRunState | 'WAITING' | 'NOT_RUN' | 'SUSPENDED';

export interface TaskProgress {
  readonly name: string;
  readonly role: TaskRole;
  readonly state: TaskState;
  /** The attempt of the graph run in which this state was reached: an earlier one when a retry did not repeat the task. */
  readonly attempt: number;
  /** Epoch milliseconds. */
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  /** Milliseconds from start to end, or until now while it runs. */
  readonly duration: number | null;
  readonly returnValue: string | null;
  readonly errorCode: number | null;
  readonly errorMessage: string | null;
  readonly queryId: string | null;
}

export interface RunProgress {
  readonly run: GraphRun;
  readonly tasks: readonly TaskProgress[];
  /** Milliseconds from the scheduled time to the end, or until now. */
  readonly duration: number | null;
}

const runDuration = (startedAt: number | null, completedAt: number | null, now: number): number | null =>
  startedAt === null ? null : Math.max(0, (completedAt ?? now) - startedAt);

const fromRun = (run: TaskRun, role: TaskRole, now: number): TaskProgress => ({
  name: run.task,
  role,
  state: run.state,
  attempt: run.attempt,
  startedAt: run.startedAt,
  completedAt: run.completedAt,
  // A skipped task has no query, and so no time of its own.
  duration: run.state === 'SKIPPED' ? null : runDuration(run.startedAt, run.completedAt, now),
  returnValue: run.returnValue,
  errorCode: run.errorCode,
  errorMessage: run.errorMessage,
  queryId: run.queryId,
});

const withoutRun = (name: string, role: TaskRole, state: TaskState, attempt: number): TaskProgress => ({
  name,
  role,
  state,
  attempt,
  startedAt: null,
  completedAt: null,
  duration: null,
  returnValue: null,
  errorCode: null,
  errorMessage: null,
  queryId: null,
});

// Rarely a run is listed twice (a fault of the service made it run again): the later one counts.
const latestOf = (runs: readonly TaskRun[]): TaskRun | undefined =>
  runs.reduce<TaskRun | undefined>(
    (best, run) => (best === undefined || (run.scheduledAt ?? 0) >= (best.scheduledAt ?? 0) ? run : best),
    undefined,
  );

/** The run of `task` that counts for this attempt: its own, else the success of an earlier attempt that a retry built on. */
const decisiveRun = (task: string, run: GraphRun, taskRuns: readonly TaskRun[]): TaskRun | undefined => {
  const ofTask = taskRuns.filter((other) => other.task === task && other.group === run.group);
  const own = latestOf(ofTask.filter((other) => other.attempt === run.attempt));
  if (own !== undefined) return own;
  return latestOf(
    ofTask.filter((other) => other.attempt < run.attempt && (other.state === 'SUCCEEDED' || other.state === 'SKIPPED')),
  );
};

/**
 * How far a graph run is: a line for every task of the graph, in the order they run. `taskRuns` are the rows of the
 * run's whole group; `now` is the server's clock in epoch milliseconds.
 */
export const progressOf = (graph: TaskGraph, run: GraphRun, taskRuns: readonly TaskRun[], now: number): RunProgress => {
  const known = new Set(graph.tasks.map((task) => task.name));
  // Tasks that the graph had when it ran and has no more.
  const gone = new Set(taskRuns.filter((other) => other.group === run.group && !known.has(other.task)).map((other) => other.task));
  const members = [...graph.tasks, ...[...gone].sort().map((name) => ({ name, role: 'child' as const, suspended: false }))];
  const tasks = members.map((task): TaskProgress => {
    const decisive = decisiveRun(task.name, run, taskRuns);
    if (decisive !== undefined) return fromRun(decisive, task.role, now);
    // The root is run by EXECUTE TASK even while suspended.
    if (task.suspended && task.role !== 'root') return withoutRun(task.name, task.role, 'SUSPENDED', run.attempt);
    return withoutRun(task.name, task.role, isFinal(run.state) ? 'NOT_RUN' : 'WAITING', run.attempt);
  });
  return { run, tasks, duration: runDuration(run.scheduledAt, run.completedAt, now) };
};

/** The changes of state between two looks at a run, in task order. */
export const changedTasks = (before: RunProgress | undefined, after: RunProgress): readonly TaskProgress[] => {
  const earlier = new Map(before?.tasks.map((task) => [task.name, task]));
  return after.tasks.filter((task) => {
    const was = earlier.get(task.name);
    if (was === undefined) return task.state !== 'WAITING' && task.state !== 'SUSPENDED';
    return was.state !== task.state || was.attempt !== task.attempt;
  });
};
