import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { TypedValue } from '../../objects/extensions.ts';
import { isTable, type Routine, routineOf } from '../../objects/routine.ts';
import { displayName, type ObjectName } from '../../sql/identifier.ts';
import { column, type ResultSet } from '../../sql/result-set.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { resolveRoutine } from '../function-lookup.ts';
import { rows, type Statement, type StatementResult, statementTypes } from '../statement.ts';
import { StatementScope } from '../statement-scope.ts';
import { maxDepth } from '../script-statements.ts';
import { onWarehouse, WarehouseUse } from '../warehouse-use.ts';
import { runSqlProcedure } from './execute-immediate.ts';
import { withinScope } from './transaction.ts';

/** CALL name(…), CALL SYSTEM$…(…), CALL object!method(…). https://docs.snowflake.com/en/sql-reference/sql/call */
export async function call(stream: TokenStream, statement: Statement): Promise<StatementResult> {
  const name = stream.name();
  if (stream.acceptSymbol('!')) return callMethod(name, stream, statement);
  const leaf = name.at(-1) ?? '';
  const builtIn = statement.state.account.registry.systemFunction(name.join('.'));
  if (builtIn !== undefined || leaf.startsWith('SYSTEM$')) {
    if (builtIn === undefined) throw SnowflakeError.of('unknownFunction', { name: displayName(name) });
    const args = await readArguments(stream, statement);
    stream.expectEnd();
    const cell = await builtIn.call(
      args.map((each) => each.value),
      statement.scope,
    );
    return rows(statementTypes.call, { columns: [column(leaf, builtIn.returns)], rows: [[cell]] });
  }
  const args = await readArguments(stream, statement);
  stream.expectEnd();
  const object = resolveRoutine(
    'PROCEDURE',
    name,
    args.map((each) => each.value.type),
    statement.scope,
  );
  if (object === undefined)
    throw SnowflakeError.of('unknownProcedure', { name: displayName(statement.scope.qualify('schema', name)) });
  const routine = routineOf(object);
  const called = { ...statement, output: outputsOf(routine, args, statement) };
  return rows(statementTypes.call, await callRoutine(object, routine, await complete(routine, args, statement), called));
}

/** Parameters are numbered as the procedure declares them, outputs as the CALL gives its arguments. */
function outputsOf(routine: Routine, args: readonly Argument[], { output }: Statement): NonNullable<Statement['output']> {
  return (index, value) => {
    const named = args.findIndex((each) => each.name !== undefined && each.name === routine.parameters[index]?.name);
    output?.(named < 0 ? index : named, value);
  };
}

interface Argument {
  readonly name: string | undefined;
  readonly value: TypedValue;
}

/** `( e, … )` or `( name => e, … )`, each evaluated where the CALL stands. */
export async function readArguments(stream: TokenStream, statement: Statement): Promise<Argument[]> {
  const args: Argument[] = [];
  stream.expectSymbol('(');
  while (!stream.acceptSymbol(')')) {
    let name: string | undefined;
    if (stream.peek(1).text === '=>') {
      name = stream.identifier();
      stream.expectSymbol('=>');
    }
    const from = stream.position;
    let depth = 0;
    while (!stream.atEnd && !(depth === 0 && (stream.isSymbol(',') || stream.isSymbol(')')))) {
      if (stream.isSymbol('(') || stream.isSymbol('[') || stream.isSymbol('{')) depth += 1;
      if (stream.isSymbol(')') || stream.isSymbol(']') || stream.isSymbol('}')) depth -= 1;
      stream.next();
    }
    const expression = stream.textSince(from);
    if (expression === '') throw stream.unexpected();
    args.push({ name, value: await evaluateArgument(expression, stream, from, statement) });
    if (!stream.isSymbol(')')) stream.expectSymbol(',');
  }
  return args;
}

/** `?` counts from the statement's start, not from the expression's. A lone bind is taken as it is. */
async function evaluateArgument(expression: string, stream: TokenStream, from: number, statement: Statement): Promise<TypedValue> {
  const before = stream.bindsBefore(from);
  if (expression === '?') {
    const bound = statement.binds.get(String(before + 1));
    if (bound === undefined) throw SnowflakeError.of('bindVariableNotSet', { name: '?' });
    return bound;
  }
  const own = stream.bindsBefore(stream.position) - before;
  const binds = own === 0 || before === 0 ? statement.binds : bindsBehind(before, statement.binds);
  return onWarehouse({ ...statement, binds }, (ports) => statement.state.connection.evaluate(expression, ports));
}

