import { quoteIdentifier } from '../../sql/identifier.ts';
import { tableName } from '../table-name.ts';
import { action, changeTable, order, rowId, transaction } from './change-tables.ts';

/** Names of a stream's metadata in the queries below. */
export const streamAction = '\u0001shown_action';
export const streamIsUpdate = '\u0001is_update';
export const streamRowId = '\u0001shown_id';

const metadata = [streamAction, streamIsUpdate, streamRowId].map(quoteIdentifier);

function list(columns: readonly string[]): string {
  return columns.map((column) => `${quoteIdentifier(column)}, `).join('');
}

/** `ids` are shown as Snowflake shows them: forty hexadecimal digits. */
function shownId(sql: string): string {
  return `sha1(CAST(${sql} AS VARCHAR))`;
}

/**
 * The rows by which a table differs from what it was at `after` (SQL of a version): those lost, those gained, an update as
 * a pair of both. What came and went in between is left out.
 * https://docs.snowflake.com/en/user-guide/streams-intro#types-of-streams
 * @param until SQL of the last version that counts
 * @param byContent whether rows have the ids of `content-ids.ts`: one that went and came back is as it was
 */
export function standardChanges(
  physicalName: string,
  columns: readonly string[],
  after: string,
  { byContent = false, until }: { readonly byContent?: boolean; readonly until?: string | undefined } = {},
): string {
  const window = `PARTITION BY ch.${rowId}`;
  const rank = (direction: string): string =>
    `row_number() OVER (${window} ORDER BY c.version ${direction}, ch.${order} ${direction})`;
  const ranked = `SELECT ch.*, ${rank('ASC')} AS "\u0001first", ${rank('DESC')} AS "\u0001last" FROM ${changeTable(physicalName)} AS ch JOIN _changes.commits AS c ON c.txn = ch.${transaction} WHERE ${between(after, until)}`;
  // A row that was there before begins with its loss; one that is there now ends with its gain.
  const ends = `SELECT *, bool_or("\u0001first" = 1 AND ${action} = 'DELETE') OVER (PARTITION BY ${rowId}) AS "\u0001was", bool_or("\u0001last" = 1 AND ${action} <> 'DELETE') OVER (PARTITION BY ${rowId}) AS "\u0001is" FROM (${ranked})`;
  const [shownAction, isUpdate, id] = metadata;
  return `SELECT ${list(columns)}CASE ${action} WHEN 'DELETE' THEN 'DELETE' ELSE 'INSERT' END AS ${shownAction ?? ''}, "\u0001was" AND "\u0001is" AS ${isUpdate ?? ''}, ${shownId(rowId)} AS ${id ?? ''} FROM (${ends}) WHERE ${byContent ? 'NOT ("\u0001was" AND "\u0001is") AND ' : ''}(("\u0001first" = 1 AND ${action} = 'DELETE') OR ("\u0001last" = 1 AND ${action} <> 'DELETE'))`;
}

/** Rows that were inserted, whatever became of them. */
export function appendedRows(physicalName: string, columns: readonly string[], after: string, until?: string): string {
  const [shownAction, isUpdate, id] = metadata;
  return `SELECT ${list(columns)}'INSERT' AS ${shownAction ?? ''}, false AS ${isUpdate ?? ''}, ${shownId(`ch.${rowId}`)} AS ${id ?? ''} FROM ${changeTable(physicalName)} AS ch JOIN _changes.commits AS c ON c.txn = ch.${transaction} WHERE ${between(after, until)} AND ch.${action} = 'INSERT'`;
}

function between(after: string, until: string | undefined): string {
  return `c.version > ${after}${until === undefined ? '' : ` AND c.version <= ${until}`}`;
}

/** A table as it was at a version: what has not changed since, and what has, as it was. Row ids unhashed. */
export function tableAt(physicalName: string, columns: readonly string[], version: string): string {
  // Changes that are not committed yet are later than every version.
  const later = `SELECT ch.*, coalesce(c.version, 9223372036854775807) AS "\u0001version" FROM ${changeTable(physicalName)} AS ch LEFT JOIN _changes.commits AS c ON c.txn = ch.${transaction} WHERE coalesce(c.version, 9223372036854775807) > ${version}`;
  const wanted = `${list(columns)}${rowId}`;
  const before = `SELECT ${wanted} FROM (SELECT *, row_number() OVER (PARTITION BY ${rowId} ORDER BY "\u0001version", ${order}) AS "\u0001first" FROM (${later})) WHERE "\u0001first" = 1 AND ${action} = 'DELETE'`;
  return `SELECT ${wanted} FROM ${tableName(physicalName)} WHERE ${rowId} NOT IN (SELECT ${rowId} FROM (${later})) UNION ALL ${before}`;
}

/** Rows inserted after a version, whatever became of them, beside all that were there at it. Row ids unhashed. */
export function tableWithAppended(physicalName: string, columns: readonly string[], version: string): string {
  const inserted = `SELECT ${columns.map((column) => `ch.${quoteIdentifier(column)}, `).join('')}ch.${rowId} FROM ${changeTable(physicalName)} AS ch JOIN _changes.commits AS c ON c.txn = ch.${transaction} WHERE c.version > ${version} AND ch.${action} = 'INSERT'`;
  return `${tableAt(physicalName, columns, version)} UNION ALL ${inserted}`;
}

/** All rows of a table at a version, as a stream with SHOW_INITIAL_ROWS gives them first. */
export function initialRows(physicalName: string, columns: readonly string[], version: string): string {
  const [shownAction, isUpdate, id] = metadata;
  return `SELECT ${list(columns)}'INSERT' AS ${shownAction ?? ''}, false AS ${isUpdate ?? ''}, ${shownId(rowId)} AS ${id ?? ''} FROM (${tableAt(physicalName, columns, version)})`;
}
