import type { DuckDBConnection } from '@duckdb/node-api';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayName, type ObjectName, quoteIdentifier } from '../../sql/identifier.ts';
import type { ResultColumn } from '../../sql/result-set.ts';
import { types } from '../../sql/types.ts';
import { appendText } from '../duckdb/append-cells.ts';
import { fromWire } from '../duckdb/wire-text.ts';
import type { Relation } from '../ports.ts';
import { parseStatement } from '../syntax/parse.ts';
import type { FromItem, Sample, TableAlias } from '../syntax/tree.ts';
import { tableName } from '../table-name.ts';
import { tableAsOf } from '../history/history-tables.ts';
import type { PastPoint } from '../history/table-history.ts';
import { tableAt, tableWithAppended } from '../changes/change-queries.ts';
import { rowId, rowIdColumn } from '../changes/change-tables.ts';
import type { BindContext, CommonTableBinding, TableVersion } from './bind-context.ts';
import { bindExpression, constantContext } from './bind-expression.ts';
import { checkAliasColumns } from './bind-from.ts';
import { protectedRelation } from './bind-protected.ts';
import { bindQuery } from './bind-query.ts';
import { bindChanges } from './bind-changes.ts';
import { bindStream } from './bind-stream.ts';
import { withRowIds } from './row-ids.ts';
import { type Bound, bound } from './bound.ts';
import type { BoundQuery, FieldColumn, QueryColumn } from './bound-query.ts';
import { castTo } from './cast.ts';
import { resolveName } from './computed-name.ts';
import { type FromBinding, UsedColumns } from './from-binding.ts';
import { preparationToken } from './preparation.ts';
import type { Scope, ScopeColumn } from './scope.ts';

type TableItem = Extract<FromItem, { kind: 'table' }>;

/** A name in FROM: a common table, or what the session finds behind it. */
export function bindTable(item: TableItem, bind: BindContext, outer: Scope | undefined): FromBinding {
  const name = resolveName(item.name, constantContext(bind));
  const common = name.length === 1 ? bind.commonTables.findLast((table) => table.name === name[0]) : undefined;
  const past = item.past === undefined ? undefined : bind.points.get(item.past);
  if (past !== undefined && common !== undefined)
    throw SnowflakeError.of('unsupported', { feature: 'AT and BEFORE on a common table expression' });
  if (item.changes !== undefined && common !== undefined)
    throw SnowflakeError.of('unsupported', { feature: 'CHANGES on a common table expression' });
  const inPast = past === undefined ? bind : { ...bind, past };
  const where = item.changes === undefined ? inPast : { ...bind, changes: item.changes };
  const binding =
    common === undefined
      ? bindRelation(bind.ports.relation(name, 'SELECT'), name, item.alias, where)
      : bindCommon(common, item.alias, bind);
  void outer;
  return sampled(binding, item.sample, bind);
}

/** Columns with fresh internal names over a DuckDB relation; `source` gives each column's SQL inside it. */
export function simpleRelation(
  columns: readonly (ResultColumn & Pick<QueryColumn, 'field'>)[],
  source: (index: number) => string,
  from: () => string,
  alias: { readonly name: string | undefined; readonly columns: readonly string[]; readonly qualifier: readonly string[] },
  bind: BindContext,
  lateral = false,
): FromBinding {
  checkAliasColumns(alias.columns.length, columns.length);
  const used = new UsedColumns();
  const internalTable = bind.state.name('r');
  const scopeColumns = columns.map((column, index): ScopeColumn => {
    const internal = bind.state.name('c');
    used.add(internal, source(index));
    const { field } = column;
    const plain: Bound = bound(column.type, internal, column.nullable);
    const value: Bound = field === undefined ? plain : { ...plain, field: (key) => fieldOf(field(key), used, bind) };
    bind.state.labels.set(internal, alias.name === undefined ? column.name : `${alias.name}.${column.name}`);
    return {
      name: alias.columns[index] ?? column.name,
      bound: () => {
        used.use(internal);
        return value;
      },
      ...(column.name === rowIdColumn ? { pseudo: true, merged: true } : {}),
    };
  });
  return {
    relations: [{ alias: alias.name, qualifier: alias.qualifier, columns: scopeColumns }],
    render: () => `${lateral ? 'LATERAL ' : ''}(SELECT ${used.list()} FROM ${from()}) AS ${internalTable}`,
    used: () => used.used(),
  };
}

