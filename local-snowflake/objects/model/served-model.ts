import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { ObjectScope } from '../object-scope.ts';
import { servicesOfModel } from '../service/service-definition.ts';

/**
 * A model, or a version of it, that a service serves stays.
 * https://docs.snowflake.com/en/developer-guide/snowflake-ml/inference/service-management#deleting-models
 * @throws SnowflakeError `objectInUse`
 */
export function refuseWhileServed(object: CatalogObject, version: string | undefined, scope: ObjectScope): void {
  const services = servicesOfModel(scope.catalog, object.id, version);
  if (services.length === 0) return;
  throw SnowflakeError.of('objectInUse', {
    kind: version === undefined ? 'model' : 'version of model',
    name: scope.catalog.displayOf(object) + (version === undefined ? '' : ` ${version}`),
    reason: `it is used by service ${services.map((each) => scope.catalog.displayOf(each)).join(', ')}. Drop the service first.`,
  });
}
