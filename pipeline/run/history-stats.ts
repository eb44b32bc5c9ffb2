import type { TaskGraph } from '../graph/task-graph.ts';
import { isFinal, sameRun, type GraphRun } from './graph-run.ts';
import { hasFailed, type TaskRun } from './task-run.ts';

export interface DurationStats {
  /** Milliseconds: half of the runs took no longer. */
  readonly p50: number | null;
  /** Milliseconds: 95 of 100 took no longer. */
  readonly p95: number | null;
}

export interface TaskStats extends DurationStats {
  readonly task: string;
  /** Runs that executed: neither skipped nor still going on. */
  readonly runs: number;
  readonly failed: number;
  /** Of the time all tasks took together, the part of this one, 0 to 1. */
  readonly share: number;
  /** Milliseconds from being due to being started, median. */
  readonly queued: number | null;
}

export interface HistoryStats extends DurationStats {
  readonly runs: number;
  readonly succeeded: number;
  /** Succeeded of those that succeeded, failed or were cancelled, 0 to 1; null when there is none. */
  readonly successRate: number | null;
  readonly tasks: readonly TaskStats[];
}

/** The nearest-rank percentile: the smallest value that `rank` (0 to 1) of the values do not exceed. */
export const percentile = (values: readonly number[], rank: number): number | null => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(rank * sorted.length) - 1)] ?? null;
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const span = (from: number | null, to: number | null): readonly number[] =>
  from === null || to === null ? [] : [Math.max(0, to - from)];

/** How often the graph succeeds, how long it takes, and which of its tasks takes the time. */
export const statsOf = (graph: TaskGraph, runs: readonly GraphRun[], taskRuns: readonly TaskRun[]): HistoryStats => {
  const ended = runs.filter((run) => isFinal(run.state) && run.state !== 'SKIPPED');
  const counted = taskRuns.filter((taskRun) => ended.some((run) => sameRun(run, taskRun)));
  const durations = ended.flatMap((run) => span(run.scheduledAt, run.completedAt));
  const busy = (taskRun: TaskRun): readonly number[] =>
    taskRun.state === 'SKIPPED' ? [] : span(taskRun.startedAt, taskRun.completedAt);
  const all = sum(counted.flatMap(busy));
  const succeeded = ended.filter((run) => run.state === 'SUCCEEDED').length;
  return {
    runs: ended.length,
    succeeded,
    successRate: ended.length === 0 ? null : succeeded / ended.length,
    p50: percentile(durations, 0.5),
    p95: percentile(durations, 0.95),
    tasks: graph.tasks.map(({ name }) => {
      const executed = counted.filter(
        (taskRun) => taskRun.task === name && taskRun.state !== 'SKIPPED' && taskRun.startedAt !== null,
      );
      const took = executed.flatMap(busy);
      return {
        task: name,
        runs: executed.length,
        failed: executed.filter((taskRun) => hasFailed(taskRun.state)).length,
        p50: percentile(took, 0.5),
        p95: percentile(took, 0.95),
        share: all === 0 ? 0 : sum(took) / all,
        queued: percentile(
          executed.flatMap((taskRun) => span(taskRun.scheduledAt, taskRun.startedAt)),
          0.5,
        ),
      };
    }),
  };
};
