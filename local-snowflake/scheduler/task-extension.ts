import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { Extension, StatementDefinition } from '../objects/extensions.ts';
import type { ObjectScope } from '../objects/object-scope.ts';
import { requireRunnableGraph } from '../objects/task/graph-rules.ts';
import { requireRunnable } from '../objects/task/owner-privileges.ts';
import { checkedConfig } from '../objects/task/task-changes.ts';
import { type ExecuteTask, readExecuteTask } from '../objects/task/task-execute-grammar.ts';
import type { TaskIndex } from '../objects/task/task-index.ts';
import { isRoot, taskKindName, taskProperties } from '../objects/task/task-properties.ts';
import { namingIn } from '../objects/task/task-references.ts';
import { homeOfTask } from '../objects/task/task-state.ts';
import { describeCommittedTask } from '../objects/task-graph/committed-tasks.ts';
import { taskGraphChanges } from '../objects/task-graph/task-graph-changes.ts';
import type { TaskGraphIndex } from '../objects/task-graph/task-graph-index.ts';
import { displayIdentifier } from '../sql/identifier.ts';
import { statusResult } from '../sql/result-set.ts';
import { serverlessTaskHistory, serverlessTaskUsage } from './serverless-task-history.ts';
import { executeTaskGraph } from './execute-task-graph.ts';
import { taskDependentsTable } from './task-dependents-table.ts';
import type { TaskEngine } from './task-engine.ts';
import { taskFunctions } from './task-functions.ts';
import { completeTaskGraphs, currentTaskGraphs } from './task-graphs-tables.ts';
import { taskHistoryTable } from './task-history-table.ts';
import { taskUsageViews } from './task-usage-views.ts';

/** Everything about running tasks that statements can say and ask. */
export function taskExtension(engine: TaskEngine, index: TaskIndex, graphs: TaskGraphIndex): Extension {
  return {
    statements: [executeTask(engine, index, graphs), executeTaskGraph(engine), ...describeCommittedTask(graphs)],
    systemFunctions: taskFunctions(engine, index, graphs),
    tableFunctions: [
      taskHistoryTable(engine),
      currentTaskGraphs(engine),
      completeTaskGraphs(engine),
      taskDependentsTable(index),
      serverlessTaskHistory(engine),
      taskGraphChanges(index),
    ],
    systemViews: [...taskUsageViews(engine), serverlessTaskUsage(engine)],
  };
}

/** https://docs.snowflake.com/en/sql-reference/sql/execute-task */
function executeTask(engine: TaskEngine, index: TaskIndex, graphs: TaskGraphIndex): StatementDefinition {
  return {
    words: 'EXECUTE TASK',
    page: 'execute-task',
    run: async (stream, scope) => {
      const statement = readExecuteTask(stream);
      const { ended, name } = execute(statement, scope, engine, index, graphs);
      if (statement.kind === 'run' && statement.awaitEnd) await settled(ended, scope);
      return statusResult(`Task ${displayIdentifier(name)} is scheduled to run immediately.`);
    },
  };
}

function execute(
  statement: ExecuteTask,
  scope: ObjectScope,
  engine: TaskEngine,
  index: TaskIndex,
  graphs: TaskGraphIndex,
): { ended: Promise<void>; name: string } {
  const task = scope.find(taskKindName, statement.name, 'OPERATE');
  const naming = namingIn(homeOfTask(task, scope));
  if (!isRoot(task)) throw SnowflakeError.of('taskExecuteNonRoot', { task: naming.qualified(task.name) });
  const graph = graphs.rootedIn(task);
  if (graph !== undefined) {
    throw SnowflakeError.of('taskGraphRootExecuted', { task: naming.qualified(task.name), graph: naming.qualified(graph.name) });
  }
  const config = statement.kind === 'run' && statement.config !== undefined ? checkedConfig(statement.config) : undefined;
  requireRunnableGraph(index.of(task.parent), task.name, naming);
  const { warehouse, executeAsUser } = taskProperties(task);
  requireRunnable({ owner: task.owner, schema: task.parent, warehouse, executeAsUser }, scope);
  const { user } = scope;
  if (statement.kind === 'run') return { ended: engine.execute(task.id, { config, by: user }), name: task.name };
  const group = statement.kind === 'retryGroup' ? statement.group : undefined;
  return { ended: engine.retry(task.id, group, user), name: task.name };
}

/** Waits for the end of a run; a statement that is cancelled stops waiting, and the run goes on. */
function settled(ended: Promise<void>, scope: ObjectScope): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancelled = (): void => {
      const reason: unknown = scope.signal.reason;
      reject(reason instanceof SnowflakeError ? reason : SnowflakeError.of('queryCancelled', {}));
    };
    if (scope.signal.aborted) cancelled();
    scope.signal.addEventListener('abort', cancelled, { once: true });
    void ended.then(() => {
      scope.signal.removeEventListener('abort', cancelled);
      resolve();
    });
  });
}
