import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { convertName, nameParts } from './convert-call.ts';
import type { ConvertContext } from './convert-context.ts';
import { convertExpression } from './convert-expression.ts';
import { convertAlias, convertFactor, convertFrom } from './convert-from.ts';
import { convertQuery, convertRows } from './convert-query.ts';
import { field, identifier, list, optional, type Raw, refuse, unsupported, variant } from './raw-tree.ts';
import type {
  Assignment,
  Identifier,
  InsertTarget,
  MergeClause,
  MultiInsertBranch,
  NameReference,
  Statement,
  TableAlias,
} from './tree.ts';

export function convertStatement(node: Raw, context: ConvertContext): Statement {
  const [tag, payload] = variant(node);
  switch (tag) {
    case 'Query':
      return { kind: 'query', query: convertQuery(payload, context) };
    case 'Insert':
      return convertInsert(payload, context);
    case 'Update':
      return convertUpdate(payload, context);
    case 'Delete':
      return convertDelete(payload, context);
    case 'Merge':
      return convertMerge(payload, context);
    case 'Truncate': {
      const tables = list(field(payload, 'table_names'));
      if (tables.length !== 1) throw SnowflakeError.of('unsupported', { feature: 'TRUNCATE of several tables' });
      return {
        kind: 'truncate',
        table: convertName(field(tables[0], 'name'), context),
        ifExists: field(payload, 'if_exists') === true,
      };
    }
    default:
      throw unsupported(node);
  }
}

function convertInsert(node: Raw, context: ConvertContext): Statement {
  refuse(
    node,
    'or',
    'ignore',
    'partitioned',
    'after_columns',
    'assignments',
    'on',
    'returning',
    'replace_into',
    'table_alias',
    'settings',
  );
  const source = convertQuery(field(node, 'source') ?? missingSource(), context);
  const overwrite = field(node, 'overwrite') === true;
  const type = field(node, 'multi_table_insert_type');
  if (type !== undefined) {
    const plain = list(field(node, 'multi_table_into_clauses'));
    return {
      kind: 'multiInsert',
      first: type === 'First',
      overwrite,
      branches: [
        ...(plain.length > 0 ? [{ condition: undefined, targets: intoClauses(plain, context) }] : []),
        ...list(field(node, 'multi_table_when_clauses')).map((when) => ({
          condition: convertExpression(field(when, 'condition'), context),
          targets: intoClauses(list(field(when, 'into_clauses')), context),
        })),
      ],
      otherwise: intoClauses(list(field(node, 'multi_table_else_clause')), context),
      source,
    };
  }
  return { kind: 'insert', ...target(node, context), source, overwrite };
}

function missingSource(): never {
  throw SnowflakeError.of('unsupported', { feature: 'INSERT without VALUES or a query' });
}

function target(node: Raw, context: ConvertContext): InsertTarget {
  const [tag, table] = variant(field(node, 'table'));
  if (tag !== 'TableName') throw unsupported(field(node, 'table'));
  return { table: convertName(table, context), columns: list(field(node, 'columns')).map(columnName) };
}

function columnName(node: Raw): Identifier {
  const part = Array.isArray(node) ? nameParts(node).at(-1) : identifier(node);
  if (part === undefined) throw unsupported(node);
  return part;
}

function intoClauses(nodes: readonly Raw[], context: ConvertContext): MultiInsertBranch['targets'] {
  return nodes.map((into) => ({
    table: convertName(field(into, 'table_name'), context),
    columns: list(field(into, 'columns')).map(columnName),
    values: optional(field(into, 'values'), (values) =>
      list(field(values, 'values')).map((value) => {
        const [tag, expression] = variant(value);
        return tag === 'Default'
          ? { kind: 'column' as const, parts: [{ name: 'DEFAULT', quoted: false }] }
          : convertExpression(expression, context);
      }),
    ),
  }));
}

function targetTable(node: Raw, context: ConvertContext): { table: NameReference; alias: TableAlias } {
  const [tag, payload] = variant(node);
  if (tag !== 'Table') throw unsupported(node);
  return { table: convertName(field(payload, 'name'), context), alias: convertAlias(field(payload, 'alias')) };
}

function convertUpdate(node: Raw, context: ConvertContext): Statement {
  refuse(node, 'returning', 'or', 'order_by', 'limit', 'output');
  const table = field(node, 'table');
  refuse(table, 'joins');
  const from = field(node, 'from');
  return {
    kind: 'update',
    ...targetTable(field(table, 'relation'), context),
    assignments: list(field(node, 'assignments')).map((item) => assignment(item, context)),
    from: from === undefined ? [] : list(variant(from)[1]).map((item) => convertFrom(item, context)),
    where: optional(field(node, 'selection'), (where) => convertExpression(where, context)),
  };
}

function assignment(node: Raw, context: ConvertContext): Assignment {
  const [tag, name] = variant(field(node, 'target'));
  if (tag !== 'ColumnName') throw unsupported(field(node, 'target'));
  return { column: columnName(name), value: convertExpression(field(node, 'value'), context) };
}

function convertDelete(node: Raw, context: ConvertContext): Statement {
  refuse(node, 'returning', 'order_by', 'limit', 'tables', 'output');
  const [, from] = variant(field(node, 'from'));
  const tables = list(from);
  if (tables.length !== 1) throw SnowflakeError.of('unsupported', { feature: 'DELETE of several tables' });
  refuse(tables[0], 'joins');
  return {
    kind: 'delete',
    ...targetTable(field(tables[0], 'relation'), context),
    using: list(field(node, 'using')).map((item) => convertFrom(item, context)),
    where: optional(field(node, 'selection'), (where) => convertExpression(where, context)),
  };
}

function convertMerge(node: Raw, context: ConvertContext): Statement {
  refuse(node, 'output');
  return {
    kind: 'merge',
    ...targetTable(field(node, 'table'), context),
    source: convertFactor(field(node, 'source'), context),
    on: convertExpression(field(node, 'on'), context),
    clauses: list(field(node, 'clauses')).map((clause) => mergeClause(clause, context)),
  };
}

function mergeClause(node: Raw, context: ConvertContext): MergeClause {
  const [kind] = variant(field(node, 'clause_kind'));
  if (kind !== 'Matched' && kind !== 'NotMatched' && kind !== 'NotMatchedByTarget') throw unsupported(field(node, 'clause_kind'));
  return {
    matched: kind === 'Matched',
    condition: optional(field(node, 'predicate'), (predicate) => convertExpression(predicate, context)),
    action: mergeAction(field(node, 'action'), context),
  };
}

function mergeAction(node: Raw, context: ConvertContext): MergeClause['action'] {
  const [tag, payload] = variant(node);
  if (tag === 'Delete') return { kind: 'delete' };
  if (tag === 'Update')
    return { kind: 'update', assignments: list(field(payload, 'assignments')).map((item) => assignment(item, context)) };
  if (tag === 'Insert') {
    const [kind, values] = variant(field(payload, 'kind'));
    const row = kind === 'Values' ? convertRows(values, context)[0] : undefined;
    if (row === undefined) throw SnowflakeError.of('unsupported', { feature: 'MERGE … INSERT without VALUES' });
    return { kind: 'insert', columns: list(field(payload, 'columns')).map(columnName), values: row };
  }
  throw unsupported(node);
}
