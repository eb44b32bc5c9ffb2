import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { TypedValue } from '../objects/extensions.ts';
import { renderType, sameType, type SnowflakeType, types } from '../sql/types.ts';
import { bindExpression, lookUp } from './bind-names.ts';
import type { Frame } from './frame.ts';
import { asException } from './script-error.ts';
import type { ScriptPort } from './script-port.ts';
import type { Expression } from './tree.ts';

/** The value of an expression. @throws ScriptError EXPRESSION_ERROR at the expression */
export async function evaluate(expression: Expression, frame: Frame): Promise<TypedValue> {
  const simple = simpleValue(expression, frame);
  if (simple !== undefined) return simple;
  const { text, binds } = bindExpression(expression, frame);
  return guarded(expression.at, frame, () => frame.run.port.evaluate(text, binds));
}

async function guarded<T>(at: number, frame: Frame, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw asException('EXPRESSION_ERROR', thrown, at, frame.run.port.signal);
  }
}

/** Literals and names are known without asking the data plane, which loops are grateful for. */
function simpleValue({ tokens }: Expression, frame: Frame): TypedValue | undefined {
  const [token] = tokens;
  if (token === undefined || tokens.length > 1) return undefined;
  switch (token.kind) {
    case 'number':
      return /^[0-9]{1,38}$/u.test(token.text)
        ? { type: types.number(significantDigits(token.text)), cell: BigInt(token.text).toString() }
        : undefined;
    case 'string':
      return { type: types.varchar(Math.max(1, Array.from(token.value).length)), cell: token.value };
    case 'word':
      if (token.value === 'NULL') return { type: types.varchar(), cell: null };
      if (token.value === 'TRUE' || token.value === 'FALSE')
        return { type: types.boolean, cell: token.value === 'TRUE' ? '1' : '0' };
      return named(token.value, frame);
    case 'quoted':
      return named(token.value, frame);
    case 'bind':
      return token.text === '?' ? undefined : named(token.value.slice(1), frame);
    default:
      return undefined;
  }
}

function significantDigits(text: string): number {
  return BigInt(text).toString().length;
}

function named(name: string, frame: Frame): TypedValue | undefined {
  const entry = lookUp(name, frame);
  return entry?.kind === 'value' ? { type: entry.type, cell: entry.cell } : undefined;
}

/** A value in another type, as `::` converts it. @throws ScriptError EXPRESSION_ERROR at `at`, where the value comes from */
export function convert(value: TypedValue, type: SnowflakeType, at: number, frame: Frame): Promise<TypedValue> {
  return guarded(at, frame, () => castTo(value, type, frame.run.port));
}

/** As `convert`, for a value that no expression of the script gave. @throws SnowflakeError */
export async function castTo(value: TypedValue, type: SnowflakeType, port: ScriptPort): Promise<TypedValue> {
  if (value.cell === null || fits(value.type, type) || isShort(value, type)) return { type, cell: value.cell };
  // A cast cuts text that is too long; an assignment refuses it.
  const target = type.kind === 'VARCHAR' ? types.varchar() : type;
  const { cell } = fits(value.type, target)
    ? value
    : await port.evaluate(`CAST(:VALUE AS ${renderType(target)})`, new Map([['VALUE', value]]));
  if (type.kind === 'VARCHAR' && cell !== null && Array.from(cell).length > type.length)
    throw SnowflakeError.of('stringTooLong', { value: cell });
  return { type, cell };
}

/** Whether a number of the same scale has no more digits than its new type. */
function isShort({ type: from, cell }: TypedValue, to: SnowflakeType): boolean {
  if (from.kind !== 'NUMBER' || to.kind !== 'NUMBER' || from.scale !== to.scale || cell === null) return false;
  return cell.replace(/[-.]/gu, '').length <= to.precision;
}

/** Whether a value's cell reads the same in another type. */
function fits(from: SnowflakeType, to: SnowflakeType): boolean {
  if (from.kind === 'NUMBER' && to.kind === 'NUMBER') return from.scale === to.scale && from.precision <= to.precision;
  if (from.kind === 'VARCHAR' && to.kind === 'VARCHAR') return from.length <= to.length;
  if (from.kind === 'BINARY' && to.kind === 'BINARY') return from.length <= to.length;
  return sameType(from, to);
}

/**
 * Whether a condition is taken: it is TRUE, or its text is `1` or `true`. NULL is not.
 * https://docs.snowflake.com/en/sql-reference/snowflake-scripting/if
 */
export async function holds(condition: Expression, frame: Frame): Promise<boolean> {
  return isTrue(await evaluate(condition, frame));
}

export function isTrue({ cell }: TypedValue): boolean {
  return cell !== null && /^(?:1|true)$/iu.test(cell);
}

/**
 * The type of a variable that is declared without one: roomy for text and whole numbers, FLOAT for other numbers; undefined where
 * none can be told. https://docs.snowflake.com/en/developer-guide/snowflake-scripting/variables
 */
export function inferredType(value: TypedValue, isName: boolean): SnowflakeType | undefined {
  const { type } = value;
  switch (type.kind) {
    case 'NUMBER':
      if (type.scale > 0) return types.float;
      return isName ? type : types.number(38, 0);
    case 'VARCHAR':
      return types.varchar();
    case 'BINARY':
      return types.binary();
    case 'VARIANT':
      return undefined;
    default:
      return type;
  }
}
