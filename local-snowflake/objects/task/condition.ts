import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { TokenStream } from '../../sql/token-stream.ts';
import { type SnowflakeType, typeOf } from '../../sql/types.ts';

/**
 * A task's WHEN expression. Only what Snowflake evaluates without a warehouse is in the grammar.
 * https://docs.snowflake.com/en/sql-reference/sql/create-task (WHEN)
 */
export type Condition =
  | { readonly kind: 'literal'; readonly value: string | boolean | null; readonly number?: true }
  | { readonly kind: 'call'; readonly name: ConditionFunction; readonly argument: string | undefined }
  | { readonly kind: 'not'; readonly operand: Condition }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Condition[] }
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'isNull'; readonly operand: Condition; readonly negated: boolean }
  | { readonly kind: 'in'; readonly operand: Condition; readonly list: readonly Condition[]; readonly negated: boolean }
  | { readonly kind: 'cast'; readonly operand: Condition; readonly type: SnowflakeType };

export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';

const functions = {
  SYSTEM$STREAM_HAS_DATA: 'required',
  SYSTEM$GET_PREDECESSOR_RETURN_VALUE: 'optional',
  SYSTEM$PREDECESSORS_STATE: 'required',
  SYSTEM$TASK_COMPLETION_STATE: 'required',
} as const;
export type ConditionFunction = keyof typeof functions;

const comparisons: Readonly<Record<string, Comparison>> = {
  '=': '=',
  '!=': '<>',
  '<>': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};
const castKinds = new Set(['NUMBER', 'FLOAT', 'BOOLEAN', 'VARCHAR']);

/** @throws SnowflakeError `syntaxError`, or `taskCondition` naming what a WHEN clause cannot hold */
export function parseCondition(text: string): Condition {
  const stream = new TokenStream(text);
  const condition = readOr(stream);
  if (!stream.atEnd) throw stray(stream);
  return condition;
}

function stray(stream: TokenStream): SnowflakeError {
  const { text } = stream.peek();
  return /^(?:[-+*/%]|\|\||LIKE|ILIKE|BETWEEN|XOR)$/iu.test(text) ? refused(`operator ${text}`) : stream.unexpected();
}

function refused(what: string): SnowflakeError {
  return SnowflakeError.of('taskCondition', {
    reason: `${what} is not supported; use AND, OR, NOT, comparisons, casts, ${Object.keys(functions).join(', ')}.`,
  });
}

function readOr(stream: TokenStream): Condition {
  const operands = [readAnd(stream)];
  while (stream.accept('OR')) operands.push(readAnd(stream));
  const [only] = operands;
  return only !== undefined && operands.length === 1 ? only : { kind: 'or', operands };
}

function readAnd(stream: TokenStream): Condition {
  const operands = [readNot(stream)];
  while (stream.accept('AND')) operands.push(readNot(stream));
  const [only] = operands;
  return only !== undefined && operands.length === 1 ? only : { kind: 'and', operands };
}

function readNot(stream: TokenStream): Condition {
  return stream.accept('NOT') ? { kind: 'not', operand: readNot(stream) } : readComparison(stream);
}

function readComparison(stream: TokenStream): Condition {
  const left = readValue(stream);
  if (stream.accept('IS NOT NULL')) return { kind: 'isNull', operand: left, negated: true };
  if (stream.accept('IS NULL')) return { kind: 'isNull', operand: left, negated: false };
  const negated = stream.accept('NOT IN');
  if (negated || stream.accept('IN')) return { kind: 'in', operand: left, list: readList(stream), negated };
  const operator = stream.peek().kind === 'symbol' ? comparisons[stream.peek().text] : undefined;
  if (operator === undefined) return left;
  stream.next();
  return { kind: 'compare', operator, left, right: readValue(stream) };
}

function readList(stream: TokenStream): Condition[] {
  stream.expectSymbol('(');
  const list = [readValue(stream)];
  while (stream.acceptSymbol(',')) list.push(readValue(stream));
  stream.expectSymbol(')');
  return list;
}

