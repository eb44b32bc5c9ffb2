import { convertOrder, orderOptions } from './convert-call.ts';
import type { ConvertContext } from './convert-context.ts';
import { convertExpression } from './convert-expression.ts';
import { convertSelect } from './convert-select.ts';
import { field, identifier, list, optional, type Raw, refuse, text, unsupported, variant } from './raw-tree.ts';
import type { CommonTable, Expression, OrderBy, Query, QueryBody } from './tree.ts';

export function convertQuery(node: Raw, context: ConvertContext): Query {
  refuse(node, 'locks', 'for_clause', 'settings', 'format_clause', 'pipe_operators');
  const clause = limitClause(field(node, 'limit_clause'), context);
  const fetch = field(node, 'fetch');
  if (fetch !== undefined) refuse(fetch, 'with_ties', 'percent');
  return {
    recursive: field(field(node, 'with'), 'recursive') === true,
    commonTables: list(field(field(node, 'with'), 'cte_tables')).map((table) => convertCommonTable(table, context)),
    body: convertBody(field(node, 'body'), context),
    orderBy: convertOrderBy(field(node, 'order_by'), context),
    limit: clause.limit ?? optional(field(fetch, 'quantity'), (quantity) => convertExpression(quantity, context)),
    offset: clause.offset,
  };
}

function convertCommonTable(node: Raw, context: ConvertContext): CommonTable {
  const alias = field(node, 'alias');
  return {
    name: identifier(field(alias, 'name')),
    columns: list(field(alias, 'columns')).map((column) => identifier(field(column, 'name'))),
    query: convertQuery(field(node, 'query'), context),
  };
}

function limitClause(node: Raw, context: ConvertContext): { limit: Expression | undefined; offset: Expression | undefined } {
  if (node === undefined) return { limit: undefined, offset: undefined };
  const [tag, payload] = variant(node);
  if (tag !== 'LimitOffset') throw unsupported(node);
  refuse(payload, 'limit_by');
  return {
    limit: optional(field(payload, 'limit'), (limit) => convertExpression(limit, context)),
    offset: optional(field(payload, 'offset'), (offset) => convertExpression(field(offset, 'value'), context)),
  };
}

function convertOrderBy(node: Raw, context: ConvertContext): OrderBy {
  if (node === undefined) return [];
  const [tag, payload] = variant(field(node, 'kind'));
  if (tag === 'All') return { kind: 'all', ...orderOptions(payload) };
  const items = list(payload).map((item) => convertOrder(item, context));
  const [first] = items;
  if (first === undefined || items.length > 1 || !isNamedAll(first.expression)) return items;
  return { kind: 'all', descending: first.descending, nullsFirst: first.nullsFirst };
}

function isNamedAll(expression: Expression): boolean {
  if (expression.kind !== 'column' || expression.parts.length > 1) return false;
  const [name] = expression.parts;
  return name?.name === 'ALL' && !name.quoted;
}

export function convertBody(node: Raw, context: ConvertContext): QueryBody {
  const [tag, payload] = variant(node);
  switch (tag) {
    case 'Select':
      return convertSelect(payload, context);
    case 'Query':
      return { kind: 'nested', query: convertQuery(payload, context) };
    case 'Values':
      return { kind: 'values', rows: convertRows(payload, context) };
    case 'SetOperation': {
      const operator = text(field(payload, 'op')).toUpperCase();
      if (operator !== 'UNION' && operator !== 'EXCEPT' && operator !== 'INTERSECT' && operator !== 'MINUS')
        throw unsupported(node);
      const quantifier = text(field(payload, 'set_quantifier'));
      return {
        kind: 'set',
        operator: operator === 'MINUS' ? 'EXCEPT' : operator,
        all: quantifier === 'All' || quantifier === 'AllByName',
        byName: quantifier.endsWith('ByName'),
        left: convertBody(field(payload, 'left'), context),
        right: convertBody(field(payload, 'right'), context),
      };
    }
    default:
      throw unsupported(node);
  }
}

export function convertRows(values: Raw, context: ConvertContext): Expression[][] {
  return list(field(values, 'rows')).map((row) =>
    list(Array.isArray(row) ? row : field(row, 'content')).map((cell) => convertExpression(cell, context)),
  );
}
