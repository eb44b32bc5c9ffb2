import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { matchRowsName } from '../functions/match-rows.ts';
import { parseRowPattern, symbolsOf } from '../native/row-pattern.ts';
import { and, binary, block, column, id, item as selectItem, named, number, query, star, table } from '../syntax/build-tree.ts';
import { simpleCall } from '../syntax/convert-call.ts';
import { stringLiteral } from '../syntax/convert-expression.ts';
import type { Expression, FromItem, MatchItem, Query, SelectItem, Star } from '../syntax/tree.ts';
import { hidden } from './match-columns.ts';
import { inDefinitions, MeasureWindows } from './match-windows.ts';

const rows = id('$MATCH_ROWS');
const found = id('$MATCH_FOUND');

/**
 * MATCH_RECOGNIZE as a query of what there is already: rows numbered in their partitions, with the symbols that they may be
 * mapped to; the matches of each partition; the rows of the matches, and the measures as windows over them.
 * https://docs.snowflake.com/en/sql-reference/constructs/match_recognize
 */
export function matchQuery(item: MatchItem): Query {
  check(item);
  const measures = new MeasureWindows(item);
  const shown = item.measures.map(({ expression, alias }) => selectItem(measures.of(expression), alias));
  const matched = block(
    [star([rows]), ...foundColumns()],
    [
      {
        kind: 'join',
        join: 'INNER',
        left: { kind: 'derived', query: query(matches(item)), lateral: false, alias: named(found), sample: undefined },
        right: table(rows),
        on: and([
          binary('=', column(found, hidden.partition), column(rows, hidden.partition)),
          binary('=', cell(0), column(rows, hidden.place)),
        ]),
        using: [],
        natural: false,
        match: undefined,
      },
    ],
  );
  const measured = block([star(), ...shown], [derived(matched)]);
  return {
    ...query(output(item, measured)),
    commonTables: [{ name: rows, columns: [], query: query(numbered(item)) }],
  };
}

