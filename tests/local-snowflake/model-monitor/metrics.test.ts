import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MonitorAccount } from './monitor-account.ts';

/** Values that can be worked out by hand; tests/clients/model-monitor.test.ts compares larger ones with scikit-learn and scipy. */
describe('The metric functions', () => {
  let account: MonitorAccount;

  beforeAll(async () => {
    account = await MonitorAccount.open();
    await account.monitor();
  });

  afterAll(() => account.close());

  const rows = (call: string, columns = 'metric_value'): Promise<readonly Record<string, unknown>[]> =>
    account.rows(`select event_timestamp::date::varchar as "on", ${columns} from table(${call}) order by event_timestamp`);
  const values = async (call: string): Promise<unknown[][]> =>
    (await rows(call)).map((row) => [row['on'], round(row['METRIC_VALUE'])]);
  const round = (value: unknown): unknown => (typeof value === 'number' ? Math.round(value * 1e9) / 1e9 : value);

  // https://docs.snowflake.com/en/sql-reference/functions/model-monitor-stat-metric
  describe('MODEL_MONITOR_STAT_METRIC', () => {
    it.each([
      ['count', 'income', [2, 1, 1]],
      ['count_null', 'income', [0, 1, 0]],
      ['min', 'income', [10, 30, 50]],
      ['max', 'probability', [0.9, 0.8, 0.2]],
      ['avg', 'probability', [0.5, 0.7, 0.2]],
      ['sum', 'denied', [1, 2, 0]],
      ['count', 'grade', [2, 2, 1]],
      ['count', 'owned', [2, 2, 1]],
    ])('%s of %s', async (metric, column, expected) => {
      expect(await values(`model_monitor_stat_metric('watch', '${metric}', '${column}')`)).toEqual(
        expected.map((value, index) => [`2026-03-${String(index + 8).padStart(2, '0')}`, value]),
      );
    });

    it('answers with the columns of the page', async () => {
      const call =
        "table(model_monitor_stat_metric('db.sc.watch', 'COUNT', 'INCOME', '1 DAY', '2026-03-08'::timestamp_ntz, '2026-03-09'::timestamp_ntz))";
      const [row] = await account.rows(`select * from ${call}`);
      expect(row).toMatchObject({
        METRIC_VALUE: 2,
        METRIC_NAME: 'COUNT',
        COLUMN_NAME: 'INCOME',
        SEGMENT_COLUMN: null,
        SEGMENT_VALUE: null,
      });
      expect(Object.keys(row ?? {})[0]).toBe('EVENT_TIMESTAMP');
      expect(await account.connection.value(`select event_timestamp::varchar from ${call}`)).toBe('2026-03-08 00:00:00.000');
    });

    it.each([
      ["'1 DAY', '2026-03-09'::date, '2026-03-10'::date", [['2026-03-09', 2]]],
      ["'DAY', to_timestamp_tz('2026-03-09'), current_date()", [['2026-03-09', 2]]],
      [
        "'2 DAY', dateadd('day', -30, current_date())",
        [
          ['2026-03-08', 4],
          ['2026-03-10', 1],
        ],
      ],
      [
        "'1 WEEK'",
        [
          ['2026-03-02', 2],
          ['2026-03-09', 3],
        ],
      ],
      ["'1 MONTH'", [['2026-03-01', 5]]],
      ["'QUARTER'", [['2026-01-01', 5]]],
      ["'1 YEAR'", [['2026-01-01', 5]]],
      ["'ALL', '2026-03-01'::timestamp_ntz", [['2026-03-01', 5]]],
      [
        'NULL, NULL, NULL',
        [
          ['2026-03-08', 2],
          ['2026-03-09', 2],
          ['2026-03-10', 1],
        ],
      ],
      ["'1 DAY', '2025-01-01'::date, '2025-02-01'::date", []],
    ])('takes %s as granularity and range', async (args, expected) => {
      expect(await values(`model_monitor_stat_metric('watch', 'count', 'probability', ${args})`)).toEqual(expected);
    });
  });

  // https://docs.snowflake.com/en/sql-reference/functions/model-monitor-performance-metric
  describe('MODEL_MONITOR_PERFORMANCE_METRIC', () => {
    it.each([
      ['CLASSIFICATION_ACCURACY', 0.75],
      ['PRECISION', 2 / 3],
      ['RECALL', 1],
      ['F1_SCORE', 0.8],
      ['ROC_AUC', 1],
    ])('%s, of rows whose truth is known', async (metric, expected) => {
      const [row] = await rows(
        `model_monitor_performance_metric('watch', '${metric}', 'ALL')`,
        'metric_value, count_used, count_unused, metric_name',
      );
      expect(row).toMatchObject({ COUNT_USED: 4, COUNT_UNUSED: 1, METRIC_NAME: metric });
      expect(round(row?.['METRIC_VALUE'])).toBe(round(expected));
    });

    it('is NULL where there is nothing to divide by', async () => {
      expect(await values("model_monitor_performance_metric('watch', 'roc_auc')")).toEqual([
        ['2026-03-08', 1],
        ['2026-03-09', 1],
        ['2026-03-10', null],
      ]);
    });

    it('follows a segment', async () => {
      const north = `'{"SEGMENTS": [{"column": "REGION", "value": "north"}]}'`;
      const [row] = await rows(
        `model_monitor_performance_metric('watch', 'CLASSIFICATION_ACCURACY', 'ALL', NULL, NULL, ${north})`,
        'metric_value, count_used, segment_column, segment_value',
      );
      expect(row).toMatchObject({ COUNT_USED: 3, SEGMENT_COLUMN: 'REGION', SEGMENT_VALUE: 'north' });
      expect(round(row?.['METRIC_VALUE'])).toBe(round(2 / 3));
    });
  });

  // https://docs.snowflake.com/en/sql-reference/functions/model-monitor-drift-metric
  describe('MODEL_MONITOR_DRIFT_METRIC', () => {
    it.each([
      // Of the incomes 10, 20, 30, 50 against 10, 20, 30, 40.
      ['DIFFERENCE_OF_MEANS', 'income', 2.5],
      ['WASSERSTEIN', 'income', 2.5],
      ['DIFFERENCE_OF_MEANS', 'denied', 0.1],
      // Three of five against two of four.
      ['POPULATION_STABILITY_INDEX', 'grade', 0.1 * Math.log(0.6 / 0.5) - 0.1 * Math.log(0.4 / 0.5)],
      ['PSI', 'grade', 0.1 * Math.log(0.6 / 0.5) - 0.1 * Math.log(0.4 / 0.5)],
    ])('%s of %s', async (metric, column, expected) => {
      const [row] = await rows(
        `model_monitor_drift_metric('watch', '${metric}', '${column}', 'ALL')`,
        'metric_value, col_count_used, col_count_unused, baseline_col_count_used, baseline_col_count_unused, column_name',
      );
      const unused = column === 'income' ? 1 : 0;
      expect(row).toMatchObject({
        COL_COUNT_USED: 5 - unused,
        COL_COUNT_UNUSED: unused,
        BASELINE_COL_COUNT_USED: 4,
        BASELINE_COL_COUNT_UNUSED: 0,
        COLUMN_NAME: column.toUpperCase(),
      });
      expect(row?.['METRIC_VALUE']).toBeCloseTo(expected, 9);
    });

    it('finds none where nothing differs, and compares segments with themselves', async () => {
      await account.run('create or replace table same as select income, grade, owned, probability, denied, region from scored');
      await account.run("alter model monitor watch set baseline = 'same'");
      for (const metric of ['JENSEN_SHANNON', 'WASSERSTEIN', 'POPULATION_STABILITY_INDEX', 'DIFFERENCE_OF_MEANS']) {
        for (const segment of ['NULL', `'{"SEGMENTS": [{"column": "region", "value": "south"}]}'`]) {
          const [[, value] = []] = await values(
            `model_monitor_drift_metric('watch', '${metric}', 'probability', 'ALL', NULL, NULL, ${segment})`,
          );
          expect(value, metric).toBe(0);
        }
      }
      await account.run("alter model monitor watch set baseline = 'training'");
    });
  });

  it.each([
    ["model_monitor_stat_metric('nobody', 'COUNT', 'income')", /Model monitor 'DB\.SC\.NOBODY' does not exist/u],
    ["model_monitor_stat_metric('watch', 'MEDIAN', 'income')", /there is no metric MEDIAN; there are COUNT, COUNT_NULL, MIN/u],
    ["model_monitor_stat_metric('watch', 'AVG', 'grade')", /metric AVG needs a numeric column, and "GRADE" is of type VARCHAR/u],
    ["model_monitor_stat_metric('watch', 'COUNT', 'nothing')", /column 'nothing' does not exist/u],
    ["model_monitor_stat_metric('watch', 'COUNT', 'id')", /column 'id' does not exist/u],
    [
      "model_monitor_stat_metric('watch', 'COUNT')",
      /not enough arguments for function \[MODEL_MONITOR_STAT_METRIC\], expected 3, got 2/u,
    ],
    ["model_monitor_stat_metric('watch', 'COUNT', 'income', '1 HOUR')", /invalid value \[1 HOUR\] for parameter 'GRANULARITY'/u],
    ["model_monitor_stat_metric('watch', 'COUNT', 'income', 'often')", /invalid value \[often\] for parameter 'GRANULARITY'/u],
    ["model_monitor_drift_metric('watch', 'WASSERSTEIN', 'grade')", /metric WASSERSTEIN needs a numeric column/u],
    ["model_monitor_drift_metric('watch', 'KOLMOGOROV', 'income')", /there is no metric KOLMOGOROV/u],
    ["model_monitor_drift_metric('watch', 'PSI', 'truth')", /column 'TRUTH of the baseline' does not exist/u],
    [
      "model_monitor_drift_metric('watch', 'PSI', 'income', service => 's')",
      /Unsupported feature 'MODEL_MONITOR_DRIFT_METRIC\(… SERVICE => …\)'/u,
    ],
    [
      "model_monitor_performance_metric('watch', 'RMSE')",
      /there is no metric RMSE of models of task TABULAR_BINARY_CLASSIFICATION/u,
    ],
    [
      "model_monitor_performance_metric('watch', 'PRECISION', 'ALL', NULL, NULL, '{')",
      /invalid value \[\{\] for parameter 'EXTRA_ARGS'/u,
    ],
    [
      `model_monitor_performance_metric('watch', 'PRECISION', 'ALL', NULL, NULL, '{"SEGMENTS": [{"column": "GRADE", "value": "a"}]}')`,
      /column 'GRADE' does not exist/u,
    ],
  ])('refuse %s', async (call, message) => {
    await expect(account.run(`select * from table(${call})`)).rejects.toThrow(message);
  });

  it('says what a monitor lacks', async () => {
    await account.run('alter model monitor watch unset baseline');
    await expect(account.run("select * from table(model_monitor_drift_metric('watch', 'PSI', 'income'))")).rejects.toThrow(
      /it has no baseline/u,
    );
    await account.run('drop model monitor watch');
    await account.monitor('watch', { ACTUAL_CLASS_COLUMNS: undefined, BASELINE: undefined });
    await expect(account.run("select * from table(model_monitor_performance_metric('watch', 'RECALL'))")).rejects.toThrow(
      /metric RECALL needs ACTUAL_CLASS_COLUMNS, which the monitor does not have/u,
    );
  });
});
