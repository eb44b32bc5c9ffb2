import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { displayIdentifier, quoteIdentifier, quoteName } from '../../sql/identifier.ts';
import type { OwnTable } from '../effects.ts';
import type { ObjectScope } from '../object-scope.ts';
import { columnsOf } from '../table.ts';
import { relation } from './monitor-relation.ts';
import { isNumeric, refused } from './monitor-columns.ts';
import { measuredColumns, type MonitorProperties, monitorOf } from './monitor-record.ts';

/** Refreshes that may fail one after the other before the monitor suspends itself. */
const mostFailures = 5;

/**
 * The monitor with its source's rows as of now. A refresh reads the source whole, so that what was changed or removed there
 * since is too.
 * https://docs.snowflake.com/en/developer-guide/snowflake-ml/model-registry/model-observability#querying-monitoring-results
 */
export async function refreshed(monitor: MonitorProperties, scope: ObjectScope): Promise<MonitorProperties> {
  const source = relation(monitor.SOURCE, monitor.SOURCE_NAME, scope);
  const wanted = [monitor.TIMESTAMP_COLUMN, ...measuredColumns(monitor), ...monitor.SEGMENT_COLUMNS];
  const own = await copied(source, wanted, scope.on(monitor.WAREHOUSE));
  try {
    await checkRows(monitor, own, scope);
  } catch (error) {
    await scope.effects.tables.drop(own.physicalName);
    throw error;
  }
  const at = scope.now;
  return {
    ...monitor,
    PHYSICAL: own.physicalName,
    COLUMNS: own.columns,
    DATA_TIMESTAMP: at,
    ATTEMPTED_AT: at,
    FAILURES: 0,
    LAST_ERROR: '',
  };
}

/** The monitor after a refresh that failed: with the rows that it had. */
export function withFailedRefresh(object: CatalogObject, scope: ObjectScope, error: unknown): CatalogObject {
  const monitor = monitorOf(object);
  const failures = monitor.FAILURES + 1;
  const changed: Partial<MonitorProperties> = {
    FAILURES: failures,
    LAST_ERROR: error instanceof Error ? error.message : String(error),
    ATTEMPTED_AT: scope.now,
    ...(failures >= mostFailures ? { STATE: 'SUSPENDED' } : {}),
  };
  return { ...object, properties: { ...object.properties, ...changed } };
}

/** The monitor with a copy of its baseline's rows: those columns that it measures, and its segments. */
export async function withBaseline(monitor: MonitorProperties, scope: ObjectScope): Promise<MonitorProperties> {
  const { BASELINE: id, ...rest } = monitor;
  if (id === undefined) return rest;
  const baseline = relation(id, monitor.BASELINE_NAME ?? [], scope);
  const columns = columnsOf(baseline);
  const found = [...measuredColumns(monitor), ...monitor.SEGMENT_COLUMNS].filter((name) =>
    columns.some((each) => each.name === name),
  );
  if (!found.some((name) => measuredColumns(monitor).includes(name))) {
    throw refused('its baseline has none of the columns that it measures');
  }
  for (const name of found) {
    const [ours, theirs] = [monitor.COLUMNS, columns].map((list) => list.find((each) => each.name === name)?.type);
    if (ours !== undefined && theirs !== undefined && ours.kind !== theirs.kind && !(isNumeric(ours) && isNumeric(theirs))) {
      throw refused(
        `column ${displayIdentifier(name)} is of type ${ours.kind} in its source and of type ${theirs.kind} in its baseline`,
      );
    }
  }
  const own = await copied(baseline, found, scope.on(monitor.WAREHOUSE));
  return {
    ...monitor,
    BASELINE_NAME: scope.catalog.pathOf(baseline),
    BASELINE_PHYSICAL: own.physicalName,
    BASELINE_COLUMNS: own.columns,
  };
}

async function copied(from: CatalogObject, columns: readonly string[], scope: ObjectScope): Promise<OwnTable> {
  const physicalName = `t_${scope.ids.uuid()}`;
  const query = `SELECT ${columns.map(quoteIdentifier).join(', ')} FROM ${quoteName(scope.catalog.pathOf(from))}`;
  return { physicalName, columns: await scope.effects.queries.createTableAs(physicalName, query, scope) };
}

/** "Data can't contain invalid values": what cannot be measured fails the refresh. Actuals and features may still be missing. */
async function checkRows(monitor: MonitorProperties, own: OwnTable, scope: ObjectScope): Promise<void> {
  const timestamp = quoteIdentifier(monitor.TIMESTAMP_COLUMN);
  const scores = monitor.TASK === 'TABULAR_REGRESSION' ? [] : monitor.PREDICTION_SCORE_COLUMNS;
  const conditions = [
    { is: `${timestamp} IS NULL`, says: `values of timestamp column ${displayIdentifier(monitor.TIMESTAMP_COLUMN)} are NULL` },
    ...scores.map((name) => ({
      is: `${quoteIdentifier(name)} IS NOT NULL AND NOT (${quoteIdentifier(name)} BETWEEN 0 AND 1)`,
      says: `values of prediction score column ${displayIdentifier(name)} are not between 0 and 1`,
    })),
  ];
  const counts = conditions.map(({ is }) => `COUNT_IF(${is})`).join(', ');
  const [row] = await scope.effects.queries.run(`SELECT ${counts} FROM "S"`, scope, new Map([['S', own]]));
  for (const [index, { says }] of conditions.entries()) {
    const count = row?.[index] ?? '0';
    if (count !== '0') throw refused(`${count} ${says}`);
  }
}
