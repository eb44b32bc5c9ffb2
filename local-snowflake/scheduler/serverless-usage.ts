import { sizeRank } from '../objects/task/task-sizes.ts';
import { specOf, type TaskRun } from './graph-run.ts';
import type { GraphVersion, TaskSpec } from './graph-version.ts';

const hour = 3_600_000;

/** What one serverless task used within one window of time. Times are epoch milliseconds. */
export interface ServerlessUsage {
  readonly task: TaskSpec;
  readonly version: GraphVersion;
  readonly start: number;
  readonly end: number;
  readonly credits: number;
}

/**
 * Usage of serverless tasks in windows of an hour that begin at `from`, the earliest first; a run that goes on into the next
 * window counts in both. https://docs.snowflake.com/en/sql-reference/functions/serverless_task_history
 */
export function serverlessUsage(runs: readonly TaskRun[], from: number, to: number, now: number): ServerlessUsage[] {
  const found = new Map<string, ServerlessUsage>();
  for (const run of runs) {
    const task = specOf(run);
    if (task.warehouse !== null || run.queryStartTime === null) continue;
    const end = Math.min(run.completedTime ?? now, to);
    let at = Math.max(run.queryStartTime, from);
    if (at >= to || end < at) continue;
    do {
      const start = from + Math.floor((at - from) / hour) * hour;
      const window = Math.min(start + hour, to);
      const used = Math.min(end, window) - at;
      const key = `${task.id} ${String(start)}`;
      const credits = (found.get(key)?.credits ?? 0) + (used / hour) * creditsPerHour(task);
      found.set(key, { task, version: run.graph.version, start, end: window, credits });
      at = window;
    } while (at < end);
  }
  return [...found.values()].sort((a, b) => a.start - b.start || (a.task.name < b.task.name ? -1 : 1));
}

/**
 * Those of a warehouse of the size at which the task's first runs begin: one for XSMALL, twice as many for each size above. Snowflake goes
 * by what it then finds fitting. https://docs.snowflake.com/en/sql-reference/sql/create-task (USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE)
 */
function creditsPerHour({ parameters }: TaskSpec): number {
  const rank = (parameter: string, otherwise: string): number => sizeRank(parameters[parameter] ?? otherwise) ?? 0;
  const least = rank('SERVERLESS_TASK_MIN_STATEMENT_SIZE', 'XSMALL');
  const most = rank('SERVERLESS_TASK_MAX_STATEMENT_SIZE', 'XXLARGE');
  return 2 ** Math.min(Math.max(rank('USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE', 'MEDIUM'), least), most);
}
