import type { CatalogObject } from '../catalog/catalog-object.ts';
import type { Grant, Grants } from './grants.ts';

/** A role that was dropped while runs of its tasks were under way: what it held then. */
export interface FormerRole {
  readonly role: CatalogObject;
  readonly privileges: readonly Grant[];
  /** Ids of the roles that it held itself. */
  readonly roles: readonly string[];
  /** Ids of the users and roles that held it. */
  readonly members: ReadonlySet<string>;
  /** Ids of what it owned, and of what was made in its name since. */
  readonly owned: Set<string>;
  /** Id of the role that all of that went to. */
  readonly heir: string | null;
}

/**
 * "If you drop the role while the task is running, the task run completes processing under the dropped role": until the last of those
 * runs ends, the role's rights are kept here, in memory. Sessions of clients never have them.
 * https://docs.snowflake.com/en/user-guide/tasks-intro (Drop a task owner role)
 */
export class FormerRoles {
  readonly #grants: Grants;
  readonly #isNeeded: (roleId: string) => boolean;
  readonly #roles = new Map<string, FormerRole>();

  /** `isNeeded`: whether anything is still under way for the role of that id. */
  constructor(grants: Grants, isNeeded: (roleId: string) => boolean) {
    this.#grants = grants;
    this.#isNeeded = isNeeded;
  }

  /** Keeps what a role has that is about to be dropped, where something is under way for it. */
  keep(role: CatalogObject, owned: readonly CatalogObject[], heir: string | null): void {
    if (!this.#isNeeded(role.id)) return;
    this.#roles.set(role.id, {
      role,
      privileges: this.#grants.privilegesOf(role.id),
      roles: this.#grants.rolesOf(role.id).map((grant) => grant.role),
      members: new Set(this.#grants.membersOf(role.id).map((grant) => grant.to)),
      owned: new Set(owned.map(({ id }) => id)),
      heir,
    });
  }

  /** The role of that id, while it is needed. */
  find(roleId: string): FormerRole | undefined {
    const former = this.#roles.get(roleId);
    if (former === undefined || this.#isNeeded(roleId)) return former;
    this.#roles.delete(roleId);
    return undefined;
  }
}
