import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { mapExpressions } from './map-expressions.ts';
import type { Call, Expression, FromItem, Identifier, Select, SelectItem } from './tree.ts';

/** How `c(+)` stands in the tree: a call that no one can write. */
export const outerJoinMark = '(+)';

/** Conditions that join one table, which may lack rows, to another. */
interface Marked {
  readonly inner: string;
  readonly outer: readonly string[];
  readonly condition: Expression;
}

/**
 * A block whose WHERE marks columns with `(+)`, as LEFT JOINs of the tables that they are of.
 * https://docs.snowflake.com/en/sql-reference/constructs/where#joins-in-the-where-clause
 */
export function withOuterJoins(select: Select): Select {
  if (select.where === undefined) return select;
  const conditions = conjuncts(select.where);
  const marked = conditions.flatMap((condition) => (marksOf(condition).length > 0 ? [readMarked(condition)] : []));
  if (marked.length === 0) return select;
  const tables = select.from.map((item) => ({ name: nameOf(item), item }));
  const inner = new Set(marked.map((each) => each.inner));
  const missing = [...inner].find((name) => !tables.some((table) => table.name === name));
  if (missing !== undefined) throw SnowflakeError.of('unsupported', { feature: `(+) of ${missing}, which is not alone in FROM` });
  const joined = tables.filter((table) => !inner.has(table.name));
  let from = joined.map(({ item }) => item).reduce<FromItem | undefined>(crossed, undefined);
  const there = new Set(joined.map(({ name }) => name));
  let waiting = tables.filter((table) => inner.has(table.name));
  while (waiting.length > 0) {
    const next = waiting.find((table) => othersOf(table.name, marked).every((name) => there.has(name)));
    if (next === undefined || from === undefined) throw cycle(waiting.map((table) => table.name));
    from = join('LEFT', from, next.item, and(marked.filter((each) => each.inner === next.name).map((each) => each.condition)));
    there.add(next.name);
    waiting = waiting.filter((table) => table !== next);
  }
  return {
    ...select,
    items: select.items.flatMap((item) =>
      inOrder(
        item,
        tables.map(({ name }) => name),
      ),
    ),
    from: from === undefined ? [] : [from],
    where: and(conditions.filter((condition) => marksOf(condition).length === 0)),
  };
}

function readMarked(condition: Expression): Marked {
  const marks = new Set(marksOf(condition).map((call) => tableOf(call.args[0]?.value as Expression)));
  const [inner = '', ...more] = marks;
  if (more.length > 0) throw cycle([inner, ...more]);
  const outer = new Set<string>();
  const plain = mapExpressions(condition, (part) => {
    if (isMark(part)) return part.args[0]?.value as Expression;
    if (part.kind === 'column' && part.parts.length > 1) outer.add(part.parts.at(-2)?.name ?? '');
    return undefined;
  });
  outer.delete(inner);
  return { inner, outer: [...outer], condition: plain };
}

/** The tables that one is joined to. */
function othersOf(inner: string, marked: readonly Marked[]): string[] {
  const others = [...new Set(marked.filter((each) => each.inner === inner).flatMap((each) => each.outer))];
  if (others.length > 1) {
    const message = `Table '${inner}' is outer joined to multiple tables: ${others.map((name) => `'${name}'`).join(' and ')}.`;
    throw SnowflakeError.of('outerJoinPredicates', { message });
  }
  return others;
}

function cycle(names: readonly string[]): SnowflakeError {
  const message = `Outer join predicates form a cycle between ${names.map((name) => `'${name}'`).join(' and ')}.`;
  return SnowflakeError.of('outerJoinPredicates', { message });
}

function tableOf(column: Expression): string {
  if (column.kind === 'column' && column.parts.length > 1) return column.parts.at(-2)?.name ?? '';
  throw SnowflakeError.of('unsupported', { feature: '(+) of a column without the name of its table' });
}

function isMark(expression: Expression): expression is Call {
  return expression.kind === 'call' && expression.name.kind === 'name' && expression.name.parts[0]?.name === outerJoinMark;
}

function marksOf(condition: Expression): Call[] {
  const found: Call[] = [];
  mapExpressions(condition, (part) => {
    if (!isMark(part)) return undefined;
    found.push(part);
    return part;
  });
  return found;
}

function conjuncts(expression: Expression): Expression[] {
  if (expression.kind !== 'binary' || expression.operator !== 'AND') return [expression];
  return [...conjuncts(expression.left), ...conjuncts(expression.right)];
}

function and(conditions: readonly Expression[]): Expression | undefined {
  return conditions.length === 0
    ? undefined
    : conditions.reduce((left, right) => ({ kind: 'binary', operator: 'AND', left, right }));
}

function nameOf(item: FromItem): string {
  const own = 'alias' in item ? item.alias.name : undefined;
  if (own !== undefined) return own.name;
  return item.kind === 'table' && item.name.kind === 'name' ? (item.name.parts.at(-1)?.name ?? '') : '';
}

function crossed(left: FromItem | undefined, right: FromItem): FromItem {
  return left === undefined ? right : join('CROSS', left, right, undefined);
}

function join(kind: 'LEFT' | 'CROSS', left: FromItem, right: FromItem, on: Expression | undefined): FromItem {
  return { kind: 'join', join: kind, left, right, on, using: [], natural: false, match: undefined };
}

/** `*` keeps the order of FROM, whatever order the joins have. */
function inOrder(item: SelectItem, tables: readonly string[]): SelectItem[] {
  const plain =
    item.kind === 'star' &&
    item.relation.length + item.exclude.length + item.rename.length + item.replace.length === 0 &&
    item.ilike === undefined;
  if (!plain || tables.includes('')) return [item];
  return tables.map((name) => ({ ...item, relation: [{ name, quoted: true } satisfies Identifier] }));
}
