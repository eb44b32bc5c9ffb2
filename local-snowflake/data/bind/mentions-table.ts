import type { FromItem, Query, QueryBody } from '../syntax/tree.ts';

/** Whether a query reads from a table of this bare name. */
export function mentionsTable(body: QueryBody, name: string): boolean {
  switch (body.kind) {
    case 'select':
      return body.from.some((item) => inFrom(item, name));
    case 'nested':
      return inQuery(body.query, name);
    case 'set':
      return mentionsTable(body.left, name) || mentionsTable(body.right, name);
    case 'values':
      return false;
  }
}

function inQuery(query: Query, name: string): boolean {
  return mentionsTable(query.body, name) || query.commonTables.some((table) => inQuery(table.query, name));
}

function inFrom(item: FromItem, name: string): boolean {
  switch (item.kind) {
    case 'table':
      return item.name.kind === 'name' && item.name.parts.length === 1 && item.name.parts[0]?.name === name;
    case 'derived':
      return inQuery(item.query, name);
    case 'join':
      return inFrom(item.left, name) || inFrom(item.right, name);
    case 'pivot':
    case 'unpivot':
    case 'match':
      return inFrom(item.source, name);
    case 'stage':
    case 'function':
      return false;
  }
}
