import { column, type ResultColumn } from '../../sql/result-set.ts';
import { types } from '../../sql/types.ts';
import type { Extension } from '../extensions.ts';
import { driftMetric } from './drift-metric.ts';
import { readRequest } from './metric-request.ts';
import { MetricSource } from './metric-source.ts';
import { performanceMetric } from './performance-metric.ts';
import { statMetric } from './stat-metric.ts';

const count = (name: string): ResultColumn => column(name, types.number(38, 0));
const head = [column('EVENT_TIMESTAMP', types.timestampNtz(9)), column('METRIC_VALUE', types.float)];
const segment = [column('SEGMENT_COLUMN'), column('SEGMENT_VALUE')];

/** https://docs.snowflake.com/en/sql-reference/functions-model-monitors */
export const modelMonitorFunctions: Extension = {
  tableFunctions: [
    {
      name: 'MODEL_MONITOR_DRIFT_METRIC',
      page: 'functions/model-monitor-drift-metric',
      columns: [
        ...head,
        ...['COL_COUNT_USED', 'COL_COUNT_UNUSED', 'BASELINE_COL_COUNT_USED', 'BASELINE_COL_COUNT_UNUSED'].map(count),
        column('METRIC_NAME'),
        column('COLUMN_NAME'),
        ...segment,
      ],
      rows: async (given, scope) => {
        const names = ['MODEL_MONITOR_NAME', 'DRIFT_METRIC_NAME', 'COLUMN_NAME'];
        const { request, column: written } = readRequest('MODEL_MONITOR_DRIFT_METRIC', given, names, scope);
        const source = new MetricSource(request, scope);
        const measured = source.column(written ?? '');
        const found = await driftMetric(source, measured);
        return found.map((cells) => [...cells, measured.name, ...request.segmentCells]);
      },
    },
    {
      name: 'MODEL_MONITOR_PERFORMANCE_METRIC',
      page: 'functions/model-monitor-performance-metric',
      columns: [...head, count('COUNT_USED'), count('COUNT_UNUSED'), column('METRIC_NAME'), ...segment],
      rows: async (given, scope) => {
        const names = ['MODEL_MONITOR_NAME', 'PERFORMANCE_METRIC_NAME'];
        const { request } = readRequest('MODEL_MONITOR_PERFORMANCE_METRIC', given, names, scope);
        const found = await performanceMetric(new MetricSource(request, scope));
        return found.map((cells) => [...cells, request.metric, ...request.segmentCells]);
      },
    },
    {
      name: 'MODEL_MONITOR_STAT_METRIC',
      page: 'functions/model-monitor-stat-metric',
      columns: [...head, column('METRIC_NAME'), column('COLUMN_NAME'), ...segment],
      rows: async (given, scope) => {
        const names = ['MODEL_MONITOR_NAME', 'STAT_METRIC_NAME', 'COLUMN_NAME'];
        const { request, column: written } = readRequest('MODEL_MONITOR_STAT_METRIC', given, names, scope);
        const source = new MetricSource(request, scope);
        const measured = source.column(written ?? '');
        const found = await statMetric(source, measured);
        return found.map((cells) => [...cells, request.metric, measured.name, ...request.segmentCells]);
      },
    },
  ],
};
