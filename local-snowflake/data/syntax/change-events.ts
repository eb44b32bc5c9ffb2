import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { simpleCall } from './convert-call.ts';
import { mapExpressions } from './map-expressions.ts';
import type { Call, Expression, FromItem, Identifier, Select, SelectItem, Star, Window } from './tree.ts';

const name = 'CONDITIONAL_CHANGE_EVENT';

/** Whether the texts of a block's items speak of the function: few do, and only those are looked through. */
export function mentionsChangeEvents(labels: readonly string[]): boolean {
  return labels.some((label) => label.toUpperCase().includes(name));
}

/**
 * CONDITIONAL_CHANGE_EVENT(x) OVER w is CONDITIONAL_TRUE_EVENT(x <> LAG(x) OVER w) OVER w, and no window stands inside another:
 * the rows get the values before theirs as columns first.
 * https://docs.snowflake.com/en/sql-reference/functions/conditional_change_event
 */
export function withChangeEvents(select: Select): Select {
  const befores: { readonly column: Identifier; readonly value: Expression; readonly window: Window }[] = [];
  const replaced = <T extends object>(tree: T): T =>
    mapExpressions(tree, (expression) => {
      if (!isChangeEvent(expression)) return undefined;
      const value = expression.args[0]?.value;
      if (value === undefined || value.kind === 'star' || expression.over === undefined || expression.args.length > 1)
        return undefined;
      const column: Identifier = { name: `$BEFORE${String(befores.length + 1)}`, quoted: true };
      befores.push({ column, value, window: expression.over });
      const changed: Expression = { kind: 'binary', operator: '<>', left: value, right: { kind: 'column', parts: [column] } };
      return { ...simpleCall('CONDITIONAL_TRUE_EVENT', [changed]), over: expression.over };
    });
  const { from, where, ...clauses } = select;
  const rest = replaced(clauses);
  const [source, ...more] = from;
  if (befores.length === 0) return select;
  if (source === undefined || more.length > 0 || source.kind === 'join' || select.groupBy === 'ALL' || select.groupBy.length > 0)
    throw SnowflakeError.of('unsupported', { feature: `${name} over groups or several relations` });
  const inner: Select = {
    kind: 'select',
    distinct: false,
    top: undefined,
    items: [everything, ...befores.map(({ column, value, window }) => lag(column, value, window))],
    from: [source],
    where,
    groupBy: [],
    having: undefined,
    qualify: undefined,
  };
  const hidden = befores.map(({ column }) => column);
  return {
    ...rest,
    items: rest.items.map((item) => (item.kind === 'star' ? { ...item, exclude: [...item.exclude, ...hidden] } : item)),
    from: [derived(inner, source)],
    where: undefined,
  };
}

const everything: Star = { kind: 'star', relation: [], exclude: [], rename: [], replace: [], ilike: undefined };

function isChangeEvent(expression: Expression): expression is Call {
  return expression.kind === 'call' && expression.name.kind === 'name' && expression.name.parts[0]?.name === name;
}

function lag(column: Identifier, value: Expression, window: Window): SelectItem {
  return { kind: 'expression', expression: { ...simpleCall('LAG', [value]), over: window }, alias: column, label: column.name };
}

/** The rows in the place of their source, under its name. */
function derived(inner: Select, source: FromItem): FromItem {
  const own = 'alias' in source ? source.alias.name : undefined;
  const table = source.kind === 'table' && source.name.kind === 'name' ? source.name.parts.at(-1) : undefined;
  return {
    kind: 'derived',
    query: { recursive: false, commonTables: [], body: inner, orderBy: [], limit: undefined, offset: undefined },
    lateral: false,
    alias: { name: own ?? table, columns: [] },
    sample: undefined,
  };
}
