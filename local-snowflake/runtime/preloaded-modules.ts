import { requirementName } from './package-requirement.ts';

/**
 * Packages whose import costs so much that the fork server does it once for all tasks, with the modules to import.
 * Others are imported by the task itself.
 */
const modules: Readonly<Record<string, readonly string[]>> = {
  'snowflake-snowpark-python': ['snowflake.snowpark', 'snowflake.snowpark.functions', 'snowflake.connector.file_transfer_agent'],
  'snowflake-ml-python': ['snowflake.ml.registry', 'snowflake.ml.jobs', 'snowflake.ml.dataset', 'snowflake.ml.feature_store'],
  'scikit-learn': ['sklearn'],
  numpy: ['numpy'],
  pandas: ['pandas'],
  pyarrow: ['pyarrow'],
  scipy: ['scipy'],
  xgboost: ['xgboost'],
};

/** @param packages entries of a PACKAGES clause */
export function preloadedModules(packages: readonly string[]): string[] {
  return [...new Set(packages.flatMap((entry) => modules[requirementName(entry)] ?? []))];
}
