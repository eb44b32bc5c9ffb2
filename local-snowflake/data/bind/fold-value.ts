import type { Cell } from '../../sql/result-set.ts';
import type { StatementPorts, TypedCell } from '../ports.ts';
import type { Expression } from '../syntax/tree.ts';

/** A whole number, a truth or a text; null for NULL. */
type Folded = bigint | boolean | string | null;

/**
 * The value of an expression over whole numbers, truths and texts, worked out here: the steps of a script's loops are mostly
 * such, and each way to DuckDB costs as much as a hundred of them. What is not certain to mean the same is left to DuckDB.
 * @returns wire text; undefined when the expression is none of these
 */
export function foldedCell(expression: Expression, ports: Pick<StatementPorts, 'bind'>): Cell | undefined {
  const value = fold(expression, ports);
  if (typeof value === 'boolean') return value ? '1' : '0';
  return typeof value === 'bigint' ? String(value) : value;
}

function fold(expression: Expression, ports: Pick<StatementPorts, 'bind'>): Folded | undefined {
  switch (expression.kind) {
    case 'literal':
      return literal(expression.literal, expression.text);
    case 'bind':
      return cellValue(ports.bind(expression.key));
    case 'column': {
      const [only, ...more] = expression.parts;
      return only === undefined || only.quoted || more.length > 0 ? undefined : cellValue(ports.bind(only.name));
    }
    case 'unary': {
      const of = fold(expression.of, ports);
      if (expression.operator === 'NOT') return typeof of === 'boolean' ? !of : undefined;
      if (typeof of !== 'bigint') return undefined;
      return expression.operator === '-' ? -of : of;
    }
    case 'is': {
      const of = fold(expression.of, ports);
      return of === undefined || expression.what !== 'NULL' ? undefined : (of === null) !== expression.negated;
    }
    case 'binary':
      return binary(expression, ports);
    default:
      return undefined;
  }
}

function literal(kind: string, text: string): Folded | undefined {
  if (kind === 'number') return /^\d{1,38}$/u.test(text) ? BigInt(text) : undefined;
  if (kind === 'string') return text;
  return kind === 'boolean' ? text.toLowerCase() === 'true' || text === '1' : undefined;
}

function cellValue(value: TypedCell | undefined): Folded | undefined {
  if (value === undefined) return undefined;
  const { type, cell } = value;
  // A NULL may have no type of its own: what that means is the binder's to say.
  if (cell === null) return undefined;
  if (type.kind === 'NUMBER' && type.scale === 0) return /^-?\d+$/u.test(cell) ? BigInt(cell) : undefined;
  if (type.kind === 'BOOLEAN') return cell === '1' || cell.toLowerCase() === 'true';
  return type.kind === 'VARCHAR' ? cell : undefined;
}

function binary(expression: Extract<Expression, { kind: 'binary' }>, ports: Pick<StatementPorts, 'bind'>): Folded | undefined {
  const left = fold(expression.left, ports);
  const right = left === undefined ? undefined : fold(expression.right, ports);
  if (left === undefined || right === undefined) return undefined;
  const { operator } = expression;
  if (operator === '||')
    return joined(left) === undefined || joined(right) === undefined ? undefined : `${String(left)}${String(right)}`;
  if (typeof left === 'boolean' && typeof right === 'boolean') return logical(operator, left, right);
  if (typeof left === 'bigint' && typeof right === 'bigint') return numeric(operator, left, right);
  if (typeof left === 'string' && typeof right === 'string') {
    if (operator === '=') return left === right;
    return operator === '<>' ? left !== right : undefined;
  }
  return undefined;
}

function joined(value: Folded): string | undefined {
  return typeof value === 'string' || typeof value === 'bigint' ? String(value) : undefined;
}

function logical(operator: string, left: boolean, right: boolean): boolean | undefined {
  if (operator === 'AND') return left && right;
  if (operator === 'OR') return left || right;
  return operator === '=' ? left === right : operator === '<>' ? left !== right : undefined;
}

function numeric(operator: string, left: bigint, right: bigint): bigint | boolean | undefined {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '=':
      return left === right;
    case '<>':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    default:
      return undefined;
  }
}