function check(item: MatchItem): void {
  if (item.rows === 'ONE' && item.partitionBy.length === 0 && item.measures.length === 0) throw SnowflakeError.of('noColumns', {});
  const pattern = parseRowPattern(item.pattern);
  if (item.rows === 'UNMATCHED' && /\{\s*-/u.test(item.pattern))
    throw SnowflakeError.of('invalidArgument', {
      name: 'MATCH_RECOGNIZE',
      value: 'WITH UNMATCHED ROWS',
      reason: 'the pattern must not contain exclusions',
    });
  if ('symbol' in item.skip && !symbolsOf(pattern).includes(item.skip.symbol))
    throw SnowflakeError.of('invalidIdentifier', { name: item.skip.symbol });
}

/** The source's rows with their partition, their place in it and the symbols that they may be mapped to. */
function numbered(item: MatchItem): ReturnType<typeof block> {
  const window = { partitionBy: item.partitionBy, orderBy: item.orderBy, frame: undefined };
  const keys = item.partitionBy.map((expression) => ({ expression, descending: false, nullsFirst: undefined }));
  const partition: Expression =
    keys.length === 0 ? number(1) : { ...simpleCall('DENSE_RANK', []), over: { partitionBy: [], orderBy: keys, frame: undefined } };
  const place: Expression = { ...simpleCall('ROW_NUMBER', []), over: { ...window, orderBy: orderOf(item) } };
  const masks = item.definitions.map(({ condition }) =>
    simpleCall('IFF', [inDefinitions(condition, item), stringLiteral('1'), stringLiteral('0')]),
  );
  return block(
    [
      star(),
      selectItem(partition, hidden.partition),
      selectItem(place, hidden.place),
      selectItem(
        masks.reduce<Expression>((a, b) => binary('||', a, b), stringLiteral('')),
        hidden.mask,
      ),
      ...partitionColumns(item).map(({ expression, alias }) => selectItem(expression, alias)),
    ],
    [item.source],
  );
}

/** Without an order any will do, but it must be one. */
function orderOf(item: MatchItem): MatchItem['orderBy'] {
  return item.orderBy.length > 0 ? item.orderBy : [{ expression: number(1), descending: false, nullsFirst: undefined }];
}

/** Expressions of PARTITION BY that are no columns of the source get names of their own. */
function partitionColumns(item: MatchItem): { expression: Expression; alias: ReturnType<typeof id> }[] {
  return item.partitionBy.map((expression, index) => ({ expression, alias: id(`$MATCH_KEY${String(index + 1)}`) }));
}

/** For each partition the rows of its matches, as an array of arrays. */
function matches(item: MatchItem): ReturnType<typeof block> {
  const masks: Expression = {
    ...simpleCall('ARRAY_AGG', [column(hidden.mask)]),
    withinGroup: [{ expression: column(hidden.place), descending: false, nullsFirst: undefined }],
  };
  const call = simpleCall(matchRowsName, [
    stringLiteral(item.pattern),
    stringLiteral(JSON.stringify(item.definitions.map(({ symbol }) => symbol.name))),
    stringLiteral(JSON.stringify(item.skip)),
    stringLiteral(String(item.rows === 'UNMATCHED')),
    masks,
  ]);
  const perPartition = {
    ...block([selectItem(column(hidden.partition), hidden.partition), selectItem(call, id('$MATCH_ALL'))], [table(rows)]),
    groupBy: [{ kind: 'expression' as const, expression: column(hidden.partition) }],
  };
  const flattened: FromItem = {
    kind: 'join',
    join: 'CROSS',
    left: derived(perPartition),
    right: {
      kind: 'function',
      call: { ...simpleCall('FLATTEN', []), args: [{ name: 'INPUT', value: column(id('$MATCH_ALL')) }] },
      alias: named(undefined),
    },
    on: undefined,
    using: [],
    natural: false,
    match: undefined,
  };
  return block([selectItem(column(hidden.partition), hidden.partition), selectItem(column(id('VALUE')), hidden.row)], [flattened]);
}

/** A part of what is found of a row, see native/match-functions.ts. */
function cell(index: number): Expression {
  const part: Expression = { kind: 'path', of: column(found, hidden.row), steps: [{ index: number(index) }] };
  return simpleCall('TO_NUMBER', [part]);
}

function textCell(index: number): Expression {
  return simpleCall('TO_VARCHAR', [{ kind: 'path', of: column(found, hidden.row), steps: [{ index: number(index) }] }]);
}

function foundColumns(): SelectItem[] {
  return [
    selectItem(cell(1), hidden.match),
    selectItem(cell(2), hidden.sequence),
    selectItem(textCell(3), hidden.symbol),
    selectItem(cell(4), hidden.excluded),
    selectItem(cell(5), hidden.last),
    selectItem(textCell(6), hidden.what),
  ];
}

/** One row for each match: its last; or all rows but the excluded ones. */
function output(item: MatchItem, measured: ReturnType<typeof block>): ReturnType<typeof block> {
  const keys = partitionColumns(item);
  if (item.rows === 'ONE') {
    const keyItems = keys.map(({ expression, alias }) => selectItem(column(alias), id(nameOf(expression))));
    const measures = item.measures.map(({ alias }) => selectItem(column(alias), alias));
    return block([...keyItems, ...measures], [derived(measured)], is(hidden.last, number(1)));
  }
  const all: Star = {
    ...star(),
    exclude: [...Object.values(hidden).filter((name) => name !== hidden.row), ...keys.map(({ alias }) => alias)],
  };
  const conditions = [is(hidden.excluded, number(0))];
  if (item.rows === 'OMIT') conditions.push(is(hidden.what, stringLiteral('M')));
  return block([all], [derived(measured)], and(conditions));
}

function is(name: ReturnType<typeof id>, value: Expression): Expression {
  return binary('=', column(name), value);
}

function nameOf(expression: Expression): string {
  return expression.kind === 'column' ? (expression.parts.at(-1)?.name ?? '') : 'EXPR';
}

function derived(select: ReturnType<typeof block>): FromItem {
  return { kind: 'derived', query: query(select), lateral: false, alias: named(undefined), sample: undefined };
}
