import type { ActiveRoles, Authorizer } from '../access/authorizer.ts';
import type { CatalogObject } from '../catalog/catalog-object.ts';
import { endpointRoles } from '../objects/service/service-roles.ts';

/**
 * Whether roles may use a service's endpoints and functions: its owner's, and those that were given its service role.
 * https://docs.snowflake.com/en/developer-guide/snowflake-ml/inference/real-time-inference-rest-api#authorization
 */
export function mayUseService(service: CatalogObject, roles: ActiveRoles, authorizer: Authorizer): boolean {
  return (
    authorizer.owns(roles, service) ||
    authorizer.holds(roles, service, 'USAGE') ||
    endpointRoles(service).some((role) => roles.all.has(role))
  );
}
