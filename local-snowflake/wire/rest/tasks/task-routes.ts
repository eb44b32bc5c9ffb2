import { SnowflakeError } from '../../../errors/snowflake-error.ts';
import type { RestCreateMode } from '../../../session/rest-object-statement.ts';
import { restTaskStatement } from '../../../session/rest-task-statement.ts';
import { displayName, foldIdentifier, type ObjectName, quoteIdentifier, quoteName } from '../../../sql/identifier.ts';
import type { JsonObject } from '../../fields.ts';
import { MalformedRequest } from '../../malformed-request.ts';
import { getTags, setTags, tagActions, unsetTags } from '../object-tags.ts';
import { actionOf, createMode, pathIdentifier, queryCount, queryFlag, showClauses } from '../rest-parameters.ts';
import type { RestAnswer, RestRequest, RestRoute } from '../rest-routes.ts';
import { restRows, restStatus } from '../rest-rows.ts';
import { graphRunJson } from './graph-run-json.ts';
import { taskOf } from './task-body.ts';
import { taskJson } from './task-json.ts';

const tasks = '/databases/:database/schemas/:schema/tasks';
const task = `${tasks}/:name`;

/** Tasks over REST: each operation is the SQL statement of the same meaning. https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/task */
export const taskRoutes: readonly RestRoute[] = [
  { method: 'GET', path: tasks, handle: listTasks },
  { method: 'POST', path: tasks, handle: (request) => createTask(request, createMode(request)) },
  { method: 'GET', path: task, handle: fetchTask },
  { method: 'PUT', path: task, handle: (request) => createTask(request, 'orAlter') },
  { method: 'DELETE', path: task, handle: deleteTask },
  {
    method: 'POST',
    path: task,
    actions: ['execute', 'resume', 'suspend', ...tagActions],
    handle: actOnTask,
  },
  { method: 'GET', path: `${task}/dependents`, handle: fetchDependents },
  // The names with underscores are the deprecated ones.
  ...['current-graphs', 'current_graphs'].map((name) => graphRoute(name, 'CURRENT_TASK_GRAPHS')),
  ...['complete-graphs', 'complete_graphs'].map((name) => graphRoute(name, 'COMPLETE_TASK_GRAPHS')),
];

function schemaOf(request: RestRequest): ObjectName {
  return [pathIdentifier(request, 'database'), pathIdentifier(request, 'schema')];
}

function taskNameOf(request: RestRequest): ObjectName {
  return [...schemaOf(request), pathIdentifier(request, 'name')];
}

async function listTasks(request: RestRequest): Promise<RestAnswer> {
  const filter = queryFlag(request, 'rootOnly') ? 'ROOT ONLY' : '';
  const { text, binds } = showClauses(request, `IN SCHEMA ${quoteName(schemaOf(request))}`, filter);
  const rows = await restRows(request.session, `SHOW TASKS ${text}`, binds);
  return { status: 200, body: rows.map((row) => taskJson(row)) };
}

async function createTask(request: RestRequest, mode: RestCreateMode): Promise<RestAnswer> {
  const described = taskOf(request.body, schemaOf(request));
  if (mode === 'orAlter' && displayName(described.name) !== displayName(taskNameOf(request))) {
    const [path, body] = [taskNameOf(request), described.name].map(displayName);
    throw new MalformedRequest(400, `The path names the task ${path ?? ''}, the body ${body ?? ''}.`);
  }
  return { status: 200, body: await restStatus(request.session, restTaskStatement(described, mode)) };
}

async function fetchTask(request: RestRequest): Promise<RestAnswer> {
  const { name: segment, action } = actionOf(request.params['name'] ?? '');
  const path = [...schemaOf(request), foldIdentifier(segment)];
  if (action === 'get-tags') return getTags(request, { kind: 'TASK', name: path });
  if (action !== undefined) throw unsupported(action);
  const name = quoteName(path);
  const [row = {}] = await restRows(request.session, `DESCRIBE TASK ${name}`);
  const parameters = await restRows(request.session, `SHOW PARAMETERS IN TASK ${name}`);
  return { status: 200, body: taskJson(row, parameters) };
}

