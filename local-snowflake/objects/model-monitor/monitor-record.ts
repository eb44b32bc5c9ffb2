import type { CatalogObject } from '../../catalog/catalog-object.ts';
import type { OwnTable } from '../effects.ts';

export const monitorTasks = ['TABULAR_BINARY_CLASSIFICATION', 'TABULAR_REGRESSION', 'TABULAR_MULTI_CLASSIFICATION'] as const;
export type MonitorTask = (typeof monitorTasks)[number];

/** Properties of CREATE that list columns, besides the timestamp. */
export const columnRoles = [
  'ID_COLUMNS',
  'PREDICTION_CLASS_COLUMNS',
  'PREDICTION_SCORE_COLUMNS',
  'ACTUAL_CLASS_COLUMNS',
  'ACTUAL_SCORE_COLUMNS',
  'SEGMENT_COLUMNS',
  'CUSTOM_METRIC_COLUMNS',
] as const;
export type ColumnRole = (typeof columnRoles)[number];

/** Columns of the source that nothing else was said of, by how they can be measured. */
export interface MonitorFeatures {
  readonly numerical: readonly string[];
  readonly string: readonly string[];
  readonly boolean: readonly string[];
}

/** What a model monitor holds; references are ids, and names beside them for when the object is gone. JSON only. */
export interface MonitorProperties extends Readonly<Record<ColumnRole, readonly string[]>> {
  readonly MODEL: string;
  readonly MODEL_NAME: readonly string[];
  readonly VERSION: string;
  readonly FUNCTION: string;
  readonly TASK: MonitorTask;
  readonly SOURCE: string;
  readonly SOURCE_NAME: readonly string[];
  readonly BASELINE?: string;
  readonly BASELINE_NAME?: readonly string[];
  readonly WAREHOUSE: string;
  readonly REFRESH_INTERVAL: string;
  readonly AGGREGATION_WINDOW: string;
  readonly TIMESTAMP_COLUMN: string;
  readonly FEATURES: MonitorFeatures;
  readonly STATE: 'ACTIVE' | 'SUSPENDED';
  /** Refreshes that failed since the last that did not. */
  readonly FAILURES: number;
  readonly LAST_ERROR: string;
  /** When the source was last read, and when that was last tried; epoch milliseconds. */
  readonly DATA_TIMESTAMP: number;
  readonly ATTEMPTED_AT: number;
  /** The source's rows as of DATA_TIMESTAMP: timestamp, monitored columns, segments. */
  readonly PHYSICAL: string;
  readonly COLUMNS: OwnTable['columns'];
  /** The baseline's rows as of when it was set. */
  readonly BASELINE_PHYSICAL?: string;
  readonly BASELINE_COLUMNS?: OwnTable['columns'];
}

export function monitorOf(object: Pick<CatalogObject, 'properties'>): MonitorProperties {
  return object.properties as unknown as MonitorProperties;
}

/** The columns that metrics are computed of: features, predictions, actuals and custom metrics. */
export function measuredColumns(monitor: MonitorProperties): string[] {
  const { numerical, string, boolean } = monitor.FEATURES;
  return [
    ...numerical,
    ...string,
    ...boolean,
    ...monitor.PREDICTION_CLASS_COLUMNS,
    ...monitor.PREDICTION_SCORE_COLUMNS,
    ...monitor.ACTUAL_CLASS_COLUMNS,
    ...monitor.ACTUAL_SCORE_COLUMNS,
    ...monitor.CUSTOM_METRIC_COLUMNS,
  ];
}
