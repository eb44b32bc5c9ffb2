import type { ActiveRoles } from '../../access/authorizer.ts';
import { propertyText } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayIdentifier } from '../../sql/identifier.ts';
import type { CatalogObject } from '../../catalog/catalog-object.ts';
import type { PrivilegeSource } from '../task/owner-privileges.ts';

/**
 * What a role needs for alerts to run: as the owner at RESUME and at each run, and to create one.
 * https://docs.snowflake.com/en/user-guide/alerts (Granting the privileges to create alerts)
 * @throws SnowflakeError `alertExecutePrivilege`, `alertWarehousePrivilege`
 */
export function requireAlertPrivileges(
  roles: ActiveRoles,
  { properties }: Pick<CatalogObject, 'properties'>,
  { catalog, authorizer }: Pick<PrivilegeSource, 'catalog' | 'authorizer'>,
): void {
  const need = (privilege: string): void => {
    if (!authorizer.holdsGlobal(roles, privilege)) throw SnowflakeError.of('alertExecutePrivilege', { privilege });
  };
  need('EXECUTE ALERT');
  const named = properties['WAREHOUSE'];
  if (named === undefined) {
    need('EXECUTE MANAGED ALERT');
    return;
  }
  const warehouse = catalog.byId(propertyText({ properties }, 'WAREHOUSE'));
  if (warehouse !== undefined && authorizer.holds(roles, warehouse, 'USAGE')) return;
  throw SnowflakeError.of('alertWarehousePrivilege', { name: displayIdentifier(warehouse?.name ?? '') });
}
