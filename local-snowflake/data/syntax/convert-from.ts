import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { convertArgument, convertCall, convertName, convertOrder, nameParts } from './convert-call.ts';
import type { ConvertContext } from './convert-context.ts';
import { convertExpression } from './convert-expression.ts';
import { convertMatch } from './convert-match.ts';
import { convertQuery } from './convert-query.ts';
import { matchedQueryOf } from './match-forms.ts';
import { convertVersion } from './convert-version.ts';
import { parseStatement } from './parse.ts';
import { field, identifier, list, optional, type Raw, refuse, text, unsupported, variant } from './raw-tree.ts';
import type { Call, FromItem, Identifier, JoinKind, PivotItem, PivotValue, Query, Sample, TableAlias } from './tree.ts';

/** One item of FROM with its joins. */
export function convertFrom(node: Raw, context: ConvertContext): FromItem {
  return list(field(node, 'joins')).reduce<FromItem>(
    (left, join) => convertJoin(left, join, context),
    convertFactor(field(node, 'relation'), context),
  );
}

const joinKinds: Readonly<Record<string, JoinKind>> = {
  Join: 'INNER',
  Inner: 'INNER',
  Left: 'LEFT',
  LeftOuter: 'LEFT',
  Right: 'RIGHT',
  RightOuter: 'RIGHT',
  FullOuter: 'FULL',
  CrossJoin: 'CROSS',
};

function convertJoin(left: FromItem, node: Raw, context: ConvertContext): FromItem {
  const right = convertFactor(field(node, 'relation'), context);
  const [tag, payload] = variant(field(node, 'join_operator'));
  const asof = tag === 'AsOf';
  const join = asof ? 'ASOF' : joinKinds[tag];
  if (join === undefined) throw unsupported(field(node, 'join_operator'));
  const constraint = asof ? field(payload, 'constraint') : payload;
  const [how, detail] = constraint === undefined ? ['None', undefined] : variant(constraint);
  return {
    kind: 'join',
    join,
    left,
    right,
    on: how === 'On' ? convertExpression(detail, context) : undefined,
    using: how === 'Using' ? list(detail).map(usingColumn) : [],
    natural: how === 'Natural',
    match: asof ? convertExpression(field(payload, 'match_condition'), context) : undefined,
  };
}

function usingColumn(node: Raw): Identifier {
  const part = Array.isArray(node) ? nameParts(node).at(-1) : identifier(node);
  if (part === undefined) throw unsupported(node);
  return part;
}

export function convertFactor(node: Raw, context: ConvertContext): FromItem {
  const [tag, payload] = variant(node);
  const alias = convertAlias(field(payload, 'alias'));
  switch (tag) {
    case 'Table':
      return convertTable(payload, alias, context);
    case 'Derived':
      return {
        kind: 'derived',
        query: convertQuery(field(payload, 'subquery'), context),
        lateral: field(payload, 'lateral') === true,
        alias,
        sample: convertSample(field(payload, 'sample'), context),
      };
    case 'TableFunction':
      return convertTableFunction(field(payload, 'expr'), alias, context);
    case 'Function':
      return { kind: 'function', call: callOf(field(payload, 'name'), list(field(payload, 'args')), context), alias };
    case 'NestedJoin': {
      if (alias.name !== undefined) throw SnowflakeError.of('unsupported', { feature: 'alias of a parenthesised join' });
      return convertFrom(field(payload, 'table_with_joins'), context);
    }
    case 'Pivot':
      return convertPivot(payload, alias, context);
    case 'MatchRecognize':
      return convertMatch(payload, alias, context);
    case 'Unpivot':
      return convertUnpivot(payload, alias, context);
    default:
      throw unsupported(node);
  }
}

export function convertAlias(node: Raw): TableAlias {
  return {
    name: optional(field(node, 'name'), identifier),
    columns: list(field(node, 'columns')).map((column) => identifier(field(column, 'name'))),
  };
}

function convertTable(node: Raw, alias: TableAlias, context: ConvertContext): FromItem {
  refuse(node, 'with_hints', 'with_ordinality', 'partitions', 'json_path', 'index_hints');
  const name = convertName(field(node, 'name'), context);
  const args = field(node, 'args');
  const first = name.kind === 'name' && name.parts.length === 1 ? name.parts[0] : undefined;
  const location = first === undefined ? undefined : context.location(first.name);
  const matched = first === undefined ? undefined : matchedQueryOf(first.name);
  if (matched !== undefined) return { kind: 'derived', query: parsedQuery(matched), lateral: false, alias, sample: undefined };
  if (location !== undefined) {
    refuse(node, 'version');
    return { kind: 'stage', location, args: list(field(args, 'args')).map((arg) => convertArgument(arg, context)), alias };
  }
  if (args !== undefined) {
    refuse(node, 'version');
    return { kind: 'function', call: callOf(field(node, 'name'), list(field(args, 'args')), context), alias };
  }
  const version = convertVersion(field(node, 'version'), context);
  return { kind: 'table', name, alias, sample: convertSample(field(node, 'sample'), context), ...version };
}

