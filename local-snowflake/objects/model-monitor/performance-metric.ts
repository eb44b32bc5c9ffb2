import type { Row } from '../../sql/result-set.ts';
import type { MetricSource } from './metric-source.ts';
import { numberSql } from './metric-source.ts';
import { quoteIdentifier } from '../../sql/identifier.ts';
import { findColumn, refused } from './monitor-columns.ts';
import type { ColumnRole, MonitorTask } from './monitor-record.ts';

type Prediction = Extract<ColumnRole, `PREDICTION_${string}`>;
type Actual = Extract<ColumnRole, `ACTUAL_${string}`>;

interface Metric {
  readonly prediction: Prediction;
  readonly actual: Actual;
  /** Rows that cannot be used even though both values are there. */
  readonly excluding?: string;
  /** Query of k, value over relation `r` of k, p (prediction), a (actual), none of them NULL. */
  readonly query: string;
}

const score = { prediction: 'PREDICTION_SCORE_COLUMNS', actual: 'ACTUAL_SCORE_COLUMNS' } as const;
const label = { prediction: 'PREDICTION_CLASS_COLUMNS', actual: 'ACTUAL_CLASS_COLUMNS' } as const;
const perRange = (value: string): string => `SELECT k, (${value})::FLOAT FROM r GROUP BY k`;

/** Of the classes 0 and 1. What would divide by zero is NULL. */
const [hits, predicted, actual] = ['COUNT_IF(p = 1 AND a = 1)', 'COUNT_IF(p = 1)', 'COUNT_IF(a = 1)'].map((sql) => `${sql}::FLOAT`);
const ratio = (above: string, below: string): string => `${above} / NULLIF(${below}, 0)`;
const accuracy = { ...label, query: perRange('COUNT_IF(p = a)::FLOAT / COUNT(*)') };

/** Of each class that occurs on either side, averaged; a class that is never predicted has a precision of 0. */
const macro = (side: 'p' | 'a'): string => `
  SELECT k, AVG(COALESCE(hits / NULLIF(total, 0), 0))
  FROM (SELECT k, c, SUM(hit)::FLOAT AS hits, SUM(IFF(side = '${side}', n, 0))::FLOAT AS total
        FROM (SELECT k, p AS c, 'p' AS side, COUNT(*) AS n, COUNT_IF(p = a) AS hit FROM r GROUP BY k, p
              UNION ALL SELECT k, a, 'a', COUNT(*), 0 FROM r GROUP BY k, a)
        GROUP BY k, c)
  GROUP BY k`;

/** The share of pairs of a positive and a negative row that their scores put in the right order; ties count half. */
const rocAuc = `
  SELECT k, SUM(positive * below + positive * negative / 2) / NULLIF(SUM(positive) * SUM(negative), 0)
  FROM (SELECT k, positive, negative,
               SUM(negative) OVER (PARTITION BY k ORDER BY p ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - negative AS below
        FROM (SELECT k, p, COUNT_IF(a = 1)::FLOAT AS positive, COUNT_IF(a <> 1)::FLOAT AS negative FROM r GROUP BY k, p))
  GROUP BY k`;

const metrics: Readonly<Record<MonitorTask, Readonly<Record<string, Metric>>>> = {
  TABULAR_REGRESSION: {
    RMSE: { ...score, query: perRange('SQRT(AVG((p - a) * (p - a)))') },
    MAE: { ...score, query: perRange('AVG(ABS(p - a))') },
    MAPE: { ...score, excluding: 'a = 0', query: perRange('AVG(ABS((a - p) / a))') },
    MSE: { ...score, query: perRange('AVG((p - a) * (p - a))') },
  },
  TABULAR_BINARY_CLASSIFICATION: {
    ROC_AUC: { prediction: 'PREDICTION_SCORE_COLUMNS', actual: 'ACTUAL_CLASS_COLUMNS', query: rocAuc },
    CLASSIFICATION_ACCURACY: accuracy,
    PRECISION: { ...label, query: perRange(ratio(`${hits}`, `${predicted}`)) },
    RECALL: { ...label, query: perRange(ratio(`${hits}`, `${actual}`)) },
    F1_SCORE: { ...label, query: perRange(ratio(`2 * ${hits}`, `${predicted} + ${actual}`)) },
  },
  TABULAR_MULTI_CLASSIFICATION: {
    CLASSIFICATION_ACCURACY: accuracy,
    MACRO_AVERAGE_PRECISION: { ...label, query: macro('p') },
    MACRO_AVERAGE_RECALL: { ...label, query: macro('a') },
    // With one label a row, each wrong one is a false positive here and a false negative there: both are the accuracy.
    MICRO_AVERAGE_PRECISION: accuracy,
    MICRO_AVERAGE_RECALL: accuracy,
  },
};

/**
 * Rows of k, value, used, unused.
 * https://docs.snowflake.com/en/sql-reference/functions/model-monitor-performance-metric
 */
export async function performanceMetric(source: MetricSource): Promise<readonly Row[]> {
  const { monitor, metric: name } = source.request;
  const known = metrics[monitor.TASK];
  const metric = known[name];
  if (metric === undefined) {
    throw refused(`there is no metric ${name} of models of task ${monitor.TASK}; there are ${Object.keys(known).join(', ')}`);
  }
  const value = (role: Prediction | Actual): string => {
    const column = monitor[role][0];
    if (column === undefined) throw refused(`metric ${name} needs ${role}, which the monitor does not have`);
    const found = findColumn(monitor.COLUMNS, `"${column.replaceAll('"', '""')}"`);
    return monitor.TASK === 'TABULAR_MULTI_CLASSIFICATION' ? quoteIdentifier(found.name) : numberSql(found);
  };
  const rows = source.rows({ p: value(metric.prediction), a: value(metric.actual) });
  const usable = `p IS NOT NULL AND a IS NOT NULL${metric.excluding === undefined ? '' : ` AND NOT (${metric.excluding})`}`;
  const counts = await source.query(
    `SELECT k, COUNT_IF(${usable}), COUNT(*) - COUNT_IF(${usable}) FROM ${rows} GROUP BY k ORDER BY k`,
  );
  const values = new Map(
    (await source.query(`WITH r AS (SELECT * FROM ${rows} WHERE ${usable}) ${metric.query}`)).map(([range, cell]) => [range, cell]),
  );
  return counts.map(([range = null, used = null, unused = null]) => [range, values.get(range) ?? null, used, unused]);
}
