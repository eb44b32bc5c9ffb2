import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { renderType, type SnowflakeType, types } from '../../sql/types.ts';
import { physicalType } from '../duckdb/physical-type.ts';
import type { Expression, FieldChange } from '../syntax/tree.ts';
import { commonType } from '../types/common-type.ts';
import { bindCall } from './bind-call.ts';
import { bindIn, bindLike, compare, compareOperands } from './bind-comparison.ts';
import { bindBinary, bindUnary, booleanOf } from './bind-operator.ts';
import { bindPath } from './bind-path.ts';
import { bindQuery, scalarQuery } from './bind-query.ts';
import { type Bound, bound, nullBound } from './bound.ts';
import { attemptCast, castTo } from './cast.ts';
import { castFields } from './cast-structured.ts';
import type { ExpressionContext } from './expression-context.ts';
import { cellBound, literalBound, numberBound, stringBound } from './literal-bound.ts';
import { Scope } from './scope.ts';
import { bindSequence, isSequenceReference } from './sequence.ts';
import { arrayConstruct, objectConstruct } from '../functions/construct.ts';

/** Binds an expression: names to columns, types inferred, lowered to DuckDB SQL. */
export function bindExpression(expression: Expression, context: ExpressionContext): Bound {
  switch (expression.kind) {
    case 'column':
      return bindColumn(expression, context);
    case 'ordinal':
      return context.scope.ordinal(expression.relation, expression.index).bound();
    case 'literal':
      return bindLiteral(expression);
    case 'bind': {
      const column = context.bindColumn?.(expression.key);
      if (column !== undefined) return column;
      const value = context.bind.ports.bind(expression.key);
      if (value === undefined) throw SnowflakeError.of('bindVariableNotSet', { name: `:${expression.key}` });
      return cellBound(value);
    }
    case 'variable': {
      const value = context.bind.ports.variable(expression.name);
      if (value === undefined) throw SnowflakeError.of('sessionVariableNotSet', { name: expression.name });
      return cellBound(value);
    }
    case 'path':
      return bindPath(expression, context);
    case 'unary':
      return bindUnary(expression, context);
    case 'binary':
      return bindBinary(expression, context);
    case 'is':
      return bindIs(expression, context);
    case 'distinctFrom': {
      const [left, right] = compareOperands(
        bindExpression(expression.left, context),
        bindExpression(expression.right, context),
        'IS DISTINCT FROM',
        context,
      );
      return bound(types.boolean, `(${left} IS ${expression.negated ? 'NOT ' : ''}DISTINCT FROM ${right})`, false);
    }
    case 'in':
      return bindIn(expression, context);
    case 'inQuery':
      return bindInQuery(expression, context);
    case 'quantified':
      return bindQuantified(expression, context);
    case 'between': {
      const of = bindExpression(expression.of, context);
      const low = compare('>=', of, bindExpression(expression.low, context), context);
      const high = compare('<=', of, bindExpression(expression.high, context), context);
      const sql = `(${low.sql} AND ${high.sql})`;
      return bound(types.boolean, expression.negated ? `(NOT ${sql})` : sql, low.nullable || high.nullable);
    }
    case 'like':
      return bindLike(expression, context);
    case 'case':
      return bindCase(expression, context);
    case 'cast': {
      const value = bindExpression(expression.of, context);
      const { facts } = context.bind.ports;
      if (expression.fields !== undefined) return fieldsCast(value, expression.type, expression.fields, context);
      return expression.attempt ? attemptCast(value, expression.type, facts) : castTo(value, expression.type, 'explicit', facts);
    }
    case 'call':
      return bindCall(expression, context);
    case 'subquery':
      return scalarQuery(expression.query, context);
    case 'exists': {
      const query = bindQuery(expression.query, context.bind, context.scope);
      return bound(types.boolean, `(${expression.negated ? 'NOT ' : ''}EXISTS (${query.sql}))`, false);
    }
    case 'array':
      return arrayConstruct(expression.items.map((item) => bindExpression(item, context)));
    case 'object':
      return objectConstruct(
        expression.entries.map((entry) => [stringBound(entry.key), bindExpression(entry.value, context)] as const),
        false,
      );
    case 'tuple':
    case 'lambda':
    case 'interval':
      throw SnowflakeError.of('unsupported', { feature: `${expression.kind} here` });
  }
}

function fieldsCast(value: Bound, type: SnowflakeType, change: FieldChange, context: ExpressionContext): Bound {
  const changed = castFields(value, type, change, context.bind.ports.facts);
  if (changed !== undefined) return changed;
  throw SnowflakeError.of('invalidCast', {
    expression: `CAST(${renderType(value.type)} AS ${renderType(type)} ${change} FIELDS)`,
    parameter: 'TO_OBJECT',
  });
}

function bindLiteral(expression: Extract<Expression, { kind: 'literal' }>): Bound {
  switch (expression.literal) {
    case 'null':
      return nullBound;
    case 'number':
      return numberBound(expression.text);
    case 'string':
      return stringBound(expression.text);
    case 'boolean':
      return literalBound(types.boolean, expression.text);
    case 'binary':
      return literalBound(types.binary(Math.max(1, Math.ceil(expression.text.length / 2))), expression.text);
  }
}

// Context functions may be written without parentheses. https://docs.snowflake.com/en/sql-reference/functions-context
const bareFunctions = new Set([
  'CURRENT_DATE',
  'CURRENT_ORGANIZATION_USER',
  'CURRENT_TIME',
  'CURRENT_TIMESTAMP',
  'CURRENT_USER',
  'LOCALTIME',
  'LOCALTIMESTAMP',
]);