function fieldOf(inner: FieldColumn, used: UsedColumns, bind: BindContext): Bound {
  const use = (source: string): string => {
    const internal = bind.state.name('c');
    used.add(internal, source);
    used.use(internal);
    return internal;
  };
  return { ...bound(types.variant, use(inner.internal)), float: () => use(inner.float()) };
}

export function aliasOf(alias: TableAlias, name?: ObjectName): Parameters<typeof simpleRelation>[3] {
  return {
    name: alias.name?.name ?? name?.at(-1),
    columns: alias.columns.map((column) => column.name),
    qualifier: alias.name === undefined ? (name?.slice(0, -1) ?? []) : [],
  };
}

/** A bound query as a relation. */
export function queryRelation(
  query: BoundQuery,
  alias: TableAlias,
  bind: BindContext,
  lateral = false,
  name?: ObjectName,
): FromBinding {
  const inner = bind.state.name('q');
  const relation = simpleRelation(
    query.columns,
    (index) => query.columns[index]?.internal ?? 'NULL',
    () => `(${query.sql}) AS ${inner}`,
    aliasOf(alias, name),
    bind,
    lateral,
  );
  return { ...relation, limit: query.limit };
}

function bindCommon(common: CommonTableBinding, alias: TableAlias, bind: BindContext): FromBinding {
  return simpleRelation(
    common.columns,
    (index) => common.columns[index]?.internal ?? 'NULL',
    () => common.internal,
    aliasOf(alias, [common.name]),
    bind,
  );
}

export function bindRelation(relation: Relation, name: ObjectName, alias: TableAlias, bind: BindContext): FromBinding {
  if (bind.changes !== undefined && relation.kind !== 'table')
    throw SnowflakeError.of('unsupported', { feature: `CHANGES on something else than a table: ${displayName(name)}` });
  switch (relation.kind) {
    case 'stream':
      if (bind.past !== undefined) throw SnowflakeError.of('unsupported', { feature: 'AT and BEFORE on a stream' });
      return protectedRelation(bindStream(relation, name, alias, bind), relation.source.protection, bind);
    case 'table':
      return protectedRelation(bindRows(relation, name, alias, bind), relation.protection, bind);
    case 'view': {
      const view = bind.state.nested(() => bindView(relation, name, alias, bind));
      return protectedRelation(view, relation.protection, bind);
    }
    case 'virtual':
      if (bind.past !== undefined) throw SnowflakeError.of('unsupported', { feature: `AT and BEFORE on ${displayName(name)}` });
      return rowsRelation(relation.columns, () => Promise.resolve(relation.rows()), aliasOf(alias, name), bind);
  }
}

/** A table's rows, as they are or were. */
function bindRows(
  relation: Extract<Relation, { kind: 'table' }>,
  name: ObjectName,
  alias: TableAlias,
  bind: BindContext,
): FromBinding {
  if (bind.changes !== undefined) return bindChanges(bind.changes, relation, name, alias, bind);
  if (bind.at !== undefined) return bindPast(relation, name, alias, bind.at, bind);
  return simpleRelation(
    relation.columns,
    (index) => quoteIdentifier(relation.columns[index]?.physical ?? ''),
    bind.past === undefined ? () => tableName(relation.physicalName) : asOf(relation, name, bind.past, bind),
    aliasOf(alias, name),
    bind,
  );
}

/** @throws SnowflakeError `timeTravelUnavailable` for a time before the table was made, or longer ago than its past is kept */
function asOf(
  { physicalName, columns, createdOn, retention = 0 }: Extract<Relation, { kind: 'table' }>,
  name: ObjectName,
  past: PastPoint,
  bind: BindContext,
): () => string {
  if (createdOn === undefined) throw SnowflakeError.of('unsupported', { feature: `AT and BEFORE on ${displayName(name)}` });
  const kept = past.time >= createdOn && bind.ports.facts.now - past.time <= retention;
  if (!kept || !bind.history.reaches(physicalName, past.version))
    throw SnowflakeError.of('timeTravelUnavailable', { kind: 'table', name: displayName(name.slice(-1)) });
  const alias = bind.state.name('h');
  return () =>
    `(${tableAsOf(
      physicalName,
      columns.map((column) => column.physical),
      past,
    )}) AS ${alias}`;
}

