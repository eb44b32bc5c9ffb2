import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { Expression, FromItem, Identifier } from '../syntax/tree.ts';
import type { BindContext } from './bind-context.ts';
import { compare } from './bind-comparison.ts';
import { bindExpression, unify } from './bind-expression.ts';
import { bindFrom } from './bind-from.ts';
import { bindFlatten, isFlatten } from './bind-flatten.ts';
import { bindSplit, isSplit } from './bind-split.ts';
import { bindNextValues, isNextValues } from './bind-next-values.ts';
import { bindPythonTable } from './bind-python-table.ts';
import { booleanOf } from './bind-operator.ts';
import { type Bound, bound } from './bound.ts';
import { type ExpressionContext, newBlock } from './expression-context.ts';
import type { FromBinding } from './from-binding.ts';
import { isValidate } from './bind-validate.ts';
import { Scope, type ScopeColumn, type ScopeRelation, unknownColumn } from './scope.ts';

type JoinItem = Extract<FromItem, { kind: 'join' }>;

/** A join whose left side is bound already. https://docs.snowflake.com/en/sql-reference/constructs/join */
export function bindJoin(item: JoinItem, left: FromBinding, bind: BindContext, outer: Scope | undefined): FromBinding {
  if (item.right.kind === 'function' && isFlatten(item.right.call))
    return lateral(item, bindFlatten(item.right, left, item.join === 'LEFT', bind, outer), 'FLATTEN', bind, outer);
  if (item.right.kind === 'function' && isSplit(item.right.call))
    return lateral(item, bindSplit(item.right, left, item.join === 'LEFT', bind, outer), 'a split text', bind, outer);
  if (item.right.kind === 'function' && isNextValues(item.right.call))
    return unconditional(item, bindNextValues(item.right, left, bind, outer), 'GETNEXTVAL');
  const called = item.right.kind === 'function' && !isValidate(item.right.call) ? item.right : undefined;
  const table = called === undefined ? undefined : bindPythonTable(called, left, item.join === 'LEFT', bind, outer);
  if (table !== undefined) return unconditional(item, table, 'a Python table function');
  const right = bindFrom(item.right, bind, outer, left.relations);
  const using = item.natural ? sharedNames(left.relations, right.relations) : item.using;
  const { relations, conditions } =
    using.length === 0
      ? { relations: [...left.relations, ...right.relations], conditions: [] }
      : merge(item, using, left, right, bind);
  const context: ExpressionContext = { bind, scope: new Scope([...left.relations, ...right.relations], outer), block: newBlock() };
  if (item.on !== undefined) conditions.push(booleanOf(bindExpression(item.on, context), context).sql);
  if (item.match !== undefined) conditions.push(matchCondition(item.match, context));
  return {
    relations: outerRelations(item, relations, left.relations, right.relations),
    render: () => renderJoin(item, left.render(), right.render(), conditions),
    used: () => [...left.used(), ...right.used()],
  };
}

/** What is taken from each row stands beside it already; an inner join's condition leaves some of it out. */
function lateral(item: JoinItem, table: FromBinding, what: string, bind: BindContext, outer: Scope | undefined): FromBinding {
  const { on } = item;
  const beside = unconditional(item.join === 'INNER' ? { ...item, on: undefined } : item, table, what);
  if (on === undefined) return beside;
  const context: ExpressionContext = { bind, scope: new Scope(beside.relations, outer), block: newBlock() };
  const condition = booleanOf(bindExpression(on, context), context).sql;
  const one = bind.state.name('j');
  return { ...beside, render: () => `${beside.render()} JOIN (SELECT 1) AS ${one} ON ${condition}` };
}

/** https://docs.snowflake.com/en/sql-reference/constructs/join: a table function takes neither ON nor USING. */
function unconditional(item: JoinItem, table: FromBinding, what: string): FromBinding {
  const plain = item.join === 'CROSS' || item.join === 'INNER' || item.join === 'LEFT';
  if (!plain || item.on !== undefined || item.using.length > 0 || item.natural)
    throw SnowflakeError.of('unsupported', { feature: `${item.join} JOIN of ${what} with a condition` });
  return table;
}

