import { describe, expect, it } from 'vitest';
import type { GraphRun, TaskRun } from '../../../local-snowflake/scheduler/graph-run.ts';
import type { TaskSpec } from '../../../local-snowflake/scheduler/graph-version.ts';
import { serverlessUsage } from '../../../local-snowflake/scheduler/serverless-usage.ts';

const hour = 3_600_000;

interface Given {
  readonly name?: string;
  readonly from: number;
  readonly to: number | null;
  readonly parameters?: Record<string, string>;
  readonly warehouse?: string;
}

/** A run of one task; times in hours. */
function run({ name = 'T', from, to, parameters = {}, warehouse }: Given): TaskRun {
  const task = {
    id: `id of ${name}`,
    name,
    warehouse: warehouse === undefined ? null : { id: warehouse, name: warehouse },
    parameters,
  } as unknown as TaskSpec;
  const graph = { version: { database: 'D', schema: 'S', tasks: [task] } } as unknown as GraphRun;
  return { graph, position: 0, queryStartTime: from * hour, completedTime: to === null ? null : to * hour } as TaskRun;
}

const usage = (runs: readonly TaskRun[], from: number, to: number, now = to): string[] =>
  serverlessUsage(runs, from * hour, to * hour, now * hour).map(
    ({ task, start, end, credits }) => `${task.name} ${String(start / hour)}-${String(end / hour)} ${String(credits)}`,
  );

// https://docs.snowflake.com/en/sql-reference/functions/serverless_task_history
describe('usage of serverless tasks', () => {
  it('is told in windows of an hour from the start of the range; a run in two windows counts in both', () => {
    expect(usage([run({ from: 10.25, to: 11.75 })], 9.5, 13)).toEqual(['T 9.5-10.5 1', 'T 10.5-11.5 4', 'T 11.5-12.5 1']);
  });

  it('adds up what a task used within a window, task by task', () => {
    const runs = [run({ from: 1, to: 1.25 }), run({ from: 1.5, to: 1.75 }), run({ name: 'A', from: 1, to: 1.5 })];
    expect(usage(runs, 1, 2)).toEqual(['A 1-2 2', 'T 1-2 2']);
  });

  it('ends with the range, and with now for what still runs', () => {
    expect(usage([run({ from: 1, to: null })], 1, 5, 1.5)).toEqual(['T 1-2 2']);
    expect(usage([run({ from: 1, to: 9 })], 1.5, 2)).toEqual(['T 1.5-2 2']);
    expect(usage([run({ from: 1, to: 2 }), run({ from: 7, to: 8 })], 3, 6)).toEqual([]);
  });

  it('knows nothing of tasks with a warehouse', () => {
    expect(usage([run({ from: 1, to: 2, warehouse: 'W' })], 0, 5)).toEqual([]);
  });

  it('costs what a warehouse of the first size would: MEDIUM, or as is set, within its bounds (create-task)', () => {
    const credits = (parameters: Record<string, string>): string[] => usage([run({ from: 1, to: 2, parameters })], 1, 2);
    expect(credits({ USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE: 'XSMALL' })).toEqual(['T 1-2 1']);
    expect(credits({ USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE: 'XXLARGE' })).toEqual(['T 1-2 32']);
    expect(credits({ SERVERLESS_TASK_MAX_STATEMENT_SIZE: 'SMALL' })).toEqual(['T 1-2 2']);
    expect(credits({ SERVERLESS_TASK_MIN_STATEMENT_SIZE: 'LARGE' })).toEqual(['T 1-2 8']);
  });
});
