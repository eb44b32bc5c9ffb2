import { type SnowflakeType, types } from '../../sql/types.ts';
import type { Expression, FromItem, Identifier, Query, QueryBody, Select, SelectItem, Star } from './tree.ts';

/** Parts of trees, for what other forms of queries become. */

/** What a FROM item is called. */
export function aliasOf(source: FromItem): Identifier | undefined {
  if ('alias' in source && source.alias.name !== undefined) return source.alias.name;
  return source.kind === 'table' && source.name.kind === 'name' ? source.name.parts.at(-1) : undefined;
}

export function id(name: string): Identifier {
  return { name, quoted: true };
}

export function named(name: Identifier | undefined): {
  readonly name: Identifier | undefined;
  readonly columns: readonly Identifier[];
} {
  return { name, columns: [] };
}

export function column(...parts: readonly Identifier[]): Expression {
  return { kind: 'column', parts };
}

export function number(value: number): Expression {
  return cast({ kind: 'literal', literal: 'number', text: String(value) }, types.number(38, 0));
}

export function cast(of: Expression, type: SnowflakeType): Expression {
  return { kind: 'cast', of, type, attempt: false };
}

export function binary(operator: string, left: Expression, right: Expression): Expression {
  return { kind: 'binary', operator, left, right };
}

export function and(conditions: readonly Expression[]): Expression | undefined {
  return conditions.length === 0 ? undefined : conditions.reduce((left, right) => binary('AND', left, right));
}

export function item(expression: Expression, alias: Identifier): SelectItem {
  return { kind: 'expression', expression, alias, label: alias.name };
}

export function star(relation: readonly Identifier[] = []): Star {
  return { kind: 'star', relation, exclude: [], rename: [], replace: [], ilike: undefined };
}

export function table(name: Identifier): FromItem {
  return { kind: 'table', name: { kind: 'name', parts: [name] }, alias: named(undefined), sample: undefined };
}

export function block(items: readonly SelectItem[], from: readonly FromItem[], where?: Expression): Select {
  return {
    kind: 'select',
    distinct: false,
    top: undefined,
    items,
    from,
    where,
    groupBy: [],
    having: undefined,
    qualify: undefined,
  };
}

export function query(body: QueryBody): Query {
  return { recursive: false, commonTables: [], body, orderBy: [], limit: undefined, offset: undefined };
}
