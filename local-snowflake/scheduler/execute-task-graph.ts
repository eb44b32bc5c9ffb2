import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { StatementDefinition } from '../objects/extensions.ts';
import type { ObjectScope } from '../objects/object-scope.ts';
import { checkedConfig } from '../objects/task/task-changes.ts';
import { readExecuteTask } from '../objects/task/task-execute-grammar.ts';
import { namesGraph } from '../objects/task-graph/names-graph.ts';
import { taskGraphKindName } from '../objects/task-graph/task-graph-properties.ts';
import { requireRunnableVersion } from '../objects/task-graph/task-graph-state.ts';
import type { TokenStream } from '../sql/token-stream.ts';
import { displayIdentifier } from '../sql/identifier.ts';
import { statusResult } from '../sql/result-set.ts';
import type { TaskEngine } from './task-engine.ts';

/**
 * EXECUTE TASK GRAPH: runs what is committed, whether the graph is resumed or not. The status is that of EXECUTE TASK, which the page
 * does not tell. https://docs.snowflake.com/en/sql-reference/sql/execute-task-graph
 */
export function executeTaskGraph(engine: TaskEngine): StatementDefinition {
  return {
    words: 'EXECUTE TASK GRAPH',
    page: 'execute-task-graph',
    applies: (stream) => namesGraph(stream, 3),
    run: (stream, scope) =>
      statusResult(`Task graph ${displayIdentifier(execute(stream, scope, engine))} is scheduled to run immediately.`),
  };
}

/** @returns the graph's name */
function execute(stream: TokenStream, scope: ObjectScope, engine: TaskEngine): string {
  const statement = readExecuteTask(stream);
  // The page has no AWAIT.
  if (statement.kind === 'run' && statement.awaitEnd)
    throw SnowflakeError.of('unsupported', { feature: 'AWAIT of EXECUTE TASK GRAPH' });
  const graph = scope.find(taskGraphKindName, statement.name, 'OPERATE');
  const config = statement.kind === 'run' && statement.config !== undefined ? checkedConfig(statement.config) : undefined;
  requireRunnableVersion(graph, scope);
  if (statement.kind === 'run') void engine.execute(graph.id, { config, by: scope.user });
  else void engine.retry(graph.id, statement.kind === 'retryGroup' ? statement.group : undefined, scope.user);
  return graph.name;
}