function bindsBehind(count: number, binds: Statement['binds']): Statement['binds'] {
  return new Map([...binds].map(([key, value]) => [String(Number(key) - count), value]));
}

/** Puts arguments in the parameters' order and fills in defaults. */
async function complete(routine: Routine, args: readonly Argument[], statement: Statement): Promise<TypedValue[]> {
  const values: TypedValue[] = [];
  for (const [index, parameter] of routine.parameters.entries()) {
    const given = args.find((each) => each.name === parameter.name) ?? (args[index]?.name === undefined ? args[index] : undefined);
    if (given !== undefined) values.push(given.value);
    else if (parameter.defaultText !== undefined) {
      const { defaultText } = parameter;
      values.push(await onWarehouse(statement, (ports) => statement.state.connection.evaluate(defaultText, ports)));
    } else throw SnowflakeError.of('bindVariableNotSet', { name: parameter.name });
  }
  return values;
}

async function callRoutine(
  object: CatalogObject,
  routine: Routine,
  args: readonly TypedValue[],
  statement: Statement,
): Promise<ResultSet> {
  const { scope, state } = statement;
  const owner = object.owner === null ? undefined : scope.catalog.byId(object.owner);
  const schema = object.parent === null ? undefined : scope.catalog.byId(object.parent);
  const own = routine.executeAs === 'CALLER' ? state : state.nested(owner, schema);
  return runRoutine(scope.catalog.displayOf(object), object.name, routine, args, { ...statement, state: own });
}

/** Runs a routine's code in the statement's state and gives back what CALL answers with. */
export async function runRoutine(
  name: string,
  columnName: string,
  routine: Routine,
  args: readonly TypedValue[],
  statement: Statement,
): Promise<ResultSet> {
  if (statement.depth >= maxDepth) throw SnowflakeError.of('recursionLimit', { depth: maxDepth });
  const { state } = statement;
  const scope = new StatementScope(state, {
    id: statement.scope.queryId,
    now: statement.scope.now,
    signal: statement.scope.signal,
  });
  const inner: Statement = { ...statement, scope, depth: statement.depth + 1 };
  if (routine.nullHandling === 'RETURNS NULL ON NULL INPUT' && args.some((each) => each.cell === null))
    return single(columnName, routine, null);
  if (routine.language === 'SQL') return withinScope(state, () => runSqlProcedure(routine, columnName, args, inner));
  const value = await onWarehouseNodes(inner, () =>
    withinScope(state, () => state.account.python.callProcedure({ name, routine, args, state, scope })),
  );
  if (value.kind === 'cell') return single(columnName, routine, value.cell);
  if (value.queryId === null) return { columns: isTable(routine.returns) ? routine.returns.table : [], rows: [] };
  return state.result(value.queryId);
}

/** Procedures in Python run on the nodes of the caller's warehouse. https://docs.snowflake.com/en/developer-guide/snowpark/python/creating-sprocs */
async function onWarehouseNodes<T>(statement: Statement, work: () => Promise<T>): Promise<T> {
  const warehouse = new WarehouseUse(statement);
  try {
    warehouse.require();
    return await work();
  } finally {
    await warehouse.ended();
  }
}

function single(columnName: string, routine: Routine, cell: string | null): ResultSet {
  if (isTable(routine.returns)) return { columns: routine.returns.table, rows: [] };
  return { columns: [column(columnName, routine.returns)], rows: [[cell]] };
}

async function callMethod(name: ObjectName, stream: TokenStream, statement: Statement): Promise<StatementResult> {
  const method = stream.identifier();
  const definition = statement.state.account.registry.method(method);
  if (definition === undefined) throw SnowflakeError.of('unknownFunction', { name: `${displayName(name)}!${method}` });
  const args = await readArguments(stream, statement);
  stream.expectEnd();
  const object = statement.scope.find(definition.kind, name, ...definition.privileges);
  const cell = await definition.call(
    object,
    args.map((each) => each.value),
    statement.scope,
  );
  return rows(statementTypes.call, { columns: [column(method, definition.returns)], rows: [[cell]] });
}
