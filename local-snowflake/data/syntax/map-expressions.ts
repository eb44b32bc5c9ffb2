import type { Expression } from './tree.ts';

/**
 * The tree with what `change` gives in the place of expressions; undefined leaves one as it is and looks at its parts.
 * Queries inside are left alone: their names are their own.
 */
export function mapExpressions<T extends object>(tree: T, change: (expression: Expression) => Expression | undefined): T {
  return mapped(tree, change) as T;
}

function mapped(node: unknown, change: (expression: Expression) => Expression | undefined): unknown {
  if (Array.isArray(node)) return node.map((item: unknown) => mapped(item, change));
  if (typeof node !== 'object' || node === null) return node;
  const changed = 'kind' in node ? change(node as Expression) : undefined;
  if (changed !== undefined) return changed;
  const copy = Object.entries(node).map(
    ([key, value]: [string, unknown]) => [key, key === 'query' ? value : mapped(value, change)] as const,
  );
  return Object.fromEntries(copy);
}
