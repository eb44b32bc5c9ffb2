import type { TaskGraph } from '../graph/task-graph.ts';
import { type Job, readContainerLogs, readJobs } from '../snowflake/read-job-logs.ts';
import type { SqlClient } from '../snowflake/sql-client.ts';
import { displayTaskName } from '../snowflake/task-name.ts';
import type { RunProgress } from './run-progress.ts';

/** Lines that a job has logged since the last look. */
export interface JobLines {
  readonly task: string;
  readonly job: string;
  readonly instance: number;
  readonly lines: readonly string[];
}

/** Lines asked for at each look: what a job logs between two looks should fit. */
const window = 1000;

/** How often is looked: each look costs a statement for each container. */
const interval = 2000;

/**
 * What was added between two windows onto the end of one log. Where the windows do not overlap, everything in the later
 * one is new; where lines repeat, the overlap is taken as large as it can be.
 */
export const addedLines = (before: readonly string[], after: readonly string[]): readonly string[] => {
  for (let skip = 0; skip < before.length; skip++) {
    const overlap = before.length - skip;
    if (overlap <= after.length && before.slice(skip).every((line, at) => line === after[at])) return after.slice(overlap);
  }
  return after;
};

const linesOf = (log: string): readonly string[] => {
  const lines = log.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
};

/** Follows the logs of the ML jobs that the tasks of a run start. */
export class JobTails {
  readonly #client: SqlClient;
  readonly #graph: TaskGraph;
  readonly #seen = new Map<string, readonly string[]>();
  /** Tasks that were looked at after their end: nothing more comes from them. */
  readonly #finished = new Set<string>();
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(client: SqlClient, graph: TaskGraph) {
    this.#client = client;
    this.#graph = graph;
  }

  /** What is new in the logs of the run's tasks; nothing when the last look was just now, unless this is the final one. */
  async look(progress: RunProgress, now: number, final: boolean): Promise<readonly JobLines[]> {
    if (!final && now - this.#lookedAt < interval) return [];
    this.#lookedAt = now;
    const tasks = progress.tasks.flatMap(({ name, attempt, startedAt, completedAt }) =>
      startedAt === null || attempt < progress.run.attempt || this.#finished.has(`${name} ${attempt}`)
        ? []
        : [{ name, attempt, startedAt, completedAt }],
    );
    if (tasks.length === 0) return [];
    const since = Math.min(...tasks.map((task) => task.startedAt));
    const jobs = await readJobs(this.#client, this.#graph.root.database, since, Number.POSITIVE_INFINITY);
    const added: JobLines[] = [];
    for (const task of tasks) {
      const end = task.completedAt ?? Number.POSITIVE_INFINITY;
      for (const job of jobs.filter((other) => other.createdAt >= task.startedAt && other.createdAt <= end)) {
        added.push(...(await this.#added(task.name, job)));
      }
      if (task.completedAt !== null) this.#finished.add(`${task.name} ${task.attempt}`);
    }
    return added;
  }

  async #added(task: string, job: Job): Promise<readonly JobLines[]> {
    const name = displayTaskName(job.service);
    const logs = await readContainerLogs(this.#client, job, window);
    return logs.flatMap((log) => {
      const key = `${name} ${log.instance} ${log.container}`;
      const after = linesOf(log.text);
      const lines = addedLines(this.#seen.get(key) ?? [], after);
      this.#seen.set(key, after);
      return lines.length === 0 ? [] : [{ task, job: name, instance: log.instance, lines }];
    });
  }
}
