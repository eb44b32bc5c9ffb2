import { quoteIdentifier } from '../../sql/identifier.ts';
import type { Row } from '../../sql/result-set.ts';
import { type MeasuredColumn, type MetricSource, requireNumeric } from './metric-source.ts';
import { refused } from './monitor-columns.ts';

const numeric: Readonly<Record<string, string>> = { MIN: 'MIN(v)', MAX: 'MAX(v)', AVG: 'AVG(v)', SUM: 'SUM(v)' };
const counts: Readonly<Record<string, string>> = { COUNT: 'COUNT(v)', COUNT_NULL: 'COUNT_IF(v IS NULL)' };

/** Rows of k, value. https://docs.snowflake.com/en/sql-reference/functions/model-monitor-stat-metric */
export function statMetric(source: MetricSource, column: MeasuredColumn): Promise<readonly Row[]> {
  const { metric } = source.request;
  const aggregate = counts[metric] ?? numeric[metric];
  if (aggregate === undefined) {
    throw refused(`there is no metric ${metric}; there are ${[...Object.keys(counts), ...Object.keys(numeric)].join(', ')}`);
  }
  if (numeric[metric] !== undefined) requireNumeric(column, metric);
  const value = counts[metric] === undefined ? `${quoteIdentifier(column.name)}::FLOAT` : quoteIdentifier(column.name);
  return source.query(`SELECT k, (${aggregate})::FLOAT FROM ${source.rows({ v: value })} GROUP BY k ORDER BY k`);
}