/** A tracked table as it was at a version, with the ids of its rows. */
function bindPast(
  { physicalName, columns, tracked }: Extract<Relation, { kind: 'table' }>,
  name: ObjectName,
  alias: TableAlias,
  { version, withAppended = false }: TableVersion,
  bind: BindContext,
): FromBinding {
  bind.state.tables.add(physicalName);
  if (tracked !== true && !bind.describing) throw SnowflakeError.of('changeTrackingMissing', { name: displayName(name) });
  const physical = columns.map((column) => column.physical);
  return simpleRelation(
    [...columns, { name: rowIdColumn, type: types.varchar(), nullable: false }],
    (index) => (index === columns.length ? `CAST(${rowId} AS VARCHAR)` : quoteIdentifier(physical[index] ?? '')),
    () => `(${(withAppended ? tableWithAppended : tableAt)(physicalName, physical, version)}) AS ${bind.state.name('h')}`,
    aliasOf(alias, name),
    bind,
  );
}

function bindView(
  relation: Extract<Relation, { kind: 'view' }>,
  name: ObjectName,
  alias: TableAlias,
  bind: BindContext,
): FromBinding {
  const statement = parseStatement(relation.text);
  if (statement.kind !== 'query')
    throw SnowflakeError.of('internal', { message: `the text of view ${displayName(name)} is no query` });
  const read = bind.at === undefined ? statement.query : withRowIds(statement.query);
  const query = bindQuery(read, { ...bind, ports: relation.ports, commonTables: [] });
  if (query.columns.length !== relation.columns.length + (bind.at === undefined ? 0 : 1)) {
    throw SnowflakeError.of('execution', {
      message: `SQL compilation error:\nView definition for '${displayName(name)}' declared ${String(relation.columns.length)} column(s), but view query produces ${String(query.columns.length)} column(s).`,
    });
  }
  const columns = query.columns.map((column, index) => ({ ...column, name: relation.columns[index]?.name ?? column.name }));
  return queryRelation({ ...query, columns }, alias, bind, false, name);
}

/** Rows that come from outside DuckDB, in wire text: loaded into a temporary table before the statement runs. */
export function rowsRelation(
  columns: readonly ResultColumn[],
  rows: (connection: DuckDBConnection) => Promise<readonly (readonly (string | null)[])[]>,
  alias: Parameters<typeof simpleRelation>[3],
  bind: BindContext,
): FromBinding {
  const token = preparationToken(bind.state.name('rows'));
  bind.state.preparations.push({
    token,
    prepare: async (runtime) => {
      const table = runtime.temporary();
      await appendText(runtime.connection, table, await rows(runtime.connection), columns.length);
      return `temp.main.${table}`;
    },
  });
  return simpleRelation(
    columns,
    (index) => fromWire(columns[index]?.type ?? types.varchar(), `t${String(index)}`),
    () => token,
    alias,
    bind,
  );
}

/** SAMPLE. https://docs.snowflake.com/en/sql-reference/constructs/sample */
export function sampled(binding: FromBinding, sample: Sample | undefined, bind: BindContext): FromBinding {
  if (sample === undefined) return binding;
  const size =
    castTo(bindExpression(sample.size, constantContext(bind)), types.float, 'implicit', bind.ports.facts).constant?.cell ??
    sizeOf(sample, bind);
  const amount =
    sample.unit === 'ROWS'
      ? `reservoir(${String(Math.trunc(Number(size)))} ROWS)`
      : `${sample.method.toLowerCase()}(${String(Number(size))}%)`;
  const seed = sample.seed === undefined ? '' : ` REPEATABLE (${String(sample.seed)})`;
  return { ...binding, limit: undefined, render: () => `${binding.render()} TABLESAMPLE ${amount}${seed}` };
}

function sizeOf(sample: Sample, bind: BindContext): string {
  const cell = bindExpression(sample.size, constantContext(bind)).constant?.cell;
  if (typeof cell !== 'string') throw SnowflakeError.of('notConstant', { name: 'SAMPLE', argument: '1' });
  return cell;
}
