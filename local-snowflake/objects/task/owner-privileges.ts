import type { ActiveRoles, Authorizer } from '../../access/authorizer.ts';
import type { Grants } from '../../access/grants.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayIdentifier } from '../../sql/identifier.ts';

/** Where the privileges of a task's owner are looked up. */
export interface PrivilegeSource {
  readonly catalog: Catalog;
  readonly authorizer: Authorizer;
  readonly grants: Grants;
}

/** What of a task decides whether its owner may run it; ids. */
export interface RunnableTask {
  readonly owner: string | null;
  readonly schema: string | null;
  readonly warehouse: { readonly id: string; readonly name: string } | null;
  readonly executeAsUser: { readonly id: string; readonly name: string } | null;
}

/**
 * Demands what a task's owner needs for it to run; checked at RESUME, at EXECUTE TASK and when each run starts.
 * https://docs.snowflake.com/en/user-guide/tasks-intro (Running tasks)
 * @throws SnowflakeError `taskExecutePrivilege`, `taskWarehousePrivilege`, `taskContainerPrivilege`, `taskImpersonatePrivilege`
 */
export function requireRunnable(task: RunnableTask, source: PrivilegeSource): void {
  const { catalog, authorizer } = source;
  const roles = authorizer.activate(task.owner);
  if (!authorizer.holdsGlobal(roles, 'EXECUTE TASK')) {
    throw SnowflakeError.of('taskExecutePrivilege', { privilege: 'EXECUTE TASK' });
  }
  requireCompute(task.warehouse, roles, source);
  const schema = task.schema === null ? undefined : catalog.byId(task.schema);
  const database = schema === undefined || schema.parent === null ? undefined : catalog.byId(schema.parent);
  for (const container of [database, schema]) {
    if (container === undefined || authorizer.sees(roles, container)) continue;
    throw SnowflakeError.of('taskContainerPrivilege', {
      kind: container.kind.toLowerCase(),
      name: displayIdentifier(container.name),
    });
  }
  if (task.executeAsUser !== null) requireImpersonation(task.executeAsUser, task.owner, roles, source);
}

function requireCompute(warehouse: RunnableTask['warehouse'], roles: ActiveRoles, source: PrivilegeSource): void {
  if (warehouse === null) {
    if (source.authorizer.holdsGlobal(roles, 'EXECUTE MANAGED TASK')) return;
    throw SnowflakeError.of('taskExecutePrivilege', { privilege: 'EXECUTE MANAGED TASK' });
  }
  const object = source.catalog.byId(warehouse.id);
  if (object !== undefined && source.authorizer.holds(roles, object, 'USAGE')) return;
  throw SnowflakeError.of('taskWarehousePrivilege', { name: displayIdentifier(object?.name ?? warehouse.name) });
}

function requireImpersonation(
  named: { readonly id: string; readonly name: string },
  owner: string | null,
  roles: ActiveRoles,
  source: PrivilegeSource,
): void {
  const user = source.catalog.byId(named.id);
  const granted = user !== undefined && source.authorizer.holds(roles, user, 'IMPERSONATE');
  const member = user !== undefined && owner !== null && source.authorizer.isMember(user.id, owner);
  if (granted && member) return;
  throw SnowflakeError.of('taskImpersonatePrivilege', { user: displayIdentifier(user?.name ?? named.name) });
}
