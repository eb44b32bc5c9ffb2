import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { renderType, type SnowflakeType, types } from '../../sql/types.ts';
import { duckString } from '../duckdb/text.ts';
import type { Expression, LikeExpression } from '../syntax/tree.ts';
import { commonType, isSemiStructured } from '../types/common-type.ts';
import { numericLiteral, unionType } from '../types/numeric-rules.ts';
import { isStructured } from '../types/structured-rules.ts';
import { bindExpression } from './bind-expression.ts';
import { type Bound, bound } from './bound.ts';
import { castTo } from './cast.ts';
import type { ExpressionContext } from './expression-context.ts';
import { structuredKey } from './structured-key.ts';

/** SQL of both sides in a type that DuckDB compares as Snowflake does. */
export function compareOperands(
  left: Bound,
  right: Bound,
  operator: string,
  context: ExpressionContext,
): readonly [string, string] {
  const type = comparisonType(left, right);
  if (type === undefined) {
    throw SnowflakeError.of('invalidArgumentTypes', {
      name: operator,
      types: `${renderType(left.type)}, ${renderType(right.type)}`,
    });
  }
  const side = ordering.has(operator) ? sortable : comparable;
  const { facts } = context.bind.ports;
  return [side(castTo(left, type, 'implicit', facts)), side(castTo(right, type, 'implicit', facts))];
}

const ordering = new Set(['<', '<=', '>', '>=']);

function operand(value: Bound, type: SnowflakeType, context: ExpressionContext): string {
  return comparable(castTo(value, type, 'implicit', context.bind.ports.facts));
}

/** What stands for a value where only equality matters: TIMESTAMP_TZ by its instant alone, numbers of a VARIANT by their value. */
export function comparable(value: Bound): string {
  if (isSemiStructured(value.type)) return `sf.equal_json(${value.sql})`;
  return value.type.kind === 'TIMESTAMP_TZ' ? `(${value.sql}).i` : value.sql;
}

/** What stands for a value where it matters which of two is larger: JSON by its value, not by its text. */
export function sortable(value: Bound): string {
  if (isStructured(value.type)) return structuredKey(value, sortable);
  return isSemiStructured(value.type) ? `sf_variant_key(${value.sql})` : comparable(value);
}

/** The type two values are compared in. */
export function comparisonType(left: Bound, right: Bound): SnowflakeType | undefined {
  if (left.untyped === true) return right.type;
  if (right.untyped === true) return left.type;
  const a = left.type;
  const b = right.type;
  // https://docs.snowflake.com/en/sql-reference/data-types-structured#comparing-structured-values-with-semi-structured-values
  if (isStructured(a) !== isStructured(b)) return undefined;
  // A VARIANT is taken as what it is compared with; a number keeps its fraction.
  if (a.kind === 'VARIANT' && b.kind !== 'VARIANT') return variantComparison(b);
  if (b.kind === 'VARIANT' && a.kind !== 'VARIANT') return variantComparison(a);
  if (a.kind === 'NUMBER' && b.kind === 'VARCHAR') return numberAndText(a, right);
  if (b.kind === 'NUMBER' && a.kind === 'VARCHAR') return numberAndText(b, left);
  return commonType(a, b);
}

function variantComparison(other: SnowflakeType): SnowflakeType {
  return other.kind === 'NUMBER' ? unionType(other, { kind: 'NUMBER', precision: 38, scale: 9 }) : other;
}

function numberAndText(number: Extract<SnowflakeType, { kind: 'NUMBER' }>, text: Bound): SnowflakeType | undefined {
  const cell = text.constant?.cell?.trim();
  if (cell !== undefined && /^[+-]?\d+(?:\.\d*)?$/u.test(cell)) {
    const literal = numericLiteral(cell.replace(/^[+-]/u, '')).type;
    if (literal.kind === 'NUMBER') return unionType(number, literal);
  }
  return commonType(number, types.varchar());
}

export function compare(operator: string, left: Bound, right: Bound, context: ExpressionContext): Bound {
  const [a, b] = compareOperands(left, right, operator, context);
  return bound(types.boolean, `(${a} ${operator} ${b})`, left.nullable || right.nullable);
}

export function bindIn(expression: Extract<Expression, { kind: 'in' }>, context: ExpressionContext): Bound {
  const not = expression.negated ? 'NOT ' : '';
  if (expression.of.kind === 'tuple') return bindTupleIn(expression.of.items, expression.list, not, context);
  const of = bindExpression(expression.of, context);
  const list = expression.list.map((item) => bindExpression(item, context));
  const type = list.reduce<SnowflakeType | undefined>(
    (common, item) => {
      if (common === undefined) return undefined;
      return comparisonType(bound(common, ''), item);
    },
    list.reduce<Bound>((first, item) => (first.untyped === true || first.type.kind === 'VARIANT' ? item : first), of).type,
  );
  const whole = type === undefined ? undefined : comparisonType(of, bound(type, ''));
  if (whole === undefined) {
    throw SnowflakeError.of('invalidArgumentTypes', {
      name: 'IN',
      types: [of, ...list].map((item) => renderType(item.type)).join(', '),
    });
  }
  const sql = `(${operand(of, whole, context)} ${not}IN (${list.map((item) => operand(item, whole, context)).join(', ')}))`;
  return bound(types.boolean, sql, of.nullable || list.some((item) => item.nullable));
}

function bindTupleIn(items: readonly Expression[], list: readonly Expression[], not: string, context: ExpressionContext): Bound {
  const left = items.map((item) => bindExpression(item, context));
  const alternatives = list.map((entry) => {
    if (entry.kind !== 'tuple' || entry.items.length !== left.length)
      throw SnowflakeError.of('unsupported', { feature: 'IN list of unlike tuples' });
    const parts = entry.items.map((item, index) => {
      const one = left[index];
      if (one === undefined) throw new Error('lengths were compared');
      return compare('=', one, bindExpression(item, context), context).sql;
    });
    return `(${parts.join(' AND ')})`;
  });
  return bound(types.boolean, `(${not}(${alternatives.join(' OR ')}))`);
}

/** LIKE, ILIKE, RLIKE, alone or with ANY or ALL patterns. https://docs.snowflake.com/en/sql-reference/functions/like_any */
export function bindLike(expression: LikeExpression, context: ExpressionContext): Bound {
  const facts = context.bind.ports.facts;
  const of = castTo(bindExpression(expression.of, context), types.varchar(), 'implicit', facts);
  const patterns = expression.patterns.map((pattern) =>
    castTo(bindExpression(pattern, context), types.varchar(), 'implicit', facts),
  );
  const escape = expression.escape === undefined || expression.escape === '' ? '' : ` ESCAPE ${duckString(expression.escape)}`;
  const tests = patterns.map((pattern) =>
    expression.form === 'RLIKE'
      ? `regexp_full_match(${of.sql}, ${pattern.sql})`
      : `(${of.sql} ${expression.form} ${pattern.sql}${escape})`,
  );
  const sql = `(${tests.join(expression.quantifier === 'ALL' ? ' AND ' : ' OR ')})`;
  return bound(
    types.boolean,
    expression.negated ? `(NOT ${sql})` : sql,
    of.nullable || patterns.some((pattern) => pattern.nullable),
  );
}