function bindColumn(expression: Extract<Expression, { kind: 'column' }>, context: ExpressionContext): Bound {
  const found = context.scope.find(expression.parts);
  if (found !== undefined) return found.bound();
  const [only] = expression.parts;
  if (expression.parts.length === 1 && only !== undefined && !only.quoted) {
    const scripting = context.bind.ports.bind(only.name);
    if (scripting !== undefined) return cellBound(scripting);
    if (bareFunctions.has(only.name)) {
      return bindCall(
        {
          kind: 'call',
          name: { kind: 'name', parts: expression.parts },
          args: [],
          distinct: false,
          withinGroup: [],
          over: undefined,
          nulls: undefined,
          bare: true,
        },
        context,
      );
    }
  }
  if (isSequenceReference(expression.parts)) return bindSequence(expression.parts, context);
  return context.scope.column(expression.parts).bound();
}

function bindIs(expression: Extract<Expression, { kind: 'is' }>, context: ExpressionContext): Bound {
  const of = bindExpression(expression.of, context);
  const not = expression.negated ? 'NOT ' : '';
  if (expression.what === 'NULL') return bound(types.boolean, `(${of.sql} IS ${not}NULL)`, false);
  return bound(types.boolean, `(${booleanOf(of, context).sql} IS ${not}${expression.what})`, false);
}

function bindCase(expression: Extract<Expression, { kind: 'case' }>, context: ExpressionContext): Bound {
  const operand = expression.operand === undefined ? undefined : bindExpression(expression.operand, context);
  const conditions = expression.whens.map(({ when }) => {
    const bound_ = bindExpression(when, context);
    return (operand === undefined ? booleanOf(bound_, context) : compare('=', operand, bound_, context)).sql;
  });
  const results = expression.whens.map(({ then }) => bindExpression(then, context));
  const otherwise = expression.otherwise === undefined ? nullBound : bindExpression(expression.otherwise, context);
  const values = unify([...results, otherwise], 'CASE', context);
  const last = values.at(-1) ?? nullBound;
  const arms = conditions.map((condition, index) => `WHEN ${condition} THEN ${values[index]?.sql ?? 'NULL'}`);
  return bound(
    last.type,
    `(CASE ${arms.join(' ')} ELSE ${last.sql} END)`,
    values.some((value) => value.nullable),
  );
}

/** All values in their common type. */
export function unify(values: readonly Bound[], where: string, context: ExpressionContext): Bound[] {
  const typed = values.filter((value) => value.untyped !== true);
  const [first, ...rest] = typed;
  if (first === undefined) return values.map((value) => castTo(value, types.varchar(), 'implicit', context.bind.ports.facts));
  const type = rest.reduce((common, value) => {
    const next = commonType(common, value.type);
    if (next !== undefined) return next;
    throw SnowflakeError.of('invalidArgumentTypes', { name: where, types: typed.map((item) => item.type.kind).join(', ') });
  }, first.type);
  return values.map((value) => castTo(value, type, 'implicit', context.bind.ports.facts));
}

function bindInQuery(expression: Extract<Expression, { kind: 'inQuery' }>, context: ExpressionContext): Bound {
  const query = bindQuery(expression.query, context.bind, context.scope);
  const left = expression.of.kind === 'tuple' ? expression.of.items : [expression.of];
  if (left.length !== query.columns.length) {
    throw SnowflakeError.of('columnCount', { expected: left.length, got: query.columns.length, branch: 1 });
  }
  const pairs = left.map((item, index) => {
    const column = query.columns[index];
    if (column === undefined) throw new Error('counted above');
    return compareOperands(bindExpression(item, context), bound(column.type, column.internal, column.nullable), 'IN', context);
  });
  const row = (side: 0 | 1): string =>
    pairs.length === 1 ? (pairs[0]?.[side] ?? '') : `(${pairs.map((pair) => pair[side]).join(', ')})`;
  const alias = context.bind.state.name('q');
  const sql = `(${row(0)} ${expression.negated ? 'NOT ' : ''}IN (SELECT ${row(1)} FROM (${query.sql}) AS ${alias}))`;
  return bound(types.boolean, sql);
}

function bindQuantified(expression: Extract<Expression, { kind: 'quantified' }>, context: ExpressionContext): Bound {
  const query = bindQuery(expression.query, context.bind, context.scope);
  const column = query.columns[0];
  if (column === undefined || query.columns.length !== 1)
    throw SnowflakeError.of('columnCount', { expected: 1, got: query.columns.length, branch: 1 });
  const [left, right] = compareOperands(
    bindExpression(expression.left, context),
    bound(column.type, column.internal),
    expression.operator,
    context,
  );
  const alias = context.bind.state.name('q');
  return bound(
    types.boolean,
    `(${left} ${expression.operator} ${expression.quantifier} (SELECT ${right} FROM (${query.sql}) AS ${alias}))`,
  );
}

/** A scope without rows, for constants. */
export function constantContext(bind: ExpressionContext['bind']): ExpressionContext {
  return { bind, scope: new Scope([]), block: undefined };
}

/** NULL of a type. */
export function typedNull(type: Bound['type']): Bound {
  return { type, sql: `CAST(NULL AS ${physicalType(type)})`, nullable: true, constant: { cell: null } };
}