async function deleteTask(request: RestRequest): Promise<RestAnswer> {
  const ifExists = queryFlag(request, 'ifExists') ? 'IF EXISTS ' : '';
  return { status: 200, body: await restStatus(request.session, `DROP TASK ${ifExists}${quoteName(taskNameOf(request))}`) };
}

async function actOnTask(request: RestRequest): Promise<RestAnswer> {
  const { name: segment, action = '' } = actionOf(request.params['name'] ?? '');
  const path = [...schemaOf(request), foldIdentifier(segment)];
  if (action === 'set-tags') return setTags(request, { kind: 'TASK', name: path });
  if (action === 'unset-tags') return unsetTags(request, { kind: 'TASK', name: path });
  const statement = actionStatement(request, action, quoteName(path));
  return { status: 200, body: await restStatus(request.session, statement) };
}

function actionStatement(request: RestRequest, action: string, name: string): string {
  if (action === 'resume') return `ALTER TASK ${name} RESUME`;
  if (action === 'suspend') return `ALTER TASK ${name} SUSPEND`;
  if (action !== 'execute') throw unsupported(action);
  return `EXECUTE TASK ${name}${queryFlag(request, 'retryLast') ? ' RETRY LAST' : ''}`;
}

function unsupported(action: string): SnowflakeError {
  return SnowflakeError.of('unsupported', { feature: `operation ':${action}' of tasks over REST` });
}

/** The task itself first, then those after it; `recursive` is true when left out. */
async function fetchDependents(request: RestRequest): Promise<RestAnswer> {
  const name = taskNameOf(request);
  const recursive = request.query['recursive'] === undefined || queryFlag(request, 'recursive');
  // Says that the task does not exist as REST says it; the function's own words are no 404.
  await restRows(request.session, `DESCRIBE TASK ${quoteName(name)}`);
  const dependents = await informationSchema(request, `TASK_DEPENDENTS(TASK_NAME => ?, RECURSIVE => ${String(recursive)})`, [
    displayName(name),
  ]);
  const shown = await restRows(request.session, `SHOW TASKS IN SCHEMA ${quoteName(schemaOf(request))}`);
  const byName = new Map(shown.map((row) => [row['name'], row]));
  const rows = dependents.map((dependent) => byName.get(dependent['name'])).filter((row) => row !== undefined);
  return { status: 200, body: rows.map((row) => taskJson(row)) };
}

function graphRoute(path: string, tableFunction: string): RestRoute {
  return { method: 'GET', path: `${task}/${path}`, handle: (request) => fetchGraphRuns(request, tableFunction) };
}

async function fetchGraphRuns(request: RestRequest, tableFunction: string): Promise<RestAnswer> {
  const [database, schema, name = ''] = taskNameOf(request);
  const limit = queryCount(request, 'resultLimit') ?? 1000;
  const errorOnly = queryFlag(request, 'errorOnly') ? ', ERROR_ONLY => TRUE' : '';
  const call = `${tableFunction}(ROOT_TASK_NAME => ?, RESULT_LIMIT => ${String(limit)}${errorOnly})`;
  const rows = await informationSchema(request, call, [name]);
  // The function matches names in any case, in every schema that the role sees.
  const own = rows.filter(
    (row) => row['root_task_name'] === name && row['schema_name'] === schema && row['database_name'] === database,
  );
  return { status: 200, body: own.map(graphRunJson) };
}

function informationSchema(request: RestRequest, call: string, binds: readonly string[]): Promise<JsonObject[]> {
  const database = quoteIdentifier(pathIdentifier(request, 'database'));
  return restRows(request.session, `SELECT * FROM TABLE(${database}.INFORMATION_SCHEMA.${call})`, binds);
}
