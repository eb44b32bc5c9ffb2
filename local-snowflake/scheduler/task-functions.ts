import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { SystemFunctionDefinition, TypedValue } from '../objects/extensions.ts';
import type { ObjectScope } from '../objects/object-scope.ts';
import { isRoot, isStarted, taskKindName } from '../objects/task/task-properties.ts';
import type { TaskIndex } from '../objects/task/task-index.ts';
import { resumeWithDependents } from '../objects/task/task-state.ts';
import type { TaskGraphIndex } from '../objects/task-graph/task-graph-index.ts';
import type { TaskRunContext } from '../objects/task-run-context.ts';
import { displayIdentifier, parseName } from '../sql/identifier.ts';
import { types } from '../sql/types.ts';
import type { TaskEngine } from './task-engine.ts';

/** SYSTEM$ functions of tasks. https://docs.snowflake.com/en/sql-reference/functions-system */
export function taskFunctions(engine: TaskEngine, index: TaskIndex, graphs: TaskGraphIndex): SystemFunctionDefinition[] {
  return [
    {
      name: 'SYSTEM$SET_RETURN_VALUE',
      page: 'functions/system_set_return_value',
      returns: types.varchar(),
      call: async (args, scope) => {
        const run = runOf('SYSTEM$SET_RETURN_VALUE', scope);
        await run.setReturnValue(onlyArgument('SYSTEM$SET_RETURN_VALUE', args).cell ?? '');
        return 'set';
      },
    },
    {
      name: 'SYSTEM$GET_PREDECESSOR_RETURN_VALUE',
      page: 'functions/system_get_predecessor_return_value',
      returns: types.varchar(),
      call: (args, scope) =>
        runOf('SYSTEM$GET_PREDECESSOR_RETURN_VALUE', scope).predecessorReturnValue(
          optionalArgument('SYSTEM$GET_PREDECESSOR_RETURN_VALUE', args),
        ),
    },
    {
      name: 'SYSTEM$GET_TASK_GRAPH_CONFIG',
      page: 'functions/system_get_task_graph_config',
      returns: types.varchar(),
      call: (args, scope) => {
        const path = optionalArgument('SYSTEM$GET_TASK_GRAPH_CONFIG', args);
        return runOf('SYSTEM$GET_TASK_GRAPH_CONFIG', scope).graphConfig(path);
      },
    },
    {
      name: 'SYSTEM$TASK_RUNTIME_INFO',
      page: 'functions/system_task_runtime_info',
      returns: types.varchar(),
      call: (args, scope) =>
        runOf('SYSTEM$TASK_RUNTIME_INFO', scope).runtimeInfo(onlyArgument('SYSTEM$TASK_RUNTIME_INFO', args).cell ?? ''),
    },
    {
      name: 'SYSTEM$CURRENT_USER_TASK_NAME',
      page: 'functions/system_current_user_task_name',
      returns: types.varchar(),
      call: (_args, scope) => runOf('SYSTEM$CURRENT_USER_TASK_NAME', scope).taskName,
    },
    {
      name: 'SYSTEM$USER_TASK_CANCEL_ONGOING_EXECUTIONS',
      page: 'functions/system_user_task_cancel_ongoing_executions',
      returns: types.varchar(),
      call: (args, scope) => cancelRuns(onlyArgument('SYSTEM$USER_TASK_CANCEL_ONGOING_EXECUTIONS', args).cell ?? '', scope, engine),
    },
    {
      name: 'SYSTEM$TASK_DEPENDENTS_ENABLE',
      page: 'functions/system_task_dependents_enable',
      returns: types.varchar(),
      call: (args, scope) =>
        enableDependents(onlyArgument('SYSTEM$TASK_DEPENDENTS_ENABLE', args).cell ?? '', scope, engine, index, graphs),
    },
  ];
}

/** @throws SnowflakeError `taskFunctionOutside` when no task runs the statement */
function runOf(name: string, scope: ObjectScope): TaskRunContext {
  if (scope.taskRun === undefined) throw SnowflakeError.of('taskFunctionOutside', { function: name });
  return scope.taskRun;
}

function onlyArgument(name: string, args: readonly TypedValue[]): TypedValue {
  const [only, ...more] = args;
  if (only === undefined || more.length > 0) {
    throw SnowflakeError.of('argumentCount', { name, expected: '1', got: args.length });
  }
  return only;
}

function optionalArgument(name: string, args: readonly TypedValue[]): string | undefined {
  if (args.length > 1) throw SnowflakeError.of('argumentCount', { name, expected: '1', got: args.length });
  return args[0]?.cell ?? undefined;
}

function cancelRuns(name: string, scope: ObjectScope, engine: TaskEngine): string {
  const task = scope.find(taskKindName, parseName(name), 'OPERATE');
  const queries = engine.cancel(task.id);
  if (queries.length === 0) {
    return `Task ${displayIdentifier(task.name)} has no currently running executions. If the task was dropped or replaced after a previous execution started, use SYSTEM$CANCEL_QUERY along with the query id to cancel the run.`;
  }
  return `Marked ${String(queries.length)} task runs for cancellation. It may take a few seconds for cancellation to complete. Query ids canceled: [${queries.join(', ')}]`;
}

async function enableDependents(
  name: string,
  scope: ObjectScope,
  engine: TaskEngine,
  index: TaskIndex,
  graphs: TaskGraphIndex,
): Promise<string> {
  const task = scope.find(taskKindName, parseName(name), 'OWNERSHIP');
  if (isStarted(task) && isRoot(task)) return 'true';
  const resumed = await scope.catalog.change((change) => resumeWithDependents(task, scope, index, graphs, change));
  for (const each of resumed) if (isRoot(each) && graphs.finalizedBy(each) === undefined) engine.resumed(each.id);
  return 'true';
}
