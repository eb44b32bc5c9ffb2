import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { parseName } from '../../sql/identifier.ts';
import { findRun } from '../experiment/experiment-run.ts';
import type { ObjectScope } from '../object-scope.ts';
import type { LineageSource, ModelVersion } from './model-version.ts';

/** Records what new versions were made of. https://docs.snowflake.com/en/developer-guide/snowflake-ml/ml-lineage#creating-ml-lineage */
export async function recordVersionLineage(
  object: CatalogObject,
  versions: readonly ModelVersion[],
  scope: ObjectScope,
): Promise<void> {
  for (const version of versions) {
    for (const source of version.lineageSources ?? []) await read(source, scope);
    await scope.lineage.made(object, version.name);
  }
}

/** The client names its sources as they were when it read them; what is gone since leaves no trace, and no error. */
async function read({ type, entity, version }: LineageSource, scope: ObjectScope): Promise<void> {
  try {
    if (type === 'DATASET') scope.lineage.read(scope.find('DATASET', parseName(entity)), version);
    else if (type === 'QUERY') await scope.effects.queries.describe(entity, scope);
    else if (type === 'EXPERIMENT' && version !== undefined) {
      const experiment = scope.find('EXPERIMENT', parseName(entity));
      scope.lineage.read(experiment, findRun(experiment, parseName(version)[0] ?? '').name);
    }
  } catch (error) {
    if (!(error instanceof SnowflakeError)) throw error;
  }
}
