import { taskGraphOf, type ShownTask, type TaskGraph } from '../../pipeline/graph/task-graph.ts';
import type { GraphRun } from '../../pipeline/run/graph-run.ts';
import type { TaskRun } from '../../pipeline/run/task-run.ts';
import { parseTaskName } from '../../pipeline/snowflake/task-name.ts';

/** A row of SHOW TASKS in DB.S. */
export const shownTask = (name: string, fields: Partial<ShownTask> = {}): ShownTask => ({
  name,
  id: `id of ${name}`,
  owner: 'ENGINEER',
  schedule: null,
  warehouse: 'WH',
  executeAsUser: null,
  state: 'started',
  definition: 'SELECT 1',
  condition: null,
  config: null,
  suspendedReason: null,
  predecessors: [],
  finalizedRoot: null,
  ...fields,
});

/** LOAD → TRAIN → CHECK → PROMOTE | ALERT, finalizer CLEANUP; a task of another graph beside it. */
export const sampleTasks: readonly ShownTask[] = [
  shownTask('ALERT', { predecessors: ['DB.S.CHECK'], condition: "SYSTEM$GET_PREDECESSOR_RETURN_VALUE('CHECK') = 'alert'" }),
  shownTask('CHECK', { predecessors: ['DB.S.TRAIN'] }),
  shownTask('CLEANUP', { finalizedRoot: 'DB.S.LOAD' }),
  shownTask('LOAD', { schedule: '12 HOURS', config: '{"quality": {"threshold": 0.7}}' }),
  shownTask('OTHER'),
  shownTask('PROMOTE', { predecessors: ['DB.S.CHECK'] }),
  shownTask('TRAIN', { predecessors: ['DB.S.LOAD'] }),
];

export const sampleGraph = (tasks: readonly ShownTask[] = sampleTasks): TaskGraph => {
  const graph = taskGraphOf(parseTaskName('DB.S.LOAD'), tasks);
  if (graph === undefined) throw new Error('LOAD is among the tasks.');
  return graph;
};

export const graphRun = (fields: Partial<GraphRun> = {}): GraphRun => ({
  group: 'group-1',
  attempt: 1,
  state: 'EXECUTING',
  scheduledFrom: 'EXECUTE_TASK',
  scheduledAt: 1_000_000,
  startedAt: 1_001_000,
  completedAt: null,
  firstErrorTask: null,
  firstErrorMessage: null,
  config: null,
  ...fields,
});

export const taskRun = (task: string, fields: Partial<TaskRun> = {}): TaskRun => ({
  group: 'group-1',
  attempt: 1,
  task,
  state: 'SUCCEEDED',
  queryId: `query of ${task}`,
  scheduledAt: 1_000_000,
  startedAt: 1_001_000,
  completedAt: 1_011_000,
  returnValue: null,
  errorCode: null,
  errorMessage: null,
  scheduledFrom: 'EXECUTE_TASK',
  config: null,
  ...fields,
});
