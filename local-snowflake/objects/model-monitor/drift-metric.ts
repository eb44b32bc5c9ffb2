import { quoteIdentifier } from '../../sql/identifier.ts';
import type { Cell, Row } from '../../sql/result-set.ts';
import { type Distribution, jensenShannonDistance, populationStabilityIndex } from './distribution.ts';
import { type MeasuredColumn, type MetricSource, numberSql, requireNumeric } from './metric-source.ts';
import { isNumeric, refused } from './monitor-columns.ts';

type Values = readonly { readonly range: string; readonly value: number | undefined }[];
type Metric = (source: MetricSource, column: MeasuredColumn) => Promise<Values>;

const metrics: Readonly<Record<string, Metric>> = {
  JENSEN_SHANNON: (source, column) => byDistribution(source, column, jensenShannonDistance),
  DIFFERENCE_OF_MEANS: differenceOfMeans,
  WASSERSTEIN: wasserstein,
  POPULATION_STABILITY_INDEX: (source, column) => byDistribution(source, column, populationStabilityIndex),
};
// The guide's examples use the short name.
const shortNames: Readonly<Record<string, string>> = { PSI: 'POPULATION_STABILITY_INDEX' };

/**
 * Rows of k, value, used, unused, used and unused of the baseline, and the metric's name.
 * https://docs.snowflake.com/en/sql-reference/functions/model-monitor-drift-metric
 */
export async function driftMetric(source: MetricSource, column: MeasuredColumn): Promise<readonly Row[]> {
  const name = shortNames[source.request.metric] ?? source.request.metric;
  const metric = metrics[name];
  if (metric === undefined) throw refused(`there is no metric ${name}; there are ${Object.keys(metrics).join(', ')}`);
  if (name === 'WASSERSTEIN' || name === 'DIFFERENCE_OF_MEANS') requireNumeric(column, name);
  const value = valueSql(column);
  const [base] = await source.query(`SELECT COUNT(v), COUNT_IF(v IS NULL) FROM ${source.baseline(column, value)}`);
  const ranges = await source.query(
    `SELECT k, COUNT(v), COUNT_IF(v IS NULL) FROM ${source.rows({ v: value })} GROUP BY k ORDER BY k`,
  );
  const values = new Map((await metric(source, column)).map((each) => [each.range, each.value]));
  return ranges.map(([range = null, used = null, unused = null]) => {
    const found = range === null ? undefined : values.get(range);
    return [range, found === undefined ? null : String(found), used, unused, base?.[0] ?? null, base?.[1] ?? null, name];
  });
}

function valueSql(column: MeasuredColumn): string {
  return isNumeric(column.type) ? numberSql(column) : `${quoteIdentifier(column.name)}::VARCHAR`;
}

async function differenceOfMeans(source: MetricSource, column: MeasuredColumn): Promise<Values> {
  const value = valueSql(column);
  const rows = await source.query(
    `SELECT k, AVG(v) - (SELECT AVG(v) FROM ${source.baseline(column, value)}) FROM ${source.rows({ v: value })} GROUP BY k`,
  );
  return rows.map(([range, cell]) => ({ range: range ?? '', value: numberOf(cell) }));
}

/** The area between the two distribution functions: ∫ |F(v) − G(v)| dv. */
async function wasserstein(source: MetricSource, column: MeasuredColumn): Promise<Values> {
  const value = valueSql(column);
  const rows = await source.query(`
    WITH s AS (SELECT k, v, COUNT(*) AS n FROM ${source.rows({ v: value })} WHERE v IS NOT NULL GROUP BY k, v),
         b AS (SELECT v, COUNT(*) AS n FROM ${source.baseline(column, value)} WHERE v IS NOT NULL GROUP BY v),
         both AS (SELECT k, v, n AS here, 0 AS there FROM s
                  UNION ALL SELECT ranges.k, b.v, 0, b.n FROM (SELECT DISTINCT k FROM s) AS ranges CROSS JOIN b),
         points AS (SELECT k, v, SUM(here)::FLOAT AS here, SUM(there)::FLOAT AS there FROM both GROUP BY k, v),
         steps AS (SELECT k, LEAD(v) OVER (PARTITION BY k ORDER BY v) - v AS width,
                          SUM(here) OVER (PARTITION BY k ORDER BY v ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
                            / SUM(here) OVER (PARTITION BY k) AS f,
                          SUM(there) OVER (PARTITION BY k ORDER BY v ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
                            / NULLIF(SUM(there) OVER (PARTITION BY k), 0) AS g
                   FROM points)
    SELECT k, IFF(COUNT(g) = 0, NULL, COALESCE(SUM(width * ABS(f - g)), 0)) FROM steps GROUP BY k`);
  return rows.map(([range, cell]) => ({ range: range ?? '', value: numberOf(cell) }));
}

/** Metrics of how often values occur: of numbers by ranges between the baseline's deciles, of others by value. */
async function byDistribution(
  source: MetricSource,
  column: MeasuredColumn,
  measure: (current: Distribution, baseline: Distribution) => number | undefined,
): Promise<Values> {
  const value = valueSql(column);
  const part = isNumeric(column.type) ? partSql(await decilesOf(source, column)) : 'v';
  const counted = (relation: string, keys: string): string =>
    `SELECT ${keys}part, COUNT(*) FROM (SELECT *, ${part} AS part FROM ${relation} WHERE v IS NOT NULL) GROUP BY ${keys}part`;
  const baseline = new Map(
    (await source.query(counted(source.baseline(column, value), ''))).map(([key, count]) => [key ?? '', Number(count)]),
  );
  const ranges = new Map<string, Map<string, number>>();
  for (const [range, key, count] of await source.query(counted(source.rows({ v: value }), 'k, '))) {
    const counts = ranges.get(range ?? '') ?? new Map<string, number>();
    ranges.set(range ?? '', counts.set(key ?? '', Number(count)));
  }
  return [...ranges].map(([range, counts]) => ({ range, value: measure(counts, baseline) }));
}

/** The baseline's deciles, each once, in order. */
async function decilesOf(source: MetricSource, column: MeasuredColumn): Promise<string[]> {
  const levels = Array.from({ length: 9 }, (_, index) => `PERCENTILE_CONT(0.${String(index + 1)}) WITHIN GROUP (ORDER BY v)`);
  const [row] = await source.query(`SELECT ${levels.join(', ')} FROM ${source.baseline(column, valueSql(column))}`);
  return [...new Set((row ?? []).flatMap((cell) => cell ?? []))];
}

/** SQL of the number of the range that `v` is in: how many deciles are below it. */
function partSql(deciles: readonly string[]): string {
  return ['0', ...deciles.map((decile) => `IFF(v > '${decile}'::FLOAT, 1, 0)`)].join(' + ');
}

function numberOf(cell: Cell | undefined): number | undefined {
  return cell === null || cell === undefined ? undefined : Number(cell);
}
