import { mentionsChangeEvents, withChangeEvents } from './change-events.ts';
import { asRecursive, type Hierarchy } from './connect-by.ts';
import type { ConvertContext } from './convert-context.ts';
import { nameParts } from './convert-call.ts';
import { convertExpression } from './convert-expression.ts';
import { convertFrom } from './convert-from.ts';
import { withOuterJoins } from './outer-join-marks.ts';
import { field, identifier, list, optional, type Raw, refuse, text, unsupported, variant } from './raw-tree.ts';
import type { Expression, GroupItem, Identifier, Select, SelectItem, Star } from './tree.ts';

export function convertSelect(node: Raw, context: ConvertContext): Select {
  refuse(
    node,
    'into',
    'lateral_views',
    'prewhere',
    'cluster_by',
    'distribute_by',
    'sort_by',
    'named_window',
    'value_table_mode',
    'exclude',
  );
  const distinct = field(node, 'distinct');
  const labels = context.labels(field(node, 'select_token'));
  const select: Select = {
    kind: 'select',
    distinct: distinct === 'Distinct' || (distinct !== undefined && distinct !== 'All' && unsupportedDistinct(distinct)),
    top: optional(field(node, 'top'), (top) => convertTop(top, context)),
    items: list(field(node, 'projection')).map((item, index) => convertItem(item, labels[index] ?? '', context)),
    from: list(field(node, 'from')).map((item) => convertFrom(item, context)),
    where: optional(field(node, 'selection'), (where) => convertExpression(where, context)),
    groupBy: convertGroupBy(field(node, 'group_by'), context),
    having: optional(field(node, 'having'), (having) => convertExpression(having, context)),
    qualify: optional(field(node, 'qualify'), (qualify) => convertExpression(qualify, context)),
  };
  const clauses = list(field(node, 'connect_by'));
  const joined = withOuterJoins(select);
  const rows = clauses.length === 0 ? joined : asRecursive(joined, convertHierarchy(clauses, context));
  return mentionsChangeEvents(labels) ? withChangeEvents(rows) : rows;
}

function convertHierarchy(clauses: readonly Raw[], context: ConvertContext): Hierarchy {
  let startWith: Expression | undefined;
  const connectBy: Expression[] = [];
  for (const clause of clauses) {
    const [tag, payload] = variant(clause);
    if (tag === 'StartWith') startWith = convertExpression(field(payload, 'condition'), context);
    else if (tag === 'ConnectBy') {
      refuse(payload, 'nocycle');
      connectBy.push(...list(field(payload, 'relationships')).map((item) => convertExpression(item, context)));
    } else throw unsupported(clause);
  }
  return { startWith, connectBy };
}

function unsupportedDistinct(distinct: Raw): never {
  throw unsupported(distinct);
}

function convertTop(top: Raw, context: ConvertContext): Expression {
  refuse(top, 'with_ties', 'percent');
  const [tag, payload] = variant(field(top, 'quantity'));
  if (tag === 'Constant') return { kind: 'literal', literal: 'number', text: String(payload) };
  if (tag === 'Expr') return convertExpression(payload, context);
  throw unsupported(top);
}

function convertItem(node: Raw, label: string, context: ConvertContext): SelectItem {
  const [tag, payload] = variant(node);
  switch (tag) {
    case 'UnnamedExpr':
      return { kind: 'expression', expression: convertExpression(payload, context), alias: undefined, label };
    case 'ExprWithAlias':
      return {
        kind: 'expression',
        expression: convertExpression(field(payload, 'expr'), context),
        alias: identifier(field(payload, 'alias')),
        label,
      };
    case 'Wildcard':
      return convertStar([], payload, context);
    case 'QualifiedWildcard': {
      const [kind, options] = list(payload);
      const [kindTag, name] = variant(kind);
      if (kindTag !== 'ObjectName') throw unsupported(kind);
      return convertStar(nameParts(name), options, context);
    }
    default:
      throw unsupported(node);
  }
}

/** `*` with Snowflake's EXCLUDE, RENAME, REPLACE and ILIKE. https://docs.snowflake.com/en/sql-reference/sql/select */
export function convertStar(relation: readonly Identifier[], options: Raw, context: ConvertContext): Star {
  if (options !== undefined) refuse(options, 'opt_except', 'opt_alias');
  return {
    kind: 'star',
    relation,
    exclude: oneOrMore(field(options, 'opt_exclude')).map((item) => lastPart(item)),
    rename: oneOrMore(field(options, 'opt_rename')).map((item) => ({
      from: identifier(field(item, 'ident')),
      to: identifier(field(item, 'alias')),
    })),
    replace: list(field(field(options, 'opt_replace'), 'items')).map((item) => ({
      expression: convertExpression(field(item, 'expr'), context),
      name: identifier(field(item, 'column_name')),
    })),
    ilike: optional(field(options, 'opt_ilike'), (ilike) => text(field(ilike, 'pattern'))),
  };
}

function oneOrMore(node: Raw): readonly Raw[] {
  if (node === undefined) return [];
  const [tag, payload] = variant(node);
  return tag === 'Single' ? [payload] : list(payload);
}

function lastPart(node: Raw): Identifier {
  if (!Array.isArray(node)) return identifier(node);
  const last = nameParts(node).at(-1);
  if (last === undefined) throw unsupported(node);
  return last;
}

function convertGroupBy(node: Raw, context: ConvertContext): readonly GroupItem[] | 'ALL' {
  const [tag, payload] = variant(node);
  if (tag === 'All') return 'ALL';
  const [expressions, modifiers] = list(payload);
  if (list(modifiers).length > 0) throw unsupported('group by modifier');
  return list(expressions).map((item): GroupItem => {
    const [itemTag, sets] = variant(item);
    const kind = itemTag === 'GroupingSets' ? 'sets' : itemTag === 'Rollup' ? 'rollup' : itemTag === 'Cube' ? 'cube' : undefined;
    if (kind === undefined) return { kind: 'expression', expression: convertExpression(item, context) };
    return { kind, sets: list(sets).map((set) => list(set).map((member) => convertExpression(member, context))) };
  });
}
