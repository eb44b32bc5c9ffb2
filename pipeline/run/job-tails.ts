import type { TaskGraph } from '../graph/task-graph.ts';
import { readContainerLogs, readJobs } from '../snowflake/read-job-logs.ts';
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
  #tasks: ReadonlySet<string> = new Set();
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(client: SqlClient, graph: TaskGraph) {
    this.#client = client;
    this.#graph = graph;
  }

  /** What is new in the logs of the tasks that run, or ran until the last look; nothing when the last look was just now. */
  async look(progress: RunProgress, now: number, final: boolean): Promise<readonly JobLines[]> {
    if (!final && now - this.#lookedAt < interval) return [];
    this.#lookedAt = now;
    const running = new Set(progress.tasks.filter((task) => task.state === 'EXECUTING').map((task) => task.name));
    // Once more for those that have just ended: their last lines came after the last look.
    const wanted = progress.tasks.filter((task) => running.has(task.name) || this.#tasks.has(task.name));
    this.#tasks = running;
    const added: JobLines[] = [];
    for (const task of wanted) {
      if (task.startedAt === null) continue;
      for (const job of await readJobs(
        this.#client,
        this.#graph.root.database,
        task.startedAt,
        task.completedAt ?? Number.POSITIVE_INFINITY,
      )) {
        for (const log of await readContainerLogs(this.#client, job, window)) {
          const name = displayTaskName(job.service);
          const key = `${name} ${log.instance} ${log.container}`;
          const after = linesOf(log.text);
          const lines = addedLines(this.#seen.get(key) ?? [], after);
          this.#seen.set(key, after);
          if (lines.length > 0) added.push({ task: task.name, job: name, instance: log.instance, lines });
        }
      }
    }
    return added;
  }
}
