import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayName, type ObjectName, parseName, quoteIdentifier } from '../../sql/identifier.ts';
import { appendedRows, standardChanges, streamRowId } from '../changes/change-queries.ts';
import { offsetOf } from '../changes/change-tables.ts';
import { raise } from '../duckdb/raised.ts';
import { duckString } from '../duckdb/text.ts';
import type { Relation } from '../ports.ts';
import type { ChangesClause, TableAlias, TimeTravel } from '../syntax/tree.ts';
import type { BindContext } from './bind-context.ts';
import { changesRelation } from './bind-stream.ts';
import { aliasOf } from './bind-table.ts';
import type { FromBinding } from './from-binding.ts';

/**
 * `t CHANGES (INFORMATION => …) AT (…) [END (…)]`: what a stream would give, between two points in the past.
 * https://docs.snowflake.com/en/sql-reference/constructs/changes
 */
export function bindChanges(
  changes: ChangesClause,
  { physicalName, columns, tracked }: Extract<Relation, { kind: 'table' }>,
  name: ObjectName,
  alias: TableAlias,
  bind: BindContext,
): FromBinding {
  if (tracked !== true && !bind.describing) throw SnowflakeError.of('changeTrackingMissing', { name: displayName(name) });
  bind.state.tables.add(physicalName);
  const physical = columns.map((column) => column.physical);
  const after = known(
    physicalName,
    name,
    typeof changes.at === 'string' ? streamOffset(changes.at, bind) : versionOf(changes.at, bind),
  );
  const until = changes.end === undefined ? undefined : versionOf(changes.end, bind);
  const sql = changes.appendOnly
    ? appendedRows(physicalName, physical, after, until)
    : standardChanges(physicalName, physical, after, { until });
  return changesRelation(columns, physical, sql, quoteIdentifier(streamRowId), aliasOf(alias, name), bind);
}

function versionOf(point: TimeTravel, bind: BindContext): string {
  const found = bind.points.get(point);
  if (found === undefined) throw SnowflakeError.of('unsupported', { feature: 'CHANGES inside a view or function' });
  return String(found.version);
}

function streamOffset(written: string, bind: BindContext): string {
  const stream = bind.ports.relation(parseName(written), 'SELECT');
  if (stream.kind === 'stream') return offsetOf(stream.id);
  throw SnowflakeError.of('objectDoesNotExist', { kind: 'Stream', name: written });
}

/** The version, when the table's changes are known since then. */
function known(physicalName: string, name: ObjectName, version: string): string {
  const fault = raise('changeTrackingMissing', { name: displayName(name) });
  const since = `(SELECT since FROM _changes.tracked WHERE physical_name = ${duckString(physicalName)})`;
  return `(SELECT CASE WHEN ${version} >= ${since} THEN ${version} ELSE ${fault} END)`;
}
