import { DateTime } from 'luxon';
import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { parseName } from '../../sql/identifier.ts';
import type { Row } from '../../sql/result-set.ts';
import type { TypedValue } from '../extensions.ts';
import type { ObjectScope } from '../object-scope.ts';
import { TableArguments } from '../table-arguments.ts';
import { findColumn, refused } from './monitor-columns.ts';
import { windowDays } from './monitor-period.ts';
import { monitorOf, type MonitorProperties } from './monitor-record.ts';

export interface Segment {
  readonly column: string;
  readonly value: string;
}

/** Arguments of the metric functions, understood. */
export interface MetricRequest {
  readonly monitor: MonitorProperties;
  /** Upper case. */
  readonly metric: string;
  /** SQL of the start of the range that a row of the copied source counts to. */
  readonly bucket: string;
  /** SQL condition on rows of the copied source: time range and segment. */
  readonly condition: string;
  /** SQL condition of the segment alone; undefined without one. */
  readonly segment: Segment | undefined;
  /** The cells of SEGMENT_COLUMN and SEGMENT_VALUE. */
  readonly segmentCells: Row;
}

const day = 86_400_000;
const timeArguments = ['GRANULARITY', 'START_TIME', 'END_TIME', 'EXTRA_ARGS'];

/** Reads the arguments of a metric function; `names` are those in front of the granularity. */
export function readRequest(
  name: string,
  given: ReadonlyMap<string, TypedValue>,
  names: readonly string[],
  scope: ObjectScope,
): { readonly request: MetricRequest; readonly column: string | undefined } {
  for (const feature of ['SERVICE', 'BASE_SERVICE']) {
    if (given.has(feature)) throw SnowflakeError.of('unsupported', { feature: `${name}(… ${feature} => …)` });
  }
  const args = new TableArguments(name, given, [...names, ...timeArguments]);
  const needed = (argument: string): string => {
    const value = args.text(argument);
    if (value === undefined) throw SnowflakeError.of('argumentCount', { name, expected: String(names.length), got: given.size });
    return value;
  };
  const [monitorName = '', metricName = '', columnName] = names.map(needed);
  const monitor = monitorOf(findMonitor(monitorName, scope));
  const timezone = scope.parameter('TIMEZONE');
  // CURRENT_TIMESTAMP, CURRENT_DATE and the like become what clocks of the session show, as when they are stored in the column.
  const wall = (instant: number): number =>
    DateTime.fromMillis(instant, { zone: timezone }).setZone('utc', { keepLocalTime: true }).toMillis();
  const end = wall(args.instant('END_TIME', timezone) ?? scope.now);
  const start = wall(args.instant('START_TIME', timezone) ?? scope.now - 60 * day);
  const window = `TIME_SLICE("${quoted(monitor.TIMESTAMP_COLUMN)}", ${String(windowDays(monitor.AGGREGATION_WINDOW))}, 'DAY')`;
  const segment = readSegment(args.text('EXTRA_ARGS'), monitor);
  const condition = [
    `${window} >= TIME_SLICE(${timestampSql(start)}, ${String(windowDays(monitor.AGGREGATION_WINDOW))}, 'DAY')`,
    `${window} < ${timestampSql(end)}`,
    ...(segment === undefined ? [] : [segmentCondition(segment)]),
  ].join(' AND ');
  return {
    column: columnName,
    request: {
      monitor,
      metric: metricName.toUpperCase(),
      bucket: bucketSql(args.text('GRANULARITY'), window, start, monitor),
      condition,
      segment,
      segmentCells: [segment?.column ?? null, segment?.value ?? null],
    },
  };
}

/** The monitor, for whoever holds anything on it. */
function findMonitor(name: string, scope: ObjectScope): CatalogObject {
  return scope.find('MODEL MONITOR', parseName(name));
}

function bucketSql(granularity: string | undefined, window: string, start: number, monitor: MonitorProperties): string {
  const written = (granularity ?? '1 DAY').trim().toUpperCase();
  if (written === 'ALL') return timestampSql(start);
  const match = /^(?:([1-9][0-9]{0,4})\s*)?(HOUR|DAY|WEEK|MONTH|QUARTER|YEAR)S?$/u.exec(written);
  if (match === null || match[2] === 'HOUR') {
    throw SnowflakeError.of('invalidPropertyValue', { property: 'GRANULARITY', value: granularity ?? '' });
  }
  const [count, unit] = [Number(match[1] ?? '1'), match[2] ?? 'DAY'];
  // Nothing finer than the window is kept.
  if (unit === 'DAY' && count <= windowDays(monitor.AGGREGATION_WINDOW)) return window;
  return `TIME_SLICE(${window}, ${String(count)}, '${unit}')`;
}

/** `{"SEGMENTS": [{"column": "…", "value": "…"}]}` */
function readSegment(text: string | undefined, monitor: MonitorProperties): Segment | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const wrong = (): SnowflakeError =>
    SnowflakeError.of('invalidPropertyValue', { property: 'EXTRA_ARGS', value: text.slice(0, 200) });
  let parsed: { readonly SEGMENTS?: unknown } | null;
  try {
    parsed = JSON.parse(text) as { readonly SEGMENTS?: unknown } | null;
  } catch {
    throw wrong();
  }
  const segments = parsed?.SEGMENTS;
  if (!Array.isArray(segments)) throw wrong();
  if (segments.length !== 1) throw refused('a query of metrics takes exactly one segment');
  const { column, value } = segments[0] as { readonly column?: unknown; readonly value?: unknown };
  if (typeof column !== 'string' || typeof value !== 'string') throw wrong();
  const columns = monitor.COLUMNS.filter((each) => monitor.SEGMENT_COLUMNS.includes(each.name));
  return { column: findColumn(columns, column).name, value };
}

export function segmentCondition({ column, value }: Segment): string {
  return `"${quoted(column)}" = '${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

function quoted(name: string): string {
  return name.replaceAll('"', '""');
}

function timestampSql(wall: number): string {
  return `TO_TIMESTAMP_NTZ('${DateTime.fromMillis(wall, { zone: 'utc' }).toFormat('yyyy-MM-dd HH:mm:ss.SSS')}')`;
}
