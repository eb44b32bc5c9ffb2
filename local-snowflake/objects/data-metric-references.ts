import { column } from '../sql/result-set.ts';
import type { Extension } from './extensions.ts';

/**
 * There are no data metric functions here, so nothing refers to one; the Snowflake provider asks for each view.
 * https://docs.snowflake.com/en/sql-reference/functions/data_metric_function_references
 */
export const dataMetricReferences: Extension = {
  tableFunctions: [
    {
      name: 'DATA_METRIC_FUNCTION_REFERENCES',
      page: 'functions/data_metric_function_references',
      columns: [
        'METRIC_DATABASE_NAME',
        'METRIC_SCHEMA_NAME',
        'METRIC_NAME',
        'METRIC_SIGNATURE',
        'METRIC_DATA_TYPE',
        'REF_DATABASE_NAME',
        'REF_SCHEMA_NAME',
        'REF_ENTITY_NAME',
        'REF_ENTITY_DOMAIN',
        'REF_ARGUMENTS',
        'REF_ID',
        'SCHEDULE',
        'SCHEDULE_STATUS',
      ].map((name) => column(name)),
      rows: () => [],
    },
  ],
};
