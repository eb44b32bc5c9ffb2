import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { StatementDefinition, TableFunctionDefinition } from '../objects/extensions.ts';
import { column } from '../sql/result-set.ts';
import type { TokenStream } from '../sql/token-stream.ts';

/** Words that follow the name of a task: GRAPH in front of them is a task of that name. */
const behindTasks = new Set(
  'AS AFTER WHEN WITH TAG CLONE EXECUTE RESUME SUSPEND SET UNSET ADD REMOVE MODIFY USING RETRY AWAIT LIKE IN STARTS LIMIT'.split(
    ' ',
  ),
);

const statements = [
  ['CREATE TASK GRAPH', 'create-task-graph'],
  ['CREATE OR REPLACE TASK GRAPH', 'create-task-graph'],
  ['CREATE OR ALTER TASK GRAPH', 'create-task-graph'],
  ['ALTER TASK GRAPH', 'alter-task-graph'],
  ['DROP TASK GRAPH', 'drop-task-graph'],
  ['EXECUTE TASK GRAPH', 'execute-task-graph'],
  ['DESCRIBE TASK GRAPH', 'desc-task-graph'],
  ['DESC TASK GRAPH', 'desc-task-graph'],
  ['SHOW TASK GRAPHS', 'show-task-graphs'],
  ['SHOW COMMITTED TASKS', 'show-committed-tasks'],
  ['DESCRIBE COMMITTED TASK', 'desc-committed-task'],
  ['DESC COMMITTED TASK', 'desc-committed-task'],
] as const;

/**
 * TASK GRAPH objects, a preview: what is published of them leaves open what a graph runs (whether its members have to be resumed, what
 * becomes of settings that the root has itself), so they are refused by their name rather than guessed at.
 * https://docs.snowflake.com/en/user-guide/task-graph-object
 */
export const taskGraphStatements: readonly StatementDefinition[] = statements.map(([words, page]) => ({
  words,
  page,
  refused: true,
  applies: (stream) => !words.endsWith('GRAPH') || namesGraph(stream, words.split(' ').length),
  run: () => {
    throw refused();
  },
}));

/** https://docs.snowflake.com/en/sql-reference/functions/task_graph_changes */
export const taskGraphChanges: TableFunctionDefinition = {
  name: 'TASK_GRAPH_CHANGES',
  page: 'functions/task_graph_changes',
  refused: true,
  columns: ['ENTITY_TYPE', 'ENTITY_NAME', 'BEFORE', 'AFTER'].map((name) => column(name)),
  rows: () => {
    throw refused();
  },
};

function refused(): SnowflakeError {
  return SnowflakeError.of('unsupported', { feature: 'TASK GRAPH' });
}

/** Whether a name comes behind GRAPH, rather than what follows the name of a task. */
function namesGraph(stream: TokenStream, at: number): boolean {
  const next = stream.peek(at);
  if (next.kind !== 'word' && next.kind !== 'quoted') return false;
  return !behindTasks.has(next.value) && stream.peek(at + 1).text !== '=';
}
