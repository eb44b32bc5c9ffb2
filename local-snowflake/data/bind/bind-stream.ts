import { quoteIdentifier } from '../../sql/identifier.ts';
import type { ResultColumn } from '../../sql/result-set.ts';
import { types } from '../../sql/types.ts';
import {
  appendedRows,
  initialRows,
  standardChanges,
  streamAction,
  streamIsUpdate,
  streamRowId,
} from '../changes/change-queries.ts';
import { latestVersion, offsetOf, rowIdColumn } from '../changes/change-tables.ts';
import type { Relation } from '../ports.ts';
import { parseStatement } from '../syntax/parse.ts';
import type { TableAlias } from '../syntax/tree.ts';
import type { BindContext, TableVersion } from './bind-context.ts';
import { bindQuery } from './bind-query.ts';
import { aliasOf, simpleRelation } from './bind-table.ts';
import type { FromBinding } from './from-binding.ts';
import { withRowIds } from './row-ids.ts';

type Stream = Extract<Relation, { kind: 'stream' }>;

const metadata: readonly ResultColumn[] = [
  { name: 'METADATA$ACTION', type: types.varchar(), nullable: true },
  { name: 'METADATA$ISUPDATE', type: types.boolean, nullable: true },
  { name: 'METADATA$ROW_ID', type: types.varchar(), nullable: true },
];

/** The source's columns, and what happened to each row. https://docs.snowflake.com/en/user-guide/streams-intro#stream-columns */
export function bindStream(stream: Stream, name: readonly string[], alias: TableAlias, bind: BindContext): FromBinding {
  bind.state.streams.add(stream.id);
  const { source } = stream;
  const physical =
    source.kind === 'table'
      ? source.columns.map((column) => column.physical)
      : source.columns.map((_, index) => `c${String(index)}`);
  const sql =
    source.kind === 'table' ? tableChanges(stream, source.physicalName, physical) : viewChanges(stream, source, physical, bind);
  const shownId = stream.withoutRowIds === true ? 'NULL' : quoteIdentifier(streamRowId);
  return changesRelation(source.columns, physical, sql, shownId, aliasOf(alias, name), bind);
}

/** Rows that changed: their columns, and what happened to each. */
export function changesRelation(
  columns: readonly ResultColumn[],
  physical: readonly string[],
  sql: string,
  shownId: string,
  alias: Parameters<typeof simpleRelation>[3],
  bind: BindContext,
): FromBinding {
  const sources = [...[...physical, streamAction, streamIsUpdate].map(quoteIdentifier), shownId];
  return simpleRelation(
    [...columns.map((column) => ({ ...column, nullable: true })), ...metadata],
    (index) => sources[index] ?? 'NULL',
    () => `(${sql}) AS ${bind.state.name('s')}`,
    alias,
    bind,
  );
}

function tableChanges(stream: Stream, physicalName: string, columns: readonly string[]): string {
  const offset = offsetOf(stream.id);
  const changes = stream.appendOnly
    ? appendedRows(physicalName, columns, offset)
    : standardChanges(physicalName, columns, offset, { byContent: stream.byContent === true });
  if (!stream.initialRows) return changes;
  return either(stream, initialRows(physicalName, columns, offset), changes);
}

/** What was there first, until the stream is consumed for the first time; changes from then on. */
function either(stream: Stream, initial: string, changes: string): string {
  const first = offsetOf(stream.id, 'initial');
  return `SELECT * FROM (${initial}) WHERE ${first} UNION ALL SELECT * FROM (${changes}) WHERE NOT ${first}`;
}

/**
 * The rows by which the view's result over the tables as they were differs from that over the tables as they are; rows are
 * the same when they come from the same rows of the tables. https://docs.snowflake.com/en/user-guide/streams-intro#streams-on-views
 */
function viewChanges(
  stream: Stream,
  view: Extract<Relation, { kind: 'view' }>,
  columns: readonly string[],
  bind: BindContext,
): string {
  const offset = offsetOf(stream.id);
  const was = viewAt(view, columns, { version: offset }, bind);
  const id = quoteIdentifier(rowIdColumn);
  const names = columns.map(quoteIdentifier);
  const shown = (from: string, action: string, isUpdate: string): string =>
    `SELECT ${names.map((name) => `${from}.${name}, `).join('')}'${action}' AS ${quoteIdentifier(streamAction)}, ${isUpdate} AS ${quoteIdentifier(streamIsUpdate)}, sha1(${from}.${id}) AS ${quoteIdentifier(streamRowId)}`;
  const whole = (changes: string): string =>
    stream.initialRows ? either(stream, `${shown('w', 'INSERT', 'false')} FROM (${was}) AS w`, changes) : changes;
  if (stream.appendOnly) {
    // https://docs.snowflake.com/en/user-guide/streams-intro#join-results-behavior
    const appended = viewAt(view, columns, { version: offset, withAppended: true }, bind);
    return whole(`${shown('i', 'INSERT', 'false')} FROM (${appended}) AS i ANTI JOIN (${was}) AS w ON w.${id} = i.${id}`);
  }
  const is = viewAt(view, columns, { version: latestVersion }, bind);
  const same = names.map((name) => `w.${name} IS NOT DISTINCT FROM i.${name}`).join(' AND ');
  const both = `FROM (${was}) AS w FULL JOIN (${is}) AS i ON w.${id} = i.${id}`;
  const differ = `(w.${id} IS NULL OR i.${id} IS NULL OR NOT (${same}))`;
  const changes = `${shown('w', 'DELETE', `i.${id} IS NOT NULL`)} ${both} WHERE w.${id} IS NOT NULL AND ${differ} UNION ALL ${shown('i', 'INSERT', `w.${id} IS NOT NULL`)} ${both} WHERE i.${id} IS NOT NULL AND ${differ}`;
  return whole(changes);
}

/** The view's result at a version, with each row's id. */
function viewAt(
  view: Extract<Relation, { kind: 'view' }>,
  columns: readonly string[],
  at: TableVersion,
  bind: BindContext,
): string {
  const statement = parseStatement(view.text);
  if (statement.kind !== 'query') throw new Error('a view is a query');
  const query = bind.state.nested(() =>
    bindQuery(withRowIds(statement.query), { ...bind, ports: view.ports, commonTables: [], at }),
  );
  const list = [...columns, rowIdColumn].map(
    (name, index) => `${query.columns[index]?.internal ?? 'NULL'} AS ${quoteIdentifier(name)}`,
  );
  return `SELECT ${list.join(', ')} FROM (${query.sql}) AS ${bind.state.name('v')}`;
}
