import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { types } from '../../sql/types.ts';
import { aliasOf, and, binary, block, cast, column, id, item, named, number, query, star, table } from './build-tree.ts';
import { mapExpressions } from './map-expressions.ts';
import type { Call, Expression, FromItem, Identifier, Query, QueryBody, Select, SelectItem } from './tree.ts';

/** START WITH and CONNECT BY, as written. */
export interface Hierarchy {
  /** Without one every row is a root. */
  readonly startWith: Expression | undefined;
  readonly connectBy: readonly Expression[];
}

// No name that can be written without quotes begins like this.
const rows = id('$HIERARCHY');
const current = id('$CURRENT');
const level = id('LEVEL');

/**
 * A query with CONNECT BY as a query of a recursive common table: the roots, then again and again the rows that belong to
 * those found last. LEVEL, CONNECT_BY_ROOT and SYS_CONNECT_BY_PATH are columns of that table.
 * https://docs.snowflake.com/en/sql-reference/constructs/connect-by
 */
export function asRecursive(select: Select, { startWith, connectBy }: Hierarchy): Select {
  const [source, ...more] = select.from;
  if (source === undefined || more.length > 0)
    throw SnowflakeError.of('unsupported', { feature: 'CONNECT BY over several relations' });
  const columns = new CarriedColumns();
  const items = select.items.map((each) => (each.kind === 'star' ? each : columns.replace(withName(each))));
  const { from: _, ...clauses } = select;
  const rest = columns.replace({ ...clauses, items: [] });
  const one: FromItem = {
    kind: 'derived',
    query: query(block([star()], [source])),
    lateral: false,
    alias: named(current),
    sample: undefined,
  };
  const roots = block(
    [star(), item(number(1), level), ...columns.roots()],
    [one],
    startWith === undefined ? undefined : ofCurrent(startWith),
  );
  const children = block(
    [star([current]), item(nextLevel(), level), ...columns.children()],
    [
      {
        kind: 'join',
        join: 'INNER',
        left: one,
        right: table(rows),
        on: and(connectBy.map(ofBoth)),
        using: [],
        natural: false,
        match: undefined,
      },
    ],
  );
  const all: QueryBody = { kind: 'set', operator: 'UNION', all: true, byName: false, left: roots, right: children };
  const found: Query = {
    ...query(block([star()], [table(rows)])),
    recursive: true,
    commonTables: [{ name: rows, columns: [], query: query(all) }],
  };
  const hidden = [level, ...columns.names()];
  return {
    ...rest,
    items: items.map((each) => (each.kind === 'star' ? { ...each, exclude: [...each.exclude, ...hidden] } : each)),
    from: [{ kind: 'derived', query: found, lateral: false, alias: named(aliasOf(source)), sample: undefined }],
  };
}

/** A carried column keeps the name that the call in its place had. */
function withName(each: Extract<SelectItem, { kind: 'expression' }>): SelectItem {
  return each.alias === undefined && isCarried(each.expression) ? { ...each, alias: id(each.label) } : each;
}

/** What rows of the hierarchy take from the rows above them, besides LEVEL. */
class CarriedColumns {
  readonly #calls = new Map<string, { readonly name: Identifier; readonly call: Call }>();

  /** The tree with columns in the place of CONNECT_BY_ROOT and SYS_CONNECT_BY_PATH. */
  replace<T extends object>(tree: T): T {
    return mapExpressions(tree, (expression) => {
      if (!isCarried(expression)) return undefined;
      const key = JSON.stringify(expression, (property, value: unknown) => (property === 'at' ? undefined : value));
      const known = this.#calls.get(key) ?? { name: id(`$CARRIED${String(this.#calls.size + 1)}`), call: expression };
      this.#calls.set(key, known);
      return column(known.name);
    });
  }

  names(): Identifier[] {
    return [...this.#calls.values()].map(({ name }) => name);
  }

  roots(): SelectItem[] {
    return [...this.#calls.values()].map(({ name, call }) =>
      item(isCallOf(call, 'CONNECT_BY_ROOT') ? ofCurrent(argument(call, 0)) : cast(step(call), types.varchar()), name),
    );
  }

  children(): SelectItem[] {
    return [...this.#calls.values()].map(({ name, call }) => {
      const above = column(rows, name);
      return item(isCallOf(call, 'CONNECT_BY_ROOT') ? above : binary('||', above, step(call)), name);
    });
  }
}

/** The separator and the row's own part of a path. */
function step(call: Call): Expression {
  return binary('||', ofCurrent(argument(call, 1)), ofCurrent(argument(call, 0)));
}

/** Columns of the row itself. */
function ofCurrent(expression: Expression): Expression {
  return inRow(expression, current, number(1));
}

/** Columns of the row, and those of the row above it behind PRIOR. */
function ofBoth(expression: Expression): Expression {
  const prior = mapExpressions(expression, (part) =>
    isCallOf(part, 'PRIOR') ? inRow(argument(part, 0), rows, column(rows, level)) : undefined,
  );
  return inRow(prior, current, nextLevel());
}

function inRow(expression: Expression, row: Identifier, levelOfRow: Expression): Expression {
  return mapExpressions(expression, (part) => {
    const name = part.kind === 'column' ? part.parts.at(-1) : undefined;
    if (part.kind !== 'column' || name === undefined || part.parts[0] === rows) return undefined;
    return part.parts.length === 1 && name.name === 'LEVEL' && !name.quoted ? levelOfRow : column(row, { ...name });
  });
}

function nextLevel(): Expression {
  return cast(binary('+', column(rows, level), number(1)), types.number(38, 0));
}

function isCarried(expression: Expression): expression is Call {
  return isCallOf(expression, 'CONNECT_BY_ROOT') || isCallOf(expression, 'SYS_CONNECT_BY_PATH');
}

function isCallOf(expression: Expression, name: string): expression is Call {
  if (expression.kind !== 'call' || expression.name.kind !== 'name') return false;
  return expression.name.parts.length === 1 && expression.name.parts[0]?.name === name;
}

function argument(call: Call, index: number): Expression {
  const value = call.args[index]?.value;
  if (value !== undefined && value.kind !== 'star') return value;
  const name = call.name.kind === 'name' ? (call.name.parts[0]?.name ?? '') : '';
  throw SnowflakeError.of('argumentCount', { name, expected: String(index + 1), got: call.args.length });
}