/** Columns of the side that may be missing are NULL there. */
function outerRelations(
  item: JoinItem,
  relations: readonly ScopeRelation[],
  left: readonly ScopeRelation[],
  right: readonly ScopeRelation[],
): ScopeRelation[] {
  const missing = new Set([
    ...(item.join === 'RIGHT' || item.join === 'FULL' ? left : []).map((relation) => relation.alias),
    ...(item.join === 'LEFT' || item.join === 'FULL' || item.join === 'ASOF' ? right : []).map((relation) => relation.alias),
  ]);
  const nullable = (column: ScopeColumn): ScopeColumn => ({ ...column, bound: () => ({ ...column.bound(), nullable: true }) });
  return relations.map((relation) =>
    relation.alias !== undefined && missing.has(relation.alias)
      ? { ...relation, columns: relation.columns.map(nullable) }
      : relation,
  );
}

function renderJoin(item: JoinItem, left: string, right: string, conditions: readonly string[]): string {
  const lateral = right.startsWith('LATERAL ');
  if (item.join === 'ASOF') return `${left} ASOF LEFT JOIN ${right} ON ${conditions.join(' AND ')}`;
  if (conditions.length === 0 && (item.join === 'CROSS' || item.join === 'INNER'))
    return lateral ? `${left}, ${right}` : `${left} CROSS JOIN ${right}`;
  const word = item.join === 'CROSS' ? 'INNER' : item.join;
  return `${left} ${word} JOIN ${right} ON ${conditions.length === 0 ? 'true' : conditions.join(' AND ')}`;
}

/** MATCH_CONDITION compares one side with the other. https://docs.snowflake.com/en/sql-reference/constructs/asof-join */
function matchCondition(match: Expression, context: ExpressionContext): string {
  if (match.kind !== 'binary' || !['>=', '>', '<=', '<'].includes(match.operator)) {
    throw SnowflakeError.of('unsupported', { feature: 'MATCH_CONDITION that is no comparison by >=, >, <= or <' });
  }
  return compare(match.operator, bindExpression(match.left, context), bindExpression(match.right, context), context).sql;
}

function sharedNames(left: readonly ScopeRelation[], right: readonly ScopeRelation[]): Identifier[] {
  const names = new Set(right.flatMap((relation) => relation.columns.map((column) => column.name)));
  return left.flatMap((relation) =>
    relation.columns
      .filter((column) => names.has(column.name) && column.merged !== true)
      .map((column) => ({ name: column.name, quoted: true })),
  );
}

/** USING: the columns come once, first; the sides' own stay reachable by their qualified names. */
function merge(
  item: JoinItem,
  using: readonly Identifier[],
  left: FromBinding,
  right: FromBinding,
  bind: BindContext,
): { relations: ScopeRelation[]; conditions: string[] } {
  const leftScope = new Scope(left.relations);
  const rightScope = new Scope(right.relations);
  const context: ExpressionContext = { bind, scope: leftScope, block: newBlock() };
  const conditions: string[] = [];
  const merged = using.map((name): ScopeColumn => {
    const a = leftScope.find([name]);
    const b = rightScope.find([name]);
    if (a === undefined || b === undefined) throw unknownColumn([name]);
    conditions.push(compare('=', a.bound(), b.bound(), context).sql);
    return { name: name.name, bound: () => mergedValue(item, a.bound(), b.bound(), context) };
  });
  const names = new Set(using.map((name) => name.name));
  const hide = (relation: ScopeRelation): ScopeRelation => ({
    ...relation,
    columns: relation.columns.map((column) => (names.has(column.name) ? { ...column, merged: true as const } : column)),
  });
  return {
    relations: [{ alias: undefined, qualifier: [], columns: merged }, ...left.relations.map(hide), ...right.relations.map(hide)],
    conditions,
  };
}

function mergedValue(item: JoinItem, a: Bound, b: Bound, context: ExpressionContext): Bound {
  if (item.join === 'RIGHT') return b;
  if (item.join !== 'FULL') return a;
  const [first = a, second = b] = unify([a, b], 'USING', context);
  return bound(first.type, `coalesce(${first.sql}, ${second.sql})`, first.nullable && second.nullable);
}
