import { SnowflakeError } from '../../../errors/snowflake-error.ts';
import { displayName, foldIdentifier, quoteIdentifier, quoteName } from '../../../sql/identifier.ts';
import { type JsonObject, objectOf, queryParameter } from '../../fields.ts';
import { MalformedRequest } from '../../malformed-request.ts';
import { objectList, requiredText } from '../objects/clauses.ts';
import type { Creation } from '../objects/object-resource.ts';
import { createMode, pathIdentifier, queryFlag, showClauses } from '../rest-parameters.ts';
import type { RestAnswer, RestRequest, RestRoute } from '../rest-routes.ts';
import { restRows, restStatus } from '../rest-rows.ts';
import { routineJson, typesOfDescribed, typesOfRow } from './routine-json.ts';
import { namedRoutine, signedName } from './routine-name.ts';
import { callArguments, createFunction, createProcedure } from './routine-statement.ts';

interface RoutineKind {
  readonly kind: 'FUNCTION' | 'PROCEDURE';
  readonly plural: string;
  readonly path: string;
  readonly create: (creation: Creation) => string;
  /** The action that runs one, and how. */
  readonly runs: string;
  readonly run: (request: RestRequest) => Promise<RestAnswer>;
  readonly actions: readonly string[];
}

const schemaPath = '/databases/:database/schemas/:schema';

/**
 * https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/procedure,
 * https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/user-defined-function
 */
export const routineRoutes: readonly RestRoute[] = [
  ...routesOf({
    kind: 'PROCEDURE',
    plural: 'PROCEDURES',
    path: `${schemaPath}/procedures`,
    create: createProcedure,
    runs: 'call',
    run: callProcedure,
    actions: ['call'],
  }),
  ...routesOf({
    kind: 'FUNCTION',
    plural: 'USER FUNCTIONS',
    path: `${schemaPath}/user-defined-functions`,
    create: createFunction,
    runs: 'execute',
    run: executeFunction,
    actions: ['execute', 'rename'],
  }),
];

function routesOf(routine: RoutineKind): readonly RestRoute[] {
  const { path } = routine;
  const single = `${path}/:name`;
  return [
    { method: 'GET', path, handle: (request) => list(routine, request) },
    { method: 'POST', path, handle: (request) => create(routine, request) },
    { method: 'GET', path: single, refused: [':get-tags'], handle: (request) => fetchOne(routine, request) },
    { method: 'DELETE', path: single, handle: (request) => drop(routine, request) },
    {
      method: 'POST',
      path: single,
      actions: routine.actions,
      refused: [':set-tags', ':unset-tags'],
      handle: (request) => act(routine, request),
    },
  ];
}

async function list({ kind, plural }: RoutineKind, request: RestRequest): Promise<RestAnswer> {
  const schema = quoteName(['database', 'schema'].map((part) => pathIdentifier(request, part)));
  const { text, binds } = showClauses(request, `IN SCHEMA ${schema}`);
  const rows = await restRows(request.session, `SHOW ${plural} ${text}`, binds);
  const whole = rows.map(async (row) => {
    const name = `${schema}.${quoteIdentifier(String(row['name']))}`;
    return routineJson(kind, row, await restRows(request.session, `DESCRIBE ${kind} ${name}(${typesOfRow(row)})`));
  });
  return { status: 200, body: await Promise.all(whole) };
}

async function create({ create: statement }: RoutineKind, request: RestRequest): Promise<RestAnswer> {
  const container = ['database', 'schema'].map((part) => pathIdentifier(request, part));
  const body = objectOf(request.body, 'The request body');
  const name = [...container, foldIdentifier(requiredText(body, 'name'))];
  const creation = { body, container, name, mode: createMode(request), copyGrants: queryFlag(request, 'copyGrants') };
  return { status: 200, body: await restStatus(request.session, statement(creation)) };
}

async function fetchOne({ kind, plural, path }: RoutineKind, request: RestRequest): Promise<RestAnswer> {
  const named = namedRoutine(request);
  if (named.action !== undefined) throw unsupported(named.action, path);
  const described = await restRows(request.session, `DESCRIBE ${kind} ${signedName(named)}`);
  const row = await shownRow(plural, named.name, request, typesOfDescribed(described));
  return { status: 200, body: routineJson(kind, row, described) };
}

/** @throws SnowflakeError `objectDoesNotExist` */
async function shownRow(plural: string, name: readonly string[], request: RestRequest, types: string): Promise<JsonObject> {
  const rows = await restRows(request.session, `SHOW ${plural} IN SCHEMA ${quoteName(name.slice(0, -1))}`);
  const row = rows.find((each) => each['name'] === name.at(-1) && typesOfRow(each) === types);
  if (row !== undefined) return row;
  throw SnowflakeError.of('objectDoesNotExist', { kind: 'Function', name: displayName(name) });
}

async function drop({ kind, path }: RoutineKind, request: RestRequest): Promise<RestAnswer> {
  const named = namedRoutine(request);
  if (named.action !== undefined) throw unsupported(named.action, path);
  const ifExists = queryFlag(request, 'ifExists') ? 'IF EXISTS ' : '';
  return { status: 200, body: await restStatus(request.session, `DROP ${kind} ${ifExists}${signedName(named)}`) };
}

async function act({ kind, runs, run, actions, path }: RoutineKind, request: RestRequest): Promise<RestAnswer> {
  const named = namedRoutine(request);
  const { action = '' } = named;
  if (action === runs) return run(request);
  if (action !== 'rename' || !actions.includes(action)) throw unsupported(action, path);
  const target = queryParameter(request.query, 'targetName');
  if (target === undefined) throw new MalformedRequest(400, "The query parameter 'targetName' is missing.");
  const [database, schema] = ['targetDatabase', 'targetSchema'].map((name, index) => {
    const other = queryParameter(request.query, name);
    return other === undefined ? (named.name[index] ?? '') : foldIdentifier(other);
  });
  const ifExists = queryFlag(request, 'ifExists') ? 'IF EXISTS ' : '';
  const renamed = quoteName([database ?? '', schema ?? '', foldIdentifier(target)]);
  const statement = `ALTER ${kind} ${ifExists}${signedName(named)} RENAME TO ${renamed}`;
  return { status: 200, body: await restStatus(request.session, statement) };
}

/** What a procedure answers, a JSON object a row; a single value under the procedure's name. */
async function callProcedure(request: RestRequest): Promise<RestAnswer> {
  const { name } = namedRoutine(request);
  const given = callArguments(objectList(objectOf(request.body, 'The request body'), 'call_arguments'));
  const rows = await restRows(request.session, `CALL ${quoteName(name)}${given}`, [], (column) => column);
  return {
    status: 200,
    body: rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, clientValue(value)]))),
  };
}

/** Clients take values apart as texts. */
function clientValue(value: unknown): unknown {
  return typeof value === 'boolean' || typeof value === 'number' ? String(value) : value;
}

/** The value of a function under its name, as text. */
async function executeFunction(request: RestRequest): Promise<RestAnswer> {
  const { name } = namedRoutine(request);
  const given = callArguments(objectList({ arguments: request.body ?? [] }, 'arguments'));
  const [row = {}] = await restRows(request.session, `SELECT ${quoteName(name)}${given} AS "value"`);
  return { status: 200, body: { [name.at(-1) ?? '']: clientValue(row['value'] ?? null) } };
}

function unsupported(action: string, path: string): SnowflakeError {
  return SnowflakeError.of('unsupported', {
    feature: `operation ':${action}' of ${path.split('/').at(-1)?.replaceAll('-', ' ') ?? ''} over REST`,
  });
}
