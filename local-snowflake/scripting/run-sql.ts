import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { TypedValue } from '../objects/extensions.ts';
import { isTable } from '../objects/routine.ts';
import { type ResultSet, column } from '../sql/result-set.ts';
import { types } from '../sql/types.ts';
import { bindStatement, boundValue, isName, lookUp } from './bind-names.ts';
import { castTo, convert, evaluate } from './evaluate.ts';
import type { Frame } from './frame.ts';
import { runBlock } from './run-block.ts';
import { Scope, type ProcedureEntry } from './scope.ts';
import { asException } from './script-error.ts';
import type { Binds, StatementOutcome } from './script-port.ts';
import type { CallStatement, ExecuteImmediate, Expression, NameAt, RunSource, SqlStatement } from './tree.ts';

/** Runs a statement of the script. @throws ScriptError STATEMENT_ERROR at the statement */
export async function runSource(source: RunSource, frame: Frame): Promise<StatementOutcome> {
  switch (source.kind) {
    case 'sql':
      return runSql(source, bindStatement(source, frame), frame);
    case 'call':
      return runCall(source, frame);
    case 'executeImmediate':
      return runImmediate(source, frame);
  }
}

/** Runs a SQL statement; `binds` are those of a cursor's query when it is opened. */
export async function runSql(statement: SqlStatement, binds: Binds, frame: Frame): Promise<StatementOutcome> {
  return guarded(statement.at, frame, async () => {
    const outcome = await frame.run.port.run(statement.text, binds);
    frame.run.status.take(outcome);
    await assignInto(statement.into, outcome.result, frame);
    return outcome;
  });
}

async function guarded<T>(at: number, frame: Frame, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw asException('STATEMENT_ERROR', thrown, at, frame.run.port.signal);
  }
}

/**
 * SELECT … INTO and CALL … INTO: one row sets the variables, no row sets them to NULL, more are an error.
 * https://docs.snowflake.com/en/sql-reference/constructs/into
 */
async function assignInto(targets: readonly NameAt[], result: ResultSet, frame: Frame): Promise<void> {
  if (targets.length === 0) return;
  if (result.rows.length > 1) throw SnowflakeError.of('selectIntoRows', { rows: result.rows.length });
  if (result.columns.length !== targets.length) {
    throw SnowflakeError.of('intoColumns', { columns: result.columns.length, variables: targets.length });
  }
  await assignRow(
    targets,
    result.columns.map((each, index) => ({ type: each.type, cell: result.rows[0]?.[index] ?? null })),
    frame,
  );
}

/** Sets variables to the values of a row, each converted to its variable's type. */
export async function assignRow(targets: readonly NameAt[], values: readonly TypedValue[], frame: Frame): Promise<void> {
  for (const [index, target] of targets.entries()) {
    const entry = lookUp(target.name, frame);
    const value = values[index];
    if (entry?.kind === 'value' && value !== undefined) entry.cell = (await castTo(value, entry.type, frame.run.port)).cell;
  }
}

/** https://docs.snowflake.com/en/sql-reference/sql/execute-immediate */
async function runImmediate(statement: ExecuteImmediate, frame: Frame): Promise<StatementOutcome> {
  const text = statement.given ?? (await evaluate(statement.text, frame));
  const binds = new Map<string, TypedValue>();
  for (const [index, name] of statement.using.entries()) {
    const value = boundValue(name.name, frame);
    if (value !== undefined) binds.set(String(index + 1), value);
  }
  return guarded(statement.at, frame, async () => {
    const outcome = await frame.run.port.runImmediate(text.cell ?? '', binds);
    frame.run.status.take(outcome);
    return outcome;
  });
}

/**
 * Variables that were given for output arguments take their values.
 * https://docs.snowflake.com/en/developer-guide/stored-procedure/stored-procedures-snowflake-scripting#using-arguments-passed-to-a-stored-procedure
 */
async function assignOutputs(call: CallStatement, outputs: ReadonlyMap<number, TypedValue>, frame: Frame): Promise<void> {
  if (outputs.size > 0 && frame.run.child)
    throw SnowflakeError.of('unsupported', { feature: 'output arguments in asynchronous child jobs' });
  const taken = new Set<string>();
  for (const [index, value] of outputs) {
    const name = variableOf(call.args[index]);
    if (name === undefined) continue;
    if (taken.has(name)) throw SnowflakeError.of('outputRepeated', { name });
    taken.add(name);
    await assignRow([{ name, written: name, at: call.at }], [value], frame);
  }
}

/** `:v`, `v` or `p => :v`: the variable. */
function variableOf(argument: Expression | undefined): string | undefined {
  const tokens = argument?.tokens ?? [];
  const [token, ...more] = tokens[1]?.text === '=>' ? tokens.slice(2) : tokens;
  if (token === undefined || more.length > 0) return undefined;
  if (token.kind === 'bind') return token.text === '?' ? undefined : token.value.slice(1);
  return isName(token) ? token.value : undefined;
}

/** A procedure that the script declares, or any other. */
async function runCall(call: CallStatement, frame: Frame): Promise<StatementOutcome> {
  const entry = call.procedure === undefined ? undefined : frame.scope.find(call.procedure.name);
  if (entry?.kind !== 'procedure') {
    const called = await runSql(call.sql, bindStatement(call.sql, frame), frame);
    await guarded(call.at, frame, () => assignOutputs(call, called.outputs ?? new Map(), frame));
    return called;
  }
  const result = await callNested(entry, call, frame);
  const outcome: StatementOutcome = { queryId: frame.run.status.queryId ?? '', result, affectedRows: null };
  await guarded(call.at, frame, () => assignInto(call.sql.into, result, frame));
  return outcome;
}

/** https://docs.snowflake.com/en/developer-guide/stored-procedure/stored-procedures-snowflake-scripting#using-nested-stored-procedures */
async function callNested({ declaration, scope }: ProcedureEntry, call: CallStatement, frame: Frame): Promise<ResultSet> {
  const { name, parameters, returns, body } = declaration;
  if (parameters.length !== call.args.length) {
    throw asException(
      'STATEMENT_ERROR',
      SnowflakeError.of('unknownProcedure', { name: name.name }),
      call.at,
      frame.run.port.signal,
    );
  }
  const inner = new Scope(scope);
  for (const [index, parameter] of parameters.entries()) {
    const argument = call.args[index];
    if (argument === undefined) continue;
    inner.declareValue(parameter.name, await convert(await evaluate(argument, frame), parameter.type, argument.at, frame));
  }
  const leave = await runBlock(body, { ...frame, scope: inner, handlers: undefined });
  const outputs = new Map<number, TypedValue>();
  for (const [index, parameter] of parameters.entries()) {
    const value = inner.find(parameter.name);
    if (parameter.output === true && value?.kind === 'value') outputs.set(index, { type: value.type, cell: value.cell });
  }
  await guarded(call.at, frame, () => assignOutputs(call, outputs, frame));
  const returned = leave?.kind === 'return' ? leave.returned : undefined;
  if (returned?.kind === 'table') return returned.result;
  if (isTable(returns)) throw SnowflakeError.of('missingReturn', {});
  const value = await castTo(returned?.value ?? { type: types.varchar(), cell: null }, returns, frame.run.port);
  return { columns: [column(name.name, value.type)], rows: [[value.cell]] };
}
