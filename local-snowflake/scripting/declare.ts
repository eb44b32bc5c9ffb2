import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { TypedValue } from '../objects/extensions.ts';
import { types } from '../sql/types.ts';
import { isName, lookUp } from './bind-names.ts';
import { convert, evaluate, inferredType } from './evaluate.ts';
import type { Frame } from './frame.ts';
import { placeIn } from './place.ts';
import { fill } from './run-async.ts';
import { runSource } from './run-sql.ts';
import type { ResultsetEntry } from './scope.ts';
import type { CallStatement, Declaration, Statement, Value } from './tree.ts';

type Variable = Extract<Declaration, { kind: 'variable' }>;

/** Makes what DECLARE or LET declares. `at` is where a variable whose type cannot be told is reported. */
export async function declare(declaration: Declaration, at: number, frame: Frame): Promise<void> {
  const { scope } = frame;
  const { name } = declaration.name;
  switch (declaration.kind) {
    case 'variable':
      scope.declareValue(name, await initialValue(declaration, at, frame));
      return;
    case 'cursor':
      declareCursor(declaration, frame);
      return;
    case 'resultset': {
      const entry: ResultsetEntry = { kind: 'resultset', filled: undefined };
      if (declaration.source !== undefined) await fill(entry, declaration.source, at, frame);
      scope.declare(name, entry);
      return;
    }
    case 'exception':
      scope.declareException({ name, code: declaration.code, message: declaration.message });
      return;
    case 'procedure':
      scope.declare(name, { kind: 'procedure', declaration, scope });
  }
}

function declareCursor({ name, source }: Extract<Declaration, { kind: 'cursor' }>, { scope, run }: Frame): void {
  if ('kind' in source) {
    scope.declare(name.name, { kind: 'cursor', source, open: undefined });
    return;
  }
  const resultset = scope.find(source.name);
  if (resultset?.kind !== 'resultset')
    throw SnowflakeError.of('invalidIdentifier', { name: source.name, ...placeIn(run.text, source.at) });
  scope.declare(name.name, { kind: 'cursor', source: resultset, open: undefined });
}

async function initialValue({ name, type, value }: Variable, at: number, frame: Frame): Promise<TypedValue> {
  if (value === undefined) return { type: type ?? types.varchar(), cell: null };
  const given = await valueOf(value, frame);
  const wanted = type ?? inferredType(given, readsName(value));
  if (wanted === undefined) throw SnowflakeError.of('variableNotInferred', { name: name.name, ...placeIn(frame.run.text, at) });
  return convert(given, wanted, placeOf(value), frame);
}

function readsName(value: Value): boolean {
  if (value.kind !== 'expression' || value.expression.tokens.length !== 1) return false;
  const [token] = value.expression.tokens;
  return token !== undefined && (isName(token) || token.kind === 'bind');
}

/** Assignment: the value takes the variable's type; a RESULTSET takes a statement's result. */
export async function assign(statement: Extract<Statement, { kind: 'assign' }>, frame: Frame): Promise<void> {
  const { target, value } = statement;
  const entry = lookUp(target.name, frame);
  if (entry?.kind === 'resultset') {
    const source = value.kind === 'call' ? value.call : value.source;
    if (source !== undefined) await fill(entry, source, statement.at, frame);
    return;
  }
  const given = await valueOf(value, frame);
  // The row of a FOR loop may be assigned to, and nothing comes of it.
  if (entry?.kind === 'value') entry.cell = (await convert(given, entry.type, placeOf(value), frame)).cell;
}

async function valueOf(value: Value, frame: Frame): Promise<TypedValue> {
  return value.kind === 'expression' ? evaluate(value.expression, frame) : calledValue(value.call, frame);
}

async function calledValue(call: CallStatement, frame: Frame): Promise<TypedValue> {
  const { result } = await runSource(call, frame);
  return { type: result.columns[0]?.type ?? types.varchar(), cell: result.rows[0]?.[0] ?? null };
}

function placeOf(value: Value): number {
  return value.kind === 'expression' ? value.expression.at : value.call.at;
}
