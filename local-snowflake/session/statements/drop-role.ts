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
  const { registry, clock, formerRoles } = state.account;
  const owned = registry.kinds.flatMap((kind) => scope.catalog.ofKind(kind.name).filter((object) => object.owner === role.id));
  // Before tasks are suspended: what runs now runs on.
  formerRoles.keep(role, owned, primary);
  const passed: CatalogObject[] = [];
  for (const object of owned) {
    const next = { ...object, owner: primary, alteredOn: clock.now() };
    passed.push((await registry.kind(object.kind).ownerChanging?.(next, object, scope, { bulk: true })) ?? next);
  }
  if (passed.length === 0) return;
  await scope.catalog.change((change) => {
    for (const object of passed) scope.catalog.update(object, change);
  });
}
