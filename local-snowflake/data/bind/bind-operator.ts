import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { renderType, type SnowflakeType, types } from '../../sql/types.ts';
import { physicalType } from '../duckdb/physical-type.ts';
import type { Expression } from '../syntax/tree.ts';
import { isTimestamp } from '../types/common-type.ts';
import {
  additionType,
  divisionType,
  multiplicationType,
  type NumberType,
  numericLiteral,
  unionType,
} from '../types/numeric-rules.ts';
import { bindExpression } from './bind-expression.ts';
import { compare } from './bind-comparison.ts';
import { type Bound, bound } from './bound.ts';
import { castTo, tryCastTo } from './cast.ts';
import { textOf } from './cast-text.ts';
import type { ExpressionContext } from './expression-context.ts';
import { addInterval } from './interval.ts';
import { literalBound } from './literal-bound.ts';
import { quotient } from './quotient.ts';

type Unary = Extract<Expression, { kind: 'unary' }>;
type Binary = Extract<Expression, { kind: 'binary' }>;

export function bindUnary(expression: Unary, context: ExpressionContext): Bound {
  const of = bindExpression(expression.of, context);
  if (expression.operator === 'NOT') {
    const value = booleanOf(of, context);
    return bound(types.boolean, `(NOT ${value.sql})`, value.nullable);
  }
  const value = numberOperand(of, expression.operator, context);
  if (expression.operator === '+') return value;
  const cell = value.constant?.cell;
  if (typeof cell === 'string' && value.type.kind === 'NUMBER') {
    return literalBound(value.type, cell.startsWith('-') ? cell.slice(1) : /^[0.]*$/u.test(cell) ? cell : `-${cell}`);
  }
  return bound(value.type, `(-${value.sql})`, value.nullable);
}

export function booleanOf(value: Bound, context: ExpressionContext): Bound {
  return castTo(value, types.boolean, 'implicit', context.bind.ports.facts);
}

const comparisons = new Set(['=', '<>', '<', '<=', '>', '>=']);

export function bindBinary(expression: Binary, context: ExpressionContext): Bound {
  const { operator } = expression;
  if (operator === 'AND' || operator === 'OR') return bindLogical(expression, context);
  if (expression.right.kind === 'interval' && (operator === '+' || operator === '-')) {
    return addInterval(bindExpression(expression.left, context), expression.right.text, operator, context);
  }
  if (expression.left.kind === 'interval' && operator === '+') {
    return addInterval(bindExpression(expression.right, context), expression.left.text, '+', context);
  }
  if (expression.left.kind === 'tuple' && expression.right.kind === 'tuple' && comparisons.has(operator)) {
    return bindTuples(expression.left.items, expression.right.items, operator, context);
  }
  const left = bindExpression(expression.left, context);
  const right = bindExpression(expression.right, context);
  if (comparisons.has(operator)) return compare(operator, left, right, context);
  if (operator === '||') return concatenate(left, right, context);
  return arithmetic(operator, left, right, context);
}

/** Long chains come nested to the left; a loop keeps the stack short. */
function bindLogical(expression: Binary, context: ExpressionContext): Bound {
  const operands: Expression[] = [];
  let rest: Expression = expression;
  while (rest.kind === 'binary' && rest.operator === expression.operator) {
    operands.push(rest.right);
    rest = rest.left;
  }
  operands.push(rest);
  const values = operands.reverse().map((operand) => booleanOf(bindExpression(operand, context), context));
  return bound(
    types.boolean,
    `(${values.map((value) => value.sql).join(` ${expression.operator} `)})`,
    values.some((value) => value.nullable),
  );
}

function bindTuples(
  left: readonly Expression[],
  right: readonly Expression[],
  operator: string,
  context: ExpressionContext,
): Bound {
  if (left.length !== right.length || (operator !== '=' && operator !== '<>')) {
    throw SnowflakeError.of('unsupported', { feature: `comparison of tuples by ${operator}` });
  }
  const pairs = left.map((item, index) => {
    const other = right[index];
    if (other === undefined) throw new Error('lengths were compared');
    return compare('=', bindExpression(item, context), bindExpression(other, context), context);
  });
  const sql = `(${pairs.map((pair) => pair.sql).join(' AND ')})`;
  return bound(
    types.boolean,
    operator === '=' ? sql : `(NOT ${sql})`,
    pairs.some((pair) => pair.nullable),
  );
}

function concatenate(left: Bound, right: Bound, context: ExpressionContext): Bound {
  const facts = context.bind.ports.facts;
  if (left.type.kind === 'BINARY' && right.type.kind === 'BINARY') {
    return bound(types.binary(), `(${left.sql} || ${right.sql})`, left.nullable || right.nullable);
  }
  const text = (value: Bound): string => (value.untyped === true ? 'CAST(NULL AS VARCHAR)' : textOf(value, facts));
  const length = (value: Bound): number => (value.type.kind === 'VARCHAR' ? value.type.length : 16_777_216);
  return bound(
    types.varchar(Math.min(16_777_216, length(left) + length(right))),
    `(${text(left)} || ${text(right)})`,
    left.nullable || right.nullable,
  );
}

