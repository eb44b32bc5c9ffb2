import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayIdentifier } from '../../sql/identifier.ts';
import type { Statement } from '../statement.ts';

/**
 * What a role owns goes to the role that drops it; tasks keep their links and are suspended.
 * https://docs.snowflake.com/en/sql-reference/sql/drop-role, https://docs.snowflake.com/en/user-guide/tasks-graphs
 * @throws SnowflakeError `roleInUse` for the session's own role
 */
export async function passOnOwned(role: CatalogObject, statement: Statement): Promise<void> {
  const { scope, state } = statement;
  const { primary } = scope.roles;
  if (primary === role.id) throw SnowflakeError.of('roleInUse', { role: displayIdentifier(role.name) });
  const { registry, clock } = state.account;
  const passed: CatalogObject[] = [];
  for (const kind of registry.kinds) {
    for (const object of scope.catalog.ofKind(kind.name)) {
      if (object.owner !== role.id) continue;
      const next = { ...object, owner: primary, alteredOn: clock.now() };
      passed.push((await kind.ownerChanging?.(next, object, scope, { bulk: true })) ?? next);
    }
  }
  if (passed.length === 0) return;
  await scope.catalog.change((change) => {
    for (const object of passed) scope.catalog.update(object, change);
  });
}
