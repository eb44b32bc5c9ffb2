import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { Comparison, Condition, ConditionFunction } from '../objects/task/condition.ts';
import type { SnowflakeType } from '../sql/types.ts';

/** What the functions of a WHEN expression answer for one task of one run. */
export interface ConditionSource {
  streamHasData(stream: string): boolean;
  /** @throws SnowflakeError when there is no such enabled predecessor */
  predecessorReturnValue(name: string | undefined): string | null;
  /** @throws SnowflakeError for an unknown condition */
  predecessorsState(condition: string): boolean;
  /** @throws SnowflakeError when the task is not in the graph */
  taskCompletionState(name: string): string;
}

/** Exact number: `digits` × 10^-`scale`. */
interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}
type Value = string | boolean | null | Decimal | { readonly float: number };

/** Whether a task is to run: NULL is not true. @throws SnowflakeError when a value cannot be cast, or a function fails */
export function isMet(condition: Condition, source: ConditionSource): boolean {
  return asBoolean(evaluate(condition, source)) === true;
}

function evaluate(condition: Condition, source: ConditionSource): Value {
  switch (condition.kind) {
    case 'literal':
      return condition.number === true ? numberOf(String(condition.value)) : condition.value;
    case 'call':
      return call(condition.name, condition.argument, source);
    case 'not': {
      const value = asBoolean(evaluate(condition.operand, source));
      return value === null ? null : !value;
    }
    case 'and':
    case 'or':
      return connective(condition.kind === 'or', condition.operands, source);
    case 'compare':
      return compare(condition.operator, evaluate(condition.left, source), evaluate(condition.right, source));
    case 'isNull':
      return (evaluate(condition.operand, source) === null) !== condition.negated;
    case 'in': {
      const operand = evaluate(condition.operand, source);
      const matches = condition.list.map((item) => compare('=', operand, evaluate(item, source)));
      const found = matches.includes(true) ? true : matches.includes(null) ? null : false;
      return found === null ? null : found !== condition.negated;
    }
    case 'cast':
      return cast(evaluate(condition.operand, source), condition.type);
  }
}

/** AND and OR over three values; what has already decided the result is not followed by anything that could fail. */
function connective(decisive: boolean, operands: readonly Condition[], source: ConditionSource): boolean | null {
  let unknown = false;
  for (const operand of operands) {
    const value = asBoolean(evaluate(operand, source));
    if (value === decisive) return decisive;
    unknown ||= value === null;
  }
  return unknown ? null : !decisive;
}

function call(name: ConditionFunction, argument: string | undefined, source: ConditionSource): Value {
  switch (name) {
    case 'SYSTEM$STREAM_HAS_DATA':
      return source.streamHasData(argument ?? '');
    case 'SYSTEM$GET_PREDECESSOR_RETURN_VALUE':
      return source.predecessorReturnValue(argument);
    case 'SYSTEM$PREDECESSORS_STATE':
      return source.predecessorsState(argument ?? '');
    case 'SYSTEM$TASK_COMPLETION_STATE':
      return source.taskCompletionState(argument ?? '');
  }
}

/** Values of different types are brought to the number or boolean among them, as Snowflake coerces. */
function compare(operator: Comparison, left: Value, right: Value): boolean | null {
  if (left === null || right === null) return null;
  let order: number;
  if (typeof left === 'string' && typeof right === 'string') order = left < right ? -1 : left > right ? 1 : 0;
  else if (typeof left === 'boolean' || typeof right === 'boolean') order = Number(asBoolean(left)) - Number(asBoolean(right));
  else order = orderOf(asNumber(left), asNumber(right));
  switch (operator) {
    case '=':
      return order === 0;
    case '<>':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

type Numeric = Decimal | { readonly float: number };

function orderOf(left: Numeric, right: Numeric): number {
  if ('float' in left || 'float' in right) return toFloat(left) - toFloat(right);
  const scale = Math.max(left.scale, right.scale);
  const difference = rescaled(left, scale) - rescaled(right, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function rescaled(value: Decimal, scale: number): bigint {
  return value.digits * 10n ** BigInt(scale - value.scale);
}

function toFloat(value: Numeric): number {
  return 'float' in value ? value.float : Number(value.digits) / 10 ** value.scale;
}

/** @throws SnowflakeError `numericNotRecognized` */
function numberOf(text: string): Numeric {
  const match = /^\s*([+-]?)(\d*)(?:\.(\d*))?([eE][+-]?\d+)?\s*$/u.exec(text);
  if (match === null || `${match[2] ?? ''}${match[3] ?? ''}` === '')
    throw SnowflakeError.of('numericNotRecognized', { value: text });
  if (match[4] !== undefined) return { float: Number(text) };
  const fraction = match[3] ?? '';
  const digits = BigInt(`${match[2] ?? ''}${fraction}`);
  return { digits: match[1] === '-' ? -digits : digits, scale: fraction.length };
}

function asNumber(value: Exclude<Value, null>): Numeric {
  if (typeof value === 'string') return numberOf(value);
  if (typeof value === 'boolean') return { digits: value ? 1n : 0n, scale: 0 };
  return value;
}

const truths: Readonly<Record<string, boolean>> = {
  ...Object.fromEntries(['true', 't', 'yes', 'y', 'on', '1'].map((word) => [word, true])),
  ...Object.fromEntries(['false', 'f', 'no', 'n', 'off', '0'].map((word) => [word, false])),
};

/** @throws SnowflakeError `booleanNotRecognized` */
function asBoolean(value: Value): boolean | null {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value !== 'string') return toFloat(value) !== 0;
  const truth = truths[value.trim().toLowerCase()];
  if (truth === undefined) throw SnowflakeError.of('booleanNotRecognized', { value });
  return truth;
}

function cast(value: Value, type: SnowflakeType): Value {
  if (value === null) return null;
  switch (type.kind) {
    case 'BOOLEAN':
      return asBoolean(value);
    case 'FLOAT':
      return { float: toFloat(asNumber(value)) };
    case 'NUMBER':
      return rounded(asNumber(value), type.scale);
    case 'VARCHAR':
      return textOf(value).slice(0, type.length);
    default:
      throw SnowflakeError.of('unsupported', { feature: `cast to ${type.kind} in WHEN` });
  }
}

/** Half away from zero, as Snowflake rounds when it casts to NUMBER. */
function rounded(value: Numeric, scale: number): Decimal {
  const exact = 'float' in value ? numberOf(value.float.toFixed(12)) : value;
  if ('float' in exact) throw SnowflakeError.of('numberOutOfRange', { value: textOf(value), type: 'NUMBER' });
  if (exact.scale <= scale) return { digits: rescaled(exact, scale), scale };
  const divisor = 10n ** BigInt(exact.scale - scale);
  const half = exact.digits < 0n ? -divisor / 2n : divisor / 2n;
  return { digits: (exact.digits + half) / divisor, scale };
}

function textOf(value: Exclude<Value, null>): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if ('float' in value) return String(value.float);
  const negative = value.digits < 0n;
  const digits = (negative ? -value.digits : value.digits).toString().padStart(value.scale + 1, '0');
  const whole = digits.slice(0, digits.length - value.scale);
  const sign = negative ? '-' : '';
  return value.scale === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-value.scale)}`;
}
