import { PipelineFailure } from '../failure.ts';
import { taskGraphOf, type ShownTask, type TaskGraph } from '../graph/task-graph.ts';
import { text, textOrNull, type SqlClient, type SqlRow } from './sql-client.ts';
import { SqlFailure } from './sql-failure.ts';
import { displayTaskName, parseTaskName, quoteIdentifier, type TaskName } from './task-name.ts';

interface TaskRelations {
  readonly Predecessors?: readonly string[];
  readonly FinalizedRootTask?: string;
}

const parseJson = <T>(value: string | null): T | undefined =>
  value === null || value === '' ? undefined : (JSON.parse(value) as T);

const shownTask = (row: SqlRow): ShownTask => {
  const relations = parseJson<TaskRelations>(textOrNull(row, 'task_relations'));
  return {
    name: text(row, 'name'),
    id: text(row, 'id'),
    owner: text(row, 'owner'),
    schedule: textOrNull(row, 'schedule'),
    warehouse: textOrNull(row, 'warehouse'),
    executeAsUser: textOrNull(row, 'execute_as_user'),
    state: text(row, 'state'),
    definition: text(row, 'definition'),
    condition: textOrNull(row, 'condition'),
    config: textOrNull(row, 'config'),
    suspendedReason: textOrNull(row, 'last_suspended_reason'),
    predecessors: parseJson<readonly string[]>(textOrNull(row, 'predecessors')) ?? [],
    finalizedRoot: relations?.FinalizedRootTask ?? null,
  };
};

const notFound = (root: TaskName, address: string): PipelineFailure =>
  new PipelineFailure(`There is no task ${displayTaskName(root)} on ${address}, or the role of the connection may not see it.`, {
    wayOut: 'Is it deployed there? If so, connect with the role that owns the tasks, or grant MONITOR or OPERATE on them to yours.',
  });

/**
 * Reads the graph of `root` with one SHOW TASKS, which needs no warehouse.
 * https://docs.snowflake.com/en/sql-reference/sql/show-tasks
 * @throws PipelineFailure when there is no such task, or it is not a root.
 */
export const readGraph = async (client: SqlClient, root: TaskName): Promise<TaskGraph> => {
  const schema = `${quoteIdentifier(root.database)}.${quoteIdentifier(root.schema)}`;
  const rows = await client.query(`SHOW TASKS IN SCHEMA ${schema}`).catch((error: unknown) => {
    if (error instanceof SqlFailure && (error.code === 2003 || error.code === 2043)) throw notFound(root, client.address);
    throw error;
  });
  const graph = taskGraphOf(root, rows.map(shownTask));
  if (graph === undefined) throw notFound(root, client.address);
  const rootTask = graph.tasks.find((task) => task.role === 'root');
  const shownRoot = rows.map(shownTask).find((task) => task.name === root.name);
  if (shownRoot?.finalizedRoot) throw notARoot(root, shownRoot.finalizedRoot, 'is the finalizer of');
  const [predecessor] = rootTask?.predecessors ?? [];
  if (predecessor !== undefined) throw notARoot(root, displayTaskName({ ...root, name: predecessor }), 'runs after');
  return graph;
};

const notARoot = (task: TaskName, other: string, how: string): PipelineFailure =>
  new PipelineFailure(`${displayTaskName(task)} is not the root of a graph: it ${how} ${displayTaskName(parseTaskName(other))}.`, {
    wayOut: 'Name the root task: the one without predecessors.',
  });