/** A value as an operand of arithmetic: NUMBER or FLOAT. */
export function numberOperand(value: Bound, operator: string, context: ExpressionContext): Bound {
  const facts = context.bind.ports.facts;
  switch (value.type.kind) {
    case 'NUMBER':
    case 'FLOAT':
      return value;
    case 'VARCHAR': {
      if (value.untyped === true) return castTo(value, types.number(38, 0), 'implicit', facts);
      const cell = value.constant?.cell?.trim();
      // https://docs.snowflake.com/en/sql-reference/data-type-conversion: text becomes NUMBER(18,5)
      const type =
        cell !== undefined && /^[+-]?\d+(?:\.\d*)?$/u.test(cell)
          ? numericLiteral(cell.replace(/^[+-]/u, '')).type
          : types.number(18, 5);
      return castTo(value, type, 'implicit', facts);
    }
    case 'VARIANT':
      return castTo(value, types.float, 'implicit', facts);
    default:
      throw argumentTypes(operator, [value.type]);
  }
}

function argumentTypes(operator: string, operands: readonly SnowflakeType[]): SnowflakeError {
  return SnowflakeError.of('invalidArgumentTypes', { name: operator, types: operands.map(renderType).join(', ') });
}

export function arithmetic(operator: string, left: Bound, right: Bound, context: ExpressionContext): Bound {
  const dates = dateArithmetic(operator, left, right, context);
  if (dates !== undefined) return dates;
  const a = numberOperand(left, operator, context);
  const b = numberOperand(right, operator, context);
  const nullable = a.nullable || b.nullable;
  if (a.type.kind === 'NUMBER' && b.type.kind === 'NUMBER') return exact(operator, a as Numeric, b as Numeric, nullable);
  const x = castTo(a, types.float, 'implicit', context.bind.ports.facts).sql;
  const y = castTo(b, types.float, 'implicit', context.bind.ports.facts).sql;
  if (operator === '/') return bound(types.float, `(${x} / sf.divisor(${y}))`, nullable);
  if (operator === '%') return bound(types.float, `fmod(${x}, sf.divisor(${y}))`, nullable);
  return bound(types.float, `(${x} ${operator} ${y})`, nullable);
}

type Numeric = Bound & { readonly type: NumberType };

/** `a` with room for results of so many digits: DuckDB keeps what two numbers of up to 18 digits give at 18 digits. */
function roomy(a: Numeric, b: Numeric, digits: number): Numeric {
  if (digits <= 18 || a.type.precision > 18 || b.type.precision > 18) return a;
  const type: NumberType = { kind: 'NUMBER', precision: 19, scale: a.type.scale };
  return { ...a, type, sql: `CAST(${a.sql} AS ${physicalType(type)})` };
}

function exact(operator: string, a: Numeric, b: Numeric, nullable: boolean): Bound {
  switch (operator) {
    case '+':
    case '-': {
      const type = additionType(a.type, b.type);
      return bound(type, `CAST(${roomy(a, b, type.precision).sql} ${operator} ${b.sql} AS ${physicalType(type)})`, nullable);
    }
    case '*': {
      const type = multiplicationType(a.type, b.type);
      return bound(type, product(roomy(a, b, a.type.precision + b.type.precision), b, type), nullable);
    }
    case '/': {
      const type = divisionType(a.type, b.type);
      const repeatable = a.volatile !== true && b.volatile !== true;
      const sql = quotient(operand(a), operand(b), type, (digits) => `sf.divisor(${digits})`, repeatable);
      return bound(type, sql, nullable);
    }
    case '%': {
      const type = unionType(a.type, b.type);
      return bound(type, `CAST(${a.sql} % sf.divisor(${b.sql}) AS ${physicalType(type)})`, nullable);
    }
    default:
      throw SnowflakeError.of('unsupported', { feature: `operator ${operator}` });
  }
}

function operand({ sql, type }: Numeric): { readonly sql: string; readonly scale: number } {
  return { sql, scale: type.scale };
}

/** DuckDB's product has the sum of both scales, which must fit 38 digits; wide scales are cut first. */
function product(a: Numeric, b: Numeric, type: NumberType): string {
  const room = Math.max(type.scale, 12);
  const cut = (value: Numeric): string =>
    a.type.scale + b.type.scale > 37
      ? `CAST(${value.sql} AS DECIMAL(38,${String(Math.min(value.type.scale, Math.ceil(room / 2) + 6))}))`
      : value.sql;
  return `CAST(${cut(a)} * ${cut(b)} AS ${physicalType(type)})`;
}

/** https://docs.snowflake.com/en/sql-reference/operators-arithmetic: dates take whole days. */
function dateArithmetic(operator: string, left: Bound, right: Bound, context: ExpressionContext): Bound | undefined {
  const facts = context.bind.ports.facts;
  const days = (value: Bound): string => `CAST(${castTo(value, types.number(9, 0), 'implicit', facts).sql} AS INTEGER)`;
  const nullable = left.nullable || right.nullable;
  if (left.type.kind === 'DATE') {
    if (operator === '-' && (right.type.kind === 'DATE' || isTimestamp(right.type))) {
      const other = tryCastTo(right, types.date, 'implicit', facts);
      if (other !== undefined) return bound(types.number(9, 0), `CAST(${left.sql} - ${other.sql} AS DECIMAL(9,0))`, nullable);
    }
    if ((operator === '+' || operator === '-') && ['NUMBER', 'VARCHAR', 'VARIANT'].includes(right.type.kind)) {
      return bound(types.date, `(${left.sql} ${operator} ${days(right)})`, nullable);
    }
  }
  if (right.type.kind === 'DATE' && operator === '+' && left.type.kind === 'NUMBER') {
    return bound(types.date, `(${right.sql} + ${days(left)})`, nullable);
  }
  if (isTimestamp(left.type) && right.type.kind === 'NUMBER' && (operator === '+' || operator === '-')) {
    return addInterval(left, { days: `CAST(${right.sql} AS INTEGER)` }, operator, context);
  }
  return undefined;
}