function readValue(stream: TokenStream): Condition {
  let value = readPrimary(stream);
  while (stream.acceptSymbol('::')) value = { kind: 'cast', operand: value, type: readType(stream) };
  return value;
}

function readPrimary(stream: TokenStream): Condition {
  if (stream.acceptSymbol('(')) {
    const inside = readOr(stream);
    if (!stream.isSymbol(')')) throw stray(stream);
    stream.expectSymbol(')');
    return inside;
  }
  const token = stream.peek();
  if (token.kind === 'string') return { kind: 'literal', value: stream.next().value };
  if (token.kind === 'number' || token.text === '-' || token.text === '+') return readNumber(stream);
  if (stream.accept('TRUE')) return { kind: 'literal', value: true };
  if (stream.accept('FALSE')) return { kind: 'literal', value: false };
  if (stream.accept('NULL')) return { kind: 'literal', value: null };
  if (stream.is('CAST') && stream.peek(1).text === '(') return readCast(stream);
  if (token.kind === 'word' && stream.peek(1).text === '(') return readCall(stream);
  if (token.kind === 'word' || token.kind === 'quoted') throw refused(`identifier ${token.text}`);
  throw stream.unexpected();
}

function readNumber(stream: TokenStream): Condition {
  const sign = stream.acceptSymbol('-') ? '-' : '';
  if (sign === '') stream.acceptSymbol('+');
  const token = stream.next();
  if (token.kind !== 'number') throw stream.unexpected(token);
  return { kind: 'literal', value: sign + token.text, number: true };
}

function readCast(stream: TokenStream): Condition {
  stream.expect('CAST');
  stream.expectSymbol('(');
  const operand = readOr(stream);
  stream.expect('AS');
  const type = readType(stream);
  stream.expectSymbol(')');
  return { kind: 'cast', operand, type };
}

function readCall(stream: TokenStream): Condition {
  const token = stream.next();
  if (!Object.hasOwn(functions, token.value)) throw refused(`function ${token.value}`);
  const name = token.value as ConditionFunction;
  stream.expectSymbol('(');
  const argument = stream.isSymbol(')') ? undefined : stream.string();
  stream.expectSymbol(')');
  if (argument === undefined && functions[name] === 'required') throw refused(`${name} without an argument`);
  return { kind: 'call', name, argument };
}

function readType(stream: TokenStream): SnowflakeType {
  const name = stream.identifier();
  const double = name === 'DOUBLE' && stream.accept('PRECISION');
  const numbers: number[] = [];
  if (stream.acceptSymbol('(')) {
    do numbers.push(stream.integer());
    while (stream.acceptSymbol(','));
    stream.expectSymbol(')');
  }
  const type = typeOf(double ? 'DOUBLE PRECISION' : name, numbers);
  if (!castKinds.has(type.kind)) throw refused(`cast to ${name}`);
  return type;
}

/** All calls in a condition, in order. */
export function callsIn(condition: Condition): { readonly name: ConditionFunction; readonly argument: string | undefined }[] {
  switch (condition.kind) {
    case 'literal':
      return [];
    case 'call':
      return [condition];
    case 'not':
    case 'cast':
    case 'isNull':
      return callsIn(condition.operand);
    case 'and':
    case 'or':
      return condition.operands.flatMap(callsIn);
    case 'compare':
      return [...callsIn(condition.left), ...callsIn(condition.right)];
    case 'in':
      return [condition.operand, ...condition.list].flatMap(callsIn);
  }
}

/** Streams that the condition watches, as written. */
export function streamsIn(condition: Condition): string[] {
  return callsIn(condition).flatMap((call) =>
    call.name === 'SYSTEM$STREAM_HAS_DATA' && call.argument !== undefined ? [call.argument] : [],
  );
}

/**
 * Whether the task waits for its predecessors to end in whatever way, not for their success.
 * https://docs.snowflake.com/en/sql-reference/functions/system_predecessors_state
 */
export function branchesOnState(condition: Condition): boolean {
  return callsIn(condition).some((call) => call.name === 'SYSTEM$PREDECESSORS_STATE');
}