function parsedQuery(text: string): Query {
  const statement = parseStatement(text);
  if (statement.kind === 'query') return statement.query;
  throw SnowflakeError.of('unsupported', { feature: 'MATCH_RECOGNIZE of something else than a query' });
}

function callOf(name: Raw, args: readonly Raw[], context: ConvertContext): Call {
  return {
    kind: 'call',
    name: convertName(name, context),
    args: args.map((arg) => convertArgument(arg, context)),
    distinct: false,
    withinGroup: [],
    over: undefined,
    nulls: undefined,
    bare: false,
  };
}

/** `TABLE(f(…))`, or `TABLE('name')`, `TABLE($v)`, `TABLE(?)`: a table named by a value. */
function convertTableFunction(expression: Raw, alias: TableAlias, context: ConvertContext): FromItem {
  const [tag, payload] = variant(expression);
  if (tag === 'Function') return { kind: 'function', call: convertCall(payload, context), alias };
  const value = convertExpression(expression, context);
  if (value.kind === 'column') return { kind: 'table', name: { kind: 'name', parts: value.parts }, alias, sample: undefined };
  return { kind: 'table', name: { kind: 'computed', value }, alias, sample: undefined };
}

function convertSample(node: Raw, context: ConvertContext): Sample | undefined {
  if (node === undefined) return undefined;
  const [, spec] = variant(node);
  refuse(spec, 'bucket', 'offset');
  const quantity = field(spec, 'quantity');
  const unit = optional(field(quantity, 'unit'), (present) => text(present));
  const method = optional(field(spec, 'name'), (present) => text(present));
  const seed = field(spec, 'seed');
  const [, seedValue] = seed === undefined ? ['', undefined] : variant(field(field(seed, 'value'), 'value'));
  return {
    size: convertExpression(field(quantity, 'value'), context),
    unit: unit === 'Rows' ? 'ROWS' : 'PERCENT',
    method: method === 'System' || method === 'Block' ? 'SYSTEM' : 'BERNOULLI',
    seed: seed === undefined ? undefined : Number(text(list(seedValue)[0])),
  };
}

function convertPivot(node: Raw, alias: TableAlias, context: ConvertContext): PivotItem {
  const aggregates = list(field(node, 'aggregate_functions'));
  const [aggregateTag, aggregate] = variant(field(aggregates[0], 'expr'));
  const valueColumns = list(field(node, 'value_column'));
  const [columnTag, column] = variant(valueColumns[0]);
  if (aggregates.length !== 1 || aggregateTag !== 'Function' || valueColumns.length !== 1 || columnTag !== 'Identifier') {
    throw SnowflakeError.of('unsupported', { feature: 'PIVOT of several columns or aggregates' });
  }
  const source = convertFactor(field(node, 'table'), context);
  const pivoted = identifier(column);
  const [valuesTag, values] = variant(field(node, 'value_source'));
  return {
    kind: 'pivot',
    source,
    aggregate: convertCall(aggregate, context),
    aggregateAlias: optional(field(aggregates[0], 'alias'), identifier),
    column: pivoted,
    values:
      valuesTag === 'List'
        ? pivotValues(values, context)
        : valuesTag === 'Subquery'
          ? convertQuery(values, context)
          : anyValue(source, pivoted, values, context),
    defaultOnNull: optional(field(node, 'default_on_null'), (present) => convertExpression(present, context)),
    alias,
  };
}

function pivotValues(node: Raw, context: ConvertContext): PivotValue[] {
  return list(node).map((item) => ({
    value: convertExpression(field(item, 'expr'), context),
    alias: optional(field(item, 'alias'), identifier),
  }));
}

/** `ANY [ORDER BY …]`: the column's distinct values, in that order or ascending. */
function anyValue(source: FromItem, column: Identifier, order: Raw, context: ConvertContext): Query {
  const expression = { kind: 'column', parts: [column] } as const;
  const [first] = list(order).map((item) => convertOrder(item, context));
  return {
    recursive: false,
    commonTables: [],
    body: {
      kind: 'select',
      distinct: true,
      top: undefined,
      items: [{ kind: 'expression', expression, alias: undefined, label: column.name }],
      from: [source],
      where: undefined,
      groupBy: [],
      having: undefined,
      qualify: undefined,
    },
    orderBy: [{ expression, descending: first?.descending ?? false, nullsFirst: first?.nullsFirst }],
    limit: undefined,
    offset: undefined,
  };
}

function convertUnpivot(node: Raw, alias: TableAlias, context: ConvertContext): FromItem {
  const [valueTag, value] = variant(field(node, 'value'));
  if (valueTag !== 'Identifier') throw unsupported(field(node, 'value'));
  return {
    kind: 'unpivot',
    source: convertFactor(field(node, 'table'), context),
    value: identifier(value),
    name: identifier(field(node, 'name')),
    columns: list(field(node, 'columns')).map((item) => {
      const [tag, column] = variant(field(item, 'expr'));
      if (tag !== 'Identifier') throw unsupported(item);
      return { column: identifier(column), alias: optional(field(item, 'alias'), (present) => identifier(present).name) };
    }),
    includeNulls: field(node, 'null_inclusion') === 'IncludeNulls',
    alias,
  };
}
